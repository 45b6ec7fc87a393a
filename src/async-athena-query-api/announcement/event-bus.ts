import { QueryAnnouncementBinding } from './binding';
import type { EventBusAnnouncementOptions } from './query-announcement-options';
import { checkReach } from './reach';
import { ANNOUNCEMENT_DETAIL_TYPE, ANNOUNCEMENT_SOURCE } from '../contracts/announcement';

/** An event. Whoever puts one needs no right to the key of the bus: EventBridge uses it itself. */
export function eventBus({ bus }: EventBusAnnouncementOptions): QueryAnnouncementBinding {
  return {
    name: 'Event Bus',
    integration: 'events:putEvents',
    action: 'events:PutEvents',
    arn: bus.eventBusArn,
    parameters: (announcement) => ({
      Entries: [{
        'EventBusName': bus.eventBusArn,
        'Source': ANNOUNCEMENT_SOURCE,
        'DetailType': ANNOUNCEMENT_DETAIL_TYPE,
        'Resources.$': 'States.Array($$.StateMachine.Id)',
        'Detail.$': announcement,
      }],
    }),
    // EventBridge has one error for a missing right and for too many requests, and one for all that becomes of an entry: none of them is surely final.
    finalErrors: [],
    check: (scope) => checkReach(scope, { factory: 'QueryAnnouncement.eventBus', option: 'bus', resource: bus, action: 'events:PutEvents' }),
    keyRights: () => [],
  };
}
