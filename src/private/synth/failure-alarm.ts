import { Duration } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, IMetric, MathExpression, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { IStateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';

export interface FailureAlarmProps {
  readonly workflow: IStateMachine;
  /** What an alarm means, and where to look. */
  readonly description: string;
  /** What is counted. */
  readonly label: string;
}

/** Alarm on the first execution that failed, timed out or was aborted. */
export function createFailureAlarm(scope: Construct, { workflow, description, label }: FailureAlarmProps): Alarm {
  return new Alarm(scope, 'FailureAlarm', {
    alarmDescription: description,
    metric: failures(workflow, label),
    threshold: 1,
    evaluationPeriods: 1,
    comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
    treatMissingData: TreatMissingData.NOT_BREACHING,
  });
}

function failures(workflow: IStateMachine, label: string): IMetric {
  const sum = { statistic: 'Sum', period: Duration.minutes(5) };
  return new MathExpression({
    label,
    // A metric exists only in periods in which something happened, and a sum with what is missing would be missing.
    expression: 'FILL(failed, 0) + FILL(timedOut, 0) + FILL(aborted, 0)',
    period: Duration.minutes(5),
    usingMetrics: { failed: workflow.metricFailed(sum), timedOut: workflow.metricTimedOut(sum), aborted: workflow.metricAborted(sum) },
  });
}
