import { estimateLine } from './page-log';
import { runReference } from './parse-read-event';
import type { ReadServices } from './read-page';
import { checkParameters } from './run-input';
import { memberOf } from '../../../private/runtime/member-of';
import { readReleased } from '../../../private/runtime/released-contracts';
import { anyObject, exactly, literal, Read } from '../../../private/shape/json-shape';
import { PagedBatchEtlErrorName } from '../../contracts/error-names';
import { ESTIMATE_ITEMS_CONTRACT, EstimatedItems, EstimateItemsEvent } from '../../contracts/estimate-items';
import { asSourceError, SourceError } from '../source-error';
import { InvocationContext, TimeLeft } from '../time-left';

/** Every contract ever released. */
const CONTRACTS: ReadonlyMap<number, Read<EstimateItemsEvent>> = new Map([
  [ESTIMATE_ITEMS_CONTRACT, exactly<EstimateItemsEvent>({ contract: literal(ESTIMATE_ITEMS_CONTRACT), parameters: anyObject, run: runReference })],
]);

/** As long as an answer is waited for, with all that it takes to connect: a run waits for it once, before its first page. */
const MOST_MILLISECONDS = 8_000;

/** Whether an event asks for the number of items of a run, and not for a page. */
export function asksForEstimate(event: unknown): boolean {
  const contract = memberOf(event, 'contract');
  return typeof contract === 'number' && CONTRACTS.has(contract);
}

/**
 * About how many items a run reads. Whatever is in the way, there is an answer: the run does not need one, and its first page fails with the reason.
 */
export async function estimateRunItems(input: unknown, context: InvocationContext, services: ReadServices): Promise<EstimatedItems> {
  const { config, estimateItems, now, log } = services;
  const startedAt = now();
  const asError = (message: string) => new SourceError(PagedBatchEtlErrorName.INVALID_READ_EVENT, message);
  const { parameters, run } = readReleased(CONTRACTS, input, asError, (read) => read);
  const endsAt = startedAt + MOST_MILLISECONDS;
  const time = new TimeLeft({ getRemainingTimeInMillis: () => Math.min(context.getRemainingTimeInMillis(), endsAt - now()) });
  try {
    const request = { parameters: checkParameters(parameters, config.rules), time, warn: () => {} };
    const items = await estimateItems?.(request) ?? null;
    log(estimateLine(run, 'Estimated', items, now() - startedAt));
    return { items };
  } catch (thrown) {
    log(estimateLine(run, asSourceError(thrown).name, null, now() - startedAt));
    return { items: null };
  }
}
