/** What the ledger knows of a run that is underway: of each segment, or of each page of `PageTransport.s3`; and of its end. */
import { JsonValue } from '../../../local/json';
import { Partitions, PageTransport, RunContinuation, RunLedger } from '../../../src';
import { Item, numberOf, textOf } from '../../../src/paged-batch-etl/run-ledger/function/ledger-table';
import { closeLedgers, closeStores, EtlRig, EtlRigOptions } from '../../support/etl-rig';
import { EtlStackOptions, synthEtl } from '../../support/etl-stack';

afterAll(closeLedgers);
afterAll(closeStores);

const transport = () => PageTransport.s3();
const base: EtlStackOptions = { ledger: RunLedger.table(), countsItems: true, parameters: { day: { rule: { type: 'date' } } } };
const inline: EtlStackOptions = { ...base, batchSize: 2, continuation: RunContinuation.supervised({ pagesPerSegment: 2 }) };
const s3: EtlStackOptions = { ...base, transport };
const tolerant: EtlStackOptions = { ...s3, tolerance: {} };
const input = { day: '2026-11-24' };

const itemOf = async (rig: EtlRig, sk: string): Promise<Item | undefined> => (await rig.ledgerItems()).find((each) => textOf(each, 'sk') === sk);

/** What the ledger says whenever a page is read, and at the end. */
async function watched(stack: EtlStackOptions, options: Partial<EtlRigOptions>) {
  const seen: unknown[] = [];
  const look = async (rig: EtlRig) => {
    const [range, run] = [await itemOf(rig, 'RANGE#0000'), await itemOf(rig, 'RUN')];
    seen.push([textOf(range, 'cursor') ?? null, numberOf(range, 'items'), numberOf(run, 'items'), numberOf(run, 'expectedItems'), textOf(run, 'eta') ?? null]);
  };
  const rig: EtlRig = await EtlRig.deploy({
    ...stack,
    seconds: 10,
    pageItems: 2,
    ...options,
    answer: async () => {
      await look(rig);
      return null;
    },
  }, stack);
  expect(await rig.run(input)).toMatchObject({ status: 'SUCCEEDED' });
  return { rig, seen };
}

test.each([['s3', s3], ['s3, with failures tolerated', tolerant]])('%s: of each page', async (_name, stack) => {
  const { rig, seen } = await watched(stack, { items: 8 });
  expect(seen).toEqual([
    [null, 0, 0, 8, null],
    ['2', 2, 2, 8, expect.any(String)],
    ['4', 4, 4, 8, expect.any(String)],
    ['6', 6, 6, 8, expect.any(String)],
  ]);
  // Each page takes 20 seconds, and a read is at its beginning.
  expect(seen.slice(1).map((each) => Array.isArray(each) && Date.parse(String(each[4])))).toEqual([80_000, 80_000, 80_000]);
  expect(textOf(await itemOf(rig, 'RUN'), 'eta')).toBeUndefined();
});

test('inline: of each segment', async () => {
  const { seen } = await watched(inline, { items: 8 });
  expect(seen.map((each) => Array.isArray(each) && each[0])).toEqual([null, null, '4', '4']);
});

test.each<[string, () => JsonValue]>([
  ['does not answer', () => {
    throw new Error('no answer');
  }],
  ['does not know', () => ({ items: null })],
])('a source that %s: the run goes on, and nobody knows its end', async (_what, estimate) => {
  const { rig } = await watched(s3, { items: 4, estimate });
  expect(numberOf(await itemOf(rig, 'RUN'), 'expectedItems')).toBeUndefined();
});

test('a run that goes on where another one ended is not estimated, and neither is a replay, divided or not', async () => {
  let asked = 0;
  const estimate = () => {
    asked++;
    return { items: 8 };
  };
  const tolerates = { ...s3, tolerance: { items: 10 } };
  for (const stack of [tolerates, { ...tolerates, partitions: Partitions.ofObjectIds({ workers: 2, slices: 1 }) }]) {
    const rig = await EtlRig.deploy({ ...stack, items: 8, estimate }, stack);
    const first = await rig.start(input);
    expect(await rig.ended(first)).toMatchObject({ output: { items: 8 } });
    expect(asked).toBe(1);
    expect(await rig.run({ ...input, progress: { root: first, cursor: '4', pages: 0, items: 0, segments: 0 } })).toMatchObject({ output: { items: 4 } });
    expect(asked).toBe(1);
    // The source, which knows no parameter here, refuses it: as it plans ranges, or reads the first page.
    expect((await rig.run({ ...input, replay: first })).cause).toContain('UnknownParameter');
    expect(asked).toBe(1);
    asked = 0;
  }
});

test('a page costs one more transition, or a segment does', () => {
  const of = (stack: EtlStackOptions) => synthEtl(stack).parts.transitions;
  const [page, segment] = [of({ transport }), of({})];
  expect(of(s3)).toEqual({ ofPage: page.ofPage + 1, ofSegment: page.ofSegment });
  expect(of(inline)).toEqual({ ofPage: segment.ofPage, ofSegment: segment.ofSegment + 1 });
});

test('a new segment of a run without a ledger walks all its pages without one', async () => {
  const rig = await EtlRig.deploy({ ...s3, items: 6, pageItems: 2 }, s3);
  const run = 'arn:aws:states:us-east-1:111122223333:execution:Workflow:old';
  const progress = { root: run, cursor: null, pages: 0, items: 0, segments: 0 };
  const outage = { page: -1, waits: 0, total: 0, seconds: 0 };
  const parameters = { ...input, batch_size: 2 };
  const before = { parameters, progress, failure: null, attempt: 0, outage, AWS_STEP_FUNCTIONS_STARTED_BY_EXECUTION_ID: run };
  const ended = await rig.ended(await rig.start(before, 'Segment'));
  expect(ended).toMatchObject({ status: 'SUCCEEDED', output: { done: true, progress: { items: 6, pages: 3 } } });
  expect(await rig.ledgerItems()).toEqual([]);
});
