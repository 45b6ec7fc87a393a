import { secretsManagerChanges, secretsManagerResources } from './resources';
import { SecretsManager } from './secrets-manager';
import { secretsManagerWire } from './wire';
import { Keys } from '../kms/keys';
import { CloudContext, ServiceModule } from '../service-module';

interface Needs {
  readonly keys: Keys;
}

export function secretsManagerModule(context: CloudContext, { keys }: Needs): ServiceModule<{ readonly secretsManager: SecretsManager }> {
  const secretsManager = new SecretsManager({ ...context, useKey: keys.use });
  return {
    provides: { secretsManager },
    resources: secretsManagerResources(secretsManager),
    changes: secretsManagerChanges(secretsManager),
    wire: secretsManagerWire(secretsManager),
  };
}
