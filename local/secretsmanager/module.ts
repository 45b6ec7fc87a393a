import { secretsManagerResources } from './resources';
import { SecretsManager } from './secrets-manager';
import { secretsManagerWire } from './wire';
import { CloudContext, ServiceModule } from '../service-module';

export function secretsManagerModule(context: CloudContext): ServiceModule<{ readonly secretsManager: SecretsManager }> {
  const secretsManager = new SecretsManager(context);
  return { provides: { secretsManager }, resources: secretsManagerResources(secretsManager), wire: secretsManagerWire(secretsManager) };
}
