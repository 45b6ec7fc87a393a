import { Duration } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, IMetric, MathExpression, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { IStateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';

/** Failures are counted over so long, and one is enough for the alarm. */
const PERIOD = Duration.minutes(5);

/** How a metric of failures is counted. */
export const FAILURES = { statistic: 'Sum', period: PERIOD };

export interface FailureAlarmProps {
  /** What an alarm means, and where to look. */
  readonly description: string;
  /** Counts failures, as `FAILURES` says. */
  readonly metric: IMetric;
}

/** Alarm on the first failure. */
export function createFailureAlarm(scope: Construct, id: string, { description, metric }: FailureAlarmProps): Alarm {
  return new Alarm(scope, id, {
    alarmDescription: description,
    metric,
    threshold: 1,
    evaluationPeriods: 1,
    comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
    treatMissingData: TreatMissingData.NOT_BREACHING,
  });
}

/** Executions that failed, timed out or were aborted. */
export function unsuccessfulExecutions(workflow: IStateMachine, label: string): IMetric {
  return new MathExpression({
    label,
    // A metric exists only in periods in which something happened, and a sum with what is missing would be missing.
    expression: 'FILL(failed, 0) + FILL(timedOut, 0) + FILL(aborted, 0)',
    period: PERIOD,
    usingMetrics: { failed: workflow.metricFailed(FAILURES), timedOut: workflow.metricTimedOut(FAILURES), aborted: workflow.metricAborted(FAILURES) },
  });
}
