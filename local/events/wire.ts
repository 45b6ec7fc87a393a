import { EventsService } from './events-service';
import { WireService } from '../http/http-service';

/** How EventBridge is reached over HTTP. */
export function eventsWire(service: EventsService): WireService {
  return { service, protocol: { kind: 'json', version: '1.1', targetPrefix: 'AWSEvents' } };
}
