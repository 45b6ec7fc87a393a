import { setImmediate as turn } from 'node:timers/promises';
import * as fc from 'fast-check';
import { batchesOf } from './read-batches';
import { Fault, FAULTS, SimulatedBucket } from './simulated-bucket';
import { documentOf } from './simulated-source';
import { PageItem, WrittenPage } from '../../../../src/paged-batch-etl/contracts/read-page';
import { idempotencyKey } from '../../../../src/paged-batch-etl/source-functions/reader/idempotency-key';
import { InvokeSource, readFromFunction } from '../../../../src/paged-batch-etl/source-functions/reader/read-from-function';
import { readPage, ReadServices } from '../../../../src/paged-batch-etl/source-functions/reader/read-page';
import { SourceError } from '../../../../src/paged-batch-etl/source-functions/source-error';
import { fcRuns, fcTimeout } from '../../../support/fc-runs';
import { NO_LETTERS, readEvent, RULES, RUN_ID, withTimeLeft } from '../harness';

const RUNS_AT_ONCE = 64;

const RUNS = 20;

/** Documents of the source. */
const DOCUMENTS = 90;

/** Runs that keep failing are not to fail for ever. */
const MOST_ATTEMPTS = 40;

const pageBucket = { name: 'pages', prefix: '', pageBytes: 1_800, batch: { bytes: 300, textBytes: 400 } };

/** Answers documents in order; the cursor is how many have been read. */
const source: InvokeSource = async (payload) => {
  const { cursor, batchSize } = JSON.parse(payload);
  const start = Number(cursor ?? 0);
  const end = Math.min(DOCUMENTS, start + batchSize);
  const items = Array.from({ length: end - start }, (_, index) => ({ itemIdentifier: `${start + index}`, item: documentOf(start + index) }));
  return { payload: JSON.stringify({ items, cursor: `${end}`, done: end === DOCUMENTS }) };
};

/** Trouble in the order in which it comes; after it, there is none. */
interface Trouble {
  readonly faults: readonly Fault[];
  /** Which calls of the source fail. */
  readonly failures: readonly boolean[];
  /** How many attempts there are at a page at the same moment. */
  readonly attempts: readonly number[];
}

const NO_TROUBLE: Trouble = { faults: [], failures: [], attempts: [] };

class Run {
  private readonly faults: Fault[];
  private readonly failures: boolean[];
  private readonly attempts: number[];

  constructor(private readonly bucket: SimulatedBucket, private readonly id: string, { faults, failures, attempts }: Trouble) {
    this.faults = [...faults];
    this.failures = [...failures];
    this.attempts = [...attempts];
  }

  /** What the run processes, page by page. */
  async items(): Promise<PageItem[]> {
    const items: PageItem[] = [];
    let cursor: string | null = null;
    for (let page = 0, done = false; !done; page += 1) {
      const written: WrittenPage = await this.page(cursor, page);
      items.push(...this.itemsOf(written));
      ({ cursor, done } = written);
    }
    return items;
  }

  /** As Step Functions does: another attempt after each one that failed, or two at once where the answer to the first was late. */
  private async page(cursor: string | null, page: number): Promise<WrittenPage> {
    for (let tries = 0; tries < MOST_ATTEMPTS; tries += 1) {
      const count = this.attempts.shift() ?? 1;
      const ends = await Promise.all(Array.from({ length: count }, async () => this.attempt(cursor, page)));
      const written = ends.filter((end) => end !== undefined);
      for (const each of written) expect(each).toEqual(written[0]);
      if (written.length > 0) return written[0];
    }
    throw new Error('the page was never written');
  }

  private async attempt(cursor: string | null, page: number): Promise<WrittenPage | undefined> {
    const event = readEvent({ contract: 2, cursor, run: { id: this.id, page } });
    return new Promise((resolve, reject) => {
      readPage(event, withTimeLeft(), this.services(() => resolve(undefined))).then((answer) => {
        if ('items' in answer) reject(new Error('nothing was left'));
        else resolve(answer);
      }, (error: unknown) => {
        if (error instanceof SourceError && ['PageBucketUnavailable', 'SourceFunctionFailed'].includes(error.name)) resolve(undefined);
        else reject(error);
      });
    });
  }

  private services(killed: () => void): ReadServices {
    const fault = () => this.faults.shift() ?? 'none';
    return {
      config: { rules: RULES, pageBytes: 1, maxBatchSize: 100, failEmptyRun: false, functionName: 'reader', pageBucket },
      ...readFromFunction(async (payload, signal) => {
        await turn();
        return this.failures.shift() === true ? { payload: '{"errorType":"Error"}', functionError: 'Unhandled' } : source(payload, signal);
      }),
      openBucket: () => this.bucket.open({ fault, killed, turn: async () => turn() }),
      openLetters: NO_LETTERS.openLetters,
      now: Date.now,
      log: () => undefined,
    };
  }

  private itemsOf({ object: { key, index }, count }: WrittenPage): PageItem[] {
    const lines = batchesOf(this.bucket.bytes(key), this.bucket.text(index)).flat();
    expect(lines).toHaveLength(count);
    return lines.map((line) => {
      if ('item' in line) return line;
      const { itemAt, ...item } = line;
      const text = this.bucket.objects.get(itemAt.Key)?.subarray(itemAt.Offset, itemAt.Offset + itemAt.Length).toString();
      return { ...item, item: JSON.parse(text ?? '') };
    });
  }
}

const runId = (number: number): string => `${RUN_ID}-${number}`;

const fault: fc.Arbitrary<Fault> = fc.oneof({ weight: 3, arbitrary: fc.constant<Fault>('none') }, { weight: 1, arbitrary: fc.constantFrom(...FAULTS) });

const trouble: fc.Arbitrary<Trouble> = fc.record({
  faults: fc.array(fault, { maxLength: 60 }),
  failures: fc.array(fc.boolean(), { maxLength: 10 }),
  attempts: fc.array(fc.integer({ min: 1, max: 3 }), { maxLength: 10 }),
});

test('64 runs at once, through any trouble, each process what one undisturbed run does', async () => {
  const undisturbed = await new Run(new SimulatedBucket(), runId(0), NO_TROUBLE).items();
  expect(undisturbed.map(({ item }) => item)).toEqual(Array.from({ length: DOCUMENTS }, (_, number) => documentOf(number)));
  // To look for less trouble that does the same would take hours.
  const troubles = fc.noShrink(fc.array(trouble, { minLength: RUNS_AT_ONCE, maxLength: RUNS_AT_ONCE, size: 'max' }));
  await fc.assert(fc.asyncProperty(troubles, async (each) => {
    const bucket = new SimulatedBucket();
    const runs = await Promise.all(each.map(async (one, number) => new Run(bucket, runId(number), one).items()));
    for (const [number, items] of runs.entries()) {
      expect(items).toEqual(undisturbed.map((item) => ({ ...item, idempotencyKey: idempotencyKey(runId(number), item.itemIdentifier) })));
    }
    // No record was ever changed: each is the first and only one of its page.
    for (const key of bucket.keys('page.json')) expect(bucket.stored.get(key)).toBe(1);
  }), { numRuns: fcRuns(RUNS) });
}, fcTimeout(RUNS));
