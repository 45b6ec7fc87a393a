import { sqsResources } from './resources';
import { Sqs } from './sqs';
import { sqsWire } from './wire';
import { Keys } from '../kms/keys';
import { CloudContext, ServiceModule } from '../service-module';

interface Needs {
  readonly keys: Keys;
}

export function sqsModule(context: CloudContext, { keys }: Needs): ServiceModule<{ readonly sqs: Sqs }> {
  const sqs = new Sqs({ ...context, useKey: keys.use });
  return {
    provides: { sqs },
    resources: sqsResources(sqs),
    wire: sqsWire(sqs),
    target: { service: 'sqs', deliver: async (arn, input, caller, attributes) => void await sqs.deliver(arn, input, caller, { attributes }) },
  };
}
