import fc from 'fast-check';
import { newExecution, sequence, single, task, trace } from './support';
import { VirtualClock } from '../../../local/clock';
import { JsonObject, JsonValue } from '../../../local/json';
import { TaskFailure } from '../../../local/stepfunctions/interpreter/failure';

/** Fails the first this many calls. */
function failingTask(failures: number, answer: (input: JsonValue) => JsonValue = (input) => input) {
  let calls = 0;
  return async ({ input }: { input: JsonValue }): Promise<JsonValue> => {
    if (calls++ < failures) throw new TaskFailure('Mine');
    return answer(input);
  };
}

test('goes on at the failed state, without entering it again', async () => {
  const execution = newExecution(sequence({ First: { Type: 'Pass', Assign: { kept: 5 } }, Work: task(), Last: { Type: 'Pass', Parameters: { 'kept.$': '$kept' } } }), { task: failingTask(1) });
  expect((await execution.run()).status).toBe('FAILED');
  expect(await execution.redrive()).toEqual({ status: 'SUCCEEDED', output: { kept: 5 } });
  expect(trace(execution).slice(6)).toEqual([
    '7<-6 TaskFailed', '8<-7 ExecutionFailed', '9<-8 ExecutionRedriven', '10<-9 TaskScheduled', '11<-10 TaskStarted', '12<-11 TaskSucceeded',
    '13<-12 TaskStateExited', '14<-13 PassStateEntered', '15<-14 PassStateExited', '16<-15 ExecutionSucceeded',
  ]);
});

test('retries are counted from zero, and the context object tells of the redrive', async () => {
  const seen: JsonValue[] = [];
  const retrying = task({ Parameters: { 'retry.$': '$$.State.RetryCount', 'redrive.$': '$$.Execution.RedriveCount' }, Retry: [{ ErrorEquals: ['Mine'], MaxAttempts: 1 }] });
  const execution = newExecution(single(retrying), {
    task: async ({ input }) => {
      seen.push(input);
      if (seen.length <= 3) throw new TaskFailure('Mine');
      return 'done';
    },
  });
  await execution.run();
  expect((await execution.redrive()).output).toBe('done');
  expect(seen).toEqual([[0, 0], [1, 0], [0, 1], [1, 1]].map(([retry, redrive]) => ({ retry, redrive })));
});

test('an aborted Wait waits the rest of its time', async () => {
  const clock = new VirtualClock(0);
  const execution = newExecution(single({ Type: 'Wait', Seconds: 60 }), { clock });
  clock.after(20_000, () => execution.stop());
  await execution.run();
  expect((await execution.redrive()).status).toBe('SUCCEEDED');
  expect(clock.now()).toBe(60_000);
});

test('what has succeeded cannot be redriven', async () => {
  const execution = newExecution(single({ Type: 'Pass' }));
  await execution.run();
  await expect(execution.redrive()).rejects.toThrow('Execution is SUCCEEDED and cannot be redriven');
});

test('an execution can be redriven for 14 days', async () => {
  const clock = new VirtualClock(0);
  const execution = newExecution(single({ Type: 'Fail' }), { clock });
  await execution.run();
  await clock.sleep(14 * 86_400_000);
  expect(execution.notRedrivableReason).toBeUndefined();
  await clock.sleep(1);
  expect(execution.notRedrivableReason).toBe('Execution redrivable period exceeded');
});

test('a branch that goes on after a redrive is called off like any other', async () => {
  const clock = new VirtualClock(0);
  const recovering = { StartAt: 'L', States: { L: { ...task(), Next: 'W' }, W: { Type: 'Wait', Seconds: 100, End: true } } };
  const failing = { StartAt: 'R', States: { R: { ...task(), End: true } } };
  let lefts = 0;
  const execution = newExecution(single({ Type: 'Parallel', Branches: [recovering, failing] }), {
    clock,
    task: async ({ stateName }) => {
      if (stateName === 'L' && lefts++ > 0) return {};
      await clock.sleep(stateName === 'L' ? 1000 : 5000);
      throw new TaskFailure(stateName);
    },
  });
  expect((await execution.run()).error).toBe('L');
  expect((await execution.redrive()).error).toBe('R');
  expect(trace(execution).slice(-5).map((line) => line.split(' ')[1])).toEqual([
    'TaskFailed', 'WaitStateAborted', 'TaskStateAborted', 'ParallelStateFailed', 'ExecutionFailed',
  ]);
});

test('only the iterations that had not succeeded run again', async () => {
  const calls: JsonValue[] = [];
  const processor = { StartAt: 'T', States: { T: { ...task(), End: true } } };
  const execution = newExecution(single({ Type: 'Map', MaxConcurrency: 1, ItemProcessor: processor }), {
    input: [0, 1, 2],
    task: async ({ input }) => {
      calls.push(input);
      if (calls.length === 2) throw new TaskFailure('Mine');
      return input;
    },
  });
  await execution.run();
  expect((await execution.redrive()).output).toEqual([0, 1, 2]);
  expect(calls).toEqual([0, 1, 1, 2]);
});

test('property: redriven until it succeeds, an execution gives what an uninterrupted one gives', async () => {
  const work: JsonObject = { ...task({ Parameters: { 'value.$': '$' }, ResultSelector: { 'value.$': '$.value' }, ResultPath: '$.done' }), End: true };
  const inner = fc.constantFrom<JsonObject>(
    { Type: 'Pass', Assign: { seen: 1 } },
    task({ ResultPath: '$.task' }),
    { Type: 'Wait', Seconds: 5 },
    { Type: 'Parallel', ResultPath: '$.branches', Branches: [{ StartAt: 'L', States: { L: work } }, { StartAt: 'R', States: { R: { Type: 'Wait', Seconds: 1, End: true } } }] },
    { Type: 'Map', ItemsPath: '$.items', ItemSelector: { 'item.$': '$$.Map.Item.Value' }, ResultPath: '$.mapped', MaxConcurrency: 2, ItemProcessor: { StartAt: 'I', States: { I: work } } },
  );
  await fc.assert(fc.asyncProperty(fc.array(inner, { minLength: 1, maxLength: 4 }), fc.integer({ min: 0, max: 5 }), async (states, failures) => {
    const definition = sequence(Object.fromEntries(states.map((state, index) => [`S${index}`, rename(state, index)])));
    const input = { items: [1, 2, 3] };
    const expected = await newExecution(definition, { input, task: failingTask(0) }).run();
    const execution = newExecution(definition, { input, task: failingTask(failures) });
    let result = await execution.run();
    while (result.status === 'FAILED') result = await execution.redrive();
    expect(result).toEqual(expected);
    expect(execution.history.events.map(({ id }) => id)).toEqual(execution.history.events.map((_, index) => index + 1));
    expect(execution.history.events.every(({ id, previousEventId }) => previousEventId < id)).toBe(true);
  }), { numRuns: 40 });
});

/** State names are unique in a whole machine. */
function rename(state: JsonObject, index: number): JsonObject {
  return JSON.parse(JSON.stringify(state).replace(/"(StartAt":"|)([LRI])"/g, `"$1$2${index}"`));
}
