import { expectNumber, JsonValue, memberOf } from '../../../local/json';
import { ObservedEvent } from '../../../local/stepfunctions/service';

/** AWS's price of a state transition of Standard workflows, in US dollars (US East, N. Virginia). */
const DOLLARS_PER_TRANSITION = 0.025 / 1000;

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

/** Follows a run and the segments it starts, by the events of their histories. */
export class RunWatch {
  /** State transitions so far: states entered, and attempts after the first. */
  transitions = 0;

  constructor(private readonly runArn: string, private readonly observer: RunObserver) {}

  /** What Step Functions would charge for it, in US dollars. */
  get price(): number {
    return this.transitions * DOLLARS_PER_TRANSITION;
  }

  see({ executionArn, event: { type, id, timestamp, details } }: ObservedEvent): void {
    if (type.endsWith('StateEntered')) this.transitions++;
    // The first attempt comes with the state, every other one is a transition of its own.
    if (type === 'TaskScheduled') this.transitions++;
    if (type === 'TaskStateEntered') this.transitions--;
    if (executionArn === this.runArn) return;
    const { items } = details.assignedVariables ?? {};
    if (typeof items === 'number') this.observer.onItems?.(items);
    if (type === 'ExecutionSucceeded') this.segmentEnded(executionArn, details.output, id, timestamp);
  }

  private segmentEnded(arn: string, output: JsonValue | undefined, events: number, time: number): void {
    const progress = memberOf(output, 'progress');
    const [number, items, pages] = ['segments', 'items', 'pages'].map((name) => expectNumber(memberOf(progress, name), name));
    const failure = memberOf(memberOf(output, 'failure'), 'Error');
    // The last page is counted there only.
    this.observer.onItems?.(items);
    this.observer.onSegment?.({ arn, number, items, pages, failure: typeof failure === 'string' ? failure : undefined, events, time });
  }
}
