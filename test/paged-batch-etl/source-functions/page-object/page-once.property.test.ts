import * as fc from 'fast-check';
import { Fault, FAULTS, SimulatedBucket } from './simulated-bucket';
import { expectSound, SimulatedSource } from './simulated-source';
import { WrittenPage } from '../../../../src/paged-batch-etl/contracts/read-page';
import { parseRecord, writtenPage } from '../../../../src/paged-batch-etl/source-functions/page-object/page-record';
import { writePage, WritePageOptions } from '../../../../src/paged-batch-etl/source-functions/page-object/write-page';
import { SourceError } from '../../../../src/paged-batch-etl/source-functions/source-error';
import { TimeLeft } from '../../../../src/paged-batch-etl/source-functions/time-left';
import { fcRuns, fcTimeout } from '../../../support/fc-runs';
import { RUN_ID, withTimeLeft } from '../harness';

/** So small that some items are large, most pages have several parts, and no source fits into one page. */
const BUCKET = { name: 'pages', prefix: 'p/', pageBytes: 1_500, batch: { bytes: 300, textBytes: 400 } };

const RUNS = 400;

type End = { readonly page: WrittenPage | 'nothing' } | { readonly error: string } | 'killed';

interface AttemptRules {
  /** Other than usual: what the function is told, and what decides what it reads. */
  readonly told?: Partial<Pick<WritePageOptions, 'bucket' | 'batchSize' | 'decidedBy'>>;
  readonly start?: string | null;
  readonly turn?: (name: string) => Promise<void>;
  /** What becomes of its calls, one after the other; then nothing else does. */
  readonly faults?: readonly Fault[];
}

/** One attempt at a page, as the handler makes it. */
async function attempt(bucket: SimulatedBucket, source: SimulatedSource, { told, start = null, turn, faults = [] }: AttemptRules = {}): Promise<End> {
  const left = [...faults];
  return new Promise<End>((resolve) => {
    const store = bucket.open({ turn, fault: () => left.shift() ?? 'none', killed: () => resolve('killed') });
    const page = writePage({
      bucket: BUCKET,
      store,
      runId: RUN_ID,
      cursor: start,
      batchSize: 3,
      time: new TimeLeft(withTimeLeft()),
      readInto: async (items) => source.readInto(start, items, turn && (() => turn('read'))),
      partBytes: 400,
      pause: async () => turn?.('pause'),
      ...told,
    });
    page.then(
      (found) => resolve({ page: found === undefined ? 'nothing' : writtenPage(BUCKET.name, found.keys, found.record) }),
      (error: unknown) => resolve({ error: error instanceof SourceError ? error.name : String(error) }),
    );
  });
}

function pagesOf(ends: readonly End[]): WrittenPage[] {
  return ends.flatMap((end) => (end !== 'killed' && 'page' in end && end.page !== 'nothing' ? [end.page] : []));
}

/** What every one of them has to be, whatever happened: one page, of which nothing was ever changed. */
function expectOnePage(bucket: SimulatedBucket, source: SimulatedSource, ends: readonly End[], start: string | null = null): WrittenPage | undefined {
  for (const end of ends) if (end !== 'killed' && 'error' in end) expect(end.error).toBe('PageBucketUnavailable');
  const [page, ...others] = pagesOf(ends);
  for (const other of others) expect(other).toEqual(page);
  if (page === undefined) return undefined;
  expectSound(bucket, source, start, page);
  const [record, ...more] = bucket.keys('page.json');
  expect(more).toEqual([]);
  const { object: { key, index }, count, cursor, done } = page;
  expect(JSON.parse(bucket.text(record))).toMatchObject({ key, index, count, cursor, done });
  return page;
}

const numbers = fc.uniqueArray(fc.nat(60), { minLength: 1, maxLength: 30 });

const fault: fc.Arbitrary<Fault> = fc.oneof({ weight: 4, arbitrary: fc.constant<Fault>('none') }, { weight: 1, arbitrary: fc.constantFrom(...FAULTS) });

const faults = fc.array(fault, { maxLength: 25 });

const change = fc.record({ insert: fc.boolean(), number: fc.nat(60) });

const changes = fc.array(change, { maxLength: 8 });

function apply(source: SimulatedSource, { insert, number }: { readonly insert: boolean; readonly number: number }): void {
  if (insert) source.insert(number);
  else source.delete(number);
}

test('attempts at the same moment, at a source that changes, answer the same page, and nothing of it ever changes', async () => {
  let replies = 0;
  const attemptFaults = fc.array(faults, { minLength: 2, maxLength: 4 });
  await fc.assert(fc.asyncProperty(fc.scheduler(), numbers, changes, attemptFaults, async (scheduler, ids, edits, schedules) => {
    const bucket = new SimulatedBucket();
    const source = new SimulatedSource(ids);
    const turn = async (name: string) => scheduler.schedule(Promise.resolve(), name);
    const attempts = schedules.map(async (each) => attempt(bucket, source, { turn, faults: each }));
    const edited = edits.map(async (edit) => {
      await turn('change');
      apply(source, edit);
    });
    const ends = await scheduler.waitFor(Promise.all(attempts));
    await scheduler.waitFor(Promise.all(edited));
    const page = expectOnePage(bucket, source, ends);
    replies += pagesOf(ends).length;

    // Whoever comes later answers the same, and leaves the source alone.
    const { reads } = source;
    const later = await attempt(bucket, source);
    if (page !== undefined) expect([later, source.reads]).toEqual([{ page }, reads]);
    for (const [key, times] of bucket.stored) if (key.endsWith('page.json')) expect(times).toBe(1);
  }), { numRuns: fcRuns(RUNS) });
  expect(replies).toBeGreaterThan(fcRuns(RUNS));
}, fcTimeout(RUNS));

/** Calls of an attempt that nothing disturbs, whose number all kills come from. */
async function callsOf(ids: readonly number[]): Promise<string[]> {
  const names: string[] = [];
  const turn = async (name: string) => void (name.startsWith('answer') || name === 'read' || names.push(name));
  await attempt(new SimulatedBucket(), new SimulatedSource(ids), { turn });
  return names;
}

test('whichever call an attempt is killed at, the next one answers one page, and reads the source only if none was fixed', async () => {
  const ids = Array.from({ length: 40 }, (_, index) => index);
  const calls = await callsOf(ids);
  expect(calls).toEqual(expect.arrayContaining(['readText', 'startUpload', 'uploadPart', 'completeUpload', 'put', 'putIf']));
  const fixed: string[] = [];
  for (const [index, name] of calls.entries()) {
    for (const killed of ['killedBefore', 'killedAfter'] as const) {
      const bucket = new SimulatedBucket();
      const source = new SimulatedSource(ids);
      const faultsBefore = calls.slice(0, index).map((): Fault => 'none');
      expect(await attempt(bucket, source, { faults: [...faultsBefore, killed] })).toBe('killed');
      const { reads } = source;
      source.insert(0.5);
      const wasFixed = bucket.keys('page.json').length === 1;
      const ends = [await attempt(bucket, source), await attempt(bucket, source)];
      const page = expectOnePage(bucket, source, ends);
      expect(pagesOf(ends)).toHaveLength(2);
      expect(documentCount(page)).toBeGreaterThan(5);
      expect(source.reads === reads).toBe(wasFixed);
      if (wasFixed) fixed.push(`${killed} ${name}`);
    }
  }
  expect(fixed).toEqual(['killedAfter putIf']);
});

function documentCount(page: WrittenPage | undefined): number {
  return page?.count ?? 0;
}

test('data that has expired is written again, by one attempt, and its old record is replaced once', async () => {
  const attempts = fc.integer({ min: 2, max: 4 });
  await fc.assert(fc.asyncProperty(fc.scheduler(), numbers, attempts, fc.constantFrom('.items', '.index.jsonl', '.jsonl'), async (scheduler, ids, count, suffix) => {
    const bucket = new SimulatedBucket();
    const source = new SimulatedSource(ids);
    const first = pagesOf([await attempt(bucket, source)])[0];
    const gone = bucket.keys(suffix);
    fc.pre(gone.length > 0);
    for (const key of gone) bucket.objects.delete(key);

    const turn = async (name: string) => scheduler.schedule(Promise.resolve(), name);
    const ends = await scheduler.waitFor(Promise.all(Array.from({ length: count }, async () => attempt(bucket, source, { turn }))));
    const page = expectOnePage(bucket, source, ends);
    expect(page?.object.key).not.toBe(first.object.key);
    expect(pagesOf(ends)).toHaveLength(count);
    expect(bucket.stored.get(bucket.keys('page.json')[0])).toBe(2);
    // Whoever was outrun has taken its data back.
    const left = bucket.keys('.jsonl').filter((key) => ![first.object.key, first.object.index].includes(key));
    expect(left.sort()).toEqual([page?.object.index, page?.object.key].sort());
  }), { numRuns: fcRuns(RUNS) });
}, fcTimeout(RUNS));

test('nothing is fixed where nothing is left, so that the next attempt looks again', async () => {
  const bucket = new SimulatedBucket();
  const source = new SimulatedSource([]);
  expect(await attempt(bucket, source)).toEqual({ page: 'nothing' });
  expect(bucket.objects.size).toBe(0);
  source.insert(3);
  expect(pagesOf([await attempt(bucket, source)])).toEqual([expect.objectContaining({ count: 1, cursor: '3', done: true })]);
});

test('an attempt that finds nothing anymore answers the page that another has fixed meanwhile', async () => {
  const bucket = new SimulatedBucket();
  const source = new SimulatedSource([1]);
  let fixed: End | undefined;
  const end = await attempt(bucket, source, {
    turn: async (name) => {
      if (name !== 'read' || fixed !== undefined) return;
      fixed = 'killed';
      fixed = await attempt(bucket, source);
      source.delete(1);
    },
  });
  expect(end).toEqual(fixed);
  expect(pagesOf([end])).toHaveLength(1);
});

describe('after a deployment that changed', () => {
  const usual = { bucket: BUCKET, batchSize: 3, decidedBy: '{"filter":"{}"}' };

  test.each<[string, AttemptRules['told'], boolean]>([
    ['nothing', usual, true],
    ['where the bucket says its name', { ...usual, bucket: { ...BUCKET, name: 'pages' } }, true],
    ['what a call may have', { ...usual, batchSize: 2 }, false],
    ['the items of a batch', { ...usual, bucket: { ...BUCKET, batch: { ...BUCKET.batch, items: 2 } } }, false],
    ['the bytes of a batch', { ...usual, bucket: { ...BUCKET, batch: { ...BUCKET.batch, bytes: 200 } } }, false],
    ['the bytes of a batch as a string', { ...usual, bucket: { ...BUCKET, batch: { ...BUCKET.batch, textBytes: 300 } } }, false],
    ['the size of a page', { ...usual, bucket: { ...BUCKET, pageBytes: 700 } }, false],
    ['the filter', { ...usual, decidedBy: '{"filter":"{\\"a\\":1}"}' }, false],
  ])('%s, a page that failed is the same: %p', async (_what, told, same) => {
    const bucket = new SimulatedBucket();
    const source = new SimulatedSource(Array.from({ length: 40 }, (_, index) => index));
    const [before, after] = pagesOf([await attempt(bucket, source, { told: usual }), await attempt(bucket, source, { told })]);
    expect(after.object.key === before.object.key).toBe(same);
    expectSound(bucket, source, null, after);
  });
});

test('a source that fails leaves nothing behind', async () => {
  const bucket = new SimulatedBucket();
  const source = new SimulatedSource(Array.from({ length: 40 }, (_, index) => index));
  let reads = 0;
  const end = await attempt(bucket, source, {
    turn: async (name) => {
      if (name === 'read' && (reads += 1) === 8) throw new SourceError('SourceUnavailable', 'simulated');
    },
  });
  expect(end).toEqual({ error: 'SourceUnavailable' });
  expect([bucket.objects.size, bucket.openUploads]).toEqual([0, 0]);
});

test('a record that always meets another write fails with an error that passes, and keeps its data', async () => {
  const bucket = new SimulatedBucket();
  const pauses: string[] = [];
  const source = new SimulatedSource([1]);
  const conflicts = Array.from({ length: 40 }, (): Fault => 'conflict');
  const end = await attempt(bucket, source, { faults: conflicts, turn: async (name) => void pauses.push(name) });
  expect(end).toEqual({ error: 'PageBucketUnavailable' });
  expect(pauses.filter((name) => name === 'pause')).toHaveLength(8);
  expect(bucket.keys('.jsonl')).toHaveLength(2);
});

test.each([
  ['no JSON', 'page'],
  ['another contract', '{"contract":2}'],
  ['an index of another page', '{"contract":1,"key":"p/run/hash/x.jsonl","index":"p/other/x.index.jsonl","count":1,"cursor":null,"done":true,"bytes":1,"itemBytes":0}'],
  ['data of another page', '{"contract":1,"key":"p/other/x.jsonl","index":"p/run/hash/x.index.jsonl","count":1,"cursor":null,"done":true,"bytes":1,"itemBytes":0}'],
])('a record that is %s is neither believed nor replaced', async (_what, text) => {
  expect(() => parseRecord(text, { folder: 'p/run/hash/', record: 'p/run/hash/page.json' })).toThrow(expect.objectContaining({ name: 'PageBucketRefused' }));
});
