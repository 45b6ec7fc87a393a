import { Item, textOf } from './ledger-table';
import { jsonOf, listOf, text } from '../../../private/shape/json-shape';

/** Of a range that was redriven, this many segments are remembered: those that were stopped may still go on for a while. */
const REMEMBERED = 10;

const arns = jsonOf(listOf(text));

/** ARNs of the executions that may be walking pages of a range, the latest last. */
export function readSegments(range: Item | undefined): readonly string[] {
  const written = textOf(range, 'executions');
  return written === undefined ? [] : arns(written, 'executions');
}

/**
 * The same when another segment begins. A run starts the next segment when the last one has ended, but for a redrive: that starts another one while an execution
 * that was stopped may not have ended.
 */
export function withSegment(known: readonly string[], segment: string, attempt: number): readonly string[] {
  const others = attempt === 0 && known.length <= 1 ? [] : known.filter((each) => each !== segment);
  return [...others, segment].slice(-REMEMBERED);
}
