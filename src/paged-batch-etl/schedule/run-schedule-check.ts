import { ScheduleExpression } from 'aws-cdk-lib/aws-scheduler';
import { RunWindowBinding } from './binding';
import { checkClocks } from './schedule-clock-check';
import { checkWindowedRuns } from './window-parameters';
import { InvalidPropError } from '../../private/synth/validation';
import { RunParameterBindings } from '../run-parameter/binding';

interface CheckedProps {
  readonly schedule: ScheduleExpression;
  readonly window: RunWindowBinding;
  readonly parameters: RunParameterBindings;
  readonly values?: Readonly<Record<string, string | number>>;
}

/** Refuses a schedule that would miss windows, or whose runs would lack a parameter. */
export function checkSchedule(id: string, { schedule, window: { config }, parameters, values = {} }: CheckedProps): void {
  if (id === '') throw new InvalidPropError('the id of a schedule', id, 'a text', 'such as `Nightly`');
  const namedBy = { begin: `begin of the window of schedule ${id}`, end: `end of the window of schedule ${id}` };
  checkWindowedRuns({ kind: 'schedule', id, namedBy, window: config, parameters, values });
  checkClocks(id, schedule, config);
}
