import { Caller, CallContext, ServiceError } from '../../../local/aws/service';
import { EventBuses } from '../../../local/events/event-buses';
import { EventsService } from '../../../local/events/events-service';
import { eventsResources } from '../../../local/events/resources';
import { eventsWire } from '../../../local/events/wire';
import { callJson } from '../../../local/http/json-protocol';
import { JsonObject } from '../../../local/json';
import { sqsResources } from '../../../local/sqs/resources';
import { Sqs } from '../../../local/sqs/sqs';
import { createAccount, environment } from '../http/small-cloud';
import { createResource } from '../iam/create-resource';

const FUNCTION = 'arn:aws:lambda:eu-west-1:111122223333:function:f';
const MACHINE = 'arn:aws:states:eu-west-1:111122223333:stateMachine:m';

/** A bus with real queues; functions fail as often as told, machines note who starts them. */
async function createBus(failures: Error[] = []) {
  const account = createAccount();
  const { clock, authorize, sessions } = account;
  const sqs = new Sqs({ environment, clock, authorize });
  const attempts: number[] = [];
  const started: { caller: Caller; input: string }[] = [];
  const buses = new EventBuses({
    environment,
    accountId: environment.accountId,
    clock,
    assumeRole: (roleArn, service, name) => sessions.caller(roleArn, service, name),
    targets: {
      sqs: async (arn, input, context, attributes) => {
        await sqs.deliver(arn, input, context, { attributes });
      },
      lambda: async () => {
        attempts.push(clock.now());
        const failure = failures.shift();
        if (failure !== undefined) throw failure;
      },
      states: async (arn, input, context) => {
        await authorize({ action: 'states:StartExecution', resource: arn }, context);
        started.push({ caller: context.caller, input });
      },
    },
  });
  const bus = buses.default;
  const letters = await createResource(sqsResources(sqs), 'AWS::SQS::Queue', {}, 'Letters');
  const arn = letters.attributes?.Arn ?? '';
  const rule = (target: JsonObject, busName?: string) => createResource(
    eventsResources(buses), 'AWS::Events::Rule',
    { EventPattern: { source: ['shop'] }, Targets: [{ Id: 'T', ...target }], ...busName !== undefined && { EventBusName: busName } }, 'Rule',
  );
  const allow = (sourceArn: string) => createResource(sqsResources(sqs), 'AWS::SQS::QueuePolicy', {
    Queues: [letters.ref],
    PolicyDocument: {
      Version: '2012-10-17',
      Statement: [{
        Effect: 'Allow',
        Principal: { Service: 'events.amazonaws.com' },
        Action: 'sqs:SendMessage',
        Resource: arn,
        Condition: { ArnEquals: { 'aws:SourceArn': sourceArn } },
      }],
    },
  });
  const received = async () => {
    const admin: CallContext = { caller: account.users.createAdministrator('reader') };
    const input = { QueueUrl: letters.ref, MaxNumberOfMessages: 10, MessageAttributeNames: ['All'] };
    const { Messages: messages } = await sqs.call('ReceiveMessage', input, admin);
    return messages;
  };
  return { account, bus, buses, attempts, started, queueArn: arn, rule, allow, received, peek: () => sqs.find(arn)?.peek() ?? [] };
}

const event: JsonObject = { source: 'shop', detail: { order: 7 } };
const busy = () => new ServiceError('TooManyRequestsException', 'busy', 429);
const broken = () => new ServiceError('ServiceException', 'broken', 500);

test('a queue gets the event only if its policy lets the rule send', async () => {
  const { bus, queueArn, rule, allow, peek } = await createBus();
  const { attributes } = await rule({ Arn: queueArn });
  await bus.publish(event);
  expect(peek()).toEqual([]);
  expect(bus.undelivered.map(({ error }) => error.message)).toEqual([expect.stringContaining('events.amazonaws.com is not authorized')]);
  await allow('arn:aws:events:eu-west-1:111122223333:rule/other');
  await bus.publish(event);
  expect(peek()).toEqual([]);
  await allow(attributes?.Arn ?? '');
  await bus.publish(event);
  expect(peek().map((body) => JSON.parse(body))).toEqual([event]);
});

test.each<[string, JsonObject, string]>([
  ['a fixed input', { Input: '{"fixed":true}' }, '{"fixed":true}'],
  ['a part of the event', { InputPath: '$.detail.order' }, '7'],
])('%s replaces the event', async (_, how, body) => {
  const { bus, queueArn, rule, allow, peek } = await createBus();
  await allow((await rule({ Arn: queueArn, ...how })).attributes?.Arn ?? '');
  await bus.publish(event);
  expect(peek()).toEqual([body]);
});

test('a target that is overloaded or broken is tried again, later and later', async () => {
  const { bus, account, attempts, rule } = await createBus([busy(), broken(), busy()]);
  const start = account.clock.now();
  await rule({ Arn: FUNCTION });
  await bus.publish(event);
  expect(attempts.map((at) => at - start)).toEqual([0, 1000, 3000, 7000]);
  expect(bus.undelivered).toEqual([]);
});

test('a refusal is not tried again, but becomes a dead letter that says why', async () => {
  const { bus, attempts, queueArn, rule, allow, received } = await createBus([new ServiceError('ResourceNotFoundException', 'Function not found', 404)]);
  const { attributes } = await rule({ Arn: FUNCTION, Input: '1', DeadLetterConfig: { Arn: queueArn } });
  await allow(attributes?.Arn ?? '');
  await bus.publish(event);
  expect(attempts).toHaveLength(1);
  expect(bus.undelivered).toEqual([]);
  expect(await received()).toMatchObject([{
    Body: JSON.stringify(event),
    MessageAttributes: {
      RULE_ARN: { StringValue: attributes?.Arn },
      TARGET_ARN: { StringValue: FUNCTION },
      ERROR_CODE: { StringValue: 'NO_RESOURCE' },
      ERROR_MESSAGE: { StringValue: 'Function not found' },
    },
  }]);
});

test.each<[string, JsonObject, number, string]>([
  ['as many attempts as are allowed', { MaximumRetryAttempts: 2 }, 3, 'MaximumRetryAttempts'],
  ['as much time as is allowed', { MaximumEventAgeInSeconds: 60 }, 6, 'MaximumEventAgeInSeconds'],
])('after %s an event is given up', async (_, RetryPolicy, tries, condition) => {
  const { bus, attempts, queueArn, rule, allow, received } = await createBus(Array.from({ length: 200 }, busy));
  await allow((await rule({ Arn: FUNCTION, RetryPolicy, DeadLetterConfig: { Arn: queueArn } })).attributes?.Arn ?? '');
  await bus.publish(event);
  expect(attempts).toHaveLength(tries);
  expect(await received()).toMatchObject([{ MessageAttributes: { EXHAUSTED_RETRY_CONDITION: { StringValue: condition } } }]);
});

test('a dead letter that its queue refuses is on record, and so is what the local cloud cannot do', async () => {
  const { bus, queueArn, rule, peek } = await createBus([new ServiceError('AccessDeniedException', 'no', 403), new Error('does not implement this')]);
  await rule({ Arn: FUNCTION, DeadLetterConfig: { Arn: queueArn } });
  await bus.publish(event);
  await bus.publish(event);
  expect(peek()).toEqual([]);
  expect(bus.undelivered.map(({ error }) => error.message)).toEqual([expect.stringContaining('sqs:SendMessage'), 'does not implement this']);
});

test('a state machine is started with the rights of the role, which must trust EventBridge', async () => {
  const { account, bus, started, rule } = await createBus();
  const trust = (service: string) => ({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: { Service: service }, Action: 'sts:AssumeRole' }],
  });
  const document = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 'states:StartExecution', Resource: MACHINE }] };
  const role = account.roles.create({ name: 'Starter', trustPolicy: trust('events.amazonaws.com'), inlinePolicies: [{ name: 'Start', document }] });
  await expect(rule({ Arn: MACHINE })).rejects.toThrow('RoleArn is required');
  await rule({ Arn: MACHINE, RoleArn: role.arn });
  await bus.publish(event);
  expect(started).toEqual([{ caller: expect.objectContaining({ roleArn: role.arn }), input: JSON.stringify(event) }]);

  const other = await createBus();
  const untrusting = other.account.roles.create({ name: 'Starter', trustPolicy: trust('lambda.amazonaws.com'), inlinePolicies: [{ name: 'Start', document }] });
  await other.rule({ Arn: MACHINE, RoleArn: untrusting.arn });
  await other.bus.publish(event);
  expect(other.started).toEqual([]);
  expect(other.bus.undelivered).toHaveLength(1);
});

describe('PutEvents', () => {
  async function createService() {
    const created = await createBus();
    const { account: { clock, authorize, users }, buses } = created;
    const faults: Error[] = [];
    const wire = eventsWire(new EventsService({ environment, clock, authorize, buses, onFault: (fault) => faults.push(fault) }));
    const put = async (entries: JsonObject[], context: CallContext = { caller: users.createAdministrator('publisher') }) => {
      const { statusCode, errorType, body } = await callJson(wire, 'PutEvents', JSON.stringify({ Entries: entries }), context);
      return { statusCode, errorType, ...JSON.parse(body) };
    };
    return { ...created, put, faults };
  }

  const entry = { Source: 'shop', DetailType: 'Order', Detail: '{"order":7}', Resources: ['arn:x'] };

  test('makes an event of each entry', async () => {
    const { account, put, queueArn, rule, allow, peek, faults } = await createService();
    await allow((await rule({ Arn: queueArn })).attributes?.Arn ?? '');
    const answer = await put([entry, { ...entry, Source: 'aws.shop' }, { ...entry, Detail: '[]' }]);
    expect(answer).toMatchObject({
      statusCode: 200,
      FailedEntryCount: 2,
      Entries: [{ EventId: expect.any(String) }, { ErrorCode: 'NotAuthorizedForSourceException' }, { ErrorCode: 'MalformedDetail' }],
    });
    await account.clock.sleep(1);
    expect(peek().map((body) => JSON.parse(body))).toEqual([{
      'version': '0',
      'id': answer.Entries[0].EventId,
      'detail-type': 'Order',
      'source': 'shop',
      'account': '111122223333',
      'time': '2030-05-01T12:00:00Z',
      'region': 'eu-west-1',
      'resources': ['arn:x'],
      'detail': { order: 7 },
    }]);
    expect(faults).toEqual([]);
  });

  test('asks whether the caller may put events of that source', async () => {
    const { account, put } = await createService();
    const statement: JsonObject = { Effect: 'Allow', Action: 'events:PutEvents', Resource: '*', Condition: { 'ForAllValues:StringEquals': { 'events:source': 'shop' } } };
    const caller = account.users.create('shop', [{ name: 'Put', document: { Version: '2012-10-17', Statement: [statement] } }]);
    expect(await put([entry], { caller })).toMatchObject({ statusCode: 200, FailedEntryCount: 0 });
    expect(await put([entry, { ...entry, Source: 'bank' }], { caller })).toMatchObject({ errorType: 'AccessDeniedException' });
  });

  test('puts an event to the bus that is named, or whose ARN is, and to no other', async () => {
    const { account, put, queueArn, rule, allow, peek, buses } = await createService();
    await allow('arn:aws:events:eu-west-1:111122223333:rule/shop.bus/Stack-Rule-X');
    const { ref, attributes } = await createResource(eventsResources(buses), 'AWS::Events::EventBus', { Name: 'shop.bus', Tags: [] });
    expect([ref, attributes]).toEqual(['shop.bus', { Name: 'shop.bus', Arn: 'arn:aws:events:eu-west-1:111122223333:event-bus/shop.bus' }]);
    const own = await rule({ Arn: queueArn }, 'shop.bus');
    expect([own.ref, own.attributes?.Arn]).toEqual(['shop.bus|Stack-Rule-X', 'arn:aws:events:eu-west-1:111122223333:rule/shop.bus/Stack-Rule-X']);
    const context = { caller: account.users.createAdministrator('a') };
    await put([entry], context);
    await account.clock.sleep(1);
    expect(peek()).toEqual([]);
    await put([{ ...entry, EventBusName: 'shop.bus' }, { ...entry, EventBusName: attributes?.Arn ?? '' }], context);
    await account.clock.sleep(1);
    expect(peek()).toHaveLength(2);
    // The same name can be that of a rule of another bus.
    await expect(rule({ Arn: queueArn })).resolves.toMatchObject({ ref: 'Stack-Rule-X' });
    await expect(createResource(eventsResources(buses), 'AWS::Events::EventBus', { Name: 'default' })).rejects.toThrow('already exists');
    await expect(createResource(eventsResources(buses), 'AWS::Events::EventBus', { Name: 'a', KmsKeyIdentifier: 'k' })).rejects.toThrow('KmsKeyIdentifier');
  });

  test('asks for the right to each bus', async () => {
    const { account, put, buses } = await createService();
    buses.create('mine');
    const statement: JsonObject = { Effect: 'Allow', Action: 'events:PutEvents', Resource: buses.arnOf('mine') };
    const caller = account.users.create('shop', [{ name: 'Put', document: { Version: '2012-10-17', Statement: [statement] } }]);
    expect(await put([{ ...entry, EventBusName: 'mine' }], { caller })).toMatchObject({ statusCode: 200, FailedEntryCount: 0 });
    expect(await put([{ ...entry, EventBusName: 'mine' }, entry], { caller })).toMatchObject({ errorType: 'AccessDeniedException' });
  });

  test('refuses more than it takes at once, and what it does not implement', async () => {
    const { account, put } = await createService();
    const context = { caller: account.users.createAdministrator('a') };
    expect(await put(Array.from({ length: 11 }, () => entry), context)).toMatchObject({ errorType: 'ValidationException' });
    expect(await put([{ ...entry, Detail: JSON.stringify({ text: 'x'.repeat(262_144) }) }], context)).toMatchObject({ errorType: 'ValidationException' });
    await expect(put([{ ...entry, EventBusName: 'mine' }], context)).rejects.toThrow('no bus mine');
    await expect(put([{ ...entry, TraceHeader: 'x' }], context)).rejects.toThrow('does not implement TraceHeader');
  });
});
