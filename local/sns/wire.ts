import { Sns } from './sns';
import { WireService } from '../http/http-service';

/** How SNS is reached over HTTP. */
export function snsWire(service: Sns): WireService {
  return { service, protocol: { kind: 'query', version: '2010-03-31', xmlNamespace: 'http://sns.amazonaws.com/doc/2010-03-31/' } };
}
