import { Alarms } from './alarms';
import { Dashboards } from './dashboard/dashboards';
import { MetricStore } from './metric-store';
import { cloudWatchChanges, cloudWatchResources } from './resources';
import { CloudContext, ServiceModule } from '../service-module';

export interface CloudWatchProvided {
  readonly metrics: MetricStore;
  readonly alarms: Alarms;
  readonly dashboards: Dashboards;
}

export function cloudWatchModule({ clock }: CloudContext): ServiceModule<CloudWatchProvided> {
  const metrics = new MetricStore();
  const alarms = new Alarms(metrics, clock);
  const dashboards = new Dashboards();
  return {
    provides: { metrics, alarms, dashboards },
    resources: cloudWatchResources(alarms, dashboards),
    changes: cloudWatchChanges(alarms, dashboards),
  };
}
