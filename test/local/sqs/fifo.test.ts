import * as fc from 'fast-check';
import { CallContext } from '../../../local/aws/service';
import { JsonObject, JsonValue } from '../../../local/json';
import { snsResources } from '../../../local/sns/resources';
import { Sns } from '../../../local/sns/sns';
import { sqsResources } from '../../../local/sqs/resources';
import { Sqs } from '../../../local/sqs/sqs';
import { createAccount, environment } from '../http/small-cloud';
import { createResource } from '../iam/create-resource';

const MINUTE = 60_000;

function createOrdered() {
  const account = createAccount();
  const { clock, authorize } = account;
  const sqs = new Sqs({ environment, clock, authorize });
  const sns = new Sns({ environment, clock, authorize, sendToQueue: async (...message) => sqs.deliver(...message) });
  const admin: CallContext = { caller: account.users.createAdministrator('admin') };
  const queue = (properties: JsonObject = {}, logicalId = 'Letters') => (
    createResource(sqsResources(sqs), 'AWS::SQS::Queue', { FifoQueue: true, ...properties }, logicalId)
  );
  const send = (QueueUrl: string, MessageBody: string, more: JsonObject = {}) => sqs.call('SendMessage', { QueueUrl, MessageBody, ...more }, admin);
  const receive = async (QueueUrl: string): Promise<JsonObject[]> => {
    const { Messages } = await sqs.call('ReceiveMessage', { QueueUrl, MaxNumberOfMessages: 10, MessageSystemAttributeNames: ['All'] }, admin);
    return [Messages ?? []].flat().map((message: JsonValue) => Object(message));
  };
  const bodies = async (QueueUrl: string) => (await receive(QueueUrl)).map(({ Body }) => Body);
  return { clock, sqs, sns, admin, queue, send, receive, bodies };
}

describe('a FIFO queue', () => {
  test('has a name that ends with .fifo, given or not', async () => {
    const { queue } = createOrdered();
    expect((await queue()).attributes?.QueueName).toMatch(/^Stack-Letters-X\.fifo$/);
    expect((await queue({ QueueName: 'a.fifo' }, 'A')).attributes?.QueueName).toBe('a.fifo');
    await expect(queue({ QueueName: 'a' }, 'B')).rejects.toThrow('with .fifo at the end');
    await expect(queue({ FifoThroughputLimit: 'perMessageGroupId' }, 'C')).rejects.toThrow('high throughput');
    await expect(queue({ FifoQueue: false, ContentBasedDeduplication: true }, 'D')).rejects.toThrow('a standard queue');
    await expect(queue({ RedrivePolicy: { deadLetterTargetArn: 'arn:aws:sqs:eu-west-1:111122223333:dead', maxReceiveCount: 1 } }, 'E')).rejects.toThrow('dead letter queue');
  });

  test('keeps a message that comes again within five minutes once, by its id or its content', async () => {
    const { clock, queue, send, receive } = createOrdered();
    const { ref } = await queue({ ContentBasedDeduplication: true, VisibilityTimeout: 0 });
    const first = await send(ref, 'a', { MessageGroupId: 'g', MessageDeduplicationId: 'one' });
    expect(first.SequenceNumber).toMatch(/^\d{20}$/);
    expect(await send(ref, 'b', { MessageGroupId: 'h', MessageDeduplicationId: 'one' })).toMatchObject({ MessageId: first.MessageId, SequenceNumber: first.SequenceNumber });
    await send(ref, 'c', { MessageGroupId: 'g' });
    await send(ref, 'c', { MessageGroupId: 'g' });
    await clock.sleep(5 * MINUTE - 1);
    await send(ref, 'a', { MessageGroupId: 'g', MessageDeduplicationId: 'one' });
    expect((await receive(ref)).map(({ Body }) => Body)).toEqual(['a', 'c']);
    await clock.sleep(1);
    await send(ref, 'a', { MessageGroupId: 'g', MessageDeduplicationId: 'one' });
    const [{ Attributes }, , again] = await receive(ref);
    expect(Attributes).toMatchObject({ MessageGroupId: 'g', MessageDeduplicationId: 'one', SequenceNumber: first.SequenceNumber });
    expect(again.Body).toBe('a');
  });

  test('holds up a group while one of its messages is worked on, and no other group', async () => {
    const { sqs, admin, clock, queue, send, receive, bodies } = createOrdered();
    const { ref } = await queue({ VisibilityTimeout: 30 });
    await send(ref, 'a1', { MessageGroupId: 'a', MessageDeduplicationId: '1' });
    const [taken] = await receive(ref);
    await send(ref, 'a2', { MessageGroupId: 'a', MessageDeduplicationId: '2' });
    await send(ref, 'b1', { MessageGroupId: 'b', MessageDeduplicationId: '3' });
    expect(await bodies(ref)).toEqual(['b1']);
    await clock.sleep(30_000);
    expect(await bodies(ref)).toEqual(['a1', 'a2', 'b1']);
    await sqs.call('PurgeQueue', { QueueUrl: ref }, admin);
    expect(taken.Body).toBe('a1');
  });

  test('gives each group its messages in the order in which they were sent', async () => {
    await fc.assert(fc.asyncProperty(fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 8 }), async (groups) => {
      const { sqs, admin, queue, send, receive } = createOrdered();
      const { ref } = await queue();
      for (const [index, MessageGroupId] of groups.entries()) {
        await send(ref, String(index), { MessageGroupId, MessageDeduplicationId: String(index) });
      }
      const got: [unknown, number][] = [];
      for (let batch = await receive(ref); batch.length > 0; batch = await receive(ref)) {
        for (const { Body, Attributes, ReceiptHandle } of batch) {
          got.push([Object(Attributes).MessageGroupId, Number(Body)]);
          await sqs.call('DeleteMessage', { QueueUrl: ref, ReceiptHandle: String(ReceiptHandle) }, admin);
        }
      }
      expect(got.map(([, index]) => index).sort((a, b) => a - b)).toEqual(groups.map((_, index) => index));
      for (const group of new Set(groups)) {
        const order = got.filter(([of]) => of === group).map(([, index]) => index);
        expect(order).toEqual([...order].sort((a, b) => a - b));
      }
    }), { numRuns: 20 });
  });

  test.each<[string, JsonObject, string]>([
    ['no group', { MessageDeduplicationId: '1' }, 'MissingParameter'],
    ['no way to tell repeats', { MessageGroupId: 'g' }, 'InvalidParameterValueException'],
    ['a delay of one message', { MessageGroupId: 'g', MessageDeduplicationId: '1', DelaySeconds: 1 }, 'InvalidParameterValueException'],
    ['a space in an id', { MessageGroupId: 'g g', MessageDeduplicationId: '1' }, 'InvalidParameterValueException'],
    ['an id that is too long', { MessageGroupId: 'g', MessageDeduplicationId: 'x'.repeat(129) }, 'InvalidParameterValueException'],
  ])('refuses %s', async (_, more, code) => {
    const { queue, send } = createOrdered();
    await expect(send((await queue()).ref, 'm', more)).rejects.toMatchObject({ code });
  });

  test('alone has deduplication; a group is taken by every queue', async () => {
    const { queue, send } = createOrdered();
    const { ref } = await queue({ FifoQueue: false });
    await expect(send(ref, 'm', { MessageDeduplicationId: '1' })).rejects.toMatchObject({ code: 'InvalidParameterValueException' });
    await expect(send(ref, 'm', { MessageGroupId: 'g' })).resolves.not.toHaveProperty('SequenceNumber');
  });
});

describe('a FIFO topic', () => {
  const TOPIC = 'arn:aws:sns:eu-west-1:111122223333:news.fifo';

  async function createTopic(properties: JsonObject = {}) {
    const created = createOrdered();
    const { sns, sqs, admin, queue } = created;
    const topic = (more: JsonObject, logicalId: string) => createResource(snsResources(sns), 'AWS::SNS::Topic', more, logicalId);
    await topic({ TopicName: 'news.fifo', FifoTopic: true, ...properties }, 'Topic');
    const subscribe = async (more: JsonObject, topicArn = TOPIC) => {
      const { ref, attributes } = await queue(more, `Queue${Object.keys(more).length}`);
      sqs.setPolicy(ref, { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Principal: '*', Action: 'sqs:SendMessage', Resource: attributes?.Arn ?? '' }] });
      const given = { TopicArn: topicArn, Protocol: 'sqs', Endpoint: attributes?.Arn ?? '', RawMessageDelivery: true };
      await createResource(snsResources(sns), 'AWS::SNS::Subscription', given, 'Subscription');
      return ref;
    };
    const publish = (more: JsonObject = {}, Message = 'm') => sns.call('Publish', { TopicArn: TOPIC, Message, ...more }, admin);
    return { ...created, topic, subscribe, publish };
  }

  test('publishes a message that comes again within five minutes once, to queues of both kinds', async () => {
    const { clock, subscribe, publish, receive, sns } = await createTopic();
    const [ordered, standard] = [await subscribe({}), await subscribe({ FifoQueue: false })];
    const more = { MessageGroupId: 'g', MessageDeduplicationId: 'one' };
    const first = await publish(more);
    expect(first).toEqual({ MessageId: expect.any(String), SequenceNumber: expect.stringMatching(/^\d{20}$/) });
    expect(await publish(more, 'other')).toEqual(first);
    for (const ref of [ordered, standard]) expect((await receive(ref)).map(({ Body }) => Body)).toEqual(['m']);
    await clock.sleep(5 * MINUTE);
    await publish({ ...more, MessageGroupId: 'later' });
    const [message] = (await receive(ordered)).filter(({ Attributes }) => Object(Attributes).MessageGroupId === 'later');
    expect(message.Attributes).toMatchObject({ MessageDeduplicationId: 'one' });
    expect(sns.undelivered).toEqual([]);
  });

  test('tells repeats by the content where it is told to', async () => {
    const { subscribe, publish, bodies } = await createTopic({ ContentBasedDeduplication: true });
    const ref = await subscribe({});
    for (const text of ['a', 'a', 'b']) await publish({ MessageGroupId: 'g' }, text);
    expect(await bodies(ref)).toEqual(['a', 'b']);
  });

  test.each<[string, JsonObject]>([
    ['no group', { MessageDeduplicationId: '1' }],
    ['no way to tell repeats', { MessageGroupId: 'g' }],
    ['an id that is none', { MessageGroupId: 'g', MessageDeduplicationId: 'a b' }],
  ])('refuses %s', async (_, more) => {
    const { publish } = await createTopic();
    await expect(publish(more)).rejects.toMatchObject({ code: 'InvalidParameter' });
  });

  test('ends with .fifo; a standard topic has no deduplication, and no FIFO queue among its subscribers', async () => {
    const { topic, subscribe, sns, admin } = await createTopic();
    expect((await topic({ FifoTopic: true }, 'Other')).ref).toMatch(/\.fifo$/);
    await expect(topic({ FifoTopic: true, TopicName: 'x' }, 'Third')).rejects.toThrow('.fifo at the end');
    await expect(topic({ ContentBasedDeduplication: true }, 'Fourth')).rejects.toThrow('a standard topic');
    const { ref } = await topic({ TopicName: 'plain' }, 'Plain');
    await expect(subscribe({}, ref)).rejects.toThrow('can not be subscribed to standard SNS topics');
    await expect(sns.call('Publish', { TopicArn: ref, Message: 'm', MessageDeduplicationId: '1' }, admin)).rejects.toMatchObject({ code: 'InvalidParameter' });
  });
});
