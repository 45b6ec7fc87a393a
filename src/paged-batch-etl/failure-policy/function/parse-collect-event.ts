import { callFailure, itemFailure } from './batch-failures';
import { readReleased } from '../../../private/runtime/released-contracts';
import { anyObject, exactly, flag, listOf, literal, Read, ShapeError, text, wholeNumber, finiteNumber } from '../../../private/shape/json-shape';
import {
  COLLECT_FAILURES_CONTRACT, CollectFailuresEvent, CollectingRun, FailureLimits, PageFailures, PageItems, ProcessedPage, RunCounts,
} from '../../contracts/collect-failures';
import { PagedBatchEtlErrorName } from '../../contracts/error-names';
import { FailedItem } from '../../contracts/read-page';
import { SourceError } from '../../source-functions/source-error';

function orNull<T>(read: Read<T>): Read<T | null> {
  return (value, place) => (value === null ? null : read(value, place));
}

const anything: Read<unknown> = (value) => value;

const pageItems: Read<PageItems> = (value, place) => {
  const read = exactly<PageItems>({ identifiers: listOf(text), keys: listOf(text), documents: orNull(listOf(anything)) })(value, place);
  const { identifiers: { length }, keys, documents } = read;
  if (keys.length !== length || (documents !== null && documents.length !== length)) throw new ShapeError(place, 'lists of the same length');
  return read;
};

const KINDS: { readonly [K in PageFailures['kind']]: Read<PageFailures> } = {
  none: exactly({ kind: literal('none') }),
  named: exactly({ kind: literal('named'), named: listOf(anything), items: pageItems }),
  call: exactly({ kind: literal('call'), failure: callFailure, items: pageItems }),
  items: exactly({ kind: literal('items'), failed: listOf(itemFailure), items: pageItems }),
  batches: exactly({ kind: literal('batches'), bucket: text, manifest: text, key: text }),
};

const pageFailures: Read<PageFailures> = (value, place) => {
  const { kind } = anyObject(value, place);
  const known = Object.entries(KINDS).find(([name]) => name === kind);
  if (known === undefined) throw new ShapeError(`${place}.kind`, `one of ${Object.keys(KINDS).join(', ')}`);
  return known[1](value, place);
};

const failedItem = exactly<FailedItem>({ itemIdentifier: text, idempotencyKey: text, error: text, cause: text });

/** Every contract ever released, and how its event is read. */
const CONTRACTS: ReadonlyMap<number, Read<CollectFailuresEvent>> = new Map([
  [1, exactly<CollectFailuresEvent>({
    contract: literal(COLLECT_FAILURES_CONTRACT),
    run: exactly<CollectingRun>({ id: text, page: wholeNumber }),
    cursor: orNull(text),
    next: exactly<ProcessedPage>({ cursor: orNull(text), done: flag, count: wholeNumber, unreadable: listOf(failedItem), pages: wholeNumber }),
    counts: exactly<RunCounts>({ items: wholeNumber, failed: wholeNumber }),
    limits: exactly<FailureLimits>({ items: orNull(wholeNumber), percentage: orNull(finiteNumber) }),
    failures: pageFailures,
  })],
]);

/** Reads the event; what is not exactly a released shape is refused. */
export function parseCollectEvent(event: unknown): CollectFailuresEvent {
  return readReleased(CONTRACTS, event, (message) => new SourceError(PagedBatchEtlErrorName.INVALID_COLLECT_EVENT, message), (read) => read);
}
