/** What the benchmark prints, and the tables in the docs tell, is what the simulated runs use. */
import { Tally } from '../../bench/etl/measured';
import { KINDS, simulationOf, subjectOf } from '../../bench/etl/subject';
import { dividedRun } from '../../bench/etl/workers';
import { ASSUMED, RunAssumptions } from '../../projenrc/tools/tables/etl-assumptions';
import { estimateRun, RunKind } from '../../projenrc/tools/tables/etl-estimate';
import { objectPage, writerUsage } from '../../projenrc/tools/tables/etl-pages';
import { itemText, sampleDocument } from '../../projenrc/tools/tables/etl-sample';
import { billOf, differences, inAll, NO_USAGE, ofStepFunctions, Usage } from '../../projenrc/tools/tables/etl-usage';
import { PageTransport, RunContinuation } from '../../src';
import { PageStore } from '../../src/paged-batch-etl/source-functions/page-object/page-store';
import { writePage } from '../../src/paged-batch-etl/source-functions/page-object/write-page';
import { TimeLeft } from '../../src/paged-batch-etl/source-functions/time-left';
import { simulate, SimulationOptions } from '../support/etl-simulation';
import { processors } from '../support/etl-stack';
import { Replay } from '../support/simulation/replay';

/** Functions that are imported, or slow. */
const withoutExpress: readonly RunKind[] = [
  { transport: 'inline', processor: 'perItem', withoutExpress: true },
  { transport: 's3', processor: 'perItem', withoutExpress: true },
  { transport: 's3', processor: 'perBatch', withoutExpress: true },
];

test.each([
  ...[...KINDS, ...withoutExpress].map((kind) => [subjectOf(kind).name, kind, {}] satisfies [string, RunKind, Partial<RunAssumptions>]),
  // With more calls at a time, there are fewer of them in an execution for each item, and so in a batch.
  ...[...KINDS, ...withoutExpress.slice(-1)].filter(({ processor }) => processor !== 'stateMachine').map((kind) => [
    `${subjectOf(kind).name}, where starts are what takes long`, kind, { concurrency: kind.processor === 'perItem' ? 40 : 500, expressStarts: 10, standardStarts: 10 },
  ] satisfies [string, RunKind, Partial<RunAssumptions>]),
])('%s: a run uses and takes what is estimated of it', async (_, kind, changes) => {
  const assumed = { ...ASSUMED, ...changes };
  const subject = subjectOf(kind);
  const documents = 3 * subject.shape.pageDocuments + 7;
  // Pages whose items are processed in the segment itself are not replayed.
  const replay = kind.transport === 'inline' && kind.withoutExpress ? undefined : new Replay({ pages: 2 });
  const run = await simulate(simulationOf(subject, documents, assumed, replay));
  const estimate = estimateRun(kind, subject.shape, documents, assumed);
  expect(run.output).toEqual({ items: documents, pages: estimate.pages, segments: estimate.segments });
  expect(differences(run.usage, estimate.usage)).toEqual([]);
  expect(run.virtualMilliseconds / estimate.milliseconds).toBeCloseTo(1, 2);
});

test('what a run costs, from its states, calls and requests', async () => {
  const assumed = { ...ASSUMED, readerMemory: 1_024, processorMemory: 2_048, storedDays: 15 };
  const options: SimulationOptions = {
    items: 10,
    pageItems: 5,
    lineBytes: 1_000,
    transport: () => PageTransport.s3(),
    processor: processors.expressItems,
    readMilliseconds: () => 2_000,
    processMilliseconds: () => 150,
    readUsage: () => ({ readerWrites: 5, readerReads: 1, storedGigabytes: 0.5 }),
  };
  const bill = billOf((await simulate(options)).usage, assumed);
  // Two pages of three states, four states for the segment, three around it; each page a batch, read in 30 ms and processed in 150, which is billed as 200.
  expect(bill.transitions).toBeCloseTo((2 * 3 + 4 + 3) * 0.000025, 12);
  expect(bill.childStarts).toBeCloseTo(2 * 0.000025, 12);
  expect(bill.express).toBeCloseTo(2 * 0.000001 + 2 * 0.2 * (64 / 1_024) * (0.06 / 3_600), 12);
  expect(bill.reader).toBeCloseTo(2 * 0.0000002 + 2 * 2 * 1 * 0.0000166667, 12);
  expect(bill.processor).toBeCloseTo(10 * 0.0000002 + 10 * 0.15 * 2 * 0.0000166667, 12);
  // The reader's, and two files of results a page with three requests each.
  expect(bill.requests).toBeCloseTo((2 * 5 + 2 * 6) * 0.000005 + (2 * 1 + 2 * 2) * 0.0000004, 12);
  expect(bill.storage).toBeCloseTo(1 * 0.023 / 2, 12);
  expect(ofStepFunctions(bill)).toBeCloseTo(bill.transitions + bill.childStarts + bill.express, 12);
  expect(inAll(bill)).toBeCloseTo(Object.values(bill).reduce((sum, part) => sum + part, 0), 12);
});

describe('replay', () => {
  const runs: [string, SimulationOptions][] = [
    ['inline perBatch', { processor: processors.perBatch, items: 1_003, pageItems: 20 }],
    ['inline perItem', { processor: processors.expressItems, items: 1_003, pageItems: 20 }],
    ['inline stateMachine', { processor: processors.stateMachine, items: 1_003, pageItems: 20 }],
    ['s3 perBatch', { processor: processors.perBatch, transport: () => PageTransport.s3(), items: 10_003, pageItems: 300, lineBytes: 2_000 }],
    ['s3 perItem', { processor: processors.expressItems, transport: () => PageTransport.s3(), items: 503, pageItems: 20, lineBytes: 2_000 }],
  ];
  const times: Partial<SimulationOptions> = {
    continuation: RunContinuation.supervised({ pagesPerSegment: 7 }),
    readMilliseconds: (items) => 100 + items,
    processMilliseconds: (items) => 10 * items,
    mapRunMilliseconds: 1_500,
    childStarts: { express: 50, standard: 10 },
  };

  test.each(runs)('%s: a run of which most is replayed uses and takes what it does when it is run', async (_, options) => {
    const whole = await simulate({ ...options, ...times });
    const tally = new Tally();
    const onPage = (first: number, end: number) => tally.add(first, end);
    const replayed = await simulate({ ...options, ...times, replay: new Replay({ pages: 2, segments: 2 }), onPage });
    expect(replayed.replayed.segmentsReplayed).toBeGreaterThan(0);
    expect(replayed.replayed.pagesReplayed).toBeGreaterThan(whole.replayed.pagesReplayed);
    expect(differences(replayed.usage, whole.usage)).toEqual([]);
    expect(replayed).toMatchObject({ status: 'SUCCEEDED', output: whole.output, virtualMilliseconds: whole.virtualMilliseconds });
    expect([replayed.events, replayed.fullestSegment, replayed.run]).toEqual([whole.events, whole.fullestSegment, whole.run]);
    expect(tally.isWhole(options.items)).toBe(true);
  });

  test('what one run has measured, a longer one may use from its beginning', async () => {
    const replay = new Replay({ pages: 2, segments: 2 });
    const [, options] = runs[1];
    await simulate({ ...options, ...times, replay });
    const longer = { ...options, ...times, items: 2_017 };
    const [whole, replayed] = [await simulate(longer), await simulate({ ...longer, replay })];
    expect(replayed.replayed).toMatchObject({ segmentsRun: 1, pagesRun: 1 });
    expect(differences(replayed.usage, whole.usage)).toEqual([]);
    const { status, output, virtualMilliseconds, events, fullestSegment, run } = whole;
    expect(replayed).toMatchObject({ status, output, virtualMilliseconds, events, fullestSegment, run });
  });

  test.each(runs)('%s: pages that differ take the place of no others', async (_, options) => {
    let calls = 0;
    await expect(simulate({ ...options, ...times, processMilliseconds: () => ++calls, replay: new Replay({ pages: 3 }) })).rejects.toThrow('Not all pages are alike');
  });

  test('a run that has no room for more goes on in another one', async () => {
    const continuation = RunContinuation.supervised({ pagesPerSegment: 1 });
    const run = await simulate({ items: 4_000, pageItems: 1, continuation, replay: new Replay({ pages: 1, segments: 1 }) });
    expect(run).toMatchObject({ status: 'SUCCEEDED', output: { items: 4_000, pages: 4_000, segments: 4_000 } });
    expect(run.runs).toBeGreaterThan(1);
  });
});

describe('each document once', () => {
  const tallyOf = (...ranges: readonly (readonly [number, number])[]) => {
    const tally = new Tally();
    for (const [first, end] of ranges) tally.add(first, end);
    return tally;
  };

  test('in any order', () => {
    expect(tallyOf([5, 9], [0, 2], [9, 10], [2, 5]).isWhole(10)).toBe(true);
  });

  test.each([
    ['one is missing', [[0, 4], [5, 10]]],
    ['one comes twice', [[0, 5], [4, 10]]],
    ['all come twice', [[0, 10], [0, 10]]],
    ['one comes twice, and another is missing', [[0, 5], [4, 9]]],
    ['one is too much', [[0, 11]]],
  ] satisfies [string, [number, number][]][])('%s', (_, ranges) => {
    expect(tallyOf(...ranges).isWhole(10)).toBe(false);
  });
});

test.each([0.5, 7, 8, 16, 40])('a page of %s MiB has the documents, and the requests to S3, that the writer of pages has', async (mebibytes) => {
  const batch = { items: 1_000, bytes: 200 * 1024, textBytes: 240 * 1024 };
  const most = { objectBytes: mebibytes * 1024 * 1024, batch };
  const document = sampleDocument(3_000);
  const expected = objectPage(document, most);
  const store = new CountingStore();
  const page = await writePage({
    bucket: { name: 'pages', prefix: '', pageBytes: most.objectBytes, batch },
    store,
    runId: 'arn:aws:states:us-east-1:111122223333:execution:Workflow:1',
    cursor: null,
    batchSize: 1_000,
    time: new TimeLeft({ getRemainingTimeInMillis: () => 60_000 }),
    readInto: async (items) => {
      const text = itemText(document);
      while (items.hasRoom() && items.add(text)) await items.stay();
      return { cursor: '1', done: false };
    },
  });
  expect(page?.record).toMatchObject({ count: expected.documents, bytes: expected.bytes });
  expect({ ...NO_USAGE, ...writerUsage(expected.bytes) }).toMatchObject({ readerReads: store.reads, readerWrites: store.writes });
});

/** Counts requests, by their price. */
class CountingStore implements PageStore {
  reads = 0;
  writes = 0;

  async readText(): Promise<undefined> {
    this.reads++;
  }

  async exists(): Promise<boolean> {
    this.reads++;
    return false;
  }

  async put(): Promise<void> {
    this.writes++;
  }

  async putIf(): Promise<'stored'> {
    this.writes++;
    return 'stored';
  }

  async startUpload(): Promise<string> {
    this.writes++;
    return 'upload';
  }

  async uploadPart({ number }: { readonly number: number }): Promise<{ readonly number: number; readonly etag: string }> {
    this.writes++;
    return { number, etag: `"${number}"` };
  }

  async completeUpload(): Promise<void> {
    this.writes++;
  }

  async abortUpload(): Promise<void> {}

  async delete(): Promise<void> {}
}

test.each(KINDS.filter(({ processor }) => processor === 'perBatch').map((kind) => [subjectOf(kind).name, kind] as const))(
  '%s: 16 workers take at most 1.15 / 16 of the time, and at most 2 %% more transitions, with the starts of Map Runs', async (_name, kind) => {
    const subject = subjectOf(kind);
    const documents = 8_000 * subject.shape.pageDocuments;
    const one = await simulate(simulationOf(subject, documents, ASSUMED, new Replay({ pages: 1, segments: 1 })));
    const divided = await dividedRun(subject, documents, 16, ASSUMED);
    expect(divided.milliseconds).toBeLessThanOrEqual((one.virtualMilliseconds * 1.15) / 16);
    const billed = ({ transitions, childStarts }: Usage) => transitions + childStarts;
    expect(billed(divided.usage)).toBeLessThanOrEqual(billed(one.usage) * (kind.transport === 's3' ? 1.02 : 1.2));
    expect(divided.events).toBeLessThan(25_000);
  }, 10 * 60_000,
);
