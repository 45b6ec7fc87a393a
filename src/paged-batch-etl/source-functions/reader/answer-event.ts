import { asksForEstimate, estimateRunItems } from './estimate-run-items';
import { asksForRanges, planRunRanges } from './plan-run-ranges';
import { readPage, ReadServices } from './read-page';
import { someItems } from './some-items';
import { EstimatedItems } from '../../contracts/estimate-items';
import { PlannedRanges } from '../../contracts/plan-ranges';
import { Page, WrittenPage } from '../../contracts/read-page';
import { InvocationContext } from '../time-left';

/** What every source function does: reads a page, divides a run into ranges, or says how many items it reads. */
export async function answerEvent(
  event: unknown, context: InvocationContext, services: ReadServices,
): Promise<Page | WrittenPage | PlannedRanges | EstimatedItems> {
  if (asksForEstimate(event)) return estimateRunItems(event, context, services);
  return asksForRanges(event) ? planRunRanges(event, context, services) : someItems(await readPage(event, context, services));
}
