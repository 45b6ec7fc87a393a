/** What is true of every run, however it went. */
import { Outcome } from './redriven-run';
import { pagesPerSegment } from './workflows';
import { idempotencyKey } from '../../../src/paged-batch-etl/source-functions/reader/idempotency-key';
import { EtlRig, HandledItem } from '../../support/etl-rig';

/** Identifiers in the order in which they first came; items of a page that is processed item by item come in any order. */
export function distinct(items: readonly HandledItem[]): string[] {
  const firsts = new Map<string, HandledItem>();
  for (const item of items) if (!firsts.has(item.itemIdentifier)) firsts.set(item.itemIdentifier, item);
  const pages: HandledItem[][] = [];
  for (const item of firsts.values()) {
    const last = pages.at(-1);
    if (last !== undefined && item.index !== undefined && last[0].page === item.page) last.push(item);
    else pages.push([item]);
  }
  return pages.flatMap((page) => page.sort((a, b) => (a.index ?? 0) - (b.index ?? 0))).map(({ itemIdentifier }) => itemIdentifier);
}

/** One key for each document: that of the execution which began the run. */
export async function expectStableKeys(rig: EtlRig): Promise<void> {
  const [root] = await rig.executions('Workflow');
  const items = rig.handledItems;
  expect(items.map((item) => item.idempotencyKey)).toEqual(items.map(({ itemIdentifier }) => idempotencyKey(root, itemIdentifier)));
}

/** Nothing went wrong: the answer tells what was processed, and there is nothing more than that, no call and no execution. */
export async function expectNothingMore(rig: EtlRig, { output }: Outcome, workflow: string): Promise<void> {
  const items = rig.handledItems;
  expect(distinct(items)).toHaveLength(items.length);
  const pages = new Set(items.map(({ page }) => page)).size;
  const segments = Math.max(1, Math.ceil(pages / pagesPerSegment(workflow)));
  expect(output).toEqual({ items: items.length, pages, segments });
  expect(rig.read).toHaveLength(Math.max(1, pages));
  const machine = workflow.startsWith('supervised') ? 'Segment' : 'Workflow';
  expect(await rig.executions(machine)).toHaveLength(segments);
}
