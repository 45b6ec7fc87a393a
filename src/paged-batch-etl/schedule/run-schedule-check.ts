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
  readonly ledger?: unknown;
  readonly values?: Readonly<Record<string, string | number>>;
}

/** Refuses a schedule that would miss windows, or whose runs would lack a parameter. */
export function checkSchedule(id: string, { schedule, window: { config }, parameters, values = {}, ledger }: CheckedProps): void {
  if (id === '') throw new InvalidPropError('the id of a schedule', id, 'a text', 'such as `Nightly`');
  const namedBy = { begin: `begin of the window of schedule ${id}`, end: `end of the window of schedule ${id}` };
  checkWindowedRuns({ kind: 'schedule', id, namedBy, window: config, parameters, values });
  checkClocks(id, schedule, config);
  if (config.kind !== 'sinceWatermark' || ledger !== undefined) return;
  throw new InvalidPropError(
    `window of schedule ${id}`, 'RunWindow.sinceWatermark', 'another window where ledger is RunLedger.none', 'the ledger keeps the watermark: set ledger to RunLedger.table()',
  );
}

/** Refuses what there is for a window with a watermark only. */
export function checkWatermark({ config: { kind } }: RunWindowBinding): void {
  if (kind === 'sinceWatermark') return;
  throw new InvalidPropError('window', `RunWindow.${kind}`, 'RunWindow.sinceWatermark where metricWatermarkLag is called', 'no other window has a watermark');
}
