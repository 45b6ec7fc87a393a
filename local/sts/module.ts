import { Sts } from './sts';
import { stsWire } from './wire';
import { CredentialStore } from '../account/credentials';
import { CloudContext, ServiceModule } from '../service-module';

export function stsModule(context: CloudContext): ServiceModule<{ readonly credentials: CredentialStore; readonly sts: Sts }> {
  const sts = new Sts(context);
  return { provides: { credentials: context.credentials, sts }, wire: stsWire(sts) };
}
