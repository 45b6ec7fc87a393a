import { JsonValue } from '../../../json';
import { StateGraph } from '../definition';
import { ExecutionResult } from '../execution-result';
import { ExecutionIdentity } from '../task';

/** Where a child stands, by the names that DescribeMapRun counts them under. */
export type ChildStatus = 'pending' | 'running' | 'succeeded' | 'failed' | 'timedOut' | 'aborted' | 'pendingRedrive';

/** Every child counts in `total` and in one of the others. */
export type MapRunCounts = Record<ChildStatus | 'total', number>;

export type ExecutionType = 'STANDARD' | 'EXPRESS';

/** An execution as the Map that starts it sees it. */
export interface ChildExecution {
  readonly identity: ExecutionIdentity;
  readonly input: JsonValue;
  readonly startTime: number;
  readonly stopTime?: number;
  readonly result?: ExecutionResult;
  readonly redriveCount: number;
  readonly redriveTime?: number;
  /** Undefined: it can be redriven. */
  readonly notRedrivableReason: string | undefined;
  run(): Promise<ExecutionResult>;
  redrive(): Promise<ExecutionResult>;
  stop(error?: string, cause?: string): void;
}

/** What makes a child an execution. */
export interface ChildPlan {
  readonly graph: StateGraph;
  readonly input: JsonValue;
  readonly identity: ExecutionIdentity;
  readonly mapRun: MapRun;
  readonly itemCount: number;
}

/** What one child execution gets. */
export interface ChildInput {
  readonly input: JsonValue;
  /** Items in it. */
  readonly itemCount: number;
}

/** One item or batch of a Map Run. */
export interface MapChild extends ChildInput {
  status: ChildStatus;
  /** Undefined before its first start. An Express child that is started again is a new execution with the ARN of the old one. */
  execution?: ChildExecution;
}

/** A file with results, as the manifest names it. */
export interface ResultFile {
  readonly Key: string;
  /** Bytes. */
  readonly Size: number;
}

/** How many items may fail without failing the Map. */
export interface Tolerance {
  readonly count: number;
  /** 0 to 100, also fractions. */
  readonly percentage: number;
}

/** What UpdateMapRun can change. */
export interface MapRunSettings extends Tolerance {
  /** 0: as many as AWS allows. */
  readonly maxConcurrency: number;
}

/** One run of a distributed Map, over all its redrives: its children, and what DescribeMapRun tells of them. */
export class MapRun {
  status: 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'ABORTED' = 'RUNNING';
  stopTime?: number;
  redriveCount = 0;
  redriveTime?: number;
  /** Undefined until the items have been read. */
  children?: readonly MapChild[];
  /** Children whose results are in S3 or in the output of the state. */
  written: readonly MapChild[] = [];
  /** Files with the results of successful children, over all redrives, and the children that are in them. */
  readonly succeededFiles: ResultFile[] = [];
  readonly exported = new Set<MapChild>();
  /** Resolves when it has ended, which may be later than its execution. */
  finished: Promise<void> = Promise.resolve();
  /** Whether a redrive goes on with this run; otherwise it starts another. */
  redrivable = true;
  /** Called when settings have changed while it runs. */
  onUpdate?: () => void;
  readonly items = noCounts();
  readonly executions = noCounts();

  constructor(
    readonly mapRunArn: string,
    readonly executionArn: string,
    readonly type: ExecutionType,
    readonly startTime: number,
    public settings: MapRunSettings,
  ) {}

  /** Takes the items, all of them still to be started. */
  fill(inputs: readonly ChildInput[]): readonly MapChild[] {
    const children = inputs.map((input): MapChild => ({ ...input, status: 'pending' }));
    this.children = children;
    this.executions.total = this.executions.pending = children.length;
    this.items.total = this.items.pending = sumOfItems(children);
    return children;
  }

  move(child: MapChild, status: ChildStatus): void {
    this.items[child.status] -= child.itemCount;
    this.items[status] += child.itemCount;
    this.executions[child.status]--;
    this.executions[status]++;
    child.status = status;
  }

  update(settings: Partial<MapRunSettings>): void {
    this.settings = { ...this.settings, ...settings };
    this.onUpdate?.();
  }

  redrive(time: number): void {
    this.redriveCount++;
    this.redriveTime = time;
    this.status = 'RUNNING';
    this.stopTime = undefined;
  }

  end(status: Exclude<MapRun['status'], 'RUNNING'>, time: number): void {
    // What still waits for its redrive keeps the outcome that it had.
    for (const child of this.children ?? []) if (child.status === 'pendingRedrive') this.move(child, lastStatus(child));
    this.status = status;
    this.stopTime = time;
  }

  /** Unsuccessful children that can never be redriven. */
  get notRedrivable(): readonly MapChild[] {
    if (this.type === 'EXPRESS') return [];
    return (this.children ?? []).filter(({ status, execution }) => isUnsuccessful(status) && execution?.notRedrivableReason !== undefined);
  }
}

export function isUnsuccessful(status: ChildStatus): boolean {
  return status === 'failed' || status === 'timedOut' || status === 'aborted';
}

export function statusOf({ status }: ExecutionResult): ChildStatus {
  return ({ SUCCEEDED: 'succeeded', FAILED: 'failed', TIMED_OUT: 'timedOut', ABORTED: 'aborted' } as const)[status];
}

export function sumOfItems(children: readonly MapChild[]): number {
  return children.reduce((sum, { itemCount }) => sum + itemCount, 0);
}

function lastStatus({ execution }: MapChild): ChildStatus {
  return execution?.result === undefined ? 'pending' : statusOf(execution.result);
}

function noCounts(): MapRunCounts {
  return { total: 0, pending: 0, running: 0, succeeded: 0, failed: 0, timedOut: 0, aborted: 0, pendingRedrive: 0 };
}
