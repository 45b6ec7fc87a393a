import { Sts } from './sts';
import { stsWire } from './wire';
import { CredentialStore } from '../account/credentials';
import { CloudContext, ServiceModule } from '../service-module';

export function stsModule(context: CloudContext): ServiceModule<{ readonly credentials: CredentialStore }> {
  return { provides: { credentials: context.credentials }, wire: stsWire(new Sts(context)) };
}
