/** How the state of a workflow is shared by the items of an inline page and by what is told of those that failed, even if all of them do. */
import { causeCharacters, FAILURE_BYTES, failureBytes, LEAST_ITEM_BYTES } from './failed-items';
import { MAX_CHILD_PAGE_BYTES, MAX_PAGE_BYTES } from './processor-function';

export interface FailureRoom {
  readonly maxPageBytes: number;
  /** Characters that are kept of the cause of a failure. */
  readonly causes: number;
}

/** What the failures of a page may take where its items are few. */
const FEW_FAILURES_BYTES = 40 * 1024;

/** For a page and its failures beside each other: the rest of 256 KiB is for cursors. Source: 256 KiB, Step Functions quotas. */
const STATE_BYTES = 236 * 1024;

/** For a page and its failures in the answer of an Express execution, all of which is escaped there. The rest is for parameters, and for its other members. */
const ANSWER_BYTES = 220 * 1024;

/** The items of a page that is processed in the segment. */
export function roomInSegment(batchSize: number): FailureRoom {
  const causes = causeCharacters(batchSize, FEW_FAILURES_BYTES);
  return { maxPageBytes: Math.min(MAX_PAGE_BYTES, Math.max(STATE_BYTES - failureBytes(batchSize, causes), smallest(STATE_BYTES, 1))), causes };
}

/** The items of a page that is processed in an Express execution. An escaped byte takes two; those of failures are counted so already. */
export function roomInExpress(batchSize: number): FailureRoom {
  const causes = causeCharacters(batchSize, FEW_FAILURES_BYTES);
  const largest = Math.floor((ANSWER_BYTES - failureBytes(batchSize, causes)) / 2);
  return { maxPageBytes: Math.min(MAX_CHILD_PAGE_BYTES, Math.max(largest, smallest(ANSWER_BYTES, 2))), causes };
}

/** A page of that many bytes has room for its failures without causes, however small its items are: with more of them, it has fewer than its batch size. */
function smallest(bytes: number, bytesOfByte: number): number {
  return Math.floor(bytes / (bytesOfByte + FAILURE_BYTES / LEAST_ITEM_BYTES));
}
