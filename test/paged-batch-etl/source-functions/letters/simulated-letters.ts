/** A bucket of letters in memory, and the function that reads them in place of a source of the user's. */
import { createHash } from 'node:crypto';
import type { DeadLetter } from '../../../../src/paged-batch-etl/contracts/collect-failures';
import { Page, PassedOver, WrittenPage } from '../../../../src/paged-batch-etl/contracts/read-page';
import type { LetterStore, ListedObject, ListOptions } from '../../../../src/paged-batch-etl/source-functions/letters/letter-store';
import { answerEvent } from '../../../../src/paged-batch-etl/source-functions/reader/answer-event';
import { readFromFunction } from '../../../../src/paged-batch-etl/source-functions/reader/read-from-function';
import { ReadServices } from '../../../../src/paged-batch-etl/source-functions/reader/read-page';
import { PageBucketConfig } from '../../../../src/paged-batch-etl/source-functions/reader/source-config';
import { SourceError } from '../../../../src/paged-batch-etl/source-functions/source-error';
import { withTimeLeft } from '../harness';
import { batchesOf } from '../page-object/read-batches';
import { SimulatedBucket } from '../page-object/simulated-bucket';

export const MACHINE = 'arn:aws:states:eu-west-1:111122223333:execution:metrics';
export const PREFIX = 'dead-letters/';
const PAGES: PageBucketConfig = { name: 'pages', prefix: 'etl/', pageBytes: 4_000, batch: { bytes: 1_000, textBytes: 1_200 } };

export interface LettersTrouble {
  /** May fail a call, or be told that there was one. */
  readonly onCall?: (name: 'list' | 'readBytes' | 'put') => void;
  /** Objects that are listed at once. */
  readonly listed?: number;
}

/** The objects of the bucket. Callers are refused what nobody may do: to change letters. */
export class SimulatedLetters implements LetterStore {
  readonly objects = new Map<string, Buffer>();
  /** Keys that were stored, one after the other. */
  readonly stored: string[] = [];

  constructor(public trouble: LettersTrouble = {}) {}

  /** Writes letters as the function that collects failures does. Answers the hash in the name of their object. */
  write(run: string, page: string, letters: readonly Partial<DeadLetter>[]): string {
    const hash = createHash('sha256').update(page).digest('hex');
    const lines = letters.map((letter) => JSON.stringify({ error: 'Broken', cause: 'it is broken', run, page: 0, idempotencyKey: `key of ${letter.itemIdentifier}`, ...letter }));
    this.objects.set(`${PREFIX}${run.slice(run.lastIndexOf(':') + 1)}/${hash}.jsonl`, Buffer.from(lines.map((line) => `${line}\n`).join('')));
    return hash;
  }

  get receipts(): string[] {
    return this.stored.filter((key) => key.startsWith(`${PREFIX}receipts/`));
  }

  async* list({ prefix, flat = false, startAfter = '' }: ListOptions): AsyncGenerator<readonly ListedObject[]> {
    const { listed = 3 } = this.trouble;
    for (let after = startAfter; ;) {
      this.trouble.onCall?.('list');
      const keys = [...this.objects.keys()].filter((key) => key.startsWith(prefix) && key > after && !(flat && key.slice(prefix.length).includes('/'))).sort();
      const some = keys.slice(0, listed);
      yield some.map((key) => ({ key, etag: this.etag(key), size: this.objects.get(key)?.length ?? 0 }));
      if (keys.length <= listed) return;
      after = some[some.length - 1];
    }
  }

  async readBytes({ key, etag }: Pick<ListedObject, 'key' | 'etag'>, first: number, last: number): Promise<Buffer | undefined> {
    this.trouble.onCall?.('readBytes');
    if (!this.objects.has(key) || this.etag(key) !== etag) return undefined;
    return this.objects.get(key)?.subarray(first, last + 1);
  }

  async put(key: string, body: Buffer): Promise<void> {
    this.trouble.onCall?.('put');
    if (!key.startsWith(`${PREFIX}receipts/`)) throw new Error(`letters are changed: ${key}`);
    this.objects.set(key, body);
    this.stored.push(key);
  }

  private etag(key: string): string {
    return `"${createHash('md5').update(this.objects.get(key) ?? '').digest('hex')}"`;
  }
}

export function unavailable(): SourceError {
  return new SourceError('DeadLettersUnavailable', 'simulated');
}

/** What a page of a replay has. */
export interface ReplayedPage {
  readonly items: readonly { readonly itemIdentifier: string; readonly idempotencyKey: string; readonly item?: unknown }[];
  readonly failed: PassedOver['failed'];
  readonly cursor: string | null;
  readonly done: boolean;
}

export interface ReplayReaderOptions {
  readonly letters: SimulatedLetters;
  readonly inline: boolean;
  readonly batchSize: number;
  readonly pageBytes?: number;
  readonly milliseconds?: number;
}

/** Asks for pages of a replay as a run does; undefined where nothing is left. */
export function replayReader({ letters, inline, batchSize, pageBytes = 2_000, milliseconds }: ReplayReaderOptions) {
  const pages = new SimulatedBucket();
  const lines: string[] = [];
  const services: ReadServices = {
    config: {
      rules: {}, pageBytes: 1, maxBatchSize: 100, failEmptyRun: true, functionName: 'reader', pageBucket: PAGES, letters: { name: 'letters', prefix: PREFIX },
    },
    ...readFromFunction(async () => {
      throw new Error('the source is asked for a page');
    }, { bucket: PAGES.name, open: () => ({ readRange: async (key, range) => rangeOf(pages, key, range) }) }),
    openBucket: () => pages.open(),
    openLetters: () => letters,
    now: () => Date.UTC(2026, 10, 30),
    log: (line) => void lines.push(line),
  };
  const room = inline ? { contract: 5, pageBytes } : { contract: 6, batch: { bytes: 1_000, textBytes: 1_200, items: null } };
  const page = async (replay: unknown, root: string, cursor: string | null, number = 0): Promise<ReplayedPage | undefined> => {
    try {
      const parameters = { batch_size: batchSize, ...replay !== undefined && { replay } };
      const event = { ...room, parameters, cursor, batchSize, run: { id: root, page: number } };
      const answer = await answerEvent(event, withTimeLeft(milliseconds), services);
      if (!('done' in answer)) throw new Error('only a page was asked for');
      return { ...answer, items: 'items' in answer ? answer.items : linesOf(pages, answer), failed: failedOf(answer) };
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      if (error.name === 'NoItemsLeft') return undefined;
      if (error.name !== 'NoReadableItems') throw error;
      const told: Pick<ReplayedPage, 'cursor' | 'done' | 'failed'> = JSON.parse(error.message);
      return { items: [], ...told };
    }
  };
  return { page, lines, pages, services };
}

function rangeOf(pages: SimulatedBucket, key: string, range: string): string | undefined {
  const [, first, last] = /^bytes=(\d+)-(\d+)$/.exec(range) ?? [];
  return pages.objects.get(key)?.subarray(Number(first), Number(last) + 1).toString();
}

function failedOf({ failed }: (Page | WrittenPage) & Partial<PassedOver>): PassedOver['failed'] {
  if (failed === undefined) throw new Error('the page does not say what failed');
  return failed;
}

function linesOf(pages: SimulatedBucket, { object: { key, index } }: WrittenPage): ReplayedPage['items'] {
  return batchesOf(pages.bytes(key), pages.text(index)).flat().map((line) => {
    if ('item' in line) return line;
    const { Key, Offset, Length } = line.itemAt;
    return { ...line, item: JSON.parse(pages.bytes(Key).subarray(Offset, Offset + Length).toString()) };
  });
}
