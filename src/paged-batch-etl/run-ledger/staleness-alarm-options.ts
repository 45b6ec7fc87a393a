import { Duration } from 'aws-cdk-lib';

/** Options of `PagedBatchEtl.addStalenessAlarm`. */
export interface StalenessAlarmOptions {
  /**
   * How long no run has to succeed for the alarm to go off: whole hours from 1 hour to 7 days, which is as far as CloudWatch looks back. Take a good deal more than the time between two runs,
   * such as 26 hours for one a day: the alarm goes off up to an hour later.
   */
  readonly after: Duration;

  /**
   * Whether a run that found nothing counts as a success. By default it does not, because a wrong filter or a source that gets no more data looks just like that. Set it
   * where it is normal that there is nothing to process for that long.
   *
   * @default false
   */
  readonly countEmptyRuns?: boolean;
}
