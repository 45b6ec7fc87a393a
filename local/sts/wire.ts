import { Sts } from './sts';
import { WireService } from '../http/http-service';

/** How STS is reached over HTTP. */
export function stsWire(service: Sts): WireService {
  return { service, protocol: { kind: 'query', version: '2011-06-15', xmlNamespace: 'https://sts.amazonaws.com/doc/2011-06-15/' } };
}
