import { EventBus } from './event-bus';
import { EventsService } from './events-service';
import { eventsChanges, eventsResources } from './resources';
import { eventsWire } from './wire';
import { CloudContext, ServiceModule } from '../service-module';

export function eventsModule(context: CloudContext): ServiceModule<{ readonly events: EventBus }> {
  const { environment: { accountId }, clock, targets, sessions } = context;
  const bus = new EventBus({ accountId, clock, targets, assumeRole: async (...session) => sessions.caller(...session) });
  return {
    provides: { events: bus },
    resources: eventsResources(bus),
    changes: eventsChanges(bus),
    wire: eventsWire(new EventsService({ ...context, bus })),
  };
}
