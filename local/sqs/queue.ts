import { createHash, randomUUID } from 'node:crypto';
import { PolicyDocument, ServiceError } from '../aws/service';
import { Clock } from '../clock';
import { Fifo, FifoSettings, MessageOrder } from './fifo';

/** Settings of a queue; times in seconds, sizes in bytes. */
export interface QueueSettings {
  readonly visibilityTimeout: number;
  readonly messageRetentionPeriod: number;
  readonly delaySeconds: number;
  readonly maximumMessageSize: number;
  readonly sqsManagedSse: boolean;
  readonly kmsKeyId?: string;
  /** A FIFO queue; absent: a standard queue. */
  readonly fifo?: FifoSettings;
  readonly redrive?: { readonly deadLetterTargetArn: string; readonly maxReceiveCount: number };
}

/** A message as a receiver sees it. Times are epoch milliseconds. */
export interface ReceivedMessage {
  readonly id: string;
  readonly body: string;
  readonly md5: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly receiptHandle: string;
  readonly receiveCount: number;
  readonly sentAt: number;
  readonly firstReceivedAt: number;
  readonly senderId: string;
  readonly order: MessageOrder;
  /** In a FIFO queue. */
  readonly sequenceNumber?: string;
}

/** What a sender is told. */
export interface SentMessage {
  readonly id: string;
  readonly md5: string;
  readonly sequenceNumber?: string;
}

interface Message {
  readonly id: string;
  readonly body: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly senderId: string;
  readonly order: MessageOrder;
  readonly sequenceNumber?: string;
  readonly sentAt: number;
  visibleAt: number;
  receiveCount: number;
  firstReceivedAt?: number;
  receiptHandle?: string;
}

/** A queue in virtual time: nothing happens by itself, what is due is seen when the queue is looked at. */
export class Queue {
  policy?: PolicyDocument;
  readonly createdAt: number;
  private messages: Message[] = [];
  private readonly fifo?: Fifo;

  constructor(
    readonly name: string,
    readonly arn: string,
    readonly url: string,
    private current: QueueSettings,
    private readonly clock: Clock,
    /** Told of every change that the queue is asked for. */
    private readonly onChange: (queue: Queue) => void = () => {},
  ) {
    this.createdAt = clock.now();
    if (current.fifo !== undefined) this.fifo = new Fifo(clock, current.fifo, { noGroup, noDeduplication });
    onChange(this);
  }

  get settings(): QueueSettings {
    return this.current;
  }

  /** Changes the settings: they are for the messages that are there, too. A queue stays one of its kind. */
  configure(settings: QueueSettings): void {
    this.current = settings;
    if (settings.fifo !== undefined) this.fifo?.configure(settings.fifo);
    this.onChange(this);
  }

  /** @param order Of a standard queue it decides nothing: groups there share the receivers fairly. */
  send(
    body: string, attributes: Readonly<Record<string, string>>, senderId: string, delaySeconds = this.settings.delaySeconds, order: MessageOrder = {},
  ): SentMessage {
    assertBody(body, attributes, this.settings.maximumMessageSize);
    if (this.fifo === undefined && order.deduplicationId !== undefined) throw notForThisType('MessageDeduplicationId', order.deduplicationId);
    const taken = this.fifo?.take(body, order);
    if (taken?.repeated) return { id: taken.id, md5: md5(body), sequenceNumber: taken.sequenceNumber };
    const now = this.clock.now();
    const place = taken === undefined ? { order } : { order: taken, sequenceNumber: taken.sequenceNumber };
    const visibleAt = now + delaySeconds * 1000;
    const message = { id: taken?.id ?? randomUUID(), ...place, body, attributes, senderId, sentAt: now, visibleAt, receiveCount: 0 };
    this.messages.push(message);
    this.onChange(this);
    return { id: message.id, md5: md5(body), ...taken !== undefined && { sequenceNumber: taken.sequenceNumber } };
  }

  /** Up to this many visible messages, now hidden; those received too often go to the dead letter queue instead. */
  receive(limit: number, visibilityTimeout: number | undefined, deadLetters: Queue | undefined): ReceivedMessage[] {
    const now = this.clock.now();
    const received: ReceivedMessage[] = [];
    // In a FIFO queue, what is hidden holds up those of its group that came after it.
    const held = new Set<string | undefined>();
    for (const message of this.alive()) {
      if (received.length === limit) break;
      if (this.fifo !== undefined && held.has(message.order.groupId)) continue;
      if (message.visibleAt > now) {
        held.add(message.order.groupId);
        continue;
      }
      if (deadLetters !== undefined && message.receiveCount >= (this.settings.redrive?.maxReceiveCount ?? Infinity)) {
        this.messages = this.messages.filter((other) => other !== message);
        // Retention goes on counting from when the message was first sent.
        deadLetters.messages.push({ ...message, visibleAt: now, receiptHandle: undefined });
        deadLetters.onChange(deadLetters);
        continue;
      }
      message.receiveCount++;
      message.firstReceivedAt ??= now;
      message.receiptHandle = randomUUID();
      message.visibleAt = now + (visibilityTimeout ?? this.settings.visibilityTimeout) * 1000;
      const { receiptHandle, firstReceivedAt, ...rest } = message;
      received.push({ ...rest, receiptHandle, firstReceivedAt, md5: md5(message.body) });
    }
    this.onChange(this);
    return received;
  }

  /** Deletes by the handle of the latest receipt; a handle of an earlier one deletes nothing, as in AWS. */
  delete(receiptHandle: string): void {
    this.messages = this.messages.filter((message) => message.receiptHandle !== receiptHandle);
    this.onChange(this);
  }

  purge(): void {
    this.messages = [];
    this.onChange(this);
  }

  counts(): { readonly visible: number; readonly inFlight: number; readonly delayed: number } {
    const now = this.clock.now();
    const hidden = this.alive().filter(({ visibleAt }) => visibleAt > now);
    const delayed = hidden.filter(({ receiveCount }) => receiveCount === 0).length;
    return { visible: this.alive().length - hidden.length, inFlight: hidden.length - delayed, delayed };
  }

  /** Bodies of all messages that are still kept, oldest first: for tests, which see without receiving. */
  peek(): readonly string[] {
    return this.alive().map(({ body }) => body);
  }

  private alive(): Message[] {
    const oldest = this.clock.now() - this.settings.messageRetentionPeriod * 1000;
    this.messages = this.messages.filter(({ sentAt }) => sentAt > oldest);
    return this.messages;
  }
}

function assertBody(body: string, attributes: Readonly<Record<string, string>>, limit: number): void {
  if (body === '') throw new ServiceError('MissingParameter', 'The request must contain the parameter MessageBody.');
  const size = Buffer.byteLength(body) + Object.entries(attributes).reduce((sum, [name, value]) => sum + Buffer.byteLength(`${name}String${value}`), 0);
  if (size > limit) {
    throw new ServiceError('InvalidParameterValueException', `One or more parameters are invalid. Reason: Message must be shorter than ${limit} bytes.`);
  }
  if (/[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/u.test(body)) {
    throw new ServiceError('InvalidMessageContents', 'Invalid characters in the message body.');
  }
}

function md5(text: string): string {
  return createHash('md5').update(text).digest('hex');
}

function noGroup(): ServiceError {
  return new ServiceError('MissingParameter', 'The request must contain the parameter MessageGroupId.');
}

function noDeduplication(): ServiceError {
  const reason = 'The queue should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly';
  return new ServiceError('InvalidParameterValueException', reason);
}

/** A parameter of the other kind of queue. */
export function notForThisType(name: string, value: string | number): ServiceError {
  const reason = 'The request include parameter that is not valid for this queue type.';
  return new ServiceError('InvalidParameterValueException', `Value ${value} for parameter ${name} is invalid. Reason: ${reason}`);
}
