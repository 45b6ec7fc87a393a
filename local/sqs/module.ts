import { sqsResources } from './resources';
import { Sqs } from './sqs';
import { sqsWire } from './wire';
import { CloudContext, ServiceModule } from '../service-module';

export function sqsModule(context: CloudContext): ServiceModule<{ readonly sqs: Sqs }> {
  const sqs = new Sqs(context);
  return {
    provides: { sqs },
    resources: sqsResources(sqs),
    wire: sqsWire(sqs),
    target: { service: 'sqs', deliver: async (arn, input, caller, attributes) => void await sqs.deliver(arn, input, caller, { attributes }) },
  };
}
