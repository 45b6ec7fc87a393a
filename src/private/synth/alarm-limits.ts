import { Duration } from 'aws-cdk-lib';

/** The longest that the periods of an alarm can be together, if each is an hour or longer. Source: API reference of PutMetricAlarm, `EvaluationPeriods`. */
export const LONGEST_EVALUATION = Duration.days(7);
