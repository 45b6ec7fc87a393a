import { Bill, NO_BILL } from './bill';
import { machineFacts } from '../../../projenrc/tools/tables/etl-machines';
import { RunContinuation } from '../../../src';

/** Documents in a page of the published design. */
const PAGE = 20;

/**
 * What the published design would cost: a machine that restarts itself, with a Map over the items of a page in its history. It is calculated from the
 * states of that machine, as in the tables of the docs: pages without retries, and without the few transitions around them.
 */
export function publishedDesign(items: number): { readonly pages: number; readonly bill: Bill } {
  const { transitionsOf } = machineFacts('perItem', { batchSize: PAGE, continuation: RunContinuation.selfRestart() });
  const [full, rest] = [Math.floor(items / PAGE), items % PAGE];
  const transitions = full * transitionsOf(PAGE) + (rest > 0 ? transitionsOf(rest) : 0);
  return { pages: full + (rest > 0 ? 1 : 0), bill: { ...NO_BILL, transitions } };
}
