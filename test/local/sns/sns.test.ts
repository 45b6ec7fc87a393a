import { CallContext } from '../../../local/aws/service';
import { callQuery } from '../../../local/http/query-protocol';
import { JsonObject } from '../../../local/json';
import { snsResources } from '../../../local/sns/resources';
import { Sns } from '../../../local/sns/sns';
import { snsWire } from '../../../local/sns/wire';
import { Sqs } from '../../../local/sqs/sqs';
import { createAccount, environment } from '../http/small-cloud';
import { createResource } from '../iam/create-resource';

const TOPIC = 'arn:aws:sns:eu-west-1:111122223333:finished';
const QUEUE = 'arn:aws:sqs:eu-west-1:111122223333:letters';

function createTopics() {
  const account = createAccount();
  const sqs = new Sqs({ environment, clock: account.clock, authorize: account.authorize });
  const { clock, authorize } = account;
  const sns = new Sns({ environment, clock, authorize, sendToQueue: async (...message) => sqs.deliver(...message) });
  const admin: CallContext = { caller: account.users.createAdministrator('admin') };
  const create = (type: string, properties: JsonObject, logicalId = 'Topic') => createResource(snsResources(sns), `AWS::SNS::${type}`, properties, logicalId);
  const letters = sqs.create('letters', {
    visibilityTimeout: 30, messageRetentionPeriod: 345_600, delaySeconds: 0, maximumMessageSize: 262_144, sqsManagedSse: true,
  });
  const letIn = (sourceArn: string) => sqs.setPolicy(letters.url, {
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: { Service: 'sns.amazonaws.com' }, Action: 'sqs:SendMessage', Resource: QUEUE, Condition: { ArnEquals: { 'aws:SourceArn': sourceArn } } }],
  });
  return { account, sns, admin, create, letters, letIn };
}

test('a topic answers its ARN and name', async () => {
  const { create } = createTopics();
  expect(await create('Topic', { TopicName: 'finished', DisplayName: 'Finished' })).toEqual({ ref: TOPIC, attributes: { TopicArn: TOPIC, TopicName: 'finished' } });
});

test('every queue that subscribes gets a message, raw or in an envelope', async () => {
  const { sns, admin, create, letters, letIn } = createTopics();
  await create('Topic', { TopicName: 'finished' });
  letIn(TOPIC);
  await create('Subscription', { TopicArn: TOPIC, Protocol: 'sqs', Endpoint: QUEUE, RawMessageDelivery: true });
  await create('Subscription', { TopicArn: TOPIC, Protocol: 'sqs', Endpoint: QUEUE }, 'Other');
  const { MessageId } = await sns.call('Publish', { TopicArn: TOPIC, Message: '{"a":1}' }, admin);
  const [raw, enveloped] = letters.peek();
  expect(raw).toBe('{"a":1}');
  expect(JSON.parse(enveloped)).toMatchObject({ Type: 'Notification', MessageId, TopicArn: TOPIC, Message: '{"a":1}' });
  expect(sns.undelivered).toEqual([]);
});

test('a queue that does not let the topic in gets nothing, and that is told', async () => {
  const { sns, admin, create, letters, letIn } = createTopics();
  await create('Topic', { TopicName: 'finished' });
  letIn(TOPIC.replace('finished', 'another'));
  await create('Subscription', { TopicArn: TOPIC, Protocol: 'sqs', Endpoint: QUEUE });
  await sns.call('Publish', { TopicArn: TOPIC, Message: 'm' }, admin);
  expect(letters.peek()).toEqual([]);
  expect(sns.undelivered).toMatchObject([{ topicArn: TOPIC, queueArn: QUEUE, error: { code: expect.stringMatching(/^AccessDenied/) } }]);
});

test('who may publish, the rights of the caller and the policy of the topic say', async () => {
  const { account, sns, create } = createTopics();
  await create('Topic', { TopicName: 'finished' });
  const stranger: CallContext = { caller: account.users.create('stranger', []) };
  const publish = () => sns.call('Publish', { TopicArn: TOPIC, Message: 'm' }, stranger);
  await expect(publish()).rejects.toMatchObject({ code: 'AuthorizationError', httpStatus: 403 });
  const Statement = [{ Effect: 'Allow', Principal: { AWS: stranger.caller.arn ?? '' }, Action: 'sns:Publish', Resource: TOPIC }];
  await create('TopicPolicy', { Topics: [TOPIC], PolicyDocument: { Version: '2012-10-17', Statement } }, 'Policy');
  expect(await publish()).toHaveProperty('MessageId');
});

test.each([
  ['a topic that is not there', { TopicArn: TOPIC.replace('finished', 'x'), Message: 'm' }, 'NotFound'],
  ['an empty message', { TopicArn: TOPIC, Message: '' }, 'InvalidParameter'],
  ['one that is too long', { TopicArn: TOPIC, Message: 'm'.repeat(262_145) }, 'InvalidParameter'],
  ['no message', { TopicArn: TOPIC }, 'InvalidParameter'],
])('%s is refused', async (_what, input, code) => {
  const { sns, admin, create } = createTopics();
  await create('Topic', { TopicName: 'finished' });
  await expect(sns.call('Publish', input, admin)).rejects.toMatchObject({ code });
});

test.each<[string, JsonObject, RegExp]>([
  ['Topic', { FifoTopic: true, FifoThroughputScope: 'MessageGroup' }, /does not implement FifoThroughputScope/],
  ['Topic', { TracingConfig: 'Active' }, /does not implement TracingConfig/],
  ['Topic', { Subscription: [] }, /does not implement Subscription/],
  ['Subscription', { TopicArn: TOPIC, Protocol: 'email', Endpoint: 'a@example.com' }, /another protocol than sqs/],
  ['Subscription', { TopicArn: TOPIC, Protocol: 'sqs', Endpoint: QUEUE, FilterPolicy: {} }, /does not implement FilterPolicy/],
  ['TopicPolicy', { Topics: [], PolicyDocument: { Version: '2012-10-17', Statement: [] } }, /Topics must name at least one topic|Statement/],
])('what %s %j says and is not implemented is an error', async (type, properties, message) => {
  const { create } = createTopics();
  await create('Topic', { TopicName: 'finished' }, 'First');
  await expect((async () => create(type, properties, 'Second'))()).rejects.toThrow(message);
});

test('an operation or a member that is not implemented is an error that names it', async () => {
  const { sns, admin } = createTopics();
  await expect(sns.call('CreateTopic', {}, admin)).rejects.toThrow('The local SNS does not implement CreateTopic');
  await expect(sns.call('Publish', { TopicArn: TOPIC, Message: 'm', Subject: 's' }, admin)).rejects.toThrow('does not implement Subject of Publish');
  expect(sns.takes('Publish')).not.toContain('Subject');
});

test('it is reached by the query protocol', async () => {
  const { sns, admin, create } = createTopics();
  await create('Topic', { TopicName: 'finished' });
  const { service, protocol } = snsWire(sns);
  if (protocol.kind !== 'query') throw new Error('SNS speaks the query protocol');
  const form = new URLSearchParams({ Action: 'Publish', Version: '2010-03-31', TopicArn: TOPIC, Message: 'm' }).toString();
  const { statusCode, body } = await callQuery({ service, protocol }, protocol, form, admin, 'request');
  expect([statusCode, String(body)]).toEqual([200, expect.stringContaining('<MessageId>')]);
});
