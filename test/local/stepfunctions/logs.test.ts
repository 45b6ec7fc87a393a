import * as fc from 'fast-check';
import { Bench, code, executionArn, machineArn, roleArn } from './bench';
import { calling, sequence, single, task } from './support';
import { ServiceError } from '../../../local/aws/service';
import { JsonObject } from '../../../local/json';
import { TaskFailure } from '../../../local/stepfunctions/interpreter/failure';
import { isLogged } from '../../../local/stepfunctions/logging/execution-log';

const GROUP = 'arn:aws:logs:eu-west-1:111122223333:log-group:/aws/vendedlogs/states/m:*';
const destination = (logGroupArn: string = GROUP) => ({ cloudWatchLogsLogGroup: { logGroupArn } });
const logging = (level: string, includeExecutionData: boolean = false) => ({
  loggingConfiguration: { level, includeExecutionData, destinations: [destination()] },
});

/** A caught failure, then a failure: something of every level. */
const troubled: JsonObject = {
  StartAt: 'Try',
  States: {
    'Try': task({ Parameters: { 'FunctionName': 'f', 'Payload.$': '$' }, Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Give up', ResultPath: null }], End: true }),
    'Give up': { Type: 'Fail', Error: 'GivenUp', Cause: 'why' },
  },
};
const failing = () => {
  throw new TaskFailure('Mine', 'broken');
};

describe('levels are those of the developer guide', () => {
  const ofErrors = [
    'FailStateEntered', 'LambdaFunctionFailed', 'LambdaFunctionScheduleFailed', 'LambdaFunctionStartFailed', 'LambdaFunctionTimedOut', 'MapIterationAborted',
    'MapIterationFailed', 'MapStateAborted', 'MapStateFailed', 'ParallelStateAborted', 'ParallelStateFailed', 'TaskFailed', 'TaskStartFailed', 'TaskStateAborted',
    'TaskSubmitFailed', 'TaskTimedOut', 'WaitStateAborted',
  ];
  const fatal = ['ExecutionAborted', 'ExecutionFailed', 'ExecutionTimedOut'];
  const others = [
    'ChoiceStateEntered', 'ExecutionStarted', 'ExecutionSucceeded', 'LambdaFunctionScheduled', 'MapIterationStarted', 'MapStateSucceeded', 'ParallelStateExited',
    'PassStateEntered', 'SucceedStateExited', 'TaskScheduled', 'TaskSubmitted', 'TaskSucceeded', 'WaitStateExited',
  ];

  test.each([...ofErrors.map((type) => [type, ['ALL', 'ERROR']]), ...fatal.map((type) => [type, ['ALL', 'ERROR', 'FATAL']]), ...others.map((type) => [type, ['ALL']])])(
    '%s is logged at %p', (type, levels) => {
      expect((['ALL', 'ERROR', 'FATAL', 'OFF'] as const).filter((level) => isLogged(level, String(type)))).toEqual(levels);
    },
  );
});

test('a record is as AWS writes it, in a stream of the machine', async () => {
  const bench = new Bench();
  await bench.run(single({ Type: 'Pass', Assign: { x: 1 } }), '{"a":1}', logging('ALL', true));
  const time = String(Date.UTC(2026, 0, 1));
  const rest = { redrive_count: '0', event_timestamp: time, execution_arn: executionArn };
  expect(bench.records).toEqual([
    { id: '1', type: 'ExecutionStarted', previous_event_id: '0', details: { input: '{"a":1}', inputDetails: { truncated: false }, roleArn }, ...rest },
    { id: '2', type: 'PassStateEntered', previous_event_id: '0', details: { name: 'Only', input: '{"a":1}', inputDetails: { truncated: false } }, ...rest },
    {
      id: '3',
      type: 'PassStateExited',
      previous_event_id: '2',
      details: {
        name: 'Only', output: '{"a":1}', outputDetails: { truncated: false }, assignedVariables: { x: '1' }, assignedVariablesDetails: { truncated: false },
      },
      ...rest,
    },
    { id: '4', type: 'ExecutionSucceeded', previous_event_id: '3', details: { output: '{"a":1}', outputDetails: { truncated: false } }, ...rest },
  ]);
  const [{ stream, timestamp }] = bench.logged;
  expect([stream, timestamp]).toEqual([expect.stringMatching(/^states\/m\/2026-01-01-00-00\/[0-9a-f]{8}$/), Number(time)]);
});

test('property: the log has the events of its level, in order, and what went in and out only if it is asked for', async () => {
  await fc.assert(fc.asyncProperty(fc.constantFrom('ALL', 'ERROR', 'FATAL', 'OFF'), fc.boolean(), fc.uuid(), async (level, data, secret) => {
    const bench = new Bench({}, failing);
    await bench.run(troubled, JSON.stringify({ secret }), logging(level, data));
    const events = bench.observed.map(({ event }) => event);
    const expected = events.filter(({ type }) => level === 'ALL' || (level !== 'OFF' && /Failed$/.test(type) && (level === 'ERROR' || type === 'ExecutionFailed'))
      || (level === 'ERROR' && type === 'FailStateEntered'));
    expect(bench.records.map(({ id, type }) => `${String(id)} ${String(type)}`)).toEqual(expected.map(({ id, type }) => `${id} ${type}`));
    const withoutParameters = bench.records.filter(({ type }) => type !== 'TaskScheduled');
    expect(JSON.stringify(withoutParameters).includes(secret)).toBe(data && (level === 'ALL' || level === 'ERROR'));
  }));
});

describe('error and cause are no execution data', () => {
  test('they are logged as they are', async () => {
    const bench = new Bench({}, failing);
    await bench.run(troubled, '{}', logging('ERROR'));
    expect(bench.records.map(({ details }) => details)).toEqual([
      { resourceType: 'lambda', resource: 'invoke', error: 'Mine', cause: 'broken' }, { name: 'Give up' }, { error: 'GivenUp', cause: 'why' },
    ]);
  });

  const jsonata = { QueryLanguage: 'JSONata' };
  test.each<[string, JsonObject, string]>([
    ['a path without a value', { Type: 'Pass', Parameters: { 'a.$': '$.missing' } }, 'ExecutionFailed'],
    ['a value of the wrong type', { Type: 'Wait', ...jsonata, Seconds: '{% $states.input.secret %}' }, 'EvaluationFailed'],
    ['what a function says of its input', { Type: 'Pass', ...jsonata, Output: '{% $number($states.input.secret) %}' }, 'EvaluationFailed'],
    ['an answer', task({ Parameters: { 'FunctionName': 'f', 'Payload.$': '$' } }), 'TaskFailed'],
  ])('so data may be in the log, whatever is asked for: %s', async (_, state, type) => {
    const bench = new Bench({}, () => {
      throw new TaskFailure('Mine', 'the secret');
    });
    await bench.run(single(state), '{"secret":"the secret"}', logging('ERROR'));
    const { events } = await bench.call('GetExecutionHistory', { executionArn, includeExecutionData: false });
    const holding = (list: unknown) => (Array.isArray(list) ? list : []).filter((item) => JSON.stringify(item).includes('the secret')).map((item) => item.type);
    expect(holding(bench.records)).toContain(type);
    // FailStateEntered and the ends of states have no cause: what is in them is data.
    expect(holding(bench.records)).toEqual(holding(events).filter((name) => name !== 'TaskScheduled'));
  });
});

test('what a log tells of an event is what the history tells, for every type of event', async () => {
  const secret = 'in the data';
  const branch = (state: JsonObject) => single({ ...state, QueryLanguage: 'JSONata' }, String(state.Type));
  const states = sequence({
    Loop: { Type: 'Map', ItemProcessor: single({ Type: 'Pass' }, 'Item') },
    Call: task({ Parameters: { 'FunctionName': 'f', 'Payload.$': '$' }, ResultPath: null }),
    Both: { Type: 'Parallel', Branches: [branch({ Type: 'Wait', Seconds: 60 }), branch({ Type: 'Pass', Output: '{% $number($states.input[0]) %}' })] },
  });
  for (const includeExecutionData of [true, false]) {
    const bench = new Bench();
    await bench.run(states, JSON.stringify([secret]), logging('ALL', includeExecutionData));
    const { events } = await bench.call('GetExecutionHistory', { executionArn, includeExecutionData });
    const details = [...Array.isArray(events) ? events : []].map((event) => Object.entries(event ?? {}).find(([name]) => name.endsWith('EventDetails'))?.[1] ?? {});
    expect(bench.records.map((record) => record.details)).toEqual(details);
    expect(bench.records.map(({ type }) => type)).toEqual(expect.arrayContaining(['EvaluationFailed', 'WaitStateAborted', 'ParallelStateFailed', 'MapIterationSucceeded']));
  }
});

test.each<[string, string, boolean]>([
  ['as long as there is room', 'a'.repeat(248 * 1024 - 4), false],
  ['one too long', 'a'.repeat(248 * 1024 - 3), true],
  ['one that is too long only with its escapes', '"'.repeat(85_000), true],
  ['one of long characters', 'ü'.repeat(127_000), true],
])('an input is cut to 248 KiB: %s', async (_, text, truncated) => {
  const bench = new Bench();
  const input = JSON.stringify(text);
  await bench.run(single({ Type: 'Pass', Result: 1 }), input, logging('ALL', true));
  const [{ details }] = bench.records;
  const logged: JsonObject = { input: null, ...JSON.parse(JSON.stringify(details)) };
  const bytes = Buffer.byteLength(JSON.stringify(logged.input)) - 2;
  expect(logged.inputDetails).toEqual({ truncated });
  expect(input.startsWith(String(logged.input))).toBe(true);
  expect(bytes).toBeLessThanOrEqual(248 * 1024);
  expect(logged.input === input).toBe(!truncated);
  // Not a character more than needed is left out.
  if (truncated) expect(bytes).toBeGreaterThan(248 * 1024 - 6);
});

test('the executions of a distributed Map log where the machine does', async () => {
  const bench = new Bench();
  const inner = { ...single({ Type: 'Pass' }, 'Item'), ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' } };
  await bench.run(single({ Type: 'Map', Label: 'L', ItemProcessor: inner }), '["child input"]', logging('ALL', true));
  const children = bench.records.filter(({ execution_arn: arn }) => arn !== executionArn);
  expect(children.map(({ type }) => type)).toEqual(['ExecutionStarted', 'PassStateEntered', 'PassStateExited', 'ExecutionSucceeded']);
  expect(children[0]).toMatchObject({ execution_arn: expect.stringContaining(':execution:m/L:'), details: { input: '"child input"' } });
});

test('after a redrive, records count it', async () => {
  const bench = new Bench({}, failing);
  await bench.run(single(task(calling)), '{}', logging('FATAL'));
  await bench.call('RedriveExecution', { executionArn });
  await bench.service.ended(executionArn);
  expect(bench.records.map(({ type, redrive_count: count }) => [type, count])).toEqual([['ExecutionFailed', '0'], ['ExecutionFailed', '1']]);
});

test('an update turns logging on and off for executions that start later', async () => {
  const bench = new Bench();
  await bench.run(single({ Type: 'Pass' }));
  await bench.call('UpdateStateMachine', { stateMachineArn: machineArn, ...logging('ALL') });
  const run = async (name: string) => {
    await bench.start('{}', name);
    await bench.service.ended(executionArn.replace(/e$/, name));
  };
  await run('second');
  await bench.call('UpdateStateMachine', { stateMachineArn: machineArn, loggingConfiguration: { level: 'OFF' } });
  await run('third');
  expect(new Set(bench.records.map(({ execution_arn: arn }) => arn))).toEqual(new Set([executionArn.replace(/e$/, 'second')]));
});

test('with a key that the delivery may not use, everything is lost', async () => {
  const useKey = async (_key: string, _action: string, { caller: { service } }: { caller: { service?: string } }) => {
    if (service === 'delivery.logs.amazonaws.com') throw new ServiceError('AccessDeniedException', 'no');
  };
  const encryptionConfiguration = { type: 'CUSTOMER_MANAGED_KMS_KEY', kmsKeyId: 'key' };
  const [lost, kept] = [new Bench({ useKey }), new Bench({ useKey: async () => undefined })];
  for (const bench of [lost, kept]) await bench.run(single({ Type: 'Pass' }), '{}', { ...logging('ALL'), encryptionConfiguration });
  expect([lost, kept].map(({ logged }) => logged.length)).toEqual([0, 4]);
});

describe('a configuration', () => {
  test.each<[string, JsonObject, string, string]>([
    ['without a destination', { level: 'ERROR' }, 'InvalidLoggingConfiguration', 'Must specify exactly one Log Destination.'],
    ['with no destination', { level: 'FATAL', destinations: [] }, 'InvalidLoggingConfiguration', 'Must specify exactly one Log Destination.'],
    ['with two', { level: 'ALL', destinations: [destination(), destination()] }, 'InvalidLoggingConfiguration', 'Must specify exactly one Log Destination.'],
    ['with a group that there is not', { level: 'ALL', destinations: [destination('arn:aws:logs:eu-west-1:111122223333:log-group:other:*')] },
      'InvalidLoggingConfiguration', 'Log Destination not found.'],
    ['with an empty destination', { level: 'ALL', destinations: [{}] }, 'InvalidLoggingConfiguration', 'Log Destination not found.'],
    ['with a level that there is not', { level: 'SOME' }, 'ValidationException',
      'Value \'SOME\' at \'loggingConfiguration.level\' failed to satisfy constraint: Member must satisfy enum value set: [ALL, ERROR, FATAL, OFF]'],
  ])('%s is refused, at creation and in an update', async (_, loggingConfiguration, errorCode, message) => {
    const bench = new Bench({ logGroupExists: (arn) => arn === GROUP });
    const refused = { code: errorCode, message: expect.stringContaining(message) };
    await expect(bench.create(single({ Type: 'Pass' }), { loggingConfiguration })).rejects.toMatchObject(refused);
    await bench.create(single({ Type: 'Pass' }));
    await expect(bench.call('UpdateStateMachine', { stateMachineArn: machineArn, loggingConfiguration })).rejects.toMatchObject(refused);
    expect(await bench.call('DescribeStateMachine', { stateMachineArn: machineArn })).toMatchObject({ loggingConfiguration: { level: 'OFF' } });
  });

  test('with a member that there is not is an error that names it', async () => {
    const created = new Bench().create(single({ Type: 'Pass' }), { loggingConfiguration: { Level: 'ALL' } });
    await expect(created).rejects.toThrow('does not implement loggingConfiguration.Level of CreateStateMachine');
  });

  test.each<[JsonObject, JsonObject]>([
    [{}, { level: 'OFF', includeExecutionData: false }],
    [{ destinations: [] }, { level: 'OFF', includeExecutionData: false, destinations: [] }],
    [logging('OFF', true).loggingConfiguration, logging('OFF', true).loggingConfiguration],
    [{ level: 'ERROR', destinations: [destination()] }, logging('ERROR').loggingConfiguration],
  ])('%p is told as %p', async (loggingConfiguration, expected) => {
    const bench = new Bench();
    await bench.create(sequence({ A: { Type: 'Pass' } }), { loggingConfiguration });
    expect((await bench.call('DescribeStateMachine', { stateMachineArn: machineArn })).loggingConfiguration).toEqual(expected);
  });

  test('needs the rights of the role to set up the delivery, not those of the caller', async () => {
    const bench = new Bench({
      authorize: async ({ action }, { caller: { roleArn: who } }) => {
        if (action === 'logs:CreateLogDelivery' && who === roleArn) throw new ServiceError('AccessDeniedException', 'no');
      },
    });
    expect(await code(bench.create(single({ Type: 'Pass' }), logging('ERROR')))).toBe('AccessDeniedException');
    expect(await code(bench.create(single({ Type: 'Pass' }), logging('OFF')))).toBe('no error');
  });
});
