import { FailedDocument, KnownItem, ofCall, ofItems, ofNames } from './page-failures';
import { toldFailure } from './whose-failure';
import { anyObject, atLeast, listOf, Read, ShapeError, text, wholeNumber, optional } from '../../../private/shape/json-shape';
import { BatchOutcome, CallFailure, FailedBatches, ItemFailure } from '../../contracts/collect-failures';
import { PagedBatchEtlErrorName } from '../../contracts/error-names';
import { SourceError } from '../../source-functions/source-error';

/** The bucket of pages, as far as failures are looked for in it. */
export interface BatchStore {
  readText(key: string): Promise<{ readonly text: string } | undefined>;
  /** @param range as the header `Range` of HTTP */
  readRange(key: string, range: string): Promise<string | undefined>;
}

const anything: Read<unknown> = (value) => value;

export const callFailure = atLeast<CallFailure>({ Error: text, Cause: optional(text) });

export const itemFailure = atLeast<ItemFailure>({ index: wholeNumber, error: text, cause: optional(text) });

const batchOutcome = atLeast<BatchOutcome>({
  range: text, first: optional(wholeNumber), failed: optional(listOf(itemFailure)), named: optional(listOf(anything)), failure: optional(callFailure),
});

const manifest = atLeast<{ readonly ResultFiles: { readonly SUCCEEDED: readonly { readonly Key: string }[] } }>({
  ResultFiles: atLeast({ SUCCEEDED: listOf(atLeast({ Key: text })) }),
});

/**
 * The failed items of a page of batches, batch by batch, so that never more documents are in memory than those of one.
 *
 * @throws NotTolerated where a call failed that has not looked at its items, before any item is told of, or by an answer that names none of its items
 */
export async function* ofBatches({ manifest: manifestKey, key }: FailedBatches, store: BatchStore): AsyncGenerator<readonly FailedDocument[]> {
  const outcomes = await outcomesOf(manifestKey, store);
  for (const { failure, failed = [] } of outcomes) {
    if (failure !== undefined) toldFailure(failure, false);
    for (const { error, cause } of failed) toldFailure({ Error: error, Cause: cause }, true);
  }
  for (const { range, first, failed = [], named = [], failure } of outcomes) {
    if (failure === undefined && failed.length === 0 && named.length === 0) continue;
    const items = await itemsAt(key, range, store);
    yield failure === undefined ? [...ofItems(failed, items, first), ...ofNames(named, items)] : ofCall(failure, items);
  }
}

/** What executions answered that told of failures. */
async function outcomesOf(manifestKey: string, store: BatchStore): Promise<BatchOutcome[]> {
  const { ResultFiles: { SUCCEEDED } } = read(manifest, await readAll(manifestKey, store), manifestKey);
  const outcomes: BatchOutcome[] = [];
  for (const { Key } of SUCCEEDED) {
    for (const line of (await readAll(Key, store)).split('\n')) {
      const told = line === '' ? {} : read(anyObject, line, Key);
      if ('range' in told) outcomes.push(read(batchOutcome, line, Key));
    }
  }
  return outcomes;
}

const knownItem = atLeast<KnownItem>({ itemIdentifier: text, idempotencyKey: text, item: anything, itemAt: anything });

async function itemsAt(key: string, range: string, store: BatchStore): Promise<readonly KnownItem[]> {
  const batch = await store.readRange(key, range);
  if (batch === undefined) throw gone(key);
  return read(listOf(knownItem), batch, key);
}

async function readAll(key: string, store: BatchStore): Promise<string> {
  const stored = await store.readText(key);
  if (stored === undefined) throw gone(key);
  return stored.text;
}

function gone(key: string): SourceError {
  return new SourceError(PagedBatchEtlErrorName.PAGE_BUCKET_REFUSED, `${key} is not in the bucket of pages anymore: it was deleted, or has expired. Redrive the run`);
}

function read<T>(shape: Read<T>, json: string, key: string): T {
  try {
    const value: unknown = JSON.parse(json);
    return shape(value, 'it');
  } catch (error) {
    if (!(error instanceof ShapeError) && !(error instanceof SyntaxError)) throw error;
    throw new SourceError(PagedBatchEtlErrorName.PAGE_BUCKET_REFUSED, `${key} in the bucket of pages is not what Step Functions or the source function writes there`);
  }
}
