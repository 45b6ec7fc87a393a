import { QueryAnnouncementBinding } from './binding';
import { ofOneQuery } from './message-group';
import type { QueueAnnouncementOptions } from './query-announcement-options';
import { checkReach } from './reach';
import { useKey } from '../../private/synth/key-rights';

/** A message. */
export function queue({ queue: target }: QueueAnnouncementOptions): QueryAnnouncementBinding {
  return {
    name: 'Queue',
    integration: 'sqs:sendMessage',
    action: 'sqs:SendMessage',
    arn: target.queueArn,
    parameters: (announcement) => ({ 'QueueUrl': target.queueUrl, 'MessageBody.$': announcement, ...ofOneQuery(target.fifo) }),
    finalErrors: ['QueueDoesNotExist', 'InvalidMessageContents', 'UnsupportedOperation'].map((code) => `SQS.${code}`),
    check: (scope) => checkReach(scope, { factory: 'QueryAnnouncement.queue', option: 'queue', resource: target, action: 'sqs:SendMessage' }),
    // Source: SQS developer guide, "Key management": a producer needs both.
    keyRights: () => (target.encryptionMasterKey === undefined
      ? [] : [useKey(target.encryptionMasterKey, ['kms:Decrypt', 'kms:GenerateDataKey'], { via: 'sqs' })]),
  };
}
