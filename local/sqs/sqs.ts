import { Authorize, AwsEnvironment, AwsService, CallContext, PolicyDocument, ServiceError } from '../aws/service';
import { Clock } from '../clock';
import { MessageOrder, ORDER_ID } from './fifo';
import { notForThisType, Queue, QueueSettings, ReceivedMessage, SentMessage } from './queue';
import { InputReader } from '../http/input-reader';
import { UseKey, viaService } from '../iam/key-use';
import { JsonObject } from '../json';

export interface SqsOptions {
  readonly environment: AwsEnvironment;
  readonly clock: Clock;
  readonly authorize: Authorize;
  /** Told of every change of a queue. */
  readonly onChange?: (queue: Queue) => void;
  /** Default: queues with a customer key are refused. */
  readonly useKey?: UseKey;
}

/** What is sent beside the body. */
export interface SendOptions {
  readonly attributes?: Readonly<Record<string, string>>;
  readonly delaySeconds?: number;
  readonly order?: MessageOrder;
}

const ANY_SECONDS = { min: 0, max: 43_200 };

/** What it performs. */
const OPERATIONS: readonly string[] = [
  'SendMessage', 'ReceiveMessage', 'DeleteMessage', 'GetQueueAttributes', 'GetQueueUrl', 'PurgeQueue',
];

/** Standard and FIFO queues. Long polling is not implemented: virtual time stands still while a request is served. */
export class Sqs implements AwsService {
  readonly name = 'sqs';
  private readonly queues = new Map<string, Queue>();

  constructor(private readonly options: SqsOptions) {}

  /** Makes a queue as a deployment does, without asking anybody. */
  create(name: string, settings: QueueSettings): Queue {
    const { environment: { partition, region, accountId, urlSuffix }, clock, onChange } = this.options;
    const fifo = settings.fifo !== undefined;
    if (name.length > 80 || !(fifo ? /^[\w-]+\.fifo$/ : /^[\w-]+$/).test(name)) {
      throw new Error(`Queue name ${name}: 1 to 80 letters, digits, hyphens and underscores are allowed${fifo ? ', with .fifo at the end' : ''}`);
    }
    this.assertSettings(name, settings);
    const arn = `arn:${partition}:sqs:${region}:${accountId}:${name}`;
    if (this.queues.has(arn)) throw new Error(`A queue named ${name} already exists`);
    const queue = new Queue(name, arn, `https://sqs.${region}.${urlSuffix}/${accountId}/${name}`, settings, clock, onChange);
    this.queues.set(arn, queue);
    return queue;
  }

  /** Changes the settings of a queue; its messages stay. */
  configure(queueUrl: string, settings: QueueSettings): Queue {
    const queue = this.byUrl(queueUrl);
    this.assertSettings(queue.name, settings);
    queue.configure(settings);
    return queue;
  }

  /** Deletes a queue and its messages. */
  remove(arn: string): void {
    this.queues.delete(arn);
  }

  /** Takes the policy of a queue away; there need not be such a queue any more. */
  removePolicy(queueUrl: string): void {
    const queue = [...this.queues.values()].find(({ url }) => url === queueUrl);
    if (queue !== undefined) queue.policy = undefined;
  }

  setPolicy(queueUrl: string, policy: PolicyDocument): void {
    this.byUrl(queueUrl).policy = policy;
  }

  /** The queue with this ARN; undefined when there is none. */
  find(arn: string): Queue | undefined {
    return this.queues.get(arn);
  }

  /** Sends a message by queue ARN, as other services do; the caller in the context must be allowed to. */
  async deliver(
    queueArn: string, body: string, context: CallContext, options: SendOptions = {},
  ): Promise<SentMessage> {
    const queue = this.queues.get(queueArn);
    if (queue === undefined) throw doesNotExist();
    await this.authorized(queue, 'SendMessage', context);
    await this.useKey(queue, 'kms:GenerateDataKey', context);
    await this.useKey(queue, 'kms:Decrypt', context);
    const sender = context.caller.service ?? context.caller.arn ?? 'anonymous';
    return queue.send(body, options.attributes ?? {}, sender, options.delaySeconds, options.order);
  }

  private assertSettings(name: string, { kmsKeyId, redrive, fifo }: QueueSettings): void {
    if (redrive !== undefined && redrive.deadLetterTargetArn.endsWith('.fifo') !== (fifo !== undefined)) {
      throw new Error(`Queue ${name}: the dead letter queue must be ${fifo === undefined ? 'a standard queue' : 'a FIFO queue'} too`);
    }
    if (kmsKeyId === undefined || this.options.useKey !== undefined) return;
    throw new Error(`Queue ${name}: the local cloud has no KMS, so it does not implement KmsMasterKeyId ${kmsKeyId}`);
  }

  performs(operation: string): boolean {
    return OPERATIONS.includes(operation);
  }

  async call(operation: string, input: JsonObject, context: CallContext): Promise<JsonObject> {
    const reader = new InputReader(operation, input);
    switch (operation) {
      case 'SendMessage': return this.sendMessage(reader, context);
      case 'ReceiveMessage': return this.receiveMessage(reader, context);
      case 'DeleteMessage': return this.deleteMessage(reader, context);
      case 'GetQueueAttributes': return this.getQueueAttributes(reader, context);
      case 'GetQueueUrl': return this.getQueueUrl(reader, context);
      case 'PurgeQueue': return this.purgeQueue(reader, context);
      default: throw new Error(`The local SQS does not implement ${operation}`);
    }
  }

  private async sendMessage(input: InputReader, context: CallContext): Promise<JsonObject> {
    const queue = this.byUrl(input.string('QueueUrl'));
    const body = input.string('MessageBody');
    const delaySeconds = input.optionalInteger('DelaySeconds', { min: 0, max: 900 });
    const order = { groupId: orderId(input, 'MessageGroupId'), deduplicationId: orderId(input, 'MessageDeduplicationId') };
    input.end();
    if (queue.settings.fifo !== undefined && delaySeconds !== undefined) throw notForThisType('DelaySeconds', delaySeconds);
    // Time stands still, or a Task that calls it would run into its time-out while it is looked up who may do what.
    const { id, md5, sequenceNumber } = await this.options.clock.hold(() => this.deliver(queue.arn, body, context, { delaySeconds, order }));
    return { MessageId: id, MD5OfMessageBody: md5, ...sequenceNumber !== undefined && { SequenceNumber: sequenceNumber } };
  }

  private async receiveMessage(input: InputReader, context: CallContext): Promise<JsonObject> {
    const queue = this.byUrl(input.string('QueueUrl'));
    const limit = input.optionalInteger('MaxNumberOfMessages', { min: 1, max: 10 }) ?? 1;
    const visibilityTimeout = input.optionalInteger('VisibilityTimeout', ANY_SECONDS);
    const wait = input.optionalInteger('WaitTimeSeconds', { min: 0, max: 20 }) ?? 0;
    const system = [...input.strings('MessageSystemAttributeNames') ?? [], ...input.strings('AttributeNames') ?? []];
    const names = input.strings('MessageAttributeNames') ?? [];
    input.end();
    if (wait > 0) throw new Error('The local SQS does not implement WaitTimeSeconds');
    await this.authorized(queue, 'ReceiveMessage', context);
    await this.useKey(queue, 'kms:Decrypt', context);
    const deadLetters = this.queues.get(queue.settings.redrive?.deadLetterTargetArn ?? '');
    const messages = queue.receive(limit, visibilityTimeout, deadLetters);
    return messages.length === 0 ? {} : { Messages: messages.map((message) => describeMessage(message, system, names)) };
  }

  private async deleteMessage(input: InputReader, context: CallContext): Promise<JsonObject> {
    const queue = this.byUrl(input.string('QueueUrl'));
    const receiptHandle = input.string('ReceiptHandle');
    input.end();
    await this.authorized(queue, 'DeleteMessage', context);
    queue.delete(receiptHandle);
    return {};
  }

  private async getQueueAttributes(input: InputReader, context: CallContext): Promise<JsonObject> {
    const queue = this.byUrl(input.string('QueueUrl'));
    const names = input.strings('AttributeNames') ?? [];
    input.end();
    await this.authorized(queue, 'GetQueueAttributes', context);
    const attributes = describeQueue(queue);
    const unknown = names.find((name) => name !== 'All' && !(name in attributes) && !OPTIONAL_ATTRIBUTES.includes(name));
    if (unknown !== undefined) throw new ServiceError('InvalidAttributeName', `Unknown Attribute ${unknown}.`);
    return { Attributes: Object.fromEntries(Object.entries(attributes).filter(([name]) => names.includes('All') || names.includes(name))) };
  }

  private async getQueueUrl(input: InputReader, context: CallContext): Promise<JsonObject> {
    const name = input.string('QueueName');
    input.end();
    const queue = [...this.queues.values()].find((candidate) => candidate.name === name);
    if (queue === undefined) throw doesNotExist();
    await this.authorized(queue, 'GetQueueUrl', context);
    return { QueueUrl: queue.url };
  }

  private async purgeQueue(input: InputReader, context: CallContext): Promise<JsonObject> {
    const queue = this.byUrl(input.string('QueueUrl'));
    input.end();
    await this.authorized(queue, 'PurgeQueue', context);
    queue.purge();
    return {};
  }

  private authorized(queue: Queue, operation: string, context: CallContext): Promise<void> {
    return this.options.authorize({ action: `sqs:${operation}`, resource: queue.arn, resourcePolicy: queue.policy }, context);
  }

  private async useKey(queue: Queue, action: 'kms:Decrypt' | 'kms:GenerateDataKey', context: CallContext): Promise<void> {
    if (queue.settings.kmsKeyId === undefined) return;
    // A service principal uses the key itself; anybody else through SQS.
    const circumstances = context.caller.service === undefined ? { viaService: viaService('sqs', this.options.environment) } : {};
    await this.options.useKey?.(queue.settings.kmsKeyId, action, context, circumstances);
  }

  private byUrl(url: string): Queue {
    for (const queue of this.queues.values()) {
      if (queue.url === url) return queue;
    }
    throw doesNotExist();
  }
}

function orderId(input: InputReader, name: string): string | undefined {
  const value = input.optionalString(name);
  if (value === undefined || ORDER_ID.test(value)) return value;
  const reason = `${name} can only include alphanumeric and punctuation characters. 1 to 128 in length.`;
  throw new ServiceError('InvalidParameterValueException', `Value ${value} for parameter ${name} is invalid. Reason: ${reason}`);
}

/** Attributes that a queue may lack; asking for them is no error. */
const OPTIONAL_ATTRIBUTES = ['Policy', 'RedrivePolicy', 'KmsMasterKeyId', 'FifoQueue', 'ContentBasedDeduplication'];

function describeQueue(queue: Queue): Record<string, string> {
  const { settings, policy } = queue;
  const { visible, inFlight, delayed } = queue.counts();
  const createdAt = String(Math.floor(queue.createdAt / 1000));
  return {
    QueueArn: queue.arn,
    ApproximateNumberOfMessages: String(visible),
    ApproximateNumberOfMessagesNotVisible: String(inFlight),
    ApproximateNumberOfMessagesDelayed: String(delayed),
    CreatedTimestamp: createdAt,
    LastModifiedTimestamp: createdAt,
    VisibilityTimeout: String(settings.visibilityTimeout),
    MessageRetentionPeriod: String(settings.messageRetentionPeriod),
    MaximumMessageSize: String(settings.maximumMessageSize),
    DelaySeconds: String(settings.delaySeconds),
    ReceiveMessageWaitTimeSeconds: '0',
    SqsManagedSseEnabled: String(settings.sqsManagedSse),
    ...(settings.fifo === undefined ? {} : { FifoQueue: 'true', ContentBasedDeduplication: String(settings.fifo.contentBasedDeduplication) }),
    ...(policy === undefined ? {} : { Policy: JSON.stringify(policy) }),
    ...(settings.redrive === undefined ? {} : { RedrivePolicy: JSON.stringify(settings.redrive) }),
    ...(settings.kmsKeyId === undefined ? {} : { KmsMasterKeyId: settings.kmsKeyId }),
  };
}

function describeMessage(message: ReceivedMessage, system: readonly string[], names: readonly string[]): JsonObject {
  const all: Record<string, string> = {
    SenderId: message.senderId,
    SentTimestamp: String(message.sentAt),
    ApproximateReceiveCount: String(message.receiveCount),
    ApproximateFirstReceiveTimestamp: String(message.firstReceivedAt),
    ...message.order.groupId !== undefined && { MessageGroupId: message.order.groupId },
    ...message.order.deduplicationId !== undefined && { MessageDeduplicationId: message.order.deduplicationId },
    ...message.sequenceNumber !== undefined && { SequenceNumber: message.sequenceNumber },
  };
  const wanted = (given: readonly string[], name: string) => given.includes('All') || given.includes(name);
  const attributes = Object.entries(all).filter(([name]) => wanted(system, name));
  const own = Object.entries(message.attributes).filter(([name]) => wanted(names, name));
  return {
    MessageId: message.id,
    ReceiptHandle: message.receiptHandle,
    MD5OfBody: message.md5,
    Body: message.body,
    ...(attributes.length === 0 ? {} : { Attributes: Object.fromEntries(attributes) }),
    ...(own.length === 0 ? {} : {
      MessageAttributes: Object.fromEntries(own.map(([name, value]) => [name, { DataType: 'String', StringValue: value }])),
    }),
  };
}

function doesNotExist(): ServiceError {
  return new ServiceError('QueueDoesNotExist', 'The specified queue does not exist.');
}
