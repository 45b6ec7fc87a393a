import { QueryAnnouncementBinding } from './binding';
import { eventBus } from './event-bus';
import { EVENT_BUS_KINDS, QUEUE_KINDS, TOPIC_KINDS } from './option-kinds';
import { EventBusAnnouncementOptions, QueueAnnouncementOptions, TopicAnnouncementOptions } from './query-announcement-options';
import { queue } from './queue';
import { topic } from './topic';
import { checkOptions } from '../../private/synth/option-kinds';
import { ANNOUNCEMENT_DETAIL_TYPE, ANNOUNCEMENT_SOURCE } from '../contracts/announcement';

/**
 * Where the ends of queries are announced, beside or instead of callbacks: a small JSON document that names the query, its state and where its result lies.
 * It has no link, no callback URL and no SQL. Who reads the result needs the right to read the result bucket.
 */
export class QueryAnnouncement {
  /** `source` of the events on event buses. */
  public static readonly EVENT_SOURCE = ANNOUNCEMENT_SOURCE;

  /** `detail-type` of the events on event buses. */
  public static readonly EVENT_DETAIL_TYPE = ANNOUNCEMENT_DETAIL_TYPE;

  /**
   * An event on an event bus of Amazon EventBridge, with the ARN of the workflow in `resources`.
   *
   * Choose this where several receivers each want some of the queries, such as those that failed: rules choose by what is in the event.
   *
   * @example
   * declare const bus: events.IEventBus;
   *
   * const queries = new AsyncAthenaQueryApi(this, 'Queries', { announcements: [QueryAnnouncement.eventBus({ bus })] });
   * new events.Rule(this, 'FailedQueries', {
   *   eventBus: bus,
   *   eventPattern: {
   *     source: [QueryAnnouncement.EVENT_SOURCE],
   *     detailType: [QueryAnnouncement.EVENT_DETAIL_TYPE],
   *     resources: [queries.workflow.stateMachineArn],
   *     detail: { State: ['FAILED'] },
   *   },
   * });
   */
  public static eventBus(options: EventBusAnnouncementOptions): QueryAnnouncement {
    return new QueryAnnouncement(eventBus(checkOptions('QueryAnnouncement.eventBus', options, EVENT_BUS_KINDS)));
  }

  /**
   * A message in a queue of Amazon SQS.
   *
   * Choose this for one receiver that works at its own pace and must miss nothing while it is down.
   *
   * @example
   * declare const queue: sqs.IQueue;
   *
   * new AsyncAthenaQueryApi(this, 'Queries', { announcements: [QueryAnnouncement.queue({ queue })] });
   */
  public static queue(options: QueueAnnouncementOptions): QueryAnnouncement {
    return new QueryAnnouncement(queue(checkOptions('QueryAnnouncement.queue', options, QUEUE_KINDS)));
  }

  /**
   * A message to a topic of Amazon SNS.
   *
   * Choose this where subscribers come and go and each is to get every message, such as mail addresses, queues and functions of several teams.
   *
   * @example
   * declare const topic: sns.ITopic;
   *
   * new AsyncAthenaQueryApi(this, 'Queries', { announcements: [QueryAnnouncement.topic({ topic })] });
   */
  public static topic(options: TopicAnnouncementOptions): QueryAnnouncement {
    return new QueryAnnouncement(topic(checkOptions('QueryAnnouncement.topic', options, TOPIC_KINDS)));
  }

  /** @internal */
  public readonly _binding: QueryAnnouncementBinding;

  private constructor(binding: QueryAnnouncementBinding) {
    this._binding = binding;
  }
}
