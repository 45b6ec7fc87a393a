import { Role } from 'aws-cdk-lib/aws-iam';
import { ILogGroup } from 'aws-cdk-lib/aws-logs';
import { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct, IDependable } from 'constructs';
import { PageTransportParts } from '../page-transport/binding';
import { PartitionParts } from '../partitions/binding';
import { RunLedgerCalls } from '../run-ledger/binding';
import { Tolerance } from '../workflow/tolerance';
import { WorkflowProps } from '../workflow/workflow-props';

/** How a run goes on in another execution before the history of one is full. */
export interface RunContinuationBinding {
  /** Whether a redrive goes on inside the machine that walks pages. */
  readonly redrivenInside: boolean;
  create(scope: Construct, props: RunContinuationProps): WorkflowParts;
}

export interface RunContinuationProps extends WorkflowProps {
  readonly transport: PageTransportParts;
  /** How a run is divided; absent where it is not. */
  readonly partitions?: PartitionParts;
  /** Present where a run goes past items that fail. */
  readonly tolerance?: Tolerance;
  /** Whether the source function can say, in a few seconds, about how many items a run reads. */
  readonly countsItems: boolean;
  /** Absent where there is none. */
  readonly ledger?: RunLedgerCalls;
}

export interface WorkflowParts {
  /** What users start. */
  readonly workflow: StateMachine;
  /** The machine that walks pages, where it is another. */
  readonly segment?: StateMachine;
  readonly workflowLogGroup: ILogGroup;
  /** Log group of the segments, where there are any. */
  readonly segmentLogGroup?: ILogGroup;
  /** What must exist before a run is started, where that is more than the workflow. */
  readonly startableAfter?: IDependable;
  /** Roles of the machines. */
  readonly workflowRole: Role;
  readonly segmentRole?: Role;
  readonly pagesPerSegment: number;
  /** State transitions of a page, without those of its items, and those of a segment beside its pages, in a run in which nothing fails. */
  readonly transitions: { readonly ofPage: number; readonly ofSegment: number };
  readonly largestSafeBatchSize: number;
  /** Most items of one run with every page full; undefined where nothing limits it. */
  readonly maxItemsPerRun?: number;
}
