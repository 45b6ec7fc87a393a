import { createHash, randomUUID } from 'node:crypto';
import { PolicyDocument, ServiceError } from '../aws/service';
import { Clock } from '../clock';

/** Settings of a queue; times in seconds, sizes in bytes. */
export interface QueueSettings {
  readonly visibilityTimeout: number;
  readonly messageRetentionPeriod: number;
  readonly delaySeconds: number;
  readonly maximumMessageSize: number;
  readonly sqsManagedSse: boolean;
  readonly kmsKeyId?: string;
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
}

interface Message {
  readonly id: string;
  readonly body: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly senderId: string;
  readonly sentAt: number;
  visibleAt: number;
  receiveCount: number;
  firstReceivedAt?: number;
  receiptHandle?: string;
}

/** A standard queue in virtual time: nothing happens by itself, what is due is seen when the queue is looked at. */
export class Queue {
  policy?: PolicyDocument;
  readonly createdAt: number;
  private messages: Message[] = [];

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
    onChange(this);
  }

  get settings(): QueueSettings {
    return this.current;
  }

  /** Changes the settings: they are for the messages that are there, too. */
  configure(settings: QueueSettings): void {
    this.current = settings;
    this.onChange(this);
  }

  send(
    body: string, attributes: Readonly<Record<string, string>>, senderId: string, delaySeconds = this.settings.delaySeconds,
  ): { id: string; md5: string } {
    assertBody(body, attributes, this.settings.maximumMessageSize);
    const now = this.clock.now();
    const message = { id: randomUUID(), body, attributes, senderId, sentAt: now, visibleAt: now + delaySeconds * 1000, receiveCount: 0 };
    this.messages.push(message);
    this.onChange(this);
    return { id: message.id, md5: md5(body) };
  }

  /** Up to this many visible messages, now hidden; those received too often go to the dead letter queue instead. */
  receive(limit: number, visibilityTimeout: number | undefined, deadLetters: Queue | undefined): ReceivedMessage[] {
    const now = this.clock.now();
    const received: ReceivedMessage[] = [];
    for (const message of this.alive()) {
      if (received.length === limit) break;
      if (message.visibleAt > now) continue;
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
