import { Duration, Token } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, Metric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { ScheduleExpression } from 'aws-cdk-lib/aws-scheduler';
import { Construct } from 'constructs';
import { RunWindowBinding } from './binding';
import { gapsOf } from './schedule-gaps';
import { LONGEST_EVALUATION } from '../../private/synth/alarm-limits';
import { operationsPage } from '../../private/synth/operations-page';
import { checkInteger, InvalidPropError, refuseToken } from '../../private/synth/validation';
import { WindowConfig } from '../contracts/plan-run';

export interface CheckedAlarm {
  readonly schedule: ScheduleExpression;
  readonly window: RunWindowBinding;
  readonly alarmAfterEmptyRuns?: number;
}

/** Refuses an alarm that could not be made, or would never go off. */
export function checkEmptyRunsAlarm(id: string, { schedule, window: { config }, alarmAfterEmptyRuns: times }: CheckedAlarm): void {
  if (times === undefined) return;
  const what = `alarmAfterEmptyRuns of schedule ${id}`;
  refuseToken(what, Token.isUnresolved(times), 'the alarm is made from it');
  if (config.kind === 'sinceWatermark') {
    throw new InvalidPropError(what, times, 'left out for RunWindow.sinceWatermark', 'its windows have no length that is known before: use addStalenessAlarm');
  }
  const most = Math.floor(LONGEST_EVALUATION.toHours() / lengthOf(config).toHours());
  if (most < 1) {
    throw new InvalidPropError(what, times, 'left out for windows of more than 7 days', 'CloudWatch looks back no further: use emptyRun: EmptyRun.FAIL');
  }
  checkInteger(what, times, { min: 1, max: most }, 'CloudWatch looks back 7 days at most');
  const expression = schedule.expressionString;
  const gaps = expression.startsWith('at(') ? 'all but one' : gapsOf(expression, config);
  if (times === 1 || gaps === undefined) return;
  throw new InvalidPropError(
    what, times, `1, or left out, for a schedule whose windows leave out ${gaps}`, 'the alarm waits for one window right after another: use emptyRun: EmptyRun.FAIL',
  );
}

/**
 * Goes off when windows in a row held nothing: a period of the alarm is as long as a window, and in each of them there was a run that found nothing and
 * none that found something. A window without a run says nothing: other alarms do.
 */
export function createEmptyRunsAlarm(scope: Construct, metric: (period: Duration) => Metric, { config }: RunWindowBinding, times: number): Alarm {
  return new Alarm(scope, 'EmptyRunsAlarm', {
    alarmDescription: `Scheduled runs found nothing to read for ${times} windows in a row. What to do: ${operationsPage('paged-batch-etl')}`,
    metric: metric(lengthOf(config)),
    threshold: 1,
    evaluationPeriods: times,
    comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
    treatMissingData: TreatMissingData.NOT_BREACHING,
  });
}

/** A day of 23 or 25 hours is one of 24 here: the runs of a schedule are a day apart all the same. */
function lengthOf(config: WindowConfig): Duration {
  return config.kind === 'lastHours' ? Duration.hours(config.hours) : Duration.days(1);
}
