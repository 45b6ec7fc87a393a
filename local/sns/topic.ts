import { PolicyDocument } from '../aws/service';

/** Settings of a topic. */
export interface TopicSettings {
  readonly kmsKeyId?: string;
}

/** A queue that gets every message of a topic. */
export interface Subscription {
  readonly arn: string;
  readonly queueArn: string;
  /** Whether the queue gets the message as it is, and not in an envelope. */
  readonly raw: boolean;
}

/** A standard topic. */
export interface Topic {
  readonly name: string;
  readonly arn: string;
  settings: TopicSettings;
  subscriptions: readonly Subscription[];
  policy?: PolicyDocument;
}
