import { schedulerChanges, schedulerResources } from './resources';
import { Scheduler } from './scheduler';
import { CloudContext, ServiceModule } from '../service-module';

export function schedulerModule(context: CloudContext): ServiceModule<{ readonly scheduler: Scheduler }> {
  const scheduler = new Scheduler({
    ...context,
    random: context.settings.random,
    assumeRole: async (...session) => context.sessions.caller(...session),
  });
  return { provides: { scheduler }, resources: schedulerResources(scheduler), changes: schedulerChanges(scheduler) };
}
