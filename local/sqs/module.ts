import { emitQueueMetrics } from './queue-metrics';
import { sqsChanges, sqsResources } from './resources';
import { Sqs } from './sqs';
import { sqsWire } from './wire';
import { MetricStore } from '../cloudwatch/metric-store';
import { Keys } from '../kms/keys';
import { CloudContext, ServiceModule } from '../service-module';

interface Needs {
  readonly keys: Keys;
  readonly metrics: MetricStore;
}

export function sqsModule(context: CloudContext, { keys, metrics }: Needs): ServiceModule<{ readonly sqs: Sqs }> {
  const emit = metrics.emitter(context.clock);
  const sqs = new Sqs({ ...context, useKey: keys.use, onChange: (queue) => emitQueueMetrics(queue, emit) });
  return {
    provides: { sqs },
    resources: sqsResources(sqs),
    changes: sqsChanges(sqs),
    wire: sqsWire(sqs),
    target: { service: 'sqs', deliver: async (arn, input, caller, attributes) => void await sqs.deliver(arn, input, caller, { attributes }) },
  };
}
