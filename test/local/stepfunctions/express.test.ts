import { Bench, code, machineArn, roleArn } from './bench';
import { calling, lambdaInvoke, sequence, single, task } from './support';
import { JsonObject } from '../../../local/json';
import { ExecutionChange } from '../../../local/stepfunctions/api/execution-metrics';
import { TaskFailure } from '../../../local/stepfunctions/interpreter/failure';

const EXPRESS = {
  type: 'EXPRESS',
  loggingConfiguration: {
    level: 'ALL', includeExecutionData: true, destinations: [{ cloudWatchLogsLogGroup: { logGroupArn: 'arn:aws:logs:eu-west-1:111122223333:log-group:g:*' } }],
  },
};
const expressArn = /^arn:aws:states:eu-west-1:111122223333:express:m:e:[0-9a-f-]{36}$/;
const pass = single({ Type: 'Pass', Result: 'done' });
const wait = (Seconds: number) => single({ Type: 'Wait', Seconds });

async function express(definition: JsonObject, ...options: ConstructorParameters<typeof Bench>): Promise<Bench> {
  const bench = new Bench(...options);
  await bench.create(definition, EXPRESS);
  return bench;
}

/** Starts an execution and waits until it has ended. */
async function run(bench: Bench, input?: string): Promise<string> {
  const executionArn = String((await bench.start(input)).executionArn);
  await bench.service.ended(executionArn);
  return executionArn;
}

const sync = async (bench: Bench, input: JsonObject = {}) => bench.call('StartSyncExecution', { stateMachineArn: machineArn, name: 'e', ...input });

describe('StartExecution of an Express workflow', () => {
  test('runs it, and its log is all that is left', async () => {
    const bench = await express(pass);
    const executionArn = await run(bench, '{"a":1}');
    expect(executionArn).toMatch(expressArn);
    expect(bench.records.map(({ type, execution_arn: arn }) => [type, arn])).toEqual([
      ['ExecutionStarted', executionArn], ['PassStateEntered', executionArn], ['PassStateExited', executionArn], ['ExecutionSucceeded', executionArn],
    ]);
    expect(bench.records.at(-1)).toMatchObject({ details: { output: '"done"' } });
    expect(bench.statusChanges).toEqual([]);
  });

  test('the same name is another execution, while the first one runs and after', async () => {
    const bench = await express(wait(60));
    const [first, second] = [await bench.start(), await bench.start()];
    await bench.service.ended(String(first.executionArn));
    const third = await bench.start();
    expect(new Set([first, second, third].map(({ executionArn }) => executionArn)).size).toBe(3);
  });

  test('no operation on executions takes its ARN', async () => {
    const bench = await express(pass);
    const executionArn = await run(bench);
    for (const operation of ['DescribeExecution', 'GetExecutionHistory', 'StopExecution', 'RedriveExecution', 'DescribeStateMachineForExecution', 'ListMapRuns']) {
      await expect(bench.call(operation, { executionArn })).rejects.toMatchObject({
        code: 'InvalidArn', message: 'Invalid Arn: \'Resource type not valid in this context: express\'',
      });
    }
    expect(await code(bench.call('ListExecutions', { stateMachineArn: machineArn }))).toBe('StateMachineTypeNotSupported');
  });

  test('it may be run twice, with the same ARN', async () => {
    let calls = 0;
    const bench = await express(single(task(calling)), {}, () => ++calls);
    bench.service.runExpressTwice();
    const executionArn = await run(bench);
    expect(calls).toBe(2);
    const ends = bench.records.filter(({ type }) => type === 'ExecutionSucceeded');
    expect(ends.map(({ execution_arn: arn }) => arn)).toEqual([executionArn, executionArn]);
    await sync(bench);
    expect(calls).toBe(3);
  });

  test('a machine that is being deleted stays until it has ended', async () => {
    const bench = await express(wait(60));
    const { executionArn } = await bench.start();
    await bench.call('DeleteStateMachine', { stateMachineArn: machineArn });
    expect(await code(bench.start())).toBe('StateMachineDeleting');
    await bench.service.ended(String(executionArn));
    expect(bench.records.at(-1)).toMatchObject({ type: 'ExecutionSucceeded' });
    expect(await code(bench.start())).toBe('StateMachineDoesNotExist');
  });

  test('metrics are told of the start and of the end', async () => {
    const changes: ExecutionChange[] = [];
    const bench = await express(wait(2), { onExpress: (change) => changes.push(change) });
    await run(bench);
    const startDate = Date.UTC(2026, 0, 1);
    expect(changes).toEqual([
      { stateMachineArn: machineArn, status: 'RUNNING', startDate }, {
        stateMachineArn: machineArn,
        status: 'SUCCEEDED',
        startDate,
        stopDate: startDate + 2000,
        bill: { milliseconds: 2000, memory: 64, gigabyteSeconds: 0.125 },
        inputBytes: 2,
        outputBytes: 2,
      },
    ]);
  });
});

describe('StartSyncExecution', () => {
  test('answers when the execution has ended', async () => {
    const bench = await express(sequence({ W: { Type: 'Wait', Seconds: 2 }, P: { Type: 'Pass', Result: [1] } }));
    const startDate = bench.clock.now() / 1000;
    expect(await sync(bench, { input: '{"a": 1}', traceHeader: 'Root=1' })).toEqual({
      executionArn: expect.stringMatching(expressArn),
      stateMachineArn: machineArn,
      name: 'e',
      startDate,
      stopDate: startDate + 2,
      status: 'SUCCEEDED',
      input: '{"a": 1}',
      inputDetails: { included: true },
      output: '[1]',
      outputDetails: { included: true },
      traceHeader: 'Root=1',
      billingDetails: { billedDurationInMilliseconds: 2000, billedMemoryUsedInMB: 64 },
    });
    expect(bench.asked.map(({ action, resource }) => `${action} ${resource}`)).toContain(`states:StartSyncExecution ${machineArn}`);
  });

  test('a failure is an answer, not an error', async () => {
    const bench = await express(single(task(calling)), {}, () => {
      throw new TaskFailure('Mine', 'why');
    });
    const answer = await sync(bench);
    expect(answer).toMatchObject({ status: 'FAILED', error: 'Mine', cause: 'why' });
    expect(answer).not.toHaveProperty('output');
  });

  test.each([[1, 100], [100, 100], [101, 200], [0, 100]])('%d ms are billed as %d', async (milliseconds, billed) => {
    const bench: Bench = new Bench({ integrations: { supports: () => true, call: async ({ clock }) => clock.sleep(milliseconds).then(() => null) } });
    await bench.create(single(task(calling)), EXPRESS);
    expect(await sync(bench)).toMatchObject({ billingDetails: { billedDurationInMilliseconds: billed } });
  });

  test('is for Express workflows only, and checks its input', async () => {
    const bench = new Bench();
    await bench.create(pass);
    expect(await code(sync(bench))).toBe('StateMachineTypeNotSupported');
    const other = await express(pass);
    expect(await code(sync(other, { input: '{' }))).toBe('InvalidExecutionInput');
    expect(await code(sync(other, { name: 'a b' }))).toBe('InvalidName');
  });
});

describe('limits', () => {
  test.each([[undefined, 300], [10, 10], [1000, 300]])('with TimeoutSeconds %p an execution has %d seconds', async (TimeoutSeconds, seconds) => {
    const bench = await express({ ...wait(3600), ...TimeoutSeconds !== undefined && { TimeoutSeconds } });
    const started = bench.clock.now();
    const { status, stopDate } = await sync(bench);
    expect([status, Number(stopDate) - started / 1000]).toEqual(['TIMED_OUT', seconds]);
    expect(bench.records.at(-1)).toMatchObject({ type: 'ExecutionTimedOut' });
  });

  test('there may be more events than in a history', async () => {
    const loop = {
      StartAt: 'Again',
      States: {
        Again: { Type: 'Pass', Parameters: { 'n.$': 'States.MathAdd($.n, 1)' }, Next: 'Enough' },
        Enough: { Type: 'Choice', Choices: [{ Variable: '$.n', NumericLessThan: 6_300, Next: 'Again' }], Default: 'End' },
        End: { Type: 'Succeed' },
      },
    };
    const bench = new Bench();
    await bench.create(loop, { type: 'EXPRESS' });
    expect(await sync(bench, { input: '{"n":0}' })).toMatchObject({ status: 'SUCCEEDED' });
    expect(bench.observed.length).toBeGreaterThan(25_000);
  });
});

describe('what is for Standard workflows only is refused', () => {
  const inParallel = (state: JsonObject) => single({ Type: 'Parallel', Branches: [single({ Type: 'Pass' }, 'A'), single(state, 'B')] }, 'P');
  const inMap = (state: JsonObject) => single({ Type: 'Map', ItemProcessor: single(state, 'B') }, 'M');
  const withToken = task({ Resource: `${lambdaInvoke}.waitForTaskToken`, Parameters: { 'Token.$': '$$.Task.Token' } });
  const startAndWait = (pattern: string) => task({ Resource: `arn:aws:states:::states:startExecution.${pattern}`, Parameters: { StateMachineArn: machineArn } });

  test.each<[string, JsonObject, string]>([
    ['a task token', single(withToken), '\'.waitForTaskToken\' service integration  at /States/Only/Resource'],
    ['a task token in a branch', inParallel(withToken), '\'.waitForTaskToken\' service integration  at /States/P/Branches[1]/States/B/Resource'],
    ['.sync', single(startAndWait('sync')), '\'.sync\' service integration at /States/Only/Resource'],
    ['.sync:2 in a Map', inMap(startAndWait('sync:2')), '\'.sync\' service integration at /States/M/ItemProcessor/States/B/Resource'],
    ['an activity', single(task({ Resource: 'arn:aws:states:eu-west-1:111122223333:activity:a' })), 'Activity ARN at /States/Only/Resource'],
  ])('%s', async (_, definition, message) => {
    await expect(new Bench().create(definition, { type: 'EXPRESS' })).rejects.toMatchObject({
      code: 'InvalidDefinition', message: expect.stringContaining(`SCHEMA_VALIDATION_FAILED: Express state machine does not support ${message}`),
    });
  });

  test('a distributed Map', async () => {
    const definition = single({ Type: 'Map', ItemProcessor: { ...pass, ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'EXPRESS' } } });
    const message = expect.stringContaining('The field \'Mode\' with value \'DISTRIBUTED\' is not supported inside \'EXPRESS\' state machines');
    await expect(new Bench().create(definition, { type: 'EXPRESS' })).rejects.toMatchObject({ code: 'InvalidDefinition', message });
  });

  test('an update is refused, too', async () => {
    const bench = await express(pass);
    expect(await code(bench.call('UpdateStateMachine', { stateMachineArn: machineArn, definition: JSON.stringify(single(withToken)) }))).toBe('InvalidDefinition');
  });
});

describe('a Standard workflow starts an Express one', () => {
  const parent = 'arn:aws:states:eu-west-1:111122223333:execution:parent:p';

  /** Runs a Task of the Standard workflow; answers what became of its execution. */
  async function runParent(Resource: string): Promise<{ bench: Bench; description: JsonObject }> {
    const bench = new Bench({ integrations: undefined });
    await bench.create(single({ Type: 'Pass', Parameters: { 'got.$': '$' } }), EXPRESS);
    const definition = single(task({ Resource, Parameters: { StateMachineArn: machineArn, Name: 'e', Input: Resource.includes('sdk') ? '{"a":1}' : { a: 1 } } }));
    await bench.call('CreateStateMachine', { name: 'parent', roleArn, definition: JSON.stringify(definition) });
    await bench.call('StartExecution', { stateMachineArn: machineArn.replace(/m$/, 'parent'), name: 'p' });
    await bench.service.ended(parent);
    return { bench, description: await bench.call('DescribeExecution', { executionArn: parent }) };
  }

  test('and does not wait for it', async () => {
    const { bench, description: { status, output } } = await runParent('arn:aws:states:::states:startExecution');
    expect(status).toBe('SUCCEEDED');
    const { ExecutionArn } = JSON.parse(String(output));
    await bench.service.ended(ExecutionArn);
    expect(bench.records.at(-1)).toMatchObject({ type: 'ExecutionSucceeded', execution_arn: ExecutionArn, details: { output: '{"got":{"a":1}}' } });
  });

  test('and gets its answer', async () => {
    const { description: { output } } = await runParent('arn:aws:states:::aws-sdk:sfn:startSyncExecution');
    expect(JSON.parse(String(output))).toMatchObject({
      Status: 'SUCCEEDED', Output: '{"got":{"a":1}}', StartDate: '2026-01-01T00:00:00Z', BillingDetails: { BilledDurationInMilliseconds: 100, BilledMemoryUsedInMB: 64 },
    });
  });
});
