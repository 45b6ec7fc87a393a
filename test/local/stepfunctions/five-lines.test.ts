import { VirtualClock } from '../../../local/clock';
import { parseDefinition } from '../../../local/stepfunctions/definition/validate';
import { Execution } from '../../../local/stepfunctions/interpreter/execution';

const text = JSON.stringify({
  StartAt: 'Wait',
  States: {
    Wait: { Type: 'Wait', Seconds: 3600, Next: 'Double' },
    Double: { Type: 'Task', Resource: 'arn:aws:states:::lambda:invoke', End: true },
  },
});

// The lines between the braces stand in docs/interpreter.md.
test('whoever clones the repository drives the interpreter in five lines', async () => {
  const definition = parseDefinition(text, () => true);
  const clock = new VirtualClock(0);
  const execution = new Execution({ definition, clock, input: 21, task: async ({ input }) => 2 * Number(input) });
  const result = await execution.run();
  const types = execution.history.events.map((event) => event.type);

  expect(result).toEqual({ status: 'SUCCEEDED', output: 42 });
  expect(clock.now()).toBe(3_600_000);
  expect(types).toEqual([
    'ExecutionStarted', 'WaitStateEntered', 'WaitStateExited', 'TaskStateEntered', 'TaskScheduled', 'TaskStarted', 'TaskSucceeded', 'TaskStateExited',
    'ExecutionSucceeded',
  ]);
});
