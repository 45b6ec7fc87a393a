import { BSON } from 'mongodb';
import { memberOf } from '../../../local/json';
import { ObservedEvent } from '../../../local/stepfunctions/service';

/** A part of what a run reads, by time. An end that is absent is open. */
export interface WorkersRange {
  readonly number: number;
  readonly from?: Date;
  readonly before?: Date;
}

export interface WorkersObserver {
  /** A worker has begun with a range. */
  readonly onRange?: (range: WorkersRange) => void;
  /** This many documents of a range are processed. */
  readonly onItems?: (range: number, items: number) => void;
}

/** Follows the ranges of a run that are processed at the same time, by the events of its segments. */
export class WorkersWatch {
  private readonly rangeOf = new Map<string, number>();

  constructor(private readonly observer: WorkersObserver) {}

  see({ executionArn, event: { type, details } }: ObservedEvent): void {
    if (type === 'ExecutionStarted') this.started(executionArn, details.input);
    const range = this.rangeOf.get(executionArn);
    if (range === undefined) return;
    const { items } = details.assignedVariables ?? {};
    if (typeof items === 'number') this.observer.onItems?.(range, items);
    if (type !== 'ExecutionSucceeded') return;
    // The last page is counted there only.
    const total = memberOf(memberOf(details.output, 'progress'), 'items');
    if (typeof total === 'number') this.observer.onItems?.(range, total);
  }

  private started(executionArn: string, input: ObservedEvent['event']['details']['input']): void {
    const number = memberOf(memberOf(input, 'range'), 'number');
    const cursor = memberOf(memberOf(input, 'progress'), 'cursor');
    if (typeof number !== 'number') return;
    if (![...this.rangeOf.values()].includes(number)) this.observer.onRange?.({ number, ...typeof cursor === 'string' && boundsIn(cursor) });
    this.rangeOf.set(executionArn, number);
  }
}

/** The range in a cursor of a source that is sorted by time. */
function boundsIn(cursor: string): Omit<WorkersRange, 'number'> {
  const { range: { from, before } = {} }: { readonly range?: Omit<WorkersRange, 'number'> } = BSON.EJSON.parse(cursor);
  return { from, before };
}
