import { Duration } from 'aws-cdk-lib';
import { ITable } from 'aws-cdk-lib/aws-dynamodb';

/** What a run does while another run of the same window is underway. */
export enum WhenLocked {
  /**
   * It fails with `RunLocked`, and reads nothing.
   *
   * Choose it where a second run is a mistake that somebody should see.
   */
  FAIL = 'FAIL',

  /**
   * It succeeds with `{ "items": 0, "pages": 0, "segments": 0, "skipped": true }`, and reads nothing.
   *
   * Choose it where runs are started more often than they are needed, such as by events.
   */
  SKIP = 'SKIP',

  /**
   * It waits for the end of the other run, and then processes the window itself. After `waitAtMost` it fails with `RunLocked`.
   *
   * Choose it where data may have come after the other run had read past it.
   */
  WAIT = 'WAIT',
}

/** Options of `RunLedger.table`. */
export interface TableLedgerOptions {
  /**
   * A table of your own, of the account and Region of the construct, with the partition key `pk` and the sort key `sk`, both of them strings. Let items expire by
   * the attribute `expiresAt`, or items of runs stay for ever. Synthesis looks at the keys and the expiry of a table that is made in the same app. Several constructs may share a table. The construct knows its key only if it was looked up with
   * `Table.fromTableAttributes` and `encryptionKey`.
   *
   * @default - a new table: billed by request, with point-in-time recovery, encrypted with `encryptionKey` of the construct or else by a key of AWS
   */
  readonly table?: ITable;

  /**
   * What a run does while another run with the same values of its parameters is underway.
   *
   * @default WhenLocked.FAIL
   */
  readonly whenLocked?: WhenLocked;

  /**
   * How long a run waits for another one, in whole seconds from one minute to 24 hours. Only with `WhenLocked.WAIT`.
   *
   * @default Duration.hours(1)
   */
  readonly waitAtMost?: Duration;

  /**
   * How long after the end of a run that did not succeed another run may take its window, in whole seconds from 5 minutes to 24 hours. Until then the run can be redriven, and calls of your function that
   * were underway when it was stopped can end. A shorter time than those calls can take lets two runs process the same items at once.
   *
   * @default - as long as a call of the processor's function can take, but at least 5 minutes; 30 minutes and 10 seconds where its time-out is not known, and with `ItemProcessor.stateMachine`
   */
  readonly takeOverAfter?: Duration;

  /**
   * How long items of runs are kept after their last change, at least 15 days: a failed run can be redriven for 14. Items of windows do not expire.
   *
   * @default Duration.days(90)
   */
  readonly retention?: Duration;
}
