import { ITEMS_SUFFIX, PAGE_RECORD } from '../../../../src/paged-batch-etl/contracts/read-page';
import { InvokeSource, readFromFunction } from '../../../../src/paged-batch-etl/source-functions/reader/read-from-function';
import { readPage, ReadServices } from '../../../../src/paged-batch-etl/source-functions/reader/read-page';
import type { PageBucketConfig } from '../../../../src/paged-batch-etl/source-functions/reader/source-config';
import { released, releasedNames } from '../../../support/released';
import { NO_LETTERS, RULES, withTimeLeft } from '../harness';
import { SimulatedBucket } from '../page-object/simulated-bucket';

/** Five items, whose cursor is how many have been read. With `long` one of them has a long text. */
const fiveItems = (long: boolean): InvokeSource => async (payload) => {
  const { cursor, batchSize } = JSON.parse(payload);
  const start = Number(cursor ?? 0);
  const end = Math.min(5, start + batchSize);
  const items = Array.from({ length: end - start }, (_, index) => {
    const n = start + index;
    return { itemIdentifier: `item-${n}`, item: n === 3 && long ? { n, text: 'ü'.repeat(60) } : { n } };
  });
  return { payload: JSON.stringify({ items, cursor: end === start ? null : String(end), done: end === 5 }) };
};

/** So small that the long item has no room in a line, and that not all five have room in a page. */
const PAGE_BUCKET = { name: 'pages', prefix: 'etl/', pageBytes: 400, batch: { bytes: 200, textBytes: 300 } };

interface DeployOptions {
  readonly bucket?: SimulatedBucket;
  readonly pageBucket?: PageBucketConfig;
  readonly long?: boolean;
}

/** The function, and what its source is asked for. */
function deploy({ bucket = new SimulatedBucket(), pageBucket, long = false }: DeployOptions) {
  const requests: unknown[] = [];
  const services: ReadServices = {
    config: { rules: RULES, pageBytes: 180 * 1024, maxBatchSize: 100, failEmptyRun: false, functionName: 'reader', pageBucket },
    ...readFromFunction(async (payload, signal) => {
      requests.push(JSON.parse(payload));
      return fiveItems(long)(payload, signal);
    }),
    openBucket: () => bucket.open(),
    openLetters: NO_LETTERS.openLetters,
    now: Date.now,
    log: () => undefined,
  };
  return { requests, bucket, answer: async (event: unknown) => readPage(event, withTimeLeft(), services) };
}

describe.each([1, 3, 5])('contract %i', (contract) => {
  const names = releasedNames('read-page', contract);
  const fixture = (name: string) => released('read-page', contract, name);

  test('none of the released events has gone missing', () => {
    expect(names).toEqual(expect.arrayContaining(['first-page', 'later-page', 'last-page', 'nothing-left', 'continued-run', 'another-partition']));
  });

  const cases = names.flatMap((name) => [[name, 'without a bucket of pages', undefined], [name, 'with one', PAGE_BUCKET]] as const);

  test.each(cases)('%s asks the source as it always did, and is answered as it always was, by a function %s', async (name, _what, pageBucket) => {
    const { requests, bucket, answer } = deploy({ pageBucket });
    expect(await answer(fixture(name))).toEqual(fixture(`${name}.page`));
    expect(requests).toEqual([fixture(`${name}.request`)]);
    expect(bucket.objects.size).toBe(0);
  });
});

/** An attempt calls its data as nobody else does. */
function withoutAttempt<T>(value: T): T {
  return JSON.parse(JSON.stringify(value).replace(/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, 'attempt'));
}

describe.each([2, 4, 6])('contract %i', (contract) => {
  const names = releasedNames('read-page', contract);
  const fixture = <T>(name: string) => released<T>('read-page', contract, name);

  test('none of the released events has gone missing', () => {
    expect(names).toEqual(expect.arrayContaining(['first-page', 'later-page', 'nothing-left', 'another-partition']));
  });

  test.each(names)('%s asks the source as it always did, and leaves in the bucket what it always left', async (name) => {
    const { requests, bucket, answer } = deploy({ pageBucket: PAGE_BUCKET, long: true });
    expect(withoutAttempt(await answer(fixture(name)))).toEqual(fixture(`${name}.page`));
    expect(requests).toEqual(fixture(`${name}.requests`));
    expect(withoutAttempt(Object.fromEntries([...bucket.objects].map(([key, body]) => [key, body.toString('utf8')])))).toEqual(fixture(`${name}.objects`));
  });

  test.each(names.filter((name) => name !== 'nothing-left'))('%s is answered by what a release before this one left in the bucket', async (name) => {
    const bucket = new SimulatedBucket();
    for (const [key, text] of Object.entries(fixture<Record<string, string>>(`${name}.objects`))) bucket.put(key, Buffer.from(text));
    const { requests, answer } = deploy({ bucket, pageBucket: PAGE_BUCKET });
    expect(await answer(fixture(name))).toEqual(fixture(`${name}.page`));
    expect(requests).toEqual([]);
  });

  test('every kind of object is among those that were left', () => {
    const keys = names.flatMap((name) => Object.keys(fixture<Record<string, string>>(`${name}.objects`)));
    for (const suffix of [PAGE_RECORD, '.jsonl', ITEMS_SUFFIX]) expect(keys.some((key) => key.endsWith(suffix))).toBe(true);
  });
});
