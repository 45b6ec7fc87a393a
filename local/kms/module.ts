import { Keys } from './keys';
import { kmsChanges, kmsResources } from './resources';
import { CloudContext, ServiceModule } from '../service-module';

export function kmsModule({ environment, authorize }: CloudContext): ServiceModule<{ readonly keys: Keys }> {
  const keys = new Keys(environment, authorize);
  return { provides: { keys }, resources: kmsResources(keys), changes: kmsChanges(keys) };
}
