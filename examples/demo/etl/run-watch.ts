import { expectNumber, JsonValue, memberOf } from '../../../local/json';
import { ObservedEvent } from '../../../local/stepfunctions/service';

/** A segment that ended, and what it answered. */
export interface EndedSegment {
  /** Of its execution. */
  readonly arn: string;
  /** From 1. */
  readonly number: number;
  /** Processed by the run so far. */
  readonly items: number;
  readonly pages: number;
  /** Name of the error that ended it. */
  readonly failure?: string;
  /** Events in the history of the segment's execution. */
  readonly events: number;
  /** Virtual epoch milliseconds. */
  readonly time: number;
}

export interface RunObserver {
  /** This many documents are processed. */
  readonly onItems?: (items: number) => void;
  readonly onSegment?: (segment: EndedSegment) => void;
}

/** What a run starts: executions that walk pages, and those in which items are processed. */
type ExecutionKind = 'segment' | 'items';

function kindOf(executionArn: string): ExecutionKind {
  const [, , , , , kind, machine = ''] = executionArn.split(':');
  // Executions that a Distributed Map starts have its name beside that of the machine.
  return kind === 'express' || machine.includes('/') ? 'items' : 'segment';
}

/** Follows a run and what it starts, by the events of their histories. */
export class RunWatch {
  /** Of all pages that have ended, and of the one that is being processed. */
  private items = 0;
  private itemsOfPage = 0;

  constructor(private readonly runArn: string, private readonly observer: RunObserver) {}

  see({ executionArn, event: { type, id, timestamp, details } }: ObservedEvent): void {
    if (executionArn === this.runArn) return;
    if (kindOf(executionArn) === 'items') {
      // Each of them iterates over its items.
      if (type === 'MapIterationSucceeded') this.itemEnded();
      return;
    }
    const { items } = details.assignedVariables ?? {};
    if (typeof items === 'number') this.pageEnded(items);
    if (type === 'ExecutionSucceeded') this.segmentEnded(executionArn, details.output, id, timestamp);
  }

  private itemEnded(): void {
    this.itemsOfPage++;
    this.observer.onItems?.(this.items + this.itemsOfPage);
  }

  /** Processed with it so far. */
  private pageEnded(items: number): void {
    [this.items, this.itemsOfPage] = [items, 0];
    this.observer.onItems?.(items);
  }

  private segmentEnded(arn: string, output: JsonValue | undefined, events: number, time: number): void {
    const progress = memberOf(output, 'progress');
    const [number, items, pages] = ['segments', 'items', 'pages'].map((name) => expectNumber(memberOf(progress, name), name));
    const failure = memberOf(memberOf(output, 'failure'), 'Error');
    // The last page is counted there only.
    this.pageEnded(items);
    this.observer.onSegment?.({ arn, number, items, pages, failure: typeof failure === 'string' ? failure : undefined, events, time });
  }
}
