import { lambdaInvoke, never, newExecution, sequence, single, task, trace, types } from './support';
import { VirtualClock } from '../../../local/clock';
import { JsonObject, JsonValue } from '../../../local/json';
import { Execution } from '../../../local/stepfunctions/interpreter/execution';
import { TaskFailure } from '../../../local/stepfunctions/interpreter/failure';
import { TaskTokens } from '../../../local/stepfunctions/interpreter/task-tokens';

test('a user drives the interpreter in five lines', async () => {
  const clock = new VirtualClock(0);
  const greet = { Type: 'Task', Resource: lambdaInvoke, End: true } as const;
  const execution = new Execution({ definition: { StartAt: 'Greet', States: { Greet: greet } }, input: 'you', clock, task: async ({ input }) => `hello ${input}` });
  const { status, output } = await execution.run();
  expect([status, output, execution.history.length]).toEqual(['SUCCEEDED', 'hello you', 7]);
});

describe('time', () => {
  test('a Wait lets virtual time pass', async () => {
    const clock = new VirtualClock(0);
    await newExecution(single({ Type: 'Wait', Seconds: 1800 }), { clock }).run();
    expect(clock.now()).toBe(1_800_000);
  });

  test('a Wait until a time that is past takes none', async () => {
    const clock = new VirtualClock(Date.UTC(2026, 0, 1));
    await newExecution(single({ Type: 'Wait', Timestamp: '2025-12-31T23:59:59.5+00:00' }), { clock }).run();
    expect(clock.now()).toBe(Date.UTC(2026, 0, 1));
  });

  test('thousands of executions wait at the same time', async () => {
    const clock = new VirtualClock(0);
    const definition = { StartAt: 'W', States: { W: { Type: 'Wait', SecondsPath: '$', End: true } as const } };
    const executions = Array.from({ length: 3000 }, (_, seconds) => new Execution({ definition, input: seconds, clock }));
    const results = await Promise.all(executions.map(async (execution) => execution.run()));
    expect(results.every(({ status }) => status === 'SUCCEEDED')).toBe(true);
    expect(executions.map(({ stopTime }) => stopTime)).toEqual(executions.map((_, seconds) => seconds * 1000));
  });

  test('a task that takes too long times out at its TimeoutSeconds', async () => {
    const clock = new VirtualClock(0);
    const execution = newExecution(single(task({ TimeoutSeconds: 7 })), { clock, task: never });
    expect(await execution.run()).toEqual({ status: 'FAILED', error: 'States.Timeout', cause: undefined });
    expect(clock.now()).toBe(7000);
    expect(types(execution)).toContain('TaskTimedOut');
  });

  test('the signal of a task is aborted when it has timed out', async () => {
    let signal: AbortSignal | undefined;
    const execution = newExecution(single(task({ TimeoutSeconds: 1 })), {
      task: async (call) => {
        ({ signal } = call);
        return never();
      },
    });
    await execution.run();
    expect(signal?.aborted).toBe(true);
  });

  test('heartbeats keep a task alive; without one it fails, and HeartbeatTimeout catches that', async () => {
    const clock = new VirtualClock(0);
    const tokens = new TaskTokens(() => 'id');
    const waiting = task({
      Resource: `${lambdaInvoke}.waitForTaskToken`,
      HeartbeatSeconds: 10,
      TimeoutSeconds: 1000,
      Parameters: { 'token.$': '$$.Task.Token' },
      Catch: [{ ErrorEquals: ['States.HeartbeatTimeout'], Next: 'Late' }],
    });
    const execution = newExecution(sequence({ Wait: waiting, Late: { Type: 'Pass' } }), {
      clock,
      tokens,
      task: async ({ token = '' }) => {
        for (const seconds of [8, 16, 24]) clock.after(seconds * 1000, () => void tokens.heartbeat(token));
        return {};
      },
    });
    expect(await execution.run()).toEqual({ status: 'SUCCEEDED', output: { Error: 'States.Timeout', Cause: '' } });
    expect(clock.now()).toBe(34_000);
  });

  test('the execution times out as a whole, in the middle of a Wait', async () => {
    const clock = new VirtualClock(0);
    const execution = newExecution({ ...single({ Type: 'Wait', Seconds: 60 }), TimeoutSeconds: 5 }, { clock });
    expect(await execution.run()).toEqual({ status: 'TIMED_OUT' });
    expect(execution.stopTime).toBe(5000);
    expect(types(execution)).toEqual(['ExecutionStarted', 'WaitStateEntered', 'ExecutionTimedOut']);
  });
});

describe('the limit of 25,000 events', () => {
  const loop = {
    StartAt: 'A',
    States: { A: { Type: 'Choice', Choices: [{ Variable: '$', IsNull: true, Next: 'Never' }], Default: 'B' }, B: { Type: 'Pass', Next: 'A' }, Never: { Type: 'Succeed' } },
  };

  test('an endless loop ends with event 25,000', async () => {
    const execution = newExecution(loop);
    const cause = 'The execution reached the maximum number of history events (25000).';
    expect(await execution.run()).toEqual({ status: 'FAILED', error: 'States.Runtime', cause });
    expect(execution.history.length).toBe(25_000);
    expect(execution.history.events[24_999]).toMatchObject({ id: 25_000, type: 'ExecutionFailed', details: { error: 'States.Runtime', cause } });
    expect(execution.notRedrivableReason).toBe('Execution history event limit exceeded');
  });

  // 6,248 rounds of 4 events, the last Choice and the Succeed, the envelope of 2, and 2 for each Pass before them.
  test.each([[1, 'SUCCEEDED'], [2, 'FAILED']])('an execution of 24,998 events and %d states more', async (before, status) => {
    const passes = Array.from({ length: before }, (_, index) => [`Pass${index}`, { Type: 'Pass', Next: index + 1 < before ? `Pass${index + 1}` : 'Count' }] as const);
    const countdown = {
      StartAt: 'Pass0',
      States: {
        ...Object.fromEntries(passes),
        Count: { Type: 'Choice', Choices: [{ Variable: '$.n', NumericEquals: 0, Next: 'Done' }], Default: 'Down' },
        Down: { Type: 'Pass', Parameters: { 'n.$': 'States.MathAdd($.n, -1)' }, Next: 'Count' },
        Done: { Type: 'Succeed' },
      },
    };
    const execution = newExecution(countdown, { input: { n: 6248 } });
    expect((await execution.run()).status).toBe(status);
    expect(execution.history.length).toBe(25_000);
  });

  test('nothing catches it', async () => {
    const catching = { Type: 'Parallel', Branches: [loop], Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Caught' }] };
    const execution = newExecution(sequence({ Loop: catching, Caught: { Type: 'Pass' } }));
    expect((await execution.run()).status).toBe('FAILED');
    expect(execution.history.length).toBe(25_000);
  });
});

describe('failures', () => {
  const caught = (errorEquals: string[]) => sequence({ Work: task({ Catch: [{ ErrorEquals: errorEquals, Next: 'Caught' }] }), Caught: { Type: 'Pass' } });
  const failing = (error?: string, cause?: string) => ({
    task: async (): Promise<JsonValue> => {
      throw new TaskFailure(error, cause);
    },
  });

  test.each([
    ['its name', ['Mine'], 'Mine'],
    ['States.TaskFailed', ['States.TaskFailed'], 'Mine'],
    ['States.ALL', ['States.ALL'], undefined],
  ])('a Catch of %s takes a failed task', async (_, errorEquals, error) => {
    const { status, output } = await newExecution(caught(errorEquals), failing(error, 'why')).run();
    expect([status, output]).toEqual(['SUCCEEDED', { Error: error ?? null, Cause: 'why' }]);
  });

  test('States.TaskFailed does not take a timeout', async () => {
    const slow = task({ TimeoutSeconds: 1, Catch: [{ ErrorEquals: ['States.TaskFailed'], Next: 'Caught' }] });
    const { status } = await newExecution(sequence({ Work: slow, Caught: { Type: 'Pass' } }), { task: never }).run();
    expect(status).toBe('FAILED');
  });

  test('a fault of a task handler itself is never caught and tells where it happened', async () => {
    const result = await newExecution(caught(['States.ALL']), {
      task: async () => {
        throw new TypeError('a bug');
      },
    }).run();
    expect(result).toMatchObject({ status: 'FAILED', error: 'LocalCloud.InternalError' });
    expect(result.cause).toContain('a bug');
  });

  test('a Choice without a matching rule fails with States.Runtime: the name that it should have is kept for future use', async () => {
    const choice = { Type: 'Choice', Choices: [{ Variable: '$.a', NumericEquals: 1, Next: 'Done' }] };
    const { error, cause } = await newExecution({ StartAt: 'C', States: { C: choice, Done: { Type: 'Succeed' } } }, { input: { a: 2 } }).run();
    expect([error, cause]).toEqual(['States.Runtime', expect.stringContaining('Failed to transition out of the state. The state does not point to a next state.')]);
  });

  test('a ResultPath through a scalar is States.ResultPathMatchFailure', async () => {
    const { error } = await newExecution(single({ Type: 'Pass', Result: 1, ResultPath: '$.a.b' }), { input: { a: 'text' } }).run();
    expect(error).toBe('States.ResultPathMatchFailure');
  });

  test.each<[string, JsonObject, string]>([
    ['a template', { Type: 'Pass', Parameters: { 'x.$': '$nothing' } }, 'The JSONPath \'$nothing\' specified for the field \'x.$\' could not be found in the input \'{}\''],
    ['a function', { Type: 'Pass', Parameters: { 'x.$': 'States.Array($nothing)' } }, 'The JsonPath argument for the field \'$nothing\' could not be found in the input \'{}\''],
    ['a path', { Type: 'Pass', InputPath: '$nothing.a' }, 'Invalid path \'$nothing.a\' : Missing property in path $[\'nothing\']'],
    ['a number', task({ TimeoutSecondsPath: '$nothing' }), 'Invalid path \'$nothing\' : No results for path: $[\'nothing\']'],
    ['a time', { Type: 'Wait', SecondsPath: '$nothing' }, 'The SecondsPath parameter does not reference an input value: $nothing'],
  ])('a variable without a value is a path that leads nowhere, in %s', async (_, state, problem) => {
    const result = await newExecution(single(state), { input: {} }).run();
    expect(result).toMatchObject({ error: 'States.Runtime', cause: expect.stringContaining(problem) });
  });

  test.each(['States.IntrinsicFailure', 'States.Runtime', 'States.ALL'])('a Catch of %s does not take a failing intrinsic function', async (name) => {
    const selecting = task({ ResultSelector: { 'x.$': 'States.ArrayGetItem($, 9)' }, Catch: [{ ErrorEquals: [name], Next: 'Caught' }] });
    const result = await newExecution(sequence({ Work: selecting, Caught: { Type: 'Pass' } }), { task: async () => [1] }).run();
    expect(result).toMatchObject({ status: 'FAILED', error: 'States.Runtime' });
  });
});

describe('retries', () => {
  test('wait as Retry says, and count in the context object', async () => {
    const clock = new VirtualClock(0);
    const starts: number[] = [];
    const counts: JsonValue[] = [];
    const retrying = task({
      Parameters: { 'count.$': '$$.State.RetryCount' },
      Retry: [{ ErrorEquals: ['Once'], IntervalSeconds: 100, MaxAttempts: 1 }, { ErrorEquals: ['States.ALL'], IntervalSeconds: 2, BackoffRate: 3, MaxDelaySeconds: 10 }],
    });
    const errors = ['Other', 'Once', 'Other', 'Other'];
    const execution = newExecution(single(retrying), {
      clock,
      task: async ({ input }) => {
        starts.push(clock.now() / 1000);
        counts.push(input);
        const error = errors.shift();
        if (error !== undefined) throw new TaskFailure(error);
        return 'done';
      },
    });
    expect((await execution.run()).output).toBe('done');
    // 2 s, then 100 s for the other retrier, then 6 s and, instead of 18 s, 10 s.
    expect(starts).toEqual([0, 2, 102, 108, 118]);
    expect(counts).toEqual([0, 1, 2, 3, 4].map((count) => ({ count })));
  });

  test('each adds three events, and the new attempt follows the failure', async () => {
    let attempts = 0;
    const execution = newExecution(single(task({ Retry: [{ ErrorEquals: ['States.ALL'] }] })), {
      task: async () => {
        if (attempts++ === 0) throw new TaskFailure('Mine');
        return 1;
      },
    });
    await execution.run();
    expect(trace(execution)).toEqual([
      '1<-0 ExecutionStarted', '2<-0 TaskStateEntered', '3<-2 TaskScheduled', '4<-3 TaskStarted', '5<-4 TaskFailed',
      '6<-5 TaskScheduled', '7<-6 TaskStarted', '8<-7 TaskSucceeded', '9<-8 TaskStateExited', '10<-9 ExecutionSucceeded',
    ]);
  });
});

describe('branches and iterations', () => {
  const pass = { StartAt: 'P', States: { P: { Type: 'Pass', End: true } } };

  test('a failed branch calls off its siblings, and their open states tell so', async () => {
    const clock = new VirtualClock(0);
    const waiting = { StartAt: 'W', States: { W: { Type: 'Wait', Seconds: 600, End: true } } };
    const working = { StartAt: 'T', States: { T: { ...task(), End: true } } };
    const execution = newExecution(single({ Type: 'Parallel', Branches: [waiting, working, pass] }), {
      clock,
      task: async () => {
        await clock.sleep(1000);
        throw new TaskFailure('Mine', 'why');
      },
    });
    expect(await execution.run()).toEqual({ status: 'FAILED', error: 'Mine', cause: 'why' });
    expect(clock.now()).toBe(1000);
    expect(types(execution).slice(-5)).toEqual(['TaskFailed', 'WaitStateAborted', 'TaskStateAborted', 'ParallelStateFailed', 'ExecutionFailed']);
  });

  test('a retried Parallel begins from the start after the event that failed it', async () => {
    let calls = 0;
    const branch = { StartAt: 'T', States: { T: { ...task(), End: true } } };
    const execution = newExecution(single({ Type: 'Parallel', Branches: [branch], Retry: [{ ErrorEquals: ['Mine'] }] }), {
      task: async () => {
        if (calls++ === 0) throw new TaskFailure('Mine');
        return 1;
      },
    });
    expect((await execution.run()).output).toEqual([1]);
    expect(trace(execution).slice(5, 10)).toEqual([
      '6<-5 TaskStarted', '7<-6 TaskFailed', '8<-7 TaskStateAborted', '9<-7 ParallelStateStarted', '10<-9 TaskStateEntered',
    ]);
  });

  test('a Parallel or Map that fails before it starts leaves only the failure', async () => {
    const states: JsonObject[] = [
      { Type: 'Parallel', Parameters: { 'x.$': '$.missing' }, Branches: [pass] },
      { Type: 'Map', ItemsPath: '$.missing', ItemProcessor: pass },
    ];
    for (const state of states) {
      const execution = newExecution(single(state));
      await execution.run();
      expect(types(execution)).toEqual(['ExecutionStarted', `${String(state.Type)}StateEntered`, 'ExecutionFailed']);
    }
  });

  test('a failure that its branch catches does not touch the Parallel', async () => {
    const branch = {
      StartAt: 'T',
      States: { T: { ...task({ Catch: [{ ErrorEquals: ['Mine'], Next: 'Caught' }] }), End: true }, Caught: { Type: 'Pass', Result: 'caught', End: true } },
    };
    const execution = newExecution(single({ Type: 'Parallel', Branches: [branch, pass] }), {
      input: 0,
      task: async () => {
        throw new TaskFailure('Mine');
      },
    });
    expect((await execution.run()).output).toEqual(['caught', 0]);
  });

  test('no more iterations run at once than MaxConcurrency says, and 40 without it', async () => {
    for (const [limit, most] of [[3, 3], [0, 40], [1000, 40]]) {
      const clock = new VirtualClock(0);
      let [running, peak] = [0, 0];
      const processor = { StartAt: 'T', States: { T: { ...task(), End: true } } };
      const execution = newExecution(single({ Type: 'Map', MaxConcurrency: limit, ItemProcessor: processor }), {
        clock,
        input: Array.from({ length: 100 }, (_, index) => index),
        task: async ({ input }) => {
          peak = Math.max(peak, ++running);
          await clock.sleep(1000);
          running--;
          return input;
        },
      });
      expect((await execution.run()).output).toEqual(Array.from({ length: 100 }, (_, index) => index));
      expect(peak).toBe(most);
      expect(clock.now()).toBe(Math.ceil(100 / most) * 1000);
    }
  });

  test('iterations in flight are called off when one fails', async () => {
    const clock = new VirtualClock(0);
    const processor = { StartAt: 'T', States: { T: { ...task(), End: true } } };
    const execution = newExecution(single({ Type: 'Map', ItemProcessor: processor }), {
      clock,
      input: [0, 1],
      task: async ({ input }) => {
        await clock.sleep(1000 * (1 + Number(input)));
        throw new TaskFailure('Mine');
      },
    });
    await execution.run();
    expect(types(execution).slice(-6)).toEqual([
      'MapIterationFailed', 'TaskStateAborted', 'MapIterationAborted', 'TaskStateAborted', 'MapStateFailed', 'ExecutionFailed',
    ]);
  });

  test('variables of an inner scope stay there', async () => {
    const branch = { StartAt: 'In', States: { In: { Type: 'Pass', Assign: { 'inner.$': '$outer' }, End: true } } };
    const definition = sequence({
      Set: { Type: 'Pass', Assign: { outer: 1 } },
      Both: { Type: 'Parallel', Branches: [branch] },
      Read: { Type: 'Pass', Parameters: { 'seen.$': '$inner' } },
    });
    const result = await newExecution(definition).run();
    expect(result).toMatchObject({ status: 'FAILED', error: 'States.Runtime' });
    expect(result.cause).toContain('$inner');
  });
});

describe('payloads', () => {
  const limit = 262_144;

  test.each([[limit - 2, 'SUCCEEDED'], [limit - 1, 'FAILED']])('a state whose output is a text of %d bytes', async (length, status) => {
    const result = await newExecution(single({ Type: 'Pass', Result: 'a'.repeat(length) })).run();
    expect(result.status).toBe(status);
    if (status === 'FAILED') expect(result.error).toBe('States.DataLimitExceeded');
  });

  test('a long text counts each time it appears', async () => {
    const half = 'a'.repeat(limit / 2 - 10);
    const twice = (text: JsonValue) => newExecution(single({ Type: 'Pass', Parameters: { 'a.$': '$', 'b.$': '$' } }), { input: text }).run();
    expect((await twice(half)).status).toBe('SUCCEEDED');
    expect((await twice(`${half}aaaaaaaa`)).error).toBe('States.DataLimitExceeded');
  });

  test.each<[string[], string]>([
    [['States.ALL'], 'SUCCEEDED'], [['States.DataLimitExceeded'], 'SUCCEEDED'], [['States.TaskFailed'], 'SUCCEEDED'],
  ])('a result that is too large, caught by %j: %s', async (ErrorEquals, status) => {
    const definition = sequence({ T: task({ Catch: [{ ErrorEquals, Next: 'P', ResultPath: null }] }), P: { Type: 'Pass' } });
    expect((await newExecution(definition, { task: async () => 'a'.repeat(limit) }).run()).status).toBe(status);
  });

  test('the size counts bytes of UTF-8, not characters', async () => {
    const result = await newExecution(single(task()), { task: async () => 'é'.repeat(limit / 2) }).run();
    expect(result).toMatchObject({ status: 'FAILED', error: 'States.DataLimitExceeded' });
  });
});

test('StopExecution ends a running execution at once', async () => {
  const clock = new VirtualClock(0);
  const execution = newExecution(single({ Type: 'Wait', Seconds: 60 }), { clock });
  clock.after(10_000, () => execution.stop('Enough', 'because'));
  expect(await execution.run()).toEqual({ status: 'ABORTED', error: 'Enough', cause: 'because' });
  expect(trace(execution)).toEqual(['1<-0 ExecutionStarted', '2<-0 WaitStateEntered', '3<-0 ExecutionAborted']);
});
