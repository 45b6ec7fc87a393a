import { GlueService } from './glue-service';
import { WireService } from '../http/http-service';

/** How Glue is reached over HTTP. */
export function glueWire(service: GlueService): WireService {
  return { service, protocol: { kind: 'json', version: '1.1', targetPrefix: 'AWSGlue' } };
}
