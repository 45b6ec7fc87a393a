import { BatchStore, ofBatches } from './batch-failures';
import { CollectorConfig } from './collector-config';
import { isOverLimit, tooManyCause } from './failure-limits';
import { letterLine } from './letters';
import { NotTolerated } from './not-tolerated';
import { FailedDocument, knownItems, ofCall, ofItems, ofNames } from './page-failures';
import { parseCollectEvent } from './parse-collect-event';
import { errorCode } from '../../../private/runtime/error-code';
import { CollectedPage, CollectFailuresEvent, PageFailures } from '../../contracts/collect-failures';
import { PagedBatchEtlErrorName } from '../../contracts/error-names';
import { SourceMetric } from '../../contracts/source-metric';
import { lettersFolder, lettersKey } from '../../source-functions/letters/letter-keys';
import { ObjectUpload } from '../../source-functions/page-object/object-upload';
import type { PageStore } from '../../source-functions/page-object/page-store';
import { SourceError } from '../../source-functions/source-error';
import { InvocationContext, TimeLeft } from '../../source-functions/time-left';

/** Everything that collecting failures needs of the world. */
export interface CollectorServices {
  readonly config: CollectorConfig;
  readonly openLetters: (bucket: { readonly name: string }, time: TimeLeft) => PageStore;
  readonly openPages: (bucket: { readonly name: string }, time: TimeLeft) => BatchStore;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** Takes one line of JSON. */
  readonly log: (line: string) => void;
}

/**
 * Writes a letter for every item of the page that failed, in one object whose key is the same for every attempt at the page, and tells whether the run may go
 * on. A page in which nothing failed has no letters, so those of an attempt before are removed.
 *
 * @throws SourceError DeadLettersUnavailable, DeadLettersRefused or InvalidCollectEvent; PageBucketUnavailable or PageBucketRefused where the page is in a bucket
 */
export async function collectFailures(input: unknown, context: InvocationContext, services: CollectorServices): Promise<CollectedPage> {
  try {
    const event = parseCollectEvent(input);
    return await collect(event, new TimeLeft(context), services);
  } catch (error) {
    if (error instanceof SourceError) throw error;
    throw new SourceError(PagedBatchEtlErrorName.DEAD_LETTERS_REFUSED, `The function that collects failures failed${errorCode(error)}`);
  }
}

async function collect(event: CollectFailuresEvent, time: TimeLeft, services: CollectorServices): Promise<CollectedPage> {
  const { next: { cursor, done, pages, count, unreadable }, counts, limits, run } = event;
  const { config: { bucket, prefix } } = services;
  const end = { cursor, done, pages };
  let named: number;
  try {
    named = await writeLetters(event, time, services);
  } catch (error) {
    if (!(error instanceof NotTolerated)) throw error;
    return { ...end, count: 0, failed: 0, verdict: 'notTolerated', error: error.error, cause: error.reason };
  }
  const failed = named + unreadable.length;
  const page = { count: count - named, failed };
  services.log(failedLine(event, failed, services));
  const sums = { items: counts.items + page.count, failed: counts.failed + page.failed };
  if (!isOverLimit(sums, limits, done)) return { ...end, ...page, verdict: 'goOn', error: '', cause: '' };
  const cause = tooManyCause(sums, limits, `s3://${bucket}/${lettersFolder(prefix, run.id)}`);
  // A run that ends without a cursor could only go on at its beginning: so it goes on at this page.
  const place = cursor === null ? { cursor: event.cursor, done, pages: 0, count: 0, failed: 0 } : { ...end, ...page };
  return { ...place, verdict: 'tooMany', error: PagedBatchEtlErrorName.TOO_MANY_FAILED_ITEMS, cause };
}

/** Answers how many of the items failed that were handed to the processor. */
async function writeLetters(event: CollectFailuresEvent, time: TimeLeft, { config, openLetters, openPages }: CollectorServices): Promise<number> {
  const { run, cursor, next: { unreadable }, failures } = event;
  const store = openLetters({ name: config.bucket }, time);
  const upload = new ObjectUpload(store, lettersKey(config.prefix, run.id, cursor));
  const place = { run: run.id, page: run.page, withDocuments: config.withDocuments };
  let failed = 0;
  try {
    for (const item of unreadable) upload.add(letterLine(item, place));
    for await (const some of failuresOf(failures, () => openPages(failures.kind === 'batches' ? { name: failures.bucket } : { name: config.bucket }, time))) {
      for (const item of some) upload.add(letterLine(item, place));
      failed += some.length;
      await upload.flush();
    }
    if (upload.bytes > 0) await upload.finish();
    else await store.delete([upload.key]);
    return failed;
  } catch (error) {
    await upload.abandon();
    throw error;
  }
}

async function* failuresOf(failures: PageFailures, openPages: () => BatchStore): AsyncGenerator<readonly FailedDocument[]> {
  switch (failures.kind) {
    case 'none':
      return;
    case 'named':
      yield ofNames(failures.named, knownItems(failures.items));
      return;
    case 'call':
      yield ofCall(failures.failure, knownItems(failures.items));
      return;
    case 'items':
      yield ofItems(failures.failed, knownItems(failures.items));
      return;
    case 'batches':
      yield* ofBatches(failures, openPages());
  }
}

/** One line of JSON with the metric in CloudWatch's embedded metric format: how many items failed, and never which. */
function failedLine({ run }: CollectFailuresEvent, failed: number, { config: { functionName }, now }: CollectorServices): string {
  return JSON.stringify({
    _aws: {
      Timestamp: now(),
      CloudWatchMetrics: [{ Namespace: SourceMetric.NAMESPACE, Dimensions: [[SourceMetric.DIMENSION]], Metrics: [{ Name: SourceMetric.FAILED_ITEMS, Unit: 'Count' }] }],
    },
    [SourceMetric.DIMENSION]: functionName,
    [SourceMetric.FAILED_ITEMS]: failed,
    Run: run.id,
    Page: run.page,
  });
}
