import { snsChanges, snsResources } from './resources';
import { Sns } from './sns';
import { snsWire } from './wire';
import { Keys } from '../kms/keys';
import { CloudContext, ServiceModule } from '../service-module';
import { Sqs } from '../sqs/sqs';

interface Needs {
  readonly keys: Keys;
  readonly sqs: Sqs;
}

export function snsModule(context: CloudContext, { keys, sqs }: Needs): ServiceModule<{ readonly sns: Sns }> {
  const sns = new Sns({ ...context, useKey: keys.use, sendToQueue: async (...message) => sqs.deliver(...message) });
  return { provides: { sns }, resources: snsResources(sns), changes: snsChanges(sns), wire: snsWire(sns) };
}
