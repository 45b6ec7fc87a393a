import { PolicyDocument } from '../aws/service';
import { Fifo, FifoSettings } from '../sqs/fifo';

/** Settings of a topic. */
export interface TopicSettings {
  readonly kmsKeyId?: string;
  /** A FIFO topic; absent: a standard topic. */
  readonly fifo?: FifoSettings;
}

/** A queue that gets every message of a topic. */
export interface Subscription {
  readonly arn: string;
  readonly queueArn: string;
  /** Whether the queue gets the message as it is, and not in an envelope. */
  readonly raw: boolean;
}

/** A topic. */
export interface Topic {
  readonly name: string;
  readonly arn: string;
  settings: TopicSettings;
  subscriptions: readonly Subscription[];
  /** Of a FIFO topic. */
  readonly fifo?: Fifo;
  policy?: PolicyDocument;
}
