import { WireService } from '../http/http-service';
import { SecretsManager } from './secrets-manager';

/** How Secrets Manager is reached over HTTP. */
export function secretsManagerWire(service: SecretsManager): WireService {
  return { service, protocol: { kind: 'json', version: '1.1', targetPrefix: 'secretsmanager' } };
}
