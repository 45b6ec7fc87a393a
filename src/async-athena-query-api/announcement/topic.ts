import { QueryAnnouncementBinding } from './binding';
import { ofOneQuery } from './message-group';
import type { TopicAnnouncementOptions } from './query-announcement-options';
import { checkReach } from './reach';
import { useKey } from '../../private/synth/key-rights';

/** A message to subscribers. */
export function topic({ topic: target }: TopicAnnouncementOptions): QueryAnnouncementBinding {
  return {
    name: 'Topic',
    integration: 'sns:publish',
    action: 'sns:Publish',
    arn: target.topicArn,
    parameters: (announcement) => ({ 'TopicArn': target.topicArn, 'Message.$': announcement, ...ofOneQuery(target.fifo) }),
    finalErrors: ['AuthorizationError', 'EndpointDisabled', 'InvalidParameter', 'InvalidParameterValue', 'NotFound'].map((code) => `SNS.${code}`),
    check: (scope) => checkReach(scope, { factory: 'QueryAnnouncement.topic', option: 'topic', resource: target, action: 'sns:Publish' }),
    // Source: SNS developer guide, "Key management": a publisher needs both.
    keyRights: () => (target.masterKey === undefined ? [] : [useKey(target.masterKey, ['kms:Decrypt', 'kms:GenerateDataKey'], { via: 'sns' })]),
  };
}
