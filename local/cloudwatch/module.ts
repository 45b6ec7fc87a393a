import { Alarms } from './alarms';
import { MetricStore } from './metric-store';
import { cloudWatchResources } from './resources';
import { CloudContext, ServiceModule } from '../service-module';

export function cloudWatchModule({ clock }: CloudContext): ServiceModule<{ readonly metrics: MetricStore; readonly alarms: Alarms }> {
  const metrics = new MetricStore();
  const alarms = new Alarms(metrics, clock);
  return { provides: { metrics, alarms }, resources: cloudWatchResources(alarms) };
}
