import { single } from './support';
import { Authorize } from '../../../local/aws/service';
import { JsonObject } from '../../../local/json';
import { StepFunctionsService } from '../../../local/stepfunctions/service';
import { createAccount, environment } from '../http/small-cloud';

const states = `arn:aws:states:${environment.region}:${environment.accountId}`;
const CHILD = `${states}:stateMachine:child`;
const CHILD_EXECUTION = `${states}:execution:child:c`;
const RULE = `arn:aws:events:${environment.region}:${environment.accountId}:rule/StepFunctionsGetEventsForStepFunctionsExecutionRule`;

/** What the role of a machine needs to wait for executions of another. Source: Step Functions developer guide, "IAM policies for Step Functions". */
const RIGHTS: Readonly<Record<string, string>> = {
  'states:StartExecution': CHILD,
  'states:DescribeExecution': `${states}:execution:child:*`,
  'states:StopExecution': `${states}:execution:child:*`,
  'events:PutTargets': RULE,
  'events:PutRule': RULE,
  'events:DescribeRule': RULE,
};

const TRUST = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Principal: { Service: 'states.amazonaws.com' }, Action: 'sts:AssumeRole' }] };
const waiting = (Seconds: number): JsonObject => single({ Type: 'Wait', Seconds });
const failing: JsonObject = single({ Type: 'Fail', Error: 'Mine', Cause: 'why' });

interface FamilyOptions {
  /** The action that the parent's role lacks. */
  readonly missing?: string;
  readonly pattern?: string;
  /** Of the child. Default: that of the parent. */
  readonly childInput?: JsonObject;
}

/** Anybody may answer a Task: which resource IAM asks about then is not what these tests are about. */
function answeringTasks(authorize: Authorize): Authorize {
  return async (access, context) => (access.action.startsWith('states:SendTask') ? undefined : authorize(access, context));
}

/** A child, and a parent that waits for it under the name `c` with every right but one. */
async function createFamily(child: JsonObject, { missing, pattern = '.sync:2', childInput }: FamilyOptions = {}) {
  const { clock, authorize, roles, users, sessions } = createAccount();
  const service = new StepFunctionsService({
    environment, clock, authorize: answeringTasks(authorize), assumeRole: async (roleArn, name) => sessions.caller(roleArn, 'states.amazonaws.com', name),
  });
  const allowed = Object.entries(RIGHTS).filter(([action]) => action !== missing);
  const document = { Version: '2012-10-17', Statement: allowed.map(([Action, Resource]) => ({ Effect: 'Allow', Action, Resource })) };
  const childRole = roles.create({ name: 'child', trustPolicy: TRUST });
  const parentRole = roles.create({ name: 'parent', trustPolicy: TRUST, inlinePolicies: [{ name: 'p', document }] });
  const parent = single({
    Type: 'Task', Resource: `arn:aws:states:::states:startExecution${pattern}`, Parameters: { StateMachineArn: CHILD, Name: 'c', ...(childInput === undefined ? { 'Input.$': '$' } : { Input: childInput }) },
  });
  await service.createStateMachine({ name: 'child', roleArn: childRole.arn, definition: JSON.stringify(child) });
  await service.createStateMachine({ name: 'parent', roleArn: parentRole.arn, definition: JSON.stringify(parent) });
  const context = { caller: users.createAdministrator('me') };
  const call = async (operation: string, input: JsonObject) => service.call(operation, input, context);
  const start = async (name: string, input: JsonObject = {}) => {
    await call('StartExecution', { stateMachineArn: `${states}:stateMachine:parent`, name, input: JSON.stringify(input) });
    return `${states}:execution:parent:${name}`;
  };
  const end = async (executionArn: string) => {
    await service.ended(executionArn);
    return call('DescribeExecution', { executionArn });
  };
  return { clock, service, call, start, end, now: () => clock.now() / 1000 };
}

test('every right together is enough, and the child needs none', async () => {
  const { start, end } = await createFamily(waiting(60));
  expect(await end(await start('p'))).toMatchObject({ status: 'SUCCEEDED' });
});

test.each(Object.keys(RIGHTS).filter((action) => action.startsWith('events:')))('without %s the parent cannot be made', async (missing) => {
  await expect(createFamily(waiting(60), { missing })).rejects.toThrow('is not authorized to create managed-rule.');
});

test('without the right to start it, there is no child', async () => {
  const { start, end, call } = await createFamily(waiting(60), { missing: 'states:StartExecution' });
  const { error, cause } = await end(await start('p'));
  expect([error, cause]).toEqual(['StepFunctions.AWSStepFunctionsException', expect.stringContaining(`states:StartExecution on resource: ${CHILD}`)]);
  await expect(call('DescribeExecution', { executionArn: CHILD_EXECUTION })).rejects.toMatchObject({ code: 'ExecutionDoesNotExist' });
});

test('without the right to describe it, the parent does not learn how the child ended', async () => {
  const { start, end } = await createFamily(waiting(60), { missing: 'states:DescribeExecution' });
  const { status, error, cause } = await end(await start('p'));
  expect([status, error]).toEqual(['FAILED', 'StepFunctions.AWSStepFunctionsException']);
  expect(cause).toContain(`states:DescribeExecution on resource: ${CHILD_EXECUTION}`);
  expect(await end(CHILD_EXECUTION)).toMatchObject({ status: 'SUCCEEDED' });
});

test.each([['the child is stopped with the parent', undefined, 'ABORTED', 10], ['without the right to stop it, the child goes on', 'states:StopExecution', 'SUCCEEDED', 60]])(
  '%s', async (_, missing, status, seconds) => {
    const { clock, call, start, end, now } = await createFamily(waiting(60), { missing });
    const begin = now();
    const parent = await start('p');
    await clock.sleep(10_000);
    await call('StopExecution', { executionArn: parent });
    expect(await end(parent)).toMatchObject({ status: 'ABORTED', stopDate: begin + 10 });
    expect(await end(CHILD_EXECUTION)).toMatchObject({ status, stopDate: begin + seconds });
  },
);

test('a redriven parent asks for the same child, which exists', async () => {
  const { call, start, end } = await createFamily(failing);
  const parent = await start('p');
  expect(await end(parent)).toMatchObject({ status: 'FAILED', error: 'States.TaskFailed', cause: expect.stringContaining('"Error":"Mine"') });
  await call('RedriveExecution', { executionArn: parent });
  expect(await end(parent)).toMatchObject({
    status: 'FAILED', redriveCount: 1, error: 'StepFunctions.ExecutionAlreadyExistsException', cause: expect.stringContaining(CHILD_EXECUTION),
  });
});

test('a child that still runs with the same input is attached to, not started again', async () => {
  const { clock, call, start, end, now } = await createFamily(waiting(60));
  const begin = now();
  const [first, second] = [await start('p1', { a: 1 }), await start('p2', { a: 1 })];
  await clock.sleep(30_000);
  const third = await start('p3', { a: 1 });
  for (const parent of [first, second, third]) expect(await end(parent)).toMatchObject({ status: 'SUCCEEDED', stopDate: begin + 60 });
  const { executions } = await call('ListExecutions', { stateMachineArn: CHILD });
  expect(executions).toHaveLength(1);
});

test('a child that still runs with another input is not', async () => {
  const { start, end } = await createFamily(waiting(60));
  await start('p1', { a: 1 });
  expect(await end(await start('p2', { a: 2 }))).toMatchObject({ error: 'StepFunctions.ExecutionAlreadyExistsException' });
});

test('a parent whose child goes on without it attaches to the child when it is redriven', async () => {
  const { clock, call, start, end, now } = await createFamily(waiting(60), { missing: 'states:StopExecution' });
  const begin = now();
  const parent = await start('p');
  await clock.sleep(10_000);
  await call('StopExecution', { executionArn: parent });
  await end(parent);
  await clock.sleep(10_000);
  await call('RedriveExecution', { executionArn: parent });
  expect(await end(parent)).toMatchObject({ status: 'SUCCEEDED', stopDate: begin + 60 });
});

/** A child that gets the token of its parent's Task, and takes a minute after that. */
async function createWithToken() {
  const { call, start, end, clock, now } = await createFamily(waiting(60), { pattern: '.sync', childInput: { 'token.$': '$$.Task.Token' } });
  const begin = now();
  const parent = await start('p');
  await clock.sleep(10_000);
  const { input } = await call('DescribeExecution', { executionArn: CHILD_EXECUTION });
  const { token: taskToken }: { token: string } = JSON.parse(String(input));
  return { call, end, parent, begin, taskToken };
}

test('a parent that waits for its child is ended by its task token, and the child goes on', async () => {
  const { call, end, parent, begin, taskToken } = await createWithToken();
  await call('SendTaskSuccess', { taskToken, output: '{"told":true}' });
  expect(await end(parent)).toMatchObject({ status: 'SUCCEEDED', output: '{"told":true}', stopDate: begin + 10 });
  expect(await end(CHILD_EXECUTION)).toMatchObject({ status: 'SUCCEEDED', stopDate: begin + 60 });
  await expect(call('SendTaskSuccess', { taskToken, output: '1' })).rejects.toMatchObject({ code: 'TaskTimedOut' });
});

test('the task token can fail it too', async () => {
  const { call, end, parent, begin, taskToken } = await createWithToken();
  await call('SendTaskFailure', { taskToken, error: 'Mine', cause: 'why' });
  expect(await end(parent)).toMatchObject({ status: 'FAILED', error: 'Mine', cause: 'why', stopDate: begin + 10 });
  expect(await end(CHILD_EXECUTION)).toMatchObject({ status: 'SUCCEEDED', stopDate: begin + 60 });
});
