import { Bench, code, executionArn, machineArn, roleArn } from './bench';
import { lambdaInvoke, sequence, single, task } from './support';
import { ServiceError } from '../../../local/aws/service';
import { isObject, JsonObject } from '../../../local/json';
import { TaskFailure } from '../../../local/stepfunctions/interpreter/failure';

const pass = single({ Type: 'Pass' });
const wait = single({ Type: 'Wait', Seconds: 60 });
const waitForToken = single(task({ Resource: `${lambdaInvoke}.waitForTaskToken`, Parameters: { FunctionName: 'f', Payload: { 'token.$': '$$.Task.Token' } } }));

describe('StartExecution', () => {
  test('gives a name where none is asked for', async () => {
    const bench = new Bench({ uuid: () => 'generated' });
    await bench.create(pass);
    expect(await bench.call('StartExecution', { stateMachineArn: machineArn })).toEqual({
      executionArn: 'arn:aws:states:eu-west-1:111122223333:execution:m:generated', startDate: Date.UTC(2026, 0, 1) / 1000,
    });
  });

  test('the same name and input is the same execution while it runs, and an error after', async () => {
    const bench = new Bench();
    await bench.create(wait);
    const first = await bench.start('{"a":1}');
    expect(await bench.start('{"a":1}')).toEqual(first);
    expect(await code(bench.start('{"a": 1}'))).toBe('ExecutionAlreadyExists');
    await bench.service.ended(executionArn);
    expect(await code(bench.start('{"a":1}'))).toBe('ExecutionAlreadyExists');
  });

  test('a name can be used again 90 days after its execution has closed', async () => {
    const bench = new Bench();
    await bench.run(pass);
    await bench.clock.sleep(90 * 86_400_000);
    expect(await code(bench.start())).toBe('ExecutionAlreadyExists');
    await bench.clock.sleep(1);
    expect(await code(bench.start())).toBe('no error');
  });

  test('nobody sees an execution 90 days after it has closed', async () => {
    const bench = new Bench();
    await bench.run(pass);
    const seen = async () => [
      await code(bench.call('DescribeExecution', { executionArn })),
      await code(bench.call('GetExecutionHistory', { executionArn })),
      (await bench.call('ListExecutions', { stateMachineArn: machineArn })).executions,
    ];
    await bench.clock.sleep(90 * 86_400_000);
    expect(await seen()).toEqual(['no error', 'no error', [expect.anything()]]);
    await bench.clock.sleep(1);
    expect(await seen()).toEqual(['ExecutionDoesNotExist', 'ExecutionDoesNotExist', []]);
  });

  test.each([
    ['a'.repeat(80), 'no error'], ['a'.repeat(81), 'ValidationException'], ['', 'ValidationException'], ['a b', 'InvalidName'], ['a:b', 'InvalidName'],
    ['a*', 'InvalidName'], ['ünï-_.1', 'no error'], ['a\u0007', 'InvalidName'],
  ])('the name %p: %s', async (name, expected) => {
    const bench = new Bench();
    await bench.create(pass);
    expect(await code(bench.start('{}', name))).toBe(expected);
  });

  test.each([
    [`"${'a'.repeat(262_142)}"`, 'no error'], [`"${'a'.repeat(262_143)}"`, 'ValidationException'], ['', 'InvalidExecutionInput'], ['{"a":}', 'InvalidExecutionInput'],
  ])('an input of a certain kind (%#)', async (input, expected) => {
    const bench = new Bench();
    await bench.create(pass);
    expect(await code(bench.start(input))).toBe(expected);
  });

  test('a member that is not implemented is an error that names it', async () => {
    const bench = new Bench();
    await bench.create(pass);
    await expect(bench.call('StartExecution', { stateMachineArn: machineArn, priority: 1 })).rejects.toThrow('does not implement priority of StartExecution');
    await expect(bench.call('TagResource', {})).rejects.toThrow('does not implement TagResource');
  });
});

test('every operation asks whether it is allowed, with the ARN it concerns', async () => {
  const bench = new Bench();
  await bench.run(pass);
  for (const operation of ['GetExecutionHistory', 'StopExecution', 'ListMapRuns']) await bench.call(operation, { executionArn });
  await code(bench.call('RedriveExecution', { executionArn }));
  await bench.call('ListExecutions', { stateMachineArn: machineArn });
  expect(bench.asked.map(({ action, resource }) => `${action} ${resource}`)).toEqual([
    `states:CreateStateMachine ${machineArn}`, `iam:PassRole ${roleArn}`, `states:StartExecution ${machineArn}`, `states:DescribeExecution ${executionArn}`,
    `states:GetExecutionHistory ${executionArn}`, `states:StopExecution ${executionArn}`, `states:ListMapRuns ${executionArn}`,
    `states:RedriveExecution ${executionArn}`, `states:ListExecutions ${machineArn}`,
  ]);
});

test('what authorization refuses does not happen', async () => {
  const bench = new Bench({
    authorize: async ({ action }) => {
      if (action === 'states:StartExecution') throw new ServiceError('AccessDeniedException', 'no');
    },
  });
  await bench.create(pass);
  expect(await code(bench.start())).toBe('AccessDeniedException');
  expect(await code(bench.call('DescribeExecution', { executionArn }))).toBe('ExecutionDoesNotExist');
});

test('a machine that waits for others needs the managed rule', async () => {
  const sync = single({ Type: 'Task', Resource: 'arn:aws:states:::states:startExecution.sync:2', Parameters: { StateMachineArn: machineArn } });
  const bench = new Bench({
    authorize: async ({ action }, { caller: { roleArn: who } }) => {
      if (action === 'events:PutRule' && who === roleArn) throw new ServiceError('AccessDeniedException', 'no');
    },
  });
  await expect(bench.create(sync)).rejects.toThrow(`'${roleArn}' is not authorized to create managed-rule.`);
});

test('a role that does not trust Step Functions makes no state machine, and later fails its Tasks', async () => {
  let trusted = false;
  const assumeRole = async () => {
    if (!trusted) throw new ServiceError('AccessDeniedException', 'no trust');
    return {};
  };
  const bench = new Bench({ assumeRole, integrations: undefined });
  const start = single({ Type: 'Task', Resource: 'arn:aws:states:::states:startExecution', Parameters: { StateMachineArn: machineArn } });
  await expect(bench.create(start)).rejects.toThrow('authorized to assume the provided role');
  trusted = true;
  await bench.create(start);
  trusted = false;
  await bench.start();
  await bench.service.ended(executionArn);
  expect(await bench.call('DescribeExecution', { executionArn })).toMatchObject({ status: 'FAILED', error: 'States.Permissions', cause: 'no trust' });
});

describe('GetExecutionHistory', () => {
  const ids = ({ events }: JsonObject) => (Array.isArray(events) ? events.map((event) => (isObject(event) ? event.id : undefined)) : []);

  test('pages forwards and backwards', async () => {
    const bench = new Bench();
    await bench.run(sequence({ A: { Type: 'Pass' }, B: { Type: 'Pass' } }));
    for (const reverseOrder of [false, true]) {
      const found: unknown[] = [];
      let page: JsonObject = {};
      do {
        const next: JsonObject = page.nextToken === undefined ? {} : { nextToken: page.nextToken };
        page = await bench.call('GetExecutionHistory', { executionArn, reverseOrder, maxResults: 4, ...next });
        found.push(...ids(page));
      } while (page.nextToken !== undefined);
      expect(found).toEqual(reverseOrder ? [6, 5, 4, 3, 2, 1] : [1, 2, 3, 4, 5, 6]);
    }
  });

  test('the newest event alone tells how long the history is', async () => {
    const bench = new Bench();
    await bench.run(pass);
    expect(ids(await bench.call('GetExecutionHistory', { executionArn, reverseOrder: true, maxResults: 1 }))).toEqual([4]);
  });

  test('events look as in the API', async () => {
    const bench = new Bench();
    await bench.run(single({ Type: 'Pass', Assign: { x: [1] } }), '{"a":1}');
    const timestamp = Date.UTC(2026, 0, 1) / 1000;
    const truncated = { truncated: false };
    expect((await bench.call('GetExecutionHistory', { executionArn })).events).toEqual([
      { id: 1, previousEventId: 0, timestamp, type: 'ExecutionStarted', executionStartedEventDetails: { input: '{"a":1}', inputDetails: truncated, roleArn } },
      { id: 2, previousEventId: 0, timestamp, type: 'PassStateEntered', stateEnteredEventDetails: { name: 'Only', input: '{"a":1}', inputDetails: truncated } },
      {
        id: 3,
        previousEventId: 2,
        timestamp,
        type: 'PassStateExited',
        stateExitedEventDetails: { name: 'Only', output: '{"a":1}', outputDetails: truncated, assignedVariables: { x: '[1]' }, assignedVariablesDetails: truncated },
      },
      { id: 4, previousEventId: 3, timestamp, type: 'ExecutionSucceeded', executionSucceededEventDetails: { output: '{"a":1}', outputDetails: truncated } },
    ]);
  });

  test('without execution data there are no inputs and outputs', async () => {
    const bench = new Bench();
    await bench.run(pass, '"secret"');
    expect(JSON.stringify(await bench.call('GetExecutionHistory', { executionArn, includeExecutionData: false }))).not.toContain('secret');
  });
});

describe('task tokens', () => {
  const status = async (bench: Bench) => (await bench.call('DescribeExecution', { executionArn })).status;

  async function waiting(): Promise<Bench> {
    const bench = new Bench();
    await bench.create(waitForToken);
    await bench.start();
    await new Promise(setImmediate);
    return bench;
  }

  test('SendTaskSuccess gives the output, once', async () => {
    const bench = await waiting();
    const [taskToken] = bench.tokens;
    await bench.call('SendTaskHeartbeat', { taskToken });
    await bench.call('SendTaskSuccess', { taskToken, output: '{"a":1}' });
    await bench.service.ended(executionArn);
    expect(await bench.call('DescribeExecution', { executionArn })).toMatchObject({ status: 'SUCCEEDED', output: '{"a":1}' });
    expect(await code(bench.call('SendTaskSuccess', { taskToken, output: '{}' }))).toBe('TaskTimedOut');
  });

  test('SendTaskFailure fails the task', async () => {
    const bench = await waiting();
    await bench.call('SendTaskFailure', { taskToken: bench.tokens[0], error: 'Mine', cause: 'why' });
    await bench.service.ended(executionArn);
    expect(await bench.call('DescribeExecution', { executionArn })).toMatchObject({ status: 'FAILED', error: 'Mine', cause: 'why' });
  });

  test('an output that is no JSON is refused, and the task still waits', async () => {
    const bench = await waiting();
    expect(await code(bench.call('SendTaskSuccess', { taskToken: bench.tokens[0], output: 'x' }))).toBe('InvalidOutput');
    expect(await status(bench)).toBe('RUNNING');
  });

  test.each<[string, JsonObject]>([
    ['SendTaskFailure', { error: 'x'.repeat(257) }],
    ['SendTaskFailure', { cause: 'x'.repeat(32_769) }],
    ['SendTaskSuccess', { output: JSON.stringify('x'.repeat(262_143)) }],
  ])('%s refuses what is too long', async (operation, input) => {
    const bench = await waiting();
    expect(await code(bench.call(operation, { taskToken: bench.tokens[0], ...input }))).toBe('ValidationException');
    expect(await status(bench)).toBe('RUNNING');
  });

  test('what never was a token is InvalidToken', async () => {
    expect(await code((await waiting()).call('SendTaskHeartbeat', { taskToken: 'nonsense' }))).toBe('InvalidToken');
  });
});

test('StopExecution, then RedriveExecution', async () => {
  const bench = new Bench();
  await bench.create(wait);
  await bench.start();
  await bench.call('StopExecution', { executionArn, error: 'Enough', cause: 'because' });
  expect(await bench.call('DescribeExecution', { executionArn })).toMatchObject({ status: 'ABORTED', error: 'Enough', cause: 'because', redriveStatus: 'REDRIVABLE' });
  await bench.call('RedriveExecution', { executionArn });
  expect(await code(bench.call('RedriveExecution', { executionArn }))).toBe('ExecutionNotRedrivable');
  await bench.service.ended(executionArn);
  expect(await bench.call('DescribeExecution', { executionArn })).toMatchObject({ status: 'SUCCEEDED', redriveCount: 1, redriveStatus: 'NOT_REDRIVABLE' });
  expect(bench.statusChanges.map(({ detail }) => `${detail.status} ${detail.redriveCount}`)).toEqual(['RUNNING 0', 'ABORTED 0', 'RUNNING 1', 'SUCCEEDED 1']);
});

test('a failure is told to the event bus with error and cause', async () => {
  const bench = new Bench({}, () => {
    throw new TaskFailure('Mine', 'why');
  });
  await bench.run(single(task({ Parameters: { FunctionName: 'f' } })));
  expect(bench.statusChanges[1]).toMatchObject({ 'detail-type': 'Step Functions Execution Status Change', 'detail': { status: 'FAILED', error: 'Mine', cause: 'why', output: null } });
});

test('error and cause of a failure are cut where AWS has no room for more, in the history, for a Catch and at the end', async () => {
  const bench = new Bench({
    integrations: {
      supports: () => true,
      call: async () => {
        throw new TaskFailure('E'.repeat(300), 'c'.repeat(40_000));
      },
    },
  });
  await bench.create({
    StartAt: 'T',
    States: {
      T: task({ Parameters: { FunctionName: 'f' }, Catch: [{ ErrorEquals: ['E'.repeat(256)], Next: 'F' }], End: true }),
      F: { Type: 'Fail', ErrorPath: '$.Error', CausePath: 'States.Format(\'{}!\', $.Cause)' },
    },
  });
  await bench.start();
  await bench.service.ended(executionArn);
  const failed = bench.observed.find(({ event }) => event.type === 'TaskFailed')?.event.details;
  const { error, cause } = await bench.call('DescribeExecution', { executionArn });
  expect([failed?.error?.length, failed?.cause?.length, String(error).length, String(cause).length]).toEqual([256, 32_768, 256, 32_768]);
});

test('ListExecutions gives the latest first, filtered by status', async () => {
  const bench = new Bench();
  await bench.run(pass);
  await bench.start('{}', 'second');
  const names = async (input: JsonObject) => {
    const { executions } = await bench.call('ListExecutions', { stateMachineArn: machineArn, ...input });
    return Array.isArray(executions) ? executions.map((summary) => (isObject(summary) ? summary.name : undefined)) : [];
  };
  expect(await names({})).toEqual(['second', 'e']);
  expect(await names({ statusFilter: 'SUCCEEDED', maxResults: 1 })).toEqual(['second']);
  expect(await names({ statusFilter: 'FAILED' })).toEqual([]);
});

test('observers see each event as it is appended, with virtual time', async () => {
  const bench = new Bench();
  await bench.run(wait);
  expect(bench.observed.map(({ executionArn: arn, event }) => [arn, event.type, event.timestamp - Date.UTC(2026, 0, 1)])).toEqual([
    [executionArn, 'ExecutionStarted', 0], [executionArn, 'WaitStateEntered', 0], [executionArn, 'WaitStateExited', 60_000], [executionArn, 'ExecutionSucceeded', 60_000],
  ]);
});
