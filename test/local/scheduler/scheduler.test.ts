import { CallContext, ServiceError } from '../../../local/aws/service';
import { JsonObject } from '../../../local/json';
import { schedulerResources } from '../../../local/scheduler/resources';
import { Scheduler } from '../../../local/scheduler/scheduler';
import { sqsResources } from '../../../local/sqs/resources';
import { Sqs } from '../../../local/sqs/sqs';
import { createAccount, environment } from '../http/small-cloud';
import { createResource } from '../iam/create-resource';

const FUNCTION = 'arn:aws:lambda:eu-west-1:111122223333:function:f';
const GROUP = 'arn:aws:scheduler:eu-west-1:111122223333:schedule-group/default';
const HOUR = 3_600_000;
const DAY = 24 * HOUR;

interface Call {
  /** Milliseconds since the beginning. */
  readonly at: number;
  readonly input: string;
  readonly roleArn?: string;
}

/** A scheduler with a real queue, and functions that fail as often as told. */
async function createScheduler({ failures = [], random = () => 0 }: { failures?: Error[]; random?: () => number } = {}) {
  const account = createAccount();
  const { clock, authorize, roles, sessions } = account;
  const start = clock.now();
  const sqs = new Sqs({ environment, clock, authorize });
  const calls: Call[] = [];
  const faults: Error[] = [];
  const scheduler = new Scheduler({
    environment,
    clock,
    random,
    assumeRole: (...session) => sessions.caller(...session),
    onFault: (fault) => faults.push(fault),
    targets: {
      sqs: async (arn, input, context, attributes) => void await sqs.deliver(arn, input, context, { attributes }),
      lambda: async (resource, input, context) => {
        await authorize({ action: 'lambda:InvokeFunction', resource }, context);
        calls.push({ at: clock.now() - start, input, roleArn: context.caller.roleArn });
        const failure = failures.shift();
        if (failure !== undefined) throw failure;
      },
    },
  });
  const letters = await createResource(sqsResources(sqs), 'AWS::SQS::Queue', {}, 'Letters');
  const queueArn = letters.attributes?.Arn ?? '';
  const role = (name: string, actions: string[], condition: JsonObject = {}, service = 'scheduler.amazonaws.com') => roles.create({
    name,
    trustPolicy: {
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Principal: { Service: service }, Action: 'sts:AssumeRole', Condition: condition }],
    },
    inlinePolicies: [{ name: 'p', document: { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: actions, Resource: '*' }] } }],
  }).arn;
  const roleArn = role('Invoker', ['lambda:InvokeFunction', 'sqs:SendMessage'], {
    StringEquals: { 'aws:SourceArn': GROUP, 'aws:SourceAccount': environment.accountId },
  });
  const schedule = (properties: JsonObject, target: JsonObject = {}, logicalId = 'Schedule') => createResource(
    schedulerResources(scheduler), 'AWS::Scheduler::Schedule',
    { FlexibleTimeWindow: { Mode: 'OFF' }, Target: { Arn: FUNCTION, RoleArn: roleArn, Input: '1', ...target }, ...properties }, logicalId,
  );
  const received = async () => {
    const admin: CallContext = { caller: account.users.createAdministrator('reader') };
    const { Messages: messages } = await sqs.call('ReceiveMessage', { QueueUrl: letters.ref, MaxNumberOfMessages: 10, MessageAttributeNames: ['All'] }, admin);
    return messages;
  };
  const times = () => calls.map(({ at }) => at);
  return { clock, start, scheduler, calls, times, faults, role, roleArn, queueArn, schedule, received, peek: () => sqs.find(queueArn)?.peek() ?? [] };
}

const broken = () => new ServiceError('ServiceException', 'broken', 500);

test('a schedule fires on the way to a time that somebody waits for, and leaves an idle clock alone', async () => {
  const { clock, start, schedule, times } = await createScheduler();
  await schedule({ ScheduleExpression: 'cron(0 13 * * ? *)' });
  await new Promise((resolve) => setTimeout(resolve, 30));
  expect(times()).toEqual([]);
  expect(clock.now()).toBe(start);
  await clock.sleep(HOUR - 1);
  expect(times()).toEqual([]);
  await clock.sleep(2 * DAY + 1);
  expect(times()).toEqual([HOUR, HOUR + DAY, HOUR + 2 * DAY]);
  await new Promise((resolve) => setTimeout(resolve, 30));
  expect(clock.now()).toBe(start + HOUR + 2 * DAY);
});

test('a rate without a start date begins at once', async () => {
  const { clock, schedule, times } = await createScheduler();
  await schedule({ ScheduleExpression: 'rate(6 hours)' });
  await clock.sleep(DAY - 1);
  expect(times()).toEqual([0, 6 * HOUR, 12 * HOUR, 18 * HOUR]);
});

test('a disabled schedule never fires, a one-time schedule once, between start and end date only', async () => {
  const { clock, schedule, calls } = await createScheduler();
  await schedule({ ScheduleExpression: 'rate(1 hour)', State: 'DISABLED' }, { Input: '"off"' }, 'Off');
  await schedule({ ScheduleExpression: 'at(2030-05-02T20:00:00)', ScheduleExpressionTimezone: 'Asia/Tokyo' }, { Input: '"once"' }, 'Once');
  const dates = { StartDate: '2030-05-03T00:00:00Z', EndDate: '2030-05-04T01:00:00.000Z' };
  await schedule({ ScheduleExpression: 'cron(0 0 * * ? *)', ...dates }, { Input: '"daily"' }, 'Daily');
  await clock.sleep(7 * DAY);
  expect(calls.map(({ at, input }) => [at / HOUR, input])).toEqual([[23, '"once"'], [36, '"daily"'], [60, '"daily"']]);
});

test.each([[0, 0], [0.5, 7.5], [0.999, 14.985]])('with a flexible window the target is called within it (%d)', async (drawn, minutes) => {
  const { clock, schedule, calls } = await createScheduler({ random: () => drawn });
  const flexible = { FlexibleTimeWindow: { Mode: 'FLEXIBLE', MaximumWindowInMinutes: 15 } };
  await schedule({ ScheduleExpression: 'cron(0 13 * * ? *)', ...flexible }, { Input: '"<aws.scheduler.scheduled-time>"' });
  await clock.sleep(DAY);
  expect(calls).toEqual([expect.objectContaining({ at: HOUR + minutes * 60_000, input: '"2030-05-01T13:00:00Z"' })]);
});

test('the input names the schedule, the scheduled time, the execution and the attempt', async () => {
  const { clock, schedule, calls, roleArn } = await createScheduler({ failures: [broken()] });
  const Input = '{"a":"<aws.scheduler.schedule-arn>","t":"<aws.scheduler.scheduled-time>","e":"<aws.scheduler.execution-id>","n":<aws.scheduler.attempt-number>}';
  const { ref, attributes } = await schedule({ ScheduleExpression: 'at(2030-05-01T13:00:00)' }, { Input });
  expect(attributes).toEqual({ Arn: `arn:aws:scheduler:eu-west-1:111122223333:schedule/default/${ref}` });
  await clock.sleep(DAY);
  const [first, second, ...more] = calls.map(({ input }) => JSON.parse(input));
  expect(more).toEqual([]);
  expect(first).toEqual({ a: attributes?.Arn, t: '2030-05-01T13:00:00Z', e: expect.stringMatching(/^[0-9a-f]{16}$/), n: 1 });
  expect(second).toEqual({ ...first, n: 2 });
  expect(calls[0].roleArn).toBe(roleArn);
});

test('without an input the target gets the notification of Scheduler', async () => {
  const { clock, schedule, calls, roleArn } = await createScheduler();
  const { attributes } = await schedule({ ScheduleExpression: 'at(2030-05-01T13:00:00)', Target: { Arn: FUNCTION, RoleArn: roleArn } });
  await clock.sleep(DAY);
  expect(JSON.parse(calls[0].input)).toMatchObject({
    'detail-type': 'Scheduled Event', 'source': 'aws.scheduler', 'time': '2030-05-01T13:00:00Z', 'resources': [attributes?.Arn], 'region': 'eu-west-1',
  });
});

test('a target that fails is tried again, later and later, but not by an idle cloud', async () => {
  const { clock, start, schedule, times, scheduler } = await createScheduler({ failures: [broken(), broken(), broken()] });
  await schedule({ ScheduleExpression: 'at(2030-05-01T13:00:00)' });
  await clock.sleep(HOUR);
  await new Promise((resolve) => setTimeout(resolve, 30));
  expect(clock.now()).toBe(start + HOUR);
  await clock.sleep(HOUR);
  expect(times().map((at) => at - HOUR)).toEqual([0, 1000, 3000, 7000]);
  expect(scheduler.undelivered).toEqual([]);
});

test('what the target never takes becomes a dead letter that says why', async () => {
  const { clock, schedule, times, queueArn, received, scheduler } = await createScheduler({ failures: [broken(), broken(), broken()] });
  const { attributes } = await schedule(
    { ScheduleExpression: 'at(2030-05-01T13:00:00)' },
    { Input: '{"n":<aws.scheduler.attempt-number>}', RetryPolicy: { MaximumRetryAttempts: 2 }, DeadLetterConfig: { Arn: queueArn } },
  );
  await clock.sleep(DAY);
  expect(times()).toHaveLength(3);
  expect(scheduler.undelivered).toEqual([]);
  expect(await received()).toMatchObject([{
    Body: '{"n":3}',
    MessageAttributes: {
      ERROR_CODE: { StringValue: 'ServiceException' },
      ERROR_MESSAGE: { StringValue: 'broken' },
      EXECUTION_ID: { StringValue: expect.stringMatching(/^[0-9a-f]{16}$/) },
      EXHAUSTED_RETRY_CONDITION: { StringValue: 'MaximumRetryAttempts' },
      IS_PAYLOAD_TRUNCATED: { StringValue: 'false' },
      RETRY_ATTEMPTS: { StringValue: '2' },
      SCHEDULED_TIME: { StringValue: '2030-05-01T13:00:00Z' },
      SCHEDULE_ARN: { StringValue: attributes?.Arn },
      TARGET_ARN: { StringValue: FUNCTION },
    },
  }]);
});

test('the role must allow the call, and the dead letter', async () => {
  const { clock, schedule, times, role, queueArn, peek, scheduler } = await createScheduler();
  const useless = role('Useless', ['s3:GetObject']);
  const lettersOnly = role('LettersOnly', ['sqs:SendMessage']);
  const once = { ScheduleExpression: 'at(2030-05-01T13:00:00)' };
  const target = { RetryPolicy: { MaximumRetryAttempts: 0 }, DeadLetterConfig: { Arn: queueArn } };
  await schedule(once, { ...target, RoleArn: useless }, 'Useless');
  await schedule(once, { ...target, RoleArn: lettersOnly, Input: '"letter"' }, 'LettersOnly');
  await clock.sleep(DAY);
  expect(times()).toEqual([]);
  expect(peek()).toEqual(['"letter"']);
  expect(scheduler.undelivered.map(({ error }) => error.message)).toEqual([expect.stringContaining('sqs:SendMessage')]);
});

test('a role that does not trust Scheduler for the group is found when the schedule is made', async () => {
  const { schedule, role } = await createScheduler();
  const refused = 'must allow AWS EventBridge Scheduler to assume the role';
  const expression = { ScheduleExpression: 'rate(1 hour)' };
  await expect(schedule(expression, { RoleArn: role('Other', ['*'], {}, 'events.amazonaws.com') })).rejects.toThrow(refused);
  const elsewhere = role('Elsewhere', ['*'], { StringEquals: { 'aws:SourceArn': GROUP.replace('default', 'other') } });
  await expect(schedule(expression, { RoleArn: elsewhere })).rejects.toThrow(refused);
  await expect(schedule(expression, { RoleArn: 'arn:aws:iam::111122223333:role/none' })).rejects.toThrow(refused);
});

test('a group names its schedules and is what trust policies see', async () => {
  const { schedule, role, scheduler } = await createScheduler();
  const group = await createResource(schedulerResources(scheduler), 'AWS::Scheduler::ScheduleGroup', { Name: 'nightly', Tags: [] }, 'Group');
  expect(group).toMatchObject({ ref: 'nightly', attributes: { Arn: GROUP.replace('default', 'nightly') } });
  const roleArn = role('ForGroup', ['*'], { StringEquals: { 'aws:SourceArn': group.attributes?.Arn ?? '' } });
  const { attributes } = await schedule({ Name: 'x', GroupName: 'nightly', ScheduleExpression: 'rate(1 day)' }, { RoleArn: roleArn });
  expect(attributes).toEqual({ Arn: 'arn:aws:scheduler:eu-west-1:111122223333:schedule/nightly/x' });
  await expect(schedule({ Name: 'x', GroupName: 'nightly', ScheduleExpression: 'rate(1 day)' }, { RoleArn: roleArn })).rejects.toThrow('already exists');
  await expect(schedule({ GroupName: 'none', ScheduleExpression: 'rate(1 day)' })).rejects.toThrow('Schedule group none does not exist');
});

test('a queue is a target too', async () => {
  const { clock, schedule, queueArn, peek } = await createScheduler();
  await schedule({ ScheduleExpression: 'at(2030-05-01T13:00:00)' }, { Arn: queueArn, Input: 'any <aws.scheduler.scheduled-time>', SqsParameters: {} });
  await clock.sleep(DAY);
  expect(peek()).toEqual(['any 2030-05-01T13:00:00Z']);
});

test('what the local cloud cannot do is a fault, not a dead letter', async () => {
  const { clock, schedule, queueArn, peek, faults } = await createScheduler({ failures: [new Error('does not implement this')] });
  await schedule({ ScheduleExpression: 'at(2030-05-01T13:00:00)' }, { DeadLetterConfig: { Arn: queueArn } });
  await clock.sleep(DAY);
  expect(peek()).toEqual([]);
  expect(faults.map(({ message }) => message)).toEqual(['does not implement this']);
});

test.each<[string, JsonObject, JsonObject, string]>([
  ['an unknown target', {}, { Arn: 'arn:aws:scheduler:::aws-sdk:sqs:sendMessage' }, 'aws-sdk:sqs:sendMessage'],
  ['a target of another service', {}, { Arn: 'arn:aws:sns:eu-west-1:111122223333:topic' }, 'sns'],
  ['an input that is no JSON', {}, { Input: 'text' }, 'not valid JSON'],
  ['an unknown context attribute', {}, { Input: '"<aws.scheduler.weather>"' }, '<aws.scheduler.weather>'],
  ['a dead letter queue that is none', {}, { DeadLetterConfig: { Arn: FUNCTION } }, 'dead letter queue'],
  ['too many retries', {}, { RetryPolicy: { MaximumRetryAttempts: 186 } }, 'MaximumRetryAttempts'],
  ['parameters of other targets', {}, { KinesisParameters: { PartitionKey: 'k' } }, 'KinesisParameters'],
  ['a message group', {}, { SqsParameters: { MessageGroupId: 'g' } }, 'MessageGroupId'],
  ['a window that is off and has a length', { FlexibleTimeWindow: { Mode: 'OFF', MaximumWindowInMinutes: 5 } }, {}, 'Mode'],
  ['a window without a length', { FlexibleTimeWindow: { Mode: 'FLEXIBLE' } }, {}, 'Mode'],
  ['a window of more than a day', { FlexibleTimeWindow: { Mode: 'FLEXIBLE', MaximumWindowInMinutes: 1441 } }, {}, 'Mode'],
  ['a start long ago', { StartDate: '2030-05-01T11:54:59Z' }, {}, 'cannot be earlier than 5 minutes ago'],
  ['an end before the start', { StartDate: '2030-06-01T00:00:00Z', EndDate: '2030-05-31T00:00:00Z' }, {}, 'EndDate'],
  ['a date without a zone', { StartDate: '2030-06-01T00:00:00' }, {}, 'StartDate'],
  ['an unknown state', { State: 'PAUSED' }, {}, 'State'],
  ['a key', { KmsKeyArn: 'arn:aws:kms:eu-west-1:111122223333:key/k' }, {}, 'KmsKeyArn'],
  ['a name that is none', { Name: 'a b' }, {}, 'a b'],
])('%s is refused', async (_, properties, target, message) => {
  const { schedule } = await createScheduler();
  await expect(schedule({ ScheduleExpression: 'rate(1 hour)', ...properties }, target)).rejects.toThrow(message);
});
