import { PagedBatchEtlErrorName } from '../../contracts/error-names';
import { asSourceError, SourceError } from '../source-error';
import { emptyRun } from './empty-run';
import { idempotencyKeys } from './idempotency-key';
import { keyScope } from './key-scope';
import { failureLine, pageLine, PageOutcome, warningLine } from './page-log';
import type { PageRead, PageRequest, RangesReading, SourceReading, TextsRead } from './page-request';
import { GivenReadPageEvent, parseReadEvent } from './parse-read-event';
import { refuseOneRange } from './progress-check';
import { batchSizeOf, checkParameters } from './run-input';
import type { BatchLimits, LettersBucketConfig, PageBucketConfig, SourceConfig } from './source-config';
import { PartitionRule } from '../../contracts/plan-ranges';
import {
  BatchRoom, Page, READ_PAGE_CONTRACT, READ_PAGE_CONTRACT_1, READ_TOLERANTLY_CONTRACT, RunReference, TolerantPage, TolerantWrittenPage,
  WRITE_PAGE_CONTRACT, WRITE_PAGE_CONTRACT_2, WRITE_TOLERANTLY_CONTRACT, WrittenPage,
} from '../../contracts/read-page';
import { REPLAY_KEY } from '../../contracts/run-input';
import type { LetterItems } from '../letters/letter-items';
import type { LetterStore } from '../letters/letter-store';
import { refusePlace } from '../letters/letters-cursor';
import { openLetters, replayedRun } from '../letters/replay';
import type { ItemTexts } from '../page-object/item-texts';
import { writtenPage } from '../page-object/page-record';
import type { PageStore } from '../page-object/page-store';
import { writePage } from '../page-object/write-page';
import { InvocationContext, TimeLeft } from '../time-left';

export type { PageRead, PageRequest, RangesReading, SourceReading, TextsRead } from './page-request';

/** How a source is read. Both throw a `SourceError`. */
export interface PageReader {
  /** What decides which items there are and how they are told, as a text; absent where a function of the user's decides. */
  readonly decidedBy?: string;
  /** Where the items are: identifiers from elsewhere mean other items. Absent where a function of the user's reads. */
  readonly place?: string;
  /** Reads a page that travels in the state of the workflow. */
  readonly read: (request: PageRequest) => Promise<PageRead>;
  /** Hands on one item after the other, for as long as they are taken. */
  readonly readTexts: (request: SourceReading, items: ItemTexts) => Promise<TextsRead>;
  /** Makes items of the letters of a run. */
  readonly letterItems: LetterItems;
  /** Whether a cursor is one within a range; absent where a function of the user's reads. */
  readonly isOfRange?: (cursor: string) => boolean;
  /** Divides what is read into ranges, and answers the cursors that they begin with; absent where a function of the user's reads. */
  readonly planRanges?: (request: RangesReading, rule: PartitionRule) => Promise<readonly string[]>;
  /** About how many items there are; null where that takes too long to find out. Absent where a function of the user's reads. */
  readonly estimateItems?: (request: RangesReading) => Promise<number | null>;
}

/** Everything that reading a page needs of the world. */
export interface ReadServices extends PageReader {
  readonly config: SourceConfig;
  /** The bucket of pages, for an invocation that has so much time. */
  readonly openBucket: (bucket: PageBucketConfig, time: TimeLeft) => PageStore;
  /** The bucket of letters, likewise. */
  readonly openLetters: (bucket: LettersBucketConfig, time: TimeLeft) => LetterStore;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** Takes one line of JSON. */
  readonly log: (line: string) => void;
}

/** A page for the workflow, and what the log says of it. */
interface Reading {
  readonly answer: Page | WrittenPage | TolerantPage | TolerantWrittenPage;
  readonly outcome: PageOutcome;
  readonly count: number;
  readonly bytes: number;
  readonly lastKey: Date | undefined;
}

/**
 * Reads one page: what all source functions have in common. One attempt, which ends in a page or in a `SourceError`; retrying is the
 * workflow's part. The input is checked for every page, which costs nothing, because any page can be the first of its execution.
 *
 * The event says how the page travels and what there is room for, whatever the function is configured for: executions that run during a deployment go on as
 * they began.
 */
export async function readPage(input: unknown, context: InvocationContext, services: ReadServices): Promise<Page | WrittenPage> {
  const { config, now, log } = services;
  const startedAt = now();
  let run: RunReference | undefined;
  try {
    const event = parseReadEvent(input);
    run = event.run;
    const { answer, outcome, replays, ...read } = await readFor(event, new TimeLeft(context), services);
    const first = event.cursor === null && event.run.page === 0 && !replays;
    const refused = first && read.count === 0 && config.failEmptyRun;
    log(pageLine({
      functionName: config.functionName,
      run: event.run,
      done: answer.done,
      first,
      outcome: refused ? PagedBatchEtlErrorName.EMPTY_RUN : outcome,
      startedAt,
      now: now(),
      ...read,
    }));
    if (!refused) return answer;
  } catch (thrown) {
    const error = asSourceError(thrown);
    log(failureLine(run, error.name, now() - startedAt));
    throw error;
  }
  throw emptyRun();
}

async function readFor(event: GivenReadPageEvent, time: TimeLeft, services: ReadServices): Promise<Reading & { readonly replays: boolean }> {
  const { parameters, cursor, batchSize, run } = event;
  const { config, place, log } = services;
  const passesOver = event.contract === READ_TOLERANTLY_CONTRACT || event.contract === WRITE_TOLERANTLY_CONTRACT;
  const replayed = passesOver ? replayedRun(parameters, run.id, config) : undefined;
  const checked = checkParameters(parameters, config.rules, replayed === undefined ? [] : [REPLAY_KEY]);
  const scope = keyScope({ runId: run.id, place, parameters: checked, config: config.idempotency });
  const reading: SourceReading = {
    parameters: checked,
    cursor,
    batchSize: batchSizeOf(batchSize, config.maxBatchSize),
    run,
    time,
    keyScope: scope,
    idempotencyKeyOf: idempotencyKeys(scope),
    passesOver,
    warn: (message) => log(warningLine(run, message)),
  };
  if (replayed === undefined) {
    refusePlace(cursor);
    if (services.isOfRange !== undefined) refuseOneRange(parameters.progress, services.isOfRange);
    return { ...await readInto(event, reading, services), replays: false };
  }
  const { run: replayedId, bucket } = replayed;
  const letters = await openLetters({ ...services, bucket, store: services.openLetters(bucket, time), run: replayedId, runId: run.id, cursor });
  return { ...await readInto(event, reading, { ...services, ...letters }), replays: true };
}

async function readInto(event: GivenReadPageEvent, reading: SourceReading, services: ReadServices): Promise<Reading> {
  const { config } = services;
  switch (event.contract) {
    case READ_PAGE_CONTRACT_1:
      return readIntoState(reading, config.pageBytes, services);
    case READ_PAGE_CONTRACT:
    case READ_TOLERANTLY_CONTRACT:
      return readIntoState(reading, event.pageBytes, services);
    case WRITE_PAGE_CONTRACT_2:
      return readIntoBucket(reading, config.pageBucket, services);
    case WRITE_PAGE_CONTRACT:
    case WRITE_TOLERANTLY_CONTRACT:
      return readIntoBucket(reading, config.pageBucket && { ...config.pageBucket, batch: limitsOf(event.batch) }, services);
  }
}

function limitsOf({ items, ...bytes }: BatchRoom): BatchLimits {
  return { ...bytes, items: items ?? undefined };
}

async function readIntoState(reading: SourceReading, pageBytes: number, { read }: ReadServices): Promise<Reading> {
  const { page: { failed = [], ...page }, bytes, lastKey } = await read({ ...reading, pageBytes });
  const answer = reading.passesOver ? { ...page, failed } : page;
  return { answer, outcome: 'Read', count: page.items.length + failed.length, bytes: bytes ?? Buffer.byteLength(JSON.stringify(page)), lastKey };
}

async function readIntoBucket(
  reading: SourceReading, pageBucket: PageBucketConfig | undefined, { openBucket, readTexts, decidedBy }: ReadServices,
): Promise<Reading> {
  if (pageBucket === undefined) {
    throw new SourceError(
      PagedBatchEtlErrorName.TRANSPORT_CHANGED, 'The source function has no bucket for pages anymore: the transport of the construct was changed. Redrive the run',
    );
  }
  const { parameters, cursor, batchSize, passesOver, time, run, keyScope: scope } = reading;
  let lastKey: Date | undefined;
  /** A page of which nothing could be read is not stored: there is nothing to process. */
  let unreadable: TolerantPage | undefined;
  const page = await writePage({
    bucket: pageBucket,
    store: openBucket(pageBucket, time),
    runId: run.id,
    cursor,
    batchSize,
    // A run that goes on by `progress` may have other parameters than the one before it.
    // The keys of its items are part of a page, so another scope makes another page.
    decidedBy: JSON.stringify([decidedBy ?? null, parameters.given, ...(passesOver ? ['passes over'] : []), ...(scope === run.id ? [] : [scope])]),
    time,
    readInto: async (items) => {
      const read = await readTexts(reading, items);
      lastKey = read.lastKey;
      const { cursor: end, done, failed = [] } = read;
      if (items.count === 0 && failed.length > 0) unreadable = { items: [], cursor: end, done, failed };
      return read;
    },
  });
  if (page === undefined) {
    const answer = unreadable ?? { items: [], cursor: null, done: true };
    return { answer, outcome: 'Read', count: unreadable?.failed.length ?? 0, bytes: 0, lastKey };
  }
  const { keys, record, by } = page;
  const { failed = [] } = record;
  const written = writtenPage(pageBucket.name, keys, record);
  const answer = passesOver ? { ...written, failed } : written;
  return { answer, outcome: OUTCOMES[by], count: record.count + failed.length, bytes: record.bytes, lastKey };
}

const OUTCOMES = { this: 'Read', before: 'ReadBefore', another: 'ReadByAnother' } as const;
