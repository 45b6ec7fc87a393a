import { Duration } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, Metric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { IFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { StalenessAlarmOptions } from './staleness-alarm-options';
import { LONGEST_EVALUATION } from '../../private/synth/alarm-limits';
import { operationsPage } from '../../private/synth/operations-page';
import { InvalidPropError, refuseToken } from '../../private/synth/validation';
import { SourceMetric } from '../contracts/source-metric';

const PERIOD = Duration.hours(1);

/** Goes off when no run has succeeded for a while: in none of the last hours. Before the first run has, it is off only if one succeeds in time. */
export function createStalenessAlarm(scope: Construct, id: string, options: StalenessAlarmOptions, ledgerFunction: IFunction): Alarm {
  const { after, countEmptyRuns = false } = options;
  const what = `after of staleness alarm ${id}`;
  if (id === '') throw new InvalidPropError('the id of a staleness alarm', id, 'a text', 'such as `Stale`');
  refuseToken(what, after.isUnresolved(), 'the periods of the alarm are computed from it');
  const hours = after.toHours({ integral: false });
  if (!Number.isInteger(hours) || hours < 1 || hours > LONGEST_EVALUATION.toHours()) {
    throw new InvalidPropError(what, after.toHumanString(), 'whole hours, from 1 hour to 7 days', 'CloudWatch looks back 7 days at most');
  }
  return new Alarm(scope, `StalenessAlarm${id}`, {
    alarmDescription: `No run ${countEmptyRuns ? 'succeeded' : 'that found something succeeded'} for ${after.toHumanString()}. What to do: ${operationsPage('paged-batch-etl')}`,
    metric: new Metric({
      namespace: SourceMetric.NAMESPACE,
      metricName: countEmptyRuns ? SourceMetric.SUCCEEDED_RUNS : SourceMetric.PROCESSING_RUNS,
      dimensionsMap: { [SourceMetric.DIMENSION]: ledgerFunction.functionName },
      statistic: 'Sum',
      period: PERIOD,
    }),
    threshold: 1,
    evaluationPeriods: hours,
    comparisonOperator: ComparisonOperator.LESS_THAN_THRESHOLD,
    treatMissingData: TreatMissingData.BREACHING,
  });
}
