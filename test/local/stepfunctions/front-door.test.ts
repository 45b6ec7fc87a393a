import {
  CreateStateMachineCommand, DeleteStateMachineCommand, DescribeExecutionCommand, DescribeStateMachineCommand, ExecutionAlreadyExists,
  ExecutionDoesNotExist, ExecutionNotRedrivable, GetExecutionHistoryCommand, InvalidExecutionInput, InvalidLoggingConfiguration,
  ListExecutionsCommand, ListStateMachinesCommand, paginateGetExecutionHistory, RedriveExecutionCommand, SFNClient, StartExecutionCommand,
  StartSyncExecutionCommand, StateMachineDoesNotExist, StateMachineTypeNotSupported, StopExecutionCommand, UpdateStateMachineCommand,
} from '@aws-sdk/client-sfn';
import { FrontDoor } from '../../../local/http/front-door';
import { JsonObject } from '../../../local/json';
import { StepFunctionsService } from '../../../local/stepfunctions/service';
import { stepFunctionsWire } from '../../../local/stepfunctions/wire';
import { Account, createAccount, environment, openFrontDoor } from '../http/small-cloud';

const states = `arn:aws:states:${environment.region}:${environment.accountId}`;
const MACHINE = `${states}:stateMachine:m`;
const executionArn = (name: string) => `${states}:execution:m:${name}`;

let account: Account;
let service: StepFunctionsService;
let door: FrontDoor;
let faults: Error[];
let clientOf: (...statements: readonly (readonly [action: string, resource: string])[]) => SFNClient;
let client: SFNClient;

beforeAll(async () => {
  account = createAccount();
  service = new StepFunctionsService({ environment, clock: account.clock, authorize: account.authorize });
  const opened = await openFrontDoor(account, { services: [stepFunctionsWire(service)] });
  ({ door, faults } = opened);
  let count = 0;
  clientOf = (...statements) => {
    const Statement: JsonObject[] = statements.map(([Action, Resource]) => ({ Effect: 'Allow', Action, Resource }));
    const inlinePolicies = [{ name: 'p', document: { Version: '2012-10-17', Statement } }];
    const role = account.roles.create({ name: `Role${count++}`, trustPolicy: { Statement: [] }, inlinePolicies });
    const credentials = account.credentials.issueForRole({ role, sessionName: 's', durationSeconds: 43200 });
    // The SDK puts `sync-` before the host for StartSyncExecution, which is no name of this machine.
    return new SFNClient({ ...opened.client, credentials, disableHostPrefix: true });
  };
  client = clientOf(['states:*', '*'], ['iam:PassRole', '*']);
  const definition: JsonObject = {
    StartAt: 'Decide',
    States: {
      Decide: { Type: 'Choice', Choices: [{ Variable: '$.fail', IsPresent: true, Next: 'Call' }], Default: 'Wait' },
      Call: { Type: 'Task', Resource: 'arn:aws:states:::states:startExecution', Parameters: { StateMachineArn: `${states}:stateMachine:none` }, End: true },
      Wait: { Type: 'Wait', Seconds: 60, End: true },
    },
  };
  await service.createStateMachine({ name: 'm', roleArn: account.roles.create({ name: 'm', trustPolicy: { Statement: [] } }).arn, definition: JSON.stringify(definition) });
});
afterAll(async () => door.close());
afterEach(() => expect(faults).toEqual([]));

/** Between two requests of a client nobody holds the clock, so an execution that only waits would be over. */
const whileTimeStands = async <T>(work: () => Promise<T>): Promise<T> => account.clock.hold(work);

test('an execution is started, described, listed and read', async () => {
  const arn = executionArn('read');
  await whileTimeStands(async () => {
    expect(await client.send(new StartExecutionCommand({ stateMachineArn: MACHINE, name: 'read', input: '{"a":"ü"}' }))).toMatchObject({
      executionArn: arn, startDate: new Date(account.clock.now()),
    });
    expect(await client.send(new DescribeExecutionCommand({ executionArn: arn }))).toMatchObject({ status: 'RUNNING', input: '{"a":"ü"}', redriveCount: 0 });
  });
  await service.ended(arn);
  expect(await client.send(new DescribeExecutionCommand({ executionArn: arn }))).toMatchObject({
    status: 'SUCCEEDED', output: '{"a":"ü"}', stopDate: new Date(account.clock.now()), redriveStatus: 'NOT_REDRIVABLE',
  });
  const { executions } = await client.send(new ListExecutionsCommand({ stateMachineArn: MACHINE, statusFilter: 'SUCCEEDED' }));
  expect(executions?.map(({ name }) => name)).toEqual(['read']);
  const types: (string | undefined)[] = [];
  for await (const page of paginateGetExecutionHistory({ client, pageSize: 2 }, { executionArn: arn })) {
    types.push(...page.events?.map(({ type, timestamp }) => (timestamp instanceof Date ? type : 'no date')) ?? []);
  }
  expect(types).toEqual(['ExecutionStarted', 'ChoiceStateEntered', 'ChoiceStateExited', 'WaitStateEntered', 'WaitStateExited', 'ExecutionSucceeded']);
});

test('an execution is stopped and redriven', async () => {
  const arn = executionArn('stopped');
  await whileTimeStands(async () => {
    await client.send(new StartExecutionCommand({ stateMachineArn: MACHINE, name: 'stopped' }));
    const { stopDate } = await client.send(new StopExecutionCommand({ executionArn: arn, error: 'Mine', cause: 'why' }));
    expect(stopDate).toEqual(new Date(account.clock.now()));
  });
  await service.ended(arn);
  expect(await client.send(new DescribeExecutionCommand({ executionArn: arn }))).toMatchObject({
    status: 'ABORTED', error: 'Mine', cause: 'why', redriveStatus: 'REDRIVABLE',
  });
  const { redriveDate } = await client.send(new RedriveExecutionCommand({ executionArn: arn }));
  expect(redriveDate).toBeInstanceOf(Date);
  await service.ended(arn);
  expect(await client.send(new DescribeExecutionCommand({ executionArn: arn }))).toMatchObject({ status: 'SUCCEEDED', redriveCount: 1, redriveDate });
  const { events } = await client.send(new GetExecutionHistoryCommand({ executionArn: arn, reverseOrder: true, maxResults: 3 }));
  expect(events?.map(({ type }) => type)).toContain('ExecutionRedriven');
  await expect(client.send(new RedriveExecutionCommand({ executionArn: arn }))).rejects.toBeInstanceOf(ExecutionNotRedrivable);
});

test('refusals are the exceptions of the SDK', async () => {
  const start = async (input: string, name = 'e', stateMachineArn = MACHINE) => client.send(new StartExecutionCommand({ stateMachineArn, name, input }));
  await whileTimeStands(async () => {
    await start('{"a":1}');
    await expect(start('{"a":1}')).resolves.toMatchObject({ executionArn: executionArn('e') });
    await expect(start('{"a":2}')).rejects.toBeInstanceOf(ExecutionAlreadyExists);
  });
  await service.ended(executionArn('e'));
  await expect(start('{"a":1}')).rejects.toMatchObject({ name: 'ExecutionAlreadyExists', message: `Execution Already Exists: '${executionArn('e')}'` });
  await expect(start('{', 'f')).rejects.toBeInstanceOf(InvalidExecutionInput);
  await expect(start('{}', 'f', `${MACHINE}-none`)).rejects.toBeInstanceOf(StateMachineDoesNotExist);
  await expect(client.send(new StopExecutionCommand({ executionArn: executionArn('none') }))).rejects.toBeInstanceOf(ExecutionDoesNotExist);
});

test('a name is refused for its characters and its length', async () => {
  const start = async (name: string) => client.send(new StartExecutionCommand({ stateMachineArn: MACHINE, name }));
  for (const name of ['a b', 'a/b', 'a:b', 'a$b', 'a\u0001b', 'a<b']) {
    await expect(start(name)).rejects.toMatchObject({ name: 'InvalidName', message: `Invalid Name: '${name}'` });
  }
  await expect(start('a'.repeat(81))).rejects.toMatchObject({ name: 'ValidationException' });
  await whileTimeStands(async () => {
    const { executionArn: arn } = await start(`AROA1_${'a'.repeat(74)}`);
    await client.send(new StopExecutionCommand({ executionArn: arn }));
  });
});

test('a history is read from its end, page by page, without data, while it grows', async () => {
  const arn = executionArn('reverse');
  const read = async (nextToken?: string) => client.send(new GetExecutionHistoryCommand({
    executionArn: arn, reverseOrder: true, maxResults: 3, includeExecutionData: false, nextToken,
  }));
  await whileTimeStands(async () => {
    await client.send(new StartExecutionCommand({ stateMachineArn: MACHINE, name: 'reverse', input: '{"secret":1}' }));
    const page = await read();
    expect(page.events?.map(({ id }) => id)).toEqual([4, 3, 2]);
    await client.send(new StopExecutionCommand({ executionArn: arn }));
    const rest = await read(page.nextToken);
    expect([rest.events?.map(({ id }) => id), rest.nextToken]).toEqual([[1], undefined]);
    expect((await read()).events?.map(({ id }) => id)).toEqual([5, 4, 3]);
    expect(JSON.stringify([page, rest])).not.toContain('secret');
  });
});

test('a state machine is created, run, updated, listed and deleted', async () => {
  const roleArn = account.roles.create({ name: 'x', trustPolicy: { Statement: [] } }).arn;
  const definition = (Result: string) => JSON.stringify({ StartAt: 'P', States: { P: { Type: 'Pass', Result, End: true } } });
  const { stateMachineArn } = await client.send(new CreateStateMachineCommand({ name: 'x', roleArn, type: 'EXPRESS', definition: definition('old') }));
  const run = async () => client.send(new StartSyncExecutionCommand({ stateMachineArn, input: '{}' }));
  expect(await run()).toMatchObject({ status: 'SUCCEEDED', output: '"old"', startDate: expect.any(Date), billingDetails: { billedMemoryUsedInMB: 64 } });
  const { revisionId, updateDate } = await client.send(new UpdateStateMachineCommand({ stateMachineArn, definition: definition('new') }));
  expect(updateDate).toEqual(new Date(account.clock.now()));
  expect(await run()).toMatchObject({ output: '"new"' });
  expect(await client.send(new DescribeStateMachineCommand({ stateMachineArn }))).toMatchObject({ revisionId, type: 'EXPRESS', loggingConfiguration: { level: 'OFF' } });
  const { stateMachines } = await client.send(new ListStateMachinesCommand({}));
  expect(stateMachines?.map(({ name, type }) => [name, type])).toEqual([['m', 'STANDARD'], ['x', 'EXPRESS']]);
  await expect(client.send(new ListExecutionsCommand({ stateMachineArn }))).rejects.toBeInstanceOf(StateMachineTypeNotSupported);
  await expect(client.send(new UpdateStateMachineCommand({ stateMachineArn, loggingConfiguration: { level: 'ALL' } }))).rejects.toBeInstanceOf(InvalidLoggingConfiguration);
  await client.send(new DeleteStateMachineCommand({ stateMachineArn }));
  await expect(run()).rejects.toBeInstanceOf(StateMachineDoesNotExist);
});

test('what was just started can be hidden for a moment', async () => {
  const hidden = { name: 'ExecutionDoesNotExist', message: `Execution Does Not Exist: '${executionArn('hidden')}'` };
  const execution = { executionArn: executionArn('hidden') };
  const reads: (() => Promise<unknown>)[] = [
    async () => client.send(new DescribeExecutionCommand(execution)),
    async () => client.send(new GetExecutionHistoryCommand(execution)),
  ];
  service.hideNewExecutions(1_500);
  try {
    await whileTimeStands(async () => {
      const start = new StartExecutionCommand({ stateMachineArn: MACHINE, name: 'hidden', input: '{}' });
      const { executionArn: arn } = await client.send(start);
      for (const read of reads) await expect(read()).rejects.toMatchObject(hidden);
      // Step Functions itself knows it.
      await expect(client.send(start)).resolves.toMatchObject({ executionArn: arn });
      await account.clock.release(async () => account.clock.sleep(1_499));
      for (const read of reads) await expect(read()).rejects.toMatchObject(hidden);
      await account.clock.release(async () => account.clock.sleep(1));
      for (const read of reads) await expect(read()).resolves.toBeDefined();
      await client.send(new StopExecutionCommand(execution));
    });
  } finally {
    service.hideNewExecutions(0);
  }
});

describe('every operation needs its own right', () => {
  const others = ['StartExecution', 'DescribeExecution', 'GetExecutionHistory', 'StopExecution', 'RedriveExecution', 'ListExecutions'];

  test.each<[string, string, (sender: SFNClient, executionArn: string) => Promise<unknown>]>([
    ['StartExecution', MACHINE, async (sender) => sender.send(new StartExecutionCommand({ stateMachineArn: MACHINE }))],
    ['ListExecutions', MACHINE, async (sender) => sender.send(new ListExecutionsCommand({ stateMachineArn: MACHINE }))],
    ['DescribeExecution', executionArn('DescribeExecution'), async (sender, arn) => sender.send(new DescribeExecutionCommand({ executionArn: arn }))],
    ['GetExecutionHistory', executionArn('GetExecutionHistory'), async (sender, arn) => sender.send(new GetExecutionHistoryCommand({ executionArn: arn }))],
    ['StopExecution', executionArn('StopExecution'), async (sender, arn) => sender.send(new StopExecutionCommand({ executionArn: arn }))],
    ['RedriveExecution', executionArn('RedriveExecution'), async (sender, arn) => sender.send(new RedriveExecutionCommand({ executionArn: arn }))],
  ])('%s', async (operation, resource, send) => {
    const arn = executionArn(operation);
    await client.send(new StartExecutionCommand({ stateMachineArn: MACHINE, name: operation, input: '{"fail":1}' }));
    await service.ended(arn);
    const refused = { name: 'AccessDeniedException', message: expect.stringContaining(`states:${operation} on resource: ${resource}`) };
    const allOthers = others.filter((other) => other !== operation).map((other) => [`states:${other}`, '*'] as const);
    await expect(send(clientOf(...allOthers), arn)).rejects.toMatchObject(refused);
    await expect(send(clientOf([`states:${operation}`, `${resource}-other`]), arn)).rejects.toMatchObject(refused);
    await expect(send(clientOf([`states:${operation}`, resource]), arn)).resolves.toBeDefined();
  });
});
