import { Page, WrittenPage } from '../../../../src/paged-batch-etl/contracts/read-page';
import { SourceMetric } from '../../../../src/paged-batch-etl/contracts/source-metric';
import { itemLine } from '../../../../src/paged-batch-etl/source-functions/page-object/item-texts';
import { idempotencyKey } from '../../../../src/paged-batch-etl/source-functions/reader/idempotency-key';
import { PageRead, PageRequest, readPage, ReadServices } from '../../../../src/paged-batch-etl/source-functions/reader/read-page';
import { SourceError } from '../../../../src/paged-batch-etl/source-functions/source-error';
import { NO_LETTERS, INPUT, outcomeOf, readEvent, RULES, RUN_ID, withTimeLeft } from '../harness';
import { SimulatedBucket } from '../page-object/simulated-bucket';

const NOW = Date.parse('2026-11-24T08:00:00Z');

const PAGE: Page = {
  items: [{ itemIdentifier: '{"$oid":"5f00000000000000000000ab"}', idempotencyKey: 'key', item: { name: 'größe' } }], cursor: 'cursor-of-page', done: false,
};

/** A source that answers as told; every look at the clock takes 5 ms. */
function services(read: (request: PageRequest) => PageRead = () => ({ page: PAGE }), failEmptyRun = false) {
  const lines: string[] = [];
  const requests: PageRequest[] = [];
  const bucket = new SimulatedBucket();
  let now = NOW - 5;
  const made: ReadServices = {
    config: { rules: RULES, pageBytes: 1_000, maxBatchSize: 100, failEmptyRun, functionName: 'reader' },
    read: async (request) => {
      requests.push(request);
      return read(request);
    },
    readTexts: async (_request, items) => {
      for (const item of PAGE.items) items.add(itemLine(item));
      return { ...PAGE, lastKey: new Date(NOW - 1_000) };
    },
    ...NO_LETTERS,
    openBucket: () => bucket.open(),
    now: () => (now += 5),
    log: (line) => void lines.push(line),
  };
  return { ...made, lines, requests, bucket };
}

test('a source is asked for what the event says, with typed parameters and keys of the run', async () => {
  const reading = services();
  await expect(readPage(readEvent({ cursor: 'c', run: { id: RUN_ID, page: 4 } }), withTimeLeft(), reading)).resolves.toEqual(PAGE);
  const [{ idempotencyKeyOf, parameters, ...request }] = reading.requests;
  expect(request).toMatchObject({ cursor: 'c', batchSize: 3, run: { id: RUN_ID, page: 4 }, pageBytes: 1_000 });
  expect(parameters.given).toEqual(INPUT);
  expect(parameters.typed.get('owner')).toEqual({ $oid: INPUT.owner });
  expect(idempotencyKeyOf('a')).toBe(idempotencyKey(RUN_ID, 'a'));
});

test('keys hang on the parameters or on nothing of the run, where the function is told so', async () => {
  const keyIn = async (scope: 'window' | 'item', run: string, kind: string) => {
    const reading = services();
    const config = { ...reading.config, idempotency: { scope, construct: 'eu-west-1/1/Stack/c8' } };
    await readPage(readEvent({ parameters: { ...INPUT, kind }, run: { id: `${RUN_ID}-${run}`, page: 0 } }), withTimeLeft(), { ...reading, config });
    return reading.requests[0].idempotencyKeyOf('a');
  };
  const [first, again, otherWindow] = [await keyIn('window', '1', 'daily'), await keyIn('window', '2', 'daily'), await keyIn('window', '2', 'weekly')];
  expect([again === first, otherWindow === first]).toEqual([true, false]);
  const [item, itemAgain] = [await keyIn('item', '1', 'daily'), await keyIn('item', '2', 'weekly')];
  expect([itemAgain === item, item === first]).toEqual([true, false]);
});

test('a page has as many bytes as the event has room for, and where it does not say it, as the function is told', async () => {
  const reading = services();
  for (const changes of [{ contract: 3, pageBytes: 500 }, { contract: 3, pageBytes: 2_000 }, { contract: 1 }]) {
    await readPage(readEvent(changes), withTimeLeft(), reading);
  }
  expect(reading.requests.map(({ pageBytes }) => pageBytes)).toEqual([500, 2_000, 1_000]);
});

describe('nothing is read for', () => {
  test.each<[string, Record<string, unknown>, string]>([
    ['an unknown contract', { contract: 7 }, 'InvalidReadEvent'],
    ['an unknown parameter', { parameters: { ...INPUT, other: 1 } }, 'UnknownParameter'],
    ['a missing one', { parameters: {} }, 'MissingParameter'],
    ['one of another type', { parameters: { ...INPUT, amount: '1' } }, 'InvalidParameter'],
    ['too many bytes of them', { parameters: { ...INPUT, kind: 'x'.repeat(20_000) } }, 'ParametersTooLarge'],
    ['half an item', { batchSize: 0.5 }, 'InvalidBatchSize'],
    ['an empty cursor', { cursor: '' }, 'InvalidCursor'],
  ])('%s', async (_what, changes, name) => {
    const reading = services();
    expect((await outcomeOf(() => readPage(readEvent(changes), withTimeLeft(), reading))).name).toBe(name);
    expect(reading.requests).toEqual([]);
    expect(reading.lines.map((line) => JSON.parse(line).Outcome)).toEqual([name]);
  });
});

describe('the line of a page', () => {
  test('has its metrics in the embedded metric format, and how long it took', async () => {
    const reading = services(() => ({ page: PAGE, lastKey: new Date(NOW - 3_600_000) }));
    await readPage(readEvent({ run: { id: RUN_ID, page: 4 } }), withTimeLeft(), reading);
    expect(reading.lines.map((line) => JSON.parse(line))).toEqual([{
      _aws: {
        Timestamp: NOW + 5,
        CloudWatchMetrics: [{
          Namespace: 'PagedBatchEtl',
          Dimensions: [['FunctionName']],
          Metrics: [{ Name: 'PagesRead', Unit: 'Count' }, { Name: 'ItemsRead', Unit: 'Count' }, { Name: 'Lag', Unit: 'Seconds' }],
        }],
      },
      FunctionName: 'reader',
      PagesRead: 1,
      ItemsRead: 1,
      Lag: 3_600.005,
      Run: RUN_ID,
      Page: 4,
      Outcome: 'Read',
      Done: false,
      Bytes: Buffer.byteLength(JSON.stringify(PAGE)),
      DurationMilliseconds: 5,
    }]);
  });

  test('has every metric of a source function', async () => {
    const reading = services(() => ({ page: PAGE, lastKey: new Date(NOW - 1_000) }));
    await readPage(readEvent(), withTimeLeft(), reading);
    const [{ CloudWatchMetrics: directives }] = reading.lines.map((line) => JSON.parse(line)._aws);
    const metrics = directives.flatMap(({ Metrics }: { Metrics: object[] }) => Metrics);
    // Some are those of other functions.
    const { NAMESPACE, DIMENSION, SCHEDULE, FAILED_ITEMS, SUCCEEDED_RUNS, PROCESSING_RUNS, WATERMARK_LAG, ...names } = SourceMetric;
    expect(metrics.map(({ Name }: { Name: string }) => Name).sort()).toEqual(Object.values(names).sort());
    expect(JSON.parse(reading.lines[0])).toMatchObject(Object.fromEntries(Object.values(names).map((name) => [name, expect.any(Number)])));
  });

  test('says nothing of a lag where the last key is no date, and never a negative time', async () => {
    const undated = services();
    await readPage(readEvent(), withTimeLeft(), undated);
    expect(undated.lines.join()).not.toContain('Lag');
    const ahead = services(() => ({ page: PAGE, lastKey: new Date(NOW + 1e6) }));
    await readPage(readEvent(), withTimeLeft(), ahead);
    expect(JSON.parse(ahead.lines[0])).toMatchObject({ Lag: 0 });
  });

  test('holds no item, cursor or parameter, however it ended', async () => {
    const failing = services(() => {
      throw new SourceError('ItemTooLarge', 'The item größe is too large');
    });
    const good = services((request) => {
      request.warn('The stage X of the plan is unknown');
      return { page: PAGE };
    });
    await readPage(readEvent({ cursor: 'cursor-before' }), withTimeLeft(), good);
    await outcomeOf(() => readPage(readEvent({ cursor: 'cursor-before' }), withTimeLeft(), failing));
    expect(good.lines).toHaveLength(2);
    expect(JSON.parse(good.lines[0])).toEqual({ Run: RUN_ID, Page: 0, Warning: 'The stage X of the plan is unknown' });
    expect([...good.lines, ...failing.lines].join()).not.toMatch(/cursor-|größe|daily|5f00|2026-11-2[34]T?0/);
  });
});

describe('a page in a bucket', () => {
  const pageBucket = { name: 'pages', prefix: 'etl/', pageBytes: 1e6, batch: { bytes: 1e5, textBytes: 1e5 } };
  const written = (failEmptyRun = false) => {
    const reading = services(undefined, failEmptyRun);
    return { ...reading, config: { ...reading.config, pageBucket } };
  };
  const event = (changes: Record<string, unknown> = {}) => readEvent({ contract: 2, run: { id: RUN_ID, page: 0 }, ...changes });

  test('is another one for other parameters, as a run has that goes on by `progress`', async () => {
    const reading = written();
    const [first, other] = [await readPage(event(), withTimeLeft(), reading), await readPage(event({ parameters: { ...INPUT, kind: 'weekly' } }), withTimeLeft(), reading)];
    expect((other as WrittenPage).object.folder).not.toBe((first as WrittenPage).object.folder);
  });

  test('is another one for another scope of its keys, and where that is the run, the one that it has always been', async () => {
    const reading = written();
    const folderFor = async (scope?: 'window' | 'item') => {
      const config = { ...reading.config, idempotency: scope && { scope, construct: 'eu-west-1/1/Stack/c8' } };
      return (await readPage(event(), withTimeLeft(), { ...reading, config }) as WrittenPage).object.folder;
    };
    const folders = [await folderFor(), await folderFor('window'), await folderFor('item')];
    expect(new Set(folders).size).toBe(3);
    expect(folders[0]).toBe('etl/2026-11-24/e7817292ec7a17662494fee7e06b5f93f8e38a27a531f34a8b073b7878f9562e/');
  });

  test('is told where it is, and counted once, however often it is asked for', async () => {
    const reading = written();
    const first = await readPage(event(), withTimeLeft(), reading);
    const again = await readPage(event(), withTimeLeft(), reading);
    expect(again).toEqual(first);
    expect(first).toEqual({
      object: { bucket: 'pages', key: expect.stringMatching(/^etl\/2026-11-24\/[0-9a-f]{64}\/[0-9a-f-]{36}\.jsonl$/), index: expect.stringMatching(/[0-9a-f-]{36}\.index\.jsonl$/), folder: expect.stringMatching(/^etl\/2026-11-24\/[0-9a-f]{64}\/$/) },
      count: 1,
      cursor: 'cursor-of-page',
      done: false,
    });
    const [one, two] = reading.lines.map((line) => JSON.parse(line));
    const bytes = Buffer.byteLength(reading.bucket.text((first as WrittenPage).object.key));
    expect(one).toMatchObject({ Outcome: 'Read', PagesRead: 1, ItemsRead: 1, EmptyRuns: 0, Lag: expect.any(Number), Bytes: bytes });
    expect(two).toEqual({
      _aws: { Timestamp: expect.any(Number), CloudWatchMetrics: [expect.objectContaining({ Metrics: [{ Name: 'EmptyRuns', Unit: 'Count' }] })] },
      FunctionName: 'reader',
      EmptyRuns: 0,
      Run: RUN_ID,
      Page: 0,
      Outcome: 'ReadBefore',
      Items: 1,
      Done: false,
      Bytes: bytes,
      DurationMilliseconds: 5,
    });
  });

  test('has batches that the event has room for, and where it does not say it, as the function is told', async () => {
    const many = Array.from({ length: 6 }, (_, number) => ({ itemIdentifier: `${number}`, idempotencyKey: 'key', item: 'x'.repeat(30) }));
    const readTexts: ReadServices['readTexts'] = async (_request, items) => {
      for (const item of many) items.add(itemLine(item));
      return { cursor: null, done: true };
    };
    const counts = async (changes: Record<string, unknown>) => {
      const { object } = await readPage(event({ batchSize: 5, ...changes }), withTimeLeft(), { ...reading, readTexts }) as WrittenPage;
      return reading.bucket.text(object.index).trim().split('\n').map((line) => Number(JSON.parse(line).count));
    };
    const reading = written();
    const room = { bytes: 1e5, textBytes: 1e5, items: null };
    expect(await counts({})).toEqual([5, 1]);
    expect(await counts({ contract: 4, batch: room })).toEqual([5, 1]);
    expect(await counts({ contract: 4, batch: { ...room, items: 4 } })).toEqual([4, 2]);
    expect(await counts({ contract: 4, batch: { ...room, bytes: 250 } })).toEqual([2, 2, 2]);
    expect(await counts({ contract: 4, batch: { ...room, textBytes: 120 } })).toEqual([1, 1, 1, 1, 1, 1]);
  });

  test('is asked for by the event alone: whoever asks for items gets them, and leaves the bucket alone', async () => {
    const reading = written();
    await expect(readPage(readEvent(), withTimeLeft(), reading)).resolves.toEqual(PAGE);
    expect(reading.bucket.objects.size).toBe(0);
  });

  test('is refused where there is no bucket anymore', async () => {
    const reading = services();
    expect(await outcomeOf(() => readPage(event(), withTimeLeft(), reading))).toEqual({ name: 'TransportChanged', message: expect.stringContaining('Redrive the run') });
    expect(reading.lines.map((line) => JSON.parse(line))).toEqual([expect.objectContaining({ Outcome: 'TransportChanged' })]);
  });

  test('is not there where a run has nothing to read, which may be an error', async () => {
    const nothing = { readTexts: async () => ({ cursor: null, done: true }) };
    const may = { ...written(), ...nothing };
    await expect(readPage(event(), withTimeLeft(), may)).resolves.toEqual({ items: [], cursor: null, done: true });
    const mayNot = { ...written(true), ...nothing };
    expect((await outcomeOf(() => readPage(event(), withTimeLeft(), mayNot))).name).toBe('EmptyRun');
    expect([may, mayNot].map(({ lines }) => lines.map((line) => JSON.parse(line).EmptyRuns))).toEqual([[1], [1]]);
    expect(may.bucket.objects.size + mayNot.bucket.objects.size).toBe(0);
  });

  test('holds no item, cursor or parameter in its lines of the log', async () => {
    const reading = written();
    await readPage(event({ cursor: 'cursor-before' }), withTimeLeft(), reading);
    await readPage(event({ cursor: 'cursor-before' }), withTimeLeft(), reading);
    expect(reading.lines.join()).not.toMatch(/cursor-|größe|daily|5f00/);
  });
});

describe('a run that has nothing to read', () => {
  const nothing: PageRead = { page: { items: [], cursor: null, done: true } };
  const SCHEDULED = RUN_ID.replace('2026-11-24', '0123456789abcdef0123-20261122T230000Z-20261123T230000Z');
  const first = { id: RUN_ID, page: 0 };
  const BOTH = [['FunctionName'], ['FunctionName', 'Schedule']];

  test.each<[string, PageRead, Record<string, unknown>, number | undefined, unknown]>([
    ['is counted', nothing, { run: first }, 1, [['FunctionName']]],
    ['is counted for its schedule too', nothing, { run: { id: SCHEDULED, page: 0 } }, 1, BOTH],
    ['is told from one that has something', { page: PAGE }, { run: { id: SCHEDULED, page: 0 } }, 0, BOTH],
    ['is not one of which all was read', nothing, { cursor: 'c', run: { id: SCHEDULED, page: 3 } }, undefined, undefined],
    ['is not one that goes on from a cursor', nothing, { cursor: 'c', run: first }, undefined, undefined],
    ['is not one whose name only looks like that of a schedule', nothing, { run: { id: `${SCHEDULED}-2`, page: 0 } }, 1, [['FunctionName']]],
  ])('%s', async (_what, read, changes, value, dimensions) => {
    const reading = services(() => read);
    await expect(readPage(readEvent(changes), withTimeLeft(), reading)).resolves.toEqual(read.page);
    const [{ _aws, EmptyRuns, Schedule }] = reading.lines.map((line) => JSON.parse(line));
    expect(EmptyRuns).toBe(value);
    expect(_aws.CloudWatchMetrics[1]).toEqual(
      dimensions && { Namespace: 'PagedBatchEtl', Dimensions: dimensions, Metrics: [{ Name: 'EmptyRuns', Unit: 'Count' }] },
    );
    expect(Schedule).toBe(dimensions === BOTH ? '0123456789abcdef0123' : undefined);
  });

  test('fails where it may not have nothing, and is counted all the same', async () => {
    const reading = services(() => nothing, true);
    expect(await outcomeOf(() => readPage(readEvent(), withTimeLeft(), reading))).toMatchObject({ name: 'EmptyRun', message: expect.stringContaining('the filter') });
    expect(reading.lines.map((line) => JSON.parse(line))).toEqual([expect.objectContaining({ Outcome: 'EmptyRun', EmptyRuns: 1, PagesRead: 1 })]);
  });

  test.each([{ cursor: 'c', run: { id: RUN_ID, page: 3 } }, { cursor: 'c', run: first }])('fails nowhere else: %j', async (changes) => {
    await expect(readPage(readEvent(changes), withTimeLeft(), services(() => nothing, true))).resolves.toEqual(nothing.page);
    await expect(readPage(readEvent(), withTimeLeft(), services(undefined, true))).resolves.toEqual(PAGE);
  });
});

describe('a page that could not be read', () => {
  test('fails with the error of the source, and one line without metrics', async () => {
    const reading = services(() => {
      throw new SourceError('UnindexedQuery', 'No index');
    });
    expect(await outcomeOf(() => readPage(readEvent(), withTimeLeft(), reading))).toEqual({ name: 'UnindexedQuery', message: 'No index' });
    expect(reading.lines.map((line) => JSON.parse(line))).toEqual([{ Run: RUN_ID, Page: 0, Outcome: 'UnindexedQuery', DurationMilliseconds: 5 }]);
  });

  test('by a bug is final, and shows no more than the kind of the bug', async () => {
    const reading = services(() => {
      throw new TypeError('Cannot read properties of mongodb://user:password@host');
    });
    expect(await outcomeOf(() => readPage(readEvent(), withTimeLeft(), reading))).toEqual({
      name: 'SourceRefused', message: 'The source function failed (TypeError)',
    });
  });
});
