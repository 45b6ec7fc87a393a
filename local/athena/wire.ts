import { AthenaService } from './athena-service';
import { WireService } from '../http/http-service';

/** How Athena is reached over HTTP. */
export function athenaWire(service: AthenaService): WireService {
  return { service, protocol: { kind: 'json', version: '1.1', targetPrefix: 'AmazonAthena' } };
}
