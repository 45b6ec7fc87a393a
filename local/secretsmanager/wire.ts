import { SecretsManager } from './secrets-manager';
import { WireService } from '../http/http-service';

/** How Secrets Manager is reached over HTTP. */
export function secretsManagerWire(service: SecretsManager): WireService {
  return { service, protocol: { kind: 'json', version: '1.1', targetPrefix: 'secretsmanager' } };
}
