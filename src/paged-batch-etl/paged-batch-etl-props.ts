import { RemovalPolicy } from 'aws-cdk-lib';
import { IKey } from 'aws-cdk-lib/aws-kms';
import { Runtime } from 'aws-cdk-lib/aws-lambda';
import { ILogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { EmptyRun } from './empty-run';
import { FailurePolicy } from './failure-policy/failure-policy';
import { IdempotencyScope } from './idempotency-scope';
import { ItemProcessor } from './item-processor/item-processor';
import { PageSource } from './page-source/page-source';
import { PageTransport } from './page-transport/page-transport';
import { Partitions } from './partitions/partitions';
import { RunContinuation } from './run-continuation/run-continuation';
import { RunLedger } from './run-ledger/run-ledger';
import { RunParameter } from './run-parameter/run-parameter';

/** Properties of `PagedBatchEtl`. */
export interface PagedBatchEtlProps {
  /** Where the pages of a run come from. */
  readonly source: PageSource;

  /** How the items of a page are processed. */
  readonly processor: ItemProcessor;

  /**
   * How pages get from the source to the processor. It can be changed while runs are underway: such a run may fail once and then be redriven. Its next segment
   * has the new transport.
   *
   * @default PageTransport.inline()
   */
  readonly transport?: PageTransport;

  /**
   * In how many parts a run is read and processed at the same time. Not together with `RunContinuation.selfRestart` or `PageSource.custom`. Change it only when no run is
   * underway.
   *
   * @default Partitions.none()
   */
  readonly partitions?: Partitions;

  /**
   * What runs leave behind beside their executions, and whether two of them may process the same window. Not together with `RunContinuation.selfRestart`. Add, change or
   * remove it only when no run is underway: a run that began without a ledger keeps none.
   *
   * @default RunLedger.none()
   */
  readonly ledger?: RunLedger;

  /**
   * Parameters of a run, by their names in the run's input: up to 64 letters, digits and underscores. The names `batch_size` and `progress` are
   * taken.
   *
   * @default - nothing: every run reads the same
   */
  readonly parameters?: { [name: string]: RunParameter };

  /**
   * Most items in a page, a whole number from 1 to 10,000. It decides how many pages an execution has room for, so the `batch_size` of a run may
   * only be smaller. A size whose page does not fit into the history is refused, and the error names the largest that fits.
   *
   * With `PageTransport.s3`: most items of one call of the processor. `ItemProcessor.perItem` has one item a call, so with it the prop is refused there, but for
   * `PageSource.custom`, which is asked for that many items at a time.
   *
   * With `ItemProcessor.perItem`, a size with which not all attempts fit into an Express execution has the items processed in the segment: `largestSafeBatchSize` is
   * the largest with which they fit.
   *
   * @default - 1,000 for a processor that takes a page; 100 for one that takes one item at a time, or fewer, so that all attempts at them fit into an Express
   * execution
   */
  readonly batchSize?: number;

  /**
   * What happens to a run that reads nothing. A run that goes on from `progress` is not empty: it read something before.
   *
   * @default EmptyRun.SUCCEED
   */
  readonly emptyRun?: EmptyRun;

  /**
   * What a run does about items that fail for good. It can be changed while runs are underway: their next segment has the new policy. A run that began before failures
   * were tolerated does not answer their count.
   *
   * @default FailurePolicy.failFast()
   */
  readonly failurePolicy?: FailurePolicy;

  /**
   * What the idempotency keys of items depend on, so that a receiver knows which of them it has seen. Another scope than RUN also depends on the construct: on its path, the name of its
   * stack, the account and the Region, and for MongoDB sources on database and collection.
   *
   * @default IdempotencyScope.RUN
   */
  readonly idempotencyScope?: IdempotencyScope;

  /**
   * How a run of any length is kept within the 25,000 events that the history of an execution can have. Source: Step Functions
   * developer guide, "Service quotas".
   *
   * @default RunContinuation.supervised()
   */
  readonly continuation?: RunContinuation;

  /**
   * Runtime of the source function: Node.js 22 or newer. You need it only if Lambda retires a runtime before you can upgrade this library.
   *
   * @default - Node.js 24 where the CDK of the app knows it, else Node.js 22
   */
  readonly sourceRuntime?: Runtime;

  /**
   * Log group of the workflow, of its segments and of `itemWorkflow`, which log errors and their causes: what stands in the `cause` of a failed run, but no input or output.
   *
   * @default - a new log group for each
   */
  readonly workflowLogGroup?: ILogGroup;

  /**
   * Log group of the source function.
   *
   * @default - a new log group
   */
  readonly sourceLogGroup?: ILogGroup;

  /**
   * How long the log groups made here keep their lines.
   *
   * @default RetentionDays.ONE_MONTH
   */
  readonly logRetention?: RetentionDays;

  /**
   * Customer key that encrypts the workflow, its executions with the documents they carry, and the log groups, the buckets of pages and letters and the table of the ledger made here: a
   * symmetric one of this Region.
   *
   * If the key is made in the same app, the construct adds what is needed to its policy. The policy of an imported key must allow what a warning
   * names. Whoever reads executions also needs `kms:Decrypt`. Starting, stopping or redriving them needs no right to the key. When you replace a
   * key, let the workflow use the old one as long as earlier executions run or can be redriven: `oldKey.grantEncryptDecrypt(etl.workflow)`, and the
   * same for `etl.segment`.
   *
   * @default - keys of AWS
   */
  readonly encryptionKey?: IKey;

  /**
   * Whether executions and functions are traced with AWS X-Ray, which charges for every trace.
   *
   * @default false
   */
  readonly tracing?: boolean;

  /**
   * What happens to the workflow, the logs, the buckets of pages and letters, and the table of the ledger when the construct is removed. A bucket that is not empty cannot be removed: with
   * DESTROY, empty it before.
   *
   * @default RemovalPolicy.RETAIN
   */
  readonly removalPolicy?: RemovalPolicy;
}
