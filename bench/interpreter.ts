import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { VirtualClock } from '../local/clock';
import { StateMachineDefinition } from '../local/stepfunctions/interpreter/definition';
import { Execution } from '../local/stepfunctions/interpreter/execution';

/** A loop that counts for ever: it ends at the limit of 25,000 events. */
const loop: StateMachineDefinition = {
  StartAt: 'Enough',
  States: {
    Enough: { Type: 'Choice', Choices: [{ Variable: '$.n', NumericLessThan: 0, Next: 'Never' }], Default: 'Count' },
    Count: { Type: 'Pass', Parameters: { 'n.$': 'States.MathAdd($.n, 1)', 'payload.$': '$.payload' }, Next: 'Enough' },
    Never: { Type: 'Succeed' },
  },
};

const polling: StateMachineDefinition = {
  StartAt: 'Wait',
  States: {
    Wait: { Type: 'Wait', Seconds: 15, Next: 'Poll' },
    Poll: { Type: 'Task', Resource: 'arn:aws:states:::athena:getQueryExecution', Next: 'Done' },
    Done: { Type: 'Choice', Choices: [{ Variable: '$', NumericGreaterThanEquals: 10, Next: 'End' }], Default: 'Wait' },
    End: { Type: 'Succeed' },
  },
};

/** Real time and memory of the interpreter; virtual time is exact and needs no benchmark. */
async function main(): Promise<void> {
  for (const bytes of [10, 1000, 200_000]) {
    await measure(`25,000 events, payload ${bytes} bytes`, async () => {
      const execution = new Execution({ definition: loop, input: { n: 0, payload: 'a'.repeat(bytes) }, clock: new VirtualClock(0) });
      await execution.run();
      return [execution];
    });
  }
  for (const count of [100, 1000, 10_000]) {
    await measure(`${count} executions polling at the same time`, async () => {
      const clock = new VirtualClock(0);
      const executions = Array.from({ length: count }, () => pollingExecution(clock));
      await Promise.all(executions.map(async (execution) => execution.run()));
      return executions;
    });
  }
}

function pollingExecution(clock: VirtualClock): Execution {
  let polls = 0;
  return new Execution({ definition: polling, clock, task: async () => ++polls });
}

async function measure(name: string, run: () => Promise<readonly Execution[]>): Promise<void> {
  const before = usedBytes();
  const start = performance.now();
  const executions = await run();
  const milliseconds = performance.now() - start;
  const events = executions.reduce((sum, { history }) => sum + history.length, 0);
  const bytesPerEvent = Math.round((usedBytes() - before) / events);
  const columns = [`${events} events`, `${milliseconds.toFixed(0)} ms`, `${Math.round((events / milliseconds) * 1000)} events/s`, `${bytesPerEvent} bytes/event`];
  console.log(name.padEnd(45) + columns.map((column) => column.padStart(18)).join(''));
}

/** What is really held, after a garbage collection. */
function usedBytes(): number {
  setFlagsFromString('--expose-gc');
  runInNewContext('gc')();
  return process.memoryUsage().heapUsed;
}

void main();
