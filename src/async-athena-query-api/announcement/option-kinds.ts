import { EventBusAnnouncementOptions, QueueAnnouncementOptions, TopicAnnouncementOptions } from './query-announcement-options';
import { OptionKinds, queue, resource } from '../../private/synth/option-kinds';

export const EVENT_BUS_KINDS: OptionKinds<EventBusAnnouncementOptions> = {
  bus: resource('eventBusArn', 'an event bus', 'look it up with EventBus.fromEventBusName(…)'),
};

export const QUEUE_KINDS: OptionKinds<QueueAnnouncementOptions> = { queue };

export const TOPIC_KINDS: OptionKinds<TopicAnnouncementOptions> = {
  topic: resource('topicArn', 'a topic', 'look it up with Topic.fromTopicArn(…)'),
};
