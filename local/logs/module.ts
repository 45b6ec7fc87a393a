import { DeliveryPolicy } from './delivery-policy';
import { LogStore } from './log-store';
import { logsChanges, logsResources } from './resources';
import { readEmbeddedMetrics } from '../cloudwatch/embedded-metrics';
import { MetricStore } from '../cloudwatch/metric-store';
import { Keys } from '../kms/keys';
import { CloudContext, ServiceModule } from '../service-module';

interface Needs {
  readonly keys: Keys;
  /** For those that are embedded in lines. */
  readonly metrics: MetricStore;
}

export interface LogsProvided {
  readonly logs: LogStore;
  /** Whom CloudWatch Logs lets deliver to which groups. */
  readonly logDelivery: DeliveryPolicy;
}

export function logsModule({ environment, clock, warn }: CloudContext, { keys, metrics }: Needs): ServiceModule<LogsProvided> {
  const logs = new LogStore((group, { message }) => {
    const { values, ignored } = readEmbeddedMetrics(message, clock.now());
    for (const { metric, value, timestamp, unit } of values) metrics.put(metric, value, timestamp, unit);
    for (const reason of ignored) warn(`Embedded metrics in the log group ${group} are lost: ${reason}`);
  });
  return {
    provides: { logs, logDelivery: new DeliveryPolicy(environment) },
    resources: logsResources(logs, keys.use),
    changes: logsChanges(logs, keys.use),
  };
}
