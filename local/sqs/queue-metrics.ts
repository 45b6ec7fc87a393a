import { Queue } from './queue';
import { EmitMetric } from '../cloudwatch/metric-store';

/** What AWS/SQS tells of a queue, here at each call that may change it. Source: SQS developer guide, "Available CloudWatch metrics". */
export function emitQueueMetrics(queue: Queue, emit: EmitMetric): void {
  const { visible, inFlight, delayed } = queue.counts();
  const values = {
    ApproximateNumberOfMessagesVisible: visible,
    ApproximateNumberOfMessagesNotVisible: inFlight,
    ApproximateNumberOfMessagesDelayed: delayed,
  };
  for (const [name, value] of Object.entries(values)) emit({ namespace: 'AWS/SQS', name, dimensions: { QueueName: queue.name } }, value, 'Count');
}
