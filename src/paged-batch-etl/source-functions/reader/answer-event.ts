import { asksForRanges, planRunRanges } from './plan-run-ranges';
import { readPage, ReadServices } from './read-page';
import { someItems } from './some-items';
import { PlannedRanges } from '../../contracts/plan-ranges';
import { Page, WrittenPage } from '../../contracts/read-page';
import { InvocationContext } from '../time-left';

/** What every source function does: reads a page, or divides a run into ranges. */
export async function answerEvent(event: unknown, context: InvocationContext, services: ReadServices): Promise<Page | WrittenPage | PlannedRanges> {
  return asksForRanges(event) ? planRunRanges(event, context, services) : someItems(await readPage(event, context, services));
}
