import { single } from './support';
import { Authorize, ServiceError } from '../../../local/aws/service';
import { VirtualClock } from '../../../local/clock';
import { JsonObject } from '../../../local/json';
import { ExpressChange } from '../../../local/stepfunctions/api/execution-metrics';
import { StepFunctionsService } from '../../../local/stepfunctions/service';

const environment = { accountId: '111122223333', region: 'eu-west-1', partition: 'aws', urlSuffix: 'amazonaws.com' };
const prefix = 'arn:aws:states:eu-west-1:111122223333';
const anybody = { caller: {} };

/** A parent that waits for a child that waits for a grandchild, which would wait for an hour. */
async function family(pattern: string, parentFields: JsonObject = {}, authorize: Authorize = async () => undefined) {
  const clock = new VirtualClock(0);
  const service = new StepFunctionsService({ environment, clock, authorize });
  const starting = (name: string): JsonObject => single({
    Type: 'Task',
    Resource: `arn:aws:states:::states:startExecution${pattern}`,
    Parameters: { StateMachineArn: `${prefix}:stateMachine:${name}`, Name: name },
  });
  const machines: Record<string, JsonObject> = {
    grandchild: single({ Type: 'Wait', Seconds: 3600 }), child: starting('grandchild'), parent: { ...starting('child'), ...parentFields },
  };
  for (const [name, definition] of Object.entries(machines)) {
    await service.createStateMachine({ name, roleArn: 'arn:aws:iam::111122223333:role/workflow', definition: JSON.stringify(definition) });
  }
  await service.call('StartExecution', { stateMachineArn: `${prefix}:stateMachine:parent`, name: 'parent', input: '{}' }, anybody);
  const end = async (name: string) => {
    const executionArn = `${prefix}:execution:${name}:${name}`;
    await service.ended(executionArn);
    const { status, stopDate } = await service.call('DescribeExecution', { executionArn }, anybody);
    return [status, stopDate];
  };
  return { clock, service, end };
}

test.each(['.sync', '.sync:2'])('StopExecution reaches children and grandchildren that are waited for (%s)', async (pattern) => {
  const { clock, service, end } = await family(pattern);
  clock.after(60_000, () => void service.call('StopExecution', { executionArn: `${prefix}:execution:parent:parent` }, anybody));
  expect(await end('parent')).toEqual(['ABORTED', 60]);
  expect(await end('child')).toEqual(['ABORTED', 60]);
  expect(await end('grandchild')).toEqual(['ABORTED', 60]);
});

test('so does the time-out of the parent', async () => {
  const { end } = await family('.sync:2', { TimeoutSeconds: 60 });
  expect(await end('parent')).toEqual(['TIMED_OUT', 60]);
  expect(await end('grandchild')).toEqual(['ABORTED', 60]);
});

test('a child goes on where the role of the parent may not stop it', async () => {
  const { clock, service, end } = await family('.sync:2', {}, async ({ action }, { caller }) => {
    // The role, not whoever stops the parent.
    if (action === 'states:StopExecution' && caller.roleArn !== undefined) throw new ServiceError('AccessDeniedException', 'no');
  });
  clock.after(60_000, () => void service.call('StopExecution', { executionArn: `${prefix}:execution:parent:parent` }, anybody));
  expect(await end('parent')).toEqual(['ABORTED', 60]);
  expect(await end('child')).toEqual(['SUCCEEDED', 3600]);
});

test.each([
  ['StopExecution', {}, 'ABORTED'],
  ['a time-out of the Task', { TimeoutSeconds: 60 }, 'FAILED'],
])('an Express execution that is waited for by startSyncExecution runs on after %s', async (how, fields, status) => {
  const clock = new VirtualClock(0);
  const changes: ExpressChange[] = [];
  const service = new StepFunctionsService({ environment, clock, authorize: async () => undefined, onExpress: (change) => changes.push(change) });
  const roleArn = 'arn:aws:iam::111122223333:role/workflow';
  const { arn } = await service.createStateMachine({ name: 'express', type: 'EXPRESS', roleArn, definition: JSON.stringify(single({ Type: 'Wait', Seconds: 240 })) });
  const calling = { Type: 'Task', Resource: 'arn:aws:states:::aws-sdk:sfn:startSyncExecution', Parameters: { StateMachineArn: arn }, ...fields };
  const { arn: stateMachineArn } = await service.createStateMachine({ name: 'parent', roleArn, definition: JSON.stringify(single(calling)) });
  const { executionArn } = await service.call('StartExecution', { stateMachineArn }, anybody);
  if (how === 'StopExecution') clock.after(60_000, () => void service.call('StopExecution', { executionArn }, anybody));
  await service.ended(String(executionArn));
  expect(await service.call('DescribeExecution', { executionArn }, anybody)).toMatchObject({ status, stopDate: 60 });
  expect(changes.map((change) => change.status)).toEqual(['RUNNING']);
  await clock.sleep(200_000);
  expect(changes.map((change) => [change.status, change.stopDate])).toEqual([['RUNNING', undefined], ['SUCCEEDED', 240_000]]);
});
