import { NotTolerated } from './not-tolerated';
import { toldFailure } from './whose-failure';
import { memberOf } from '../../../private/runtime/member-of';
import { CallFailure, ItemFailure, PageItems } from '../../contracts/collect-failures';
import { PagedBatchEtlErrorName } from '../../contracts/error-names';
import { FailedItem } from '../../contracts/read-page';

/** A failed item, with its document where that is known. */
export interface FailedDocument extends FailedItem {
  readonly item?: unknown;
  readonly itemAt?: unknown;
}

/** An item of a page, as far as letters need it. */
export interface KnownItem {
  readonly itemIdentifier: string;
  readonly idempotencyKey: string;
  readonly item?: unknown;
  readonly itemAt?: unknown;
}

/** The items of a page that travelled in the state. */
export function knownItems({ identifiers, keys, documents }: PageItems): KnownItem[] {
  return identifiers.map((itemIdentifier, index) => ({
    itemIdentifier, idempotencyKey: keys[index], ...(documents === null ? {} : { item: documents[index] }),
  }));
}

/** All items of a call that failed. */
export function ofCall(failure: CallFailure, items: readonly KnownItem[]): FailedDocument[] {
  const told = toldFailure(failure, false);
  return items.map((item) => ({ ...item, ...told }));
}

/**
 * Items whose calls failed.
 *
 * @param first place in the page of the first of `items`
 */
export function ofItems(failed: readonly ItemFailure[], items: readonly KnownItem[], first = 0): FailedDocument[] {
  return failed.map(({ index, error, cause = '' }) => {
    const item = items.at(index - first);
    if (item === undefined) throw new RangeError('An item failed that is not in the page');
    return { ...item, ...toldFailure({ Error: error, Cause: cause }, true) };
  });
}

/**
 * Items that a processor named, each once.
 *
 * @throws NotTolerated InvalidBatchAnswer where it named something else: then nobody knows what failed
 */
export function ofNames(named: readonly unknown[], items: readonly KnownItem[]): FailedDocument[] {
  const byIdentifier = new Map(items.map((item) => [item.itemIdentifier, item]));
  const identifiers = new Set(named.map((entry, index) => {
    const identifier = memberOf(entry, 'itemIdentifier');
    if (typeof identifier === 'string' && byIdentifier.has(identifier)) return identifier;
    throw new NotTolerated(PagedBatchEtlErrorName.INVALID_BATCH_ANSWER, `${PagedBatchEtlErrorName.INVALID_BATCH_ANSWER}: batchItemFailures[${index}] of the answer of the processor `
      + 'must be an object whose itemIdentifier is that of an item that it was called with. So it is not known which items failed');
  }));
  return items.filter(({ itemIdentifier }) => identifiers.has(itemIdentifier)).map((item) => ({ ...item, ...NAMED }));
}

const NAMED = { error: PagedBatchEtlErrorName.BATCH_ITEMS_FAILED, cause: 'The processor named it in batchItemFailures' };
