import { EventBus } from './event-bus';
import { EventBuses } from './event-buses';
import { EventsService } from './events-service';
import { eventsChanges, eventsResources } from './resources';
import { eventsWire } from './wire';
import { CloudContext, ServiceModule } from '../service-module';

export function eventsModule(context: CloudContext): ServiceModule<{ readonly events: EventBus }> {
  const { environment, clock, targets, sessions } = context;
  const { accountId } = environment;
  const buses = new EventBuses({ environment, accountId, clock, targets, assumeRole: async (...session) => sessions.caller(...session) });
  return {
    provides: { events: buses.default },
    resources: eventsResources(buses),
    changes: eventsChanges(buses),
    wire: eventsWire(new EventsService({ ...context, buses })),
  };
}
