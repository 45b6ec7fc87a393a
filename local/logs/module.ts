import { LogStore } from './log-store';
import { logsResources } from './resources';
import { readEmbeddedMetrics } from '../cloudwatch/embedded-metrics';
import { MetricStore } from '../cloudwatch/metric-store';
import { Keys } from '../kms/keys';
import { CloudContext, ServiceModule } from '../service-module';

interface Needs {
  readonly keys: Keys;
  /** For those that are embedded in lines. */
  readonly metrics: MetricStore;
}

export function logsModule({ clock, warn }: CloudContext, { keys, metrics }: Needs): ServiceModule<{ readonly logs: LogStore }> {
  const logs = new LogStore((group, { message }) => {
    const { values, ignored } = readEmbeddedMetrics(message, clock.now());
    for (const { metric, value, timestamp, unit } of values) metrics.put(metric, value, timestamp, unit);
    for (const reason of ignored) warn(`Embedded metrics in the log group ${group} are lost: ${reason}`);
  });
  return { provides: { logs }, resources: logsResources(logs, keys.use) };
}
