import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';

/** The longest that SQS keeps messages. Source: SQS quotas. */
const RETENTION = Duration.days(14);

/** Makes the queue for what could not be done. */
export function createDeadLetterQueue(scope: Construct, removalPolicy: RemovalPolicy): Queue {
  return new Queue(scope, 'DeadLetters', { encryption: QueueEncryption.SQS_MANAGED, enforceSSL: true, retentionPeriod: RETENTION, removalPolicy });
}
