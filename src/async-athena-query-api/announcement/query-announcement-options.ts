import { IEventBus } from 'aws-cdk-lib/aws-events';
import { ITopic } from 'aws-cdk-lib/aws-sns';
import { IQueue } from 'aws-cdk-lib/aws-sqs';

/** Options of `QueryAnnouncement.eventBus`. */
export interface EventBusAnnouncementOptions {
  /**
   * The event bus, of the same Region. One of another account must let the query role put events by its own policy; a warning says so.
   */
  readonly bus: IEventBus;
}

/** Options of `QueryAnnouncement.queue`. */
export interface QueueAnnouncementOptions {
  /**
   * The queue, standard or FIFO, of the same Region. One of another account must let the query role send messages by its own policy; a warning says so.
   *
   * In a FIFO queue each query is a message group of its own, and its id is the deduplication id.
   *
   * The query role may use the customer key of the queue where the queue tells it: name the key of an imported queue as `keyArn` of
   * `Queue.fromQueueAttributes`.
   */
  readonly queue: IQueue;
}

/** Options of `QueryAnnouncement.topic`. */
export interface TopicAnnouncementOptions {
  /**
   * The topic, standard or FIFO, of the same Region. One of another account must let the query role publish by its own policy; a warning says so.
   *
   * In a FIFO topic each query is a message group of its own, and its id is the deduplication id.
   *
   * The query role may use the customer key of the topic where the topic tells it: name the key of an imported topic as `keyArn` of
   * `Topic.fromTopicAttributes`.
   */
  readonly topic: ITopic;
}
