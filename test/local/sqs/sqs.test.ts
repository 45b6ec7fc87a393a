import * as fc from 'fast-check';
import { CallContext, PolicyDocument } from '../../../local/aws/service';
import { callJson } from '../../../local/http/json-protocol';
import { JsonObject } from '../../../local/json';
import { sqsResources } from '../../../local/sqs/resources';
import { Sqs } from '../../../local/sqs/sqs';
import { sqsWire } from '../../../local/sqs/wire';
import { createAccount, environment } from '../http/small-cloud';
import { createResource } from '../iam/create-resource';

function createQueues() {
  const account = createAccount();
  const sqs = new Sqs({ environment, clock: account.clock, authorize: account.authorize });
  const admin: CallContext = { caller: account.users.createAdministrator('admin') };
  const create = (properties: JsonObject = {}, logicalId = 'Letters') => createResource(sqsResources(sqs), 'AWS::SQS::Queue', properties, logicalId);
  const call = async (operation: string, input: JsonObject, context: CallContext = admin) => {
    const { statusCode, body, errorType } = await callJson(sqsWire(sqs), operation, JSON.stringify(input), context);
    return { statusCode, errorType, ...JSON.parse(body) };
  };
  return { account, sqs, create, call, admin };
}

test('a queue answers its URL, ARN and name', async () => {
  const { create, call } = createQueues();
  const { ref, attributes } = await create({ QueueName: 'letters', SqsManagedSseEnabled: true });
  expect(ref).toBe('https://sqs.eu-west-1.amazonaws.com/111122223333/letters');
  expect(attributes).toEqual({ Arn: 'arn:aws:sqs:eu-west-1:111122223333:letters', QueueName: 'letters', QueueUrl: ref });
  expect(await call('GetQueueUrl', { QueueName: 'letters' })).toMatchObject({ QueueUrl: ref });
});

test('a message is hidden while it is worked on, comes again, and is gone when deleted', async () => {
  const { account, create, call } = createQueues();
  const QueueUrl = (await create({ VisibilityTimeout: 30 })).ref;
  const sent = await call('SendMessage', { QueueUrl, MessageBody: 'hello' });
  expect(sent).toMatchObject({ statusCode: 200, MD5OfMessageBody: '5d41402abc4b2a76b9719d911017c592' });
  const receive = async () => (await call('ReceiveMessage', { QueueUrl, MaxNumberOfMessages: 10, MessageSystemAttributeNames: ['All'] })).Messages ?? [];
  const [first] = await receive();
  expect(first).toMatchObject({ Body: 'hello', MessageId: sent.MessageId, Attributes: { ApproximateReceiveCount: '1', SentTimestamp: String(account.clock.now()) } });
  expect(await receive()).toEqual([]);
  await account.clock.sleep(29_999);
  expect(await receive()).toEqual([]);
  await account.clock.sleep(1);
  const [again] = await receive();
  expect(again.Attributes.ApproximateReceiveCount).toBe('2');
  await call('DeleteMessage', { QueueUrl, ReceiptHandle: first.ReceiptHandle });
  await account.clock.sleep(30_000);
  const [third] = await receive();
  expect(third.Body).toBe('hello');
  await call('DeleteMessage', { QueueUrl, ReceiptHandle: third.ReceiptHandle });
  await account.clock.sleep(60_000);
  expect(await receive()).toEqual([]);
});

test('a message is dropped after its retention, and delayed ones come late', async () => {
  const { account, create, call } = createQueues();
  const QueueUrl = (await create({ MessageRetentionPeriod: 60, DelaySeconds: 10 })).ref;
  await call('SendMessage', { QueueUrl, MessageBody: 'a' });
  await call('SendMessage', { QueueUrl, MessageBody: 'b', DelaySeconds: 0 });
  const counts = async () => (await call('GetQueueAttributes', { QueueUrl, AttributeNames: ['All'] })).Attributes;
  expect(await counts()).toMatchObject({ ApproximateNumberOfMessages: '1', ApproximateNumberOfMessagesDelayed: '1', MessageRetentionPeriod: '60' });
  await account.clock.sleep(59_999);
  expect(await counts()).toMatchObject({ ApproximateNumberOfMessages: '2', ApproximateNumberOfMessagesDelayed: '0' });
  await account.clock.sleep(1);
  expect(await counts()).toMatchObject({ ApproximateNumberOfMessages: '0' });
});

test('a message received too often goes to the dead letter queue', async () => {
  const { account, sqs, create, call } = createQueues();
  const dead = await create({}, 'Dead');
  const QueueUrl = (await create({ VisibilityTimeout: 1, RedrivePolicy: { deadLetterTargetArn: dead.attributes?.Arn ?? '', maxReceiveCount: 2 } })).ref;
  await call('SendMessage', { QueueUrl, MessageBody: 'poison' });
  for (let attempt = 0; attempt < 2; attempt++) {
    expect((await call('ReceiveMessage', { QueueUrl })).Messages).toHaveLength(1);
    await account.clock.sleep(1000);
  }
  expect((await call('ReceiveMessage', { QueueUrl })).Messages).toBeUndefined();
  expect(sqs.find(dead.attributes?.Arn ?? '')?.peek()).toEqual(['poison']);
});

test('every message sent is received once, whatever the sizes of the receives', async () => {
  await fc.assert(fc.asyncProperty(fc.array(fc.string({ minLength: 1, unit: 'grapheme' }), { maxLength: 25 }), fc.integer({ min: 1, max: 10 }), async (bodies, size) => {
    const { create, call } = createQueues();
    const QueueUrl = (await create()).ref;
    for (const MessageBody of bodies) await call('SendMessage', { QueueUrl, MessageBody });
    const received: string[] = [];
    for (let round = 0; round <= bodies.length; round++) {
      const { Messages: messages = [] } = await call('ReceiveMessage', { QueueUrl, MaxNumberOfMessages: size });
      received.push(...messages.map(({ Body: body }: { Body: string }) => body));
    }
    expect(received).toEqual(bodies);
  }), { numRuns: 25 });
});

test('a message may be as long as the queue allows and not a byte longer', async () => {
  const { create, call } = createQueues();
  const QueueUrl = (await create({ MaximumMessageSize: 1024 })).ref;
  expect(await call('SendMessage', { QueueUrl, MessageBody: 'é'.repeat(512) })).toMatchObject({ statusCode: 200 });
  expect(await call('SendMessage', { QueueUrl, MessageBody: `${'é'.repeat(512)}a` })).toMatchObject({ statusCode: 400, errorType: 'InvalidParameterValueException' });
  expect(await call('SendMessage', { QueueUrl, MessageBody: 'a\u0000' })).toMatchObject({ errorType: 'InvalidMessageContents' });
});

describe('the policy of a queue', () => {
  const rule = 'arn:aws:events:eu-west-1:111122223333:rule/failed';
  const events: CallContext = { caller: { service: 'events.amazonaws.com' }, sourceArn: rule, sourceAccount: '111122223333' };
  const policy = (arn: string): JsonObject => ({
    Version: '2012-10-17',
    Statement: [
      { Effect: 'Allow', Principal: { Service: 'events.amazonaws.com' }, Action: 'sqs:SendMessage', Resource: arn, Condition: { ArnEquals: { 'aws:SourceArn': rule } } },
      { Effect: 'Deny', Principal: '*', Action: 'sqs:*', Resource: arn, Condition: { Bool: { 'aws:SecureTransport': 'false' } } },
    ],
  });

  test('lets the rule send, and nobody without TLS', async () => {
    const { sqs, create, call, admin } = createQueues();
    const queue = await create();
    const arn = queue.attributes?.Arn ?? '';
    await expect(sqs.deliver(arn, 'x', events)).rejects.toMatchObject({ code: 'AccessDeniedException' });
    await createResource(sqsResources(sqs), 'AWS::SQS::QueuePolicy', { Queues: [queue.ref], PolicyDocument: policy(arn) });
    await sqs.deliver(arn, 'x', events);
    await expect(sqs.deliver(arn, 'x', { ...events, sourceArn: `${rule}s` })).rejects.toMatchObject({ code: 'AccessDeniedException' });
    const send = { QueueUrl: queue.ref, MessageBody: 'y' };
    expect(await call('SendMessage', send, { ...admin, secureTransport: false })).toMatchObject({ errorType: 'AccessDeniedException' });
    expect(await call('SendMessage', send)).toMatchObject({ statusCode: 200 });
    expect(sqs.find(arn)?.peek()).toEqual(['x', 'y']);
  });

  test('covers every queue that the policy resource names', async () => {
    const { sqs, create } = createQueues();
    const [one, two] = [await create({}, 'One'), await create({}, 'Two')];
    const any: PolicyDocument & JsonObject = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Principal: { Service: 'events.amazonaws.com' }, Action: 'sqs:SendMessage', Resource: '*' }] };
    await createResource(sqsResources(sqs), 'AWS::SQS::QueuePolicy', { Queues: [one.ref, two.ref], PolicyDocument: any });
    for (const { attributes } of [one, two]) await sqs.deliver(attributes?.Arn ?? '', 'x', events);
  });
});

test('errors have the type names of the JSON protocol', async () => {
  const { call } = createQueues();
  expect(await call('SendMessage', { QueueUrl: 'https://sqs.eu-west-1.amazonaws.com/111122223333/none', MessageBody: 'x' }))
    .toMatchObject({ statusCode: 400, errorType: 'QueueDoesNotExist', __type: 'com.amazonaws.sqs#QueueDoesNotExist' });
});

test.each<[string, JsonObject, string]>([
  ['a customer key without KMS', { KmsMasterKeyId: 'alias/mine' }, 'does not implement KmsMasterKeyId'],
  ['long polling', { ReceiveMessageWaitTimeSeconds: 20 }, 'long polling'],
  ['an unknown property', { RedriveAllowPolicy: {} }, 'does not implement RedriveAllowPolicy'],
  ['a retention out of range', { MessageRetentionPeriod: 59 }, 'between 60 and 1209600'],
])('%s is refused', async (_, properties, message) => {
  await expect(createQueues().create(properties)).rejects.toThrow(message);
});

test('what an operation does not implement is refused by name', async () => {
  const { create, call } = createQueues();
  const QueueUrl = (await create()).ref;
  await expect(call('ReceiveMessage', { QueueUrl, WaitTimeSeconds: 1 })).rejects.toThrow('does not implement WaitTimeSeconds');
  await expect(call('SendMessage', { QueueUrl, MessageBody: 'x', MessageAttributes: {} })).rejects.toThrow('does not implement MessageAttributes of SendMessage');
  await expect(call('SendMessageBatch', { QueueUrl })).rejects.toThrow('does not implement SendMessageBatch');
});
