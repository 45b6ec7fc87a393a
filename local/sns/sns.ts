import { randomUUID } from 'node:crypto';
import { Subscription, Topic, TopicSettings } from './topic';
import { parseArn } from '../aws/arn';
import { Authorize, AwsEnvironment, AwsService, CallContext, PolicyDocument, ServiceError } from '../aws/service';
import { Clock } from '../clock';
import { asError } from '../errors';
import { InputReader } from '../http/input-reader';
import { UseKey, viaService } from '../iam/key-use';
import { JsonObject } from '../json';
import { Fifo, MessageOrder, ORDER_ID } from '../sqs/fifo';

export interface SnsOptions {
  readonly environment: AwsEnvironment;
  readonly clock: Clock;
  readonly authorize: Authorize;
  /** Default: topics with a customer key are refused. */
  readonly useKey?: UseKey;
  /** Sends to a queue by its ARN. */
  readonly sendToQueue: (queueArn: string, body: string, context: CallContext, options: { readonly order?: MessageOrder }) => Promise<unknown>;
}

/** A message that a subscriber did not get, and why. */
export interface UndeliveredMessage {
  readonly topicArn: string;
  readonly queueArn: string;
  readonly error: Error;
}

/** Bytes of a message. Source: API reference of Publish. */
const MAX_MESSAGE_BYTES = 262_144;

/** What it performs, and which members of their requests the operations take. */
const OPERATIONS: Readonly<Record<string, readonly string[]>> = {
  Publish: ['TopicArn', 'Message', 'MessageGroupId', 'MessageDeduplicationId'],
};

/**
 * Standard and FIFO topics, whose subscribers are queues. A message is delivered while it is published; what a queue refuses is not sent again, as AWS does not
 * where a right is missing, and is found in `undelivered`.
 */
export class Sns implements AwsService {
  readonly name = 'sns';
  readonly undelivered: UndeliveredMessage[] = [];
  private readonly topics = new Map<string, Topic>();

  constructor(private readonly options: SnsOptions) {}

  /** Makes a topic as a deployment does, without asking anybody. */
  create(name: string, settings: TopicSettings): Topic {
    const { environment: { partition, region, accountId } } = this.options;
    const { fifo } = settings;
    if (name.length > 256 || !(fifo === undefined ? /^[\w-]+$/ : /^[\w-]+\.fifo$/).test(name)) {
      throw new Error(`Topic name ${name}: 1 to 256 letters, digits, hyphens and underscores are allowed${fifo === undefined ? '' : ', with .fifo at the end'}`);
    }
    this.assertKey(name, settings);
    const arn = `arn:${partition}:sns:${region}:${accountId}:${name}`;
    if (this.topics.has(arn)) throw new Error(`A topic named ${name} already exists`);
    const order = fifo && new Fifo(this.options.clock, fifo, { noGroup, noDeduplication });
    const topic: Topic = { name, arn, settings, subscriptions: [], fifo: order };
    this.topics.set(arn, topic);
    return topic;
  }

  setPolicy(topicArn: string, policy: PolicyDocument): void {
    this.existing(topicArn).policy = policy;
  }

  subscribe(topicArn: string, queueArn: string, raw: boolean): Subscription {
    if (parseArn(queueArn).service !== 'sqs') throw new Error(`The local cloud does not implement the subscriber ${queueArn}`);
    const topic = this.existing(topicArn);
    if (topic.fifo === undefined && queueArn.endsWith('.fifo')) throw invalid('Endpoint Reason: FIFO SQS Queues can not be subscribed to standard SNS topics');
    const subscription = { arn: `${topic.arn}:${randomUUID()}`, queueArn, raw };
    topic.subscriptions = [...topic.subscriptions, subscription];
    return subscription;
  }

  /** Changes the settings of a topic; its subscribers and its kind stay. */
  configure(topicArn: string, settings: TopicSettings): void {
    const topic = this.existing(topicArn);
    this.assertKey(topic.name, settings);
    topic.settings = settings;
    if (settings.fifo !== undefined) topic.fifo?.configure(settings.fifo);
  }

  /** Deletes a topic with its subscriptions. */
  remove(topicArn: string): void {
    this.topics.delete(topicArn);
  }

  /** Takes the policy of a topic away; there need not be such a topic any more. */
  removePolicy(topicArn: string): void {
    const topic = this.topics.get(topicArn);
    if (topic !== undefined) topic.policy = undefined;
  }

  resubscribe(topicArn: string, subscriptionArn: string, raw: boolean): void {
    const topic = this.existing(topicArn);
    topic.subscriptions = topic.subscriptions.map((subscription) => (subscription.arn === subscriptionArn ? { ...subscription, raw } : subscription));
  }

  unsubscribe(topicArn: string, subscriptionArn: string): void {
    const topic = this.topics.get(topicArn);
    if (topic !== undefined) topic.subscriptions = topic.subscriptions.filter(({ arn }) => arn !== subscriptionArn);
  }

  private assertKey(name: string, { kmsKeyId }: TopicSettings): void {
    if (kmsKeyId === undefined || this.options.useKey !== undefined) return;
    throw new Error(`Topic ${name}: the local cloud has no KMS, so it does not implement KmsMasterKeyId ${kmsKeyId}`);
  }

  performs(operation: string): boolean {
    return Object.hasOwn(OPERATIONS, operation);
  }

  takes(operation: string): readonly string[] {
    return OPERATIONS[operation] ?? [];
  }

  async call(operation: string, input: JsonObject, context: CallContext): Promise<JsonObject> {
    if (!this.performs(operation)) throw new Error(`The local SNS does not implement ${operation}`);
    const reader = new InputReader(operation, input, 'InvalidParameter');
    const topicArn = reader.string('TopicArn');
    const message = reader.string('Message');
    const order = { groupId: orderId(reader, 'MessageGroupId'), deduplicationId: orderId(reader, 'MessageDeduplicationId') };
    reader.end();
    // Time stands still, or a Task that calls it would run into its time-out while it is looked up who may do what.
    return this.options.clock.hold(() => this.publish(topicArn, message, order, context));
  }

  /** Publishes a message; the caller in the context must be allowed to. */
  private async publish(topicArn: string, message: string, order: MessageOrder, context: CallContext): Promise<JsonObject> {
    await this.authorized(topicArn, context);
    const topic = this.existing(topicArn);
    if (message === '') throw invalid('Empty message');
    if (Buffer.byteLength(message) > MAX_MESSAGE_BYTES) throw invalid('Message too long');
    await this.useKey(topic, context);
    if (topic.fifo === undefined && order.deduplicationId !== undefined) {
      throw invalid('MessageDeduplicationId Reason: The request includes MessageDeduplicationId parameter that is not valid for this topic type');
    }
    const taken = topic.fifo?.take(message, order);
    const id = taken?.id ?? randomUUID();
    const SequenceNumber = taken && { SequenceNumber: taken.sequenceNumber };
    // What was published before is answered as it was then, and delivered to nobody.
    for (const subscription of taken?.repeated ? [] : topic.subscriptions) {
      const body = subscription.raw ? message : this.envelope(topic, subscription, { MessageId: id, ...SequenceNumber }, message);
      await this.deliver(topic, subscription, body, taken ?? order);
    }
    return { MessageId: id, ...SequenceNumber };
  }

  /** SNS has a name of its own for what everybody else calls AccessDenied. Source: API reference of Publish. */
  private async authorized(topicArn: string, context: CallContext): Promise<void> {
    try {
      await this.options.authorize({ action: 'sns:Publish', resource: topicArn, resourcePolicy: this.topics.get(topicArn)?.policy }, context);
    } catch (error) {
      throw error instanceof ServiceError ? new ServiceError('AuthorizationError', error.message, 403) : error;
    }
  }

  private async deliver({ arn: topicArn }: Topic, { queueArn }: Subscription, body: string, order: MessageOrder): Promise<void> {
    const { environment: { accountId }, sendToQueue } = this.options;
    const context: CallContext = { caller: { service: 'sns.amazonaws.com' }, sourceArn: topicArn, sourceAccount: accountId, secureTransport: true };
    try {
      // A standard queue gets the group, and has no use for the other.
      await sendToQueue(queueArn, body, context, { order: queueArn.endsWith('.fifo') ? order : { groupId: order.groupId } });
    } catch (error) {
      this.undelivered.push({ topicArn, queueArn, error: asError(error) });
    }
  }

  /** What a queue gets of a message that is not raw. Nothing is signed here. */
  private envelope(topic: Topic, { arn }: Subscription, ids: Readonly<Record<string, string>>, message: string): string {
    const host = `https://sns.${this.options.environment.region}.${this.options.environment.urlSuffix}`;
    return JSON.stringify({
      Type: 'Notification',
      ...ids,
      TopicArn: topic.arn,
      Message: message,
      Timestamp: new Date(this.options.clock.now()).toISOString(),
      SignatureVersion: '1',
      Signature: 'NOT_SIGNED_BY_THE_LOCAL_CLOUD',
      SigningCertURL: `${host}/SimpleNotificationService.pem`,
      UnsubscribeURL: `${host}/?Action=Unsubscribe&SubscriptionArn=${arn}`,
    });
  }

  private async useKey({ settings: { kmsKeyId } }: Topic, context: CallContext): Promise<void> {
    if (kmsKeyId === undefined) return;
    // A service principal uses the key itself; anybody else through SNS.
    const circumstances = context.caller.service === undefined ? { viaService: viaService('sns', this.options.environment) } : {};
    for (const action of ['kms:GenerateDataKey', 'kms:Decrypt'] as const) await this.options.useKey?.(kmsKeyId, action, context, circumstances);
  }

  private existing(topicArn: string): Topic {
    const topic = this.topics.get(topicArn);
    if (topic === undefined) throw new ServiceError('NotFound', 'Topic does not exist', 404);
    return topic;
  }
}

function invalid(reason: string): ServiceError {
  return new ServiceError('InvalidParameter', `Invalid parameter: ${reason}`);
}

function noGroup(): ServiceError {
  return invalid('The MessageGroupId parameter is required for FIFO topics');
}

function noDeduplication(): ServiceError {
  return invalid('The topic should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly');
}

function orderId(input: InputReader, name: string): string | undefined {
  const value = input.optionalString(name);
  if (value !== undefined && !ORDER_ID.test(value)) throw invalid(`${name} can only include alphanumeric and punctuation characters, 1 to 128 in length`);
  return value;
}
