import { JsonObject, JsonValue } from '../../../../local/json';
import { CollectedPage, DeadLetter } from '../../../../src/paged-batch-etl/contracts/collect-failures';
import { BatchStore } from '../../../../src/paged-batch-etl/failure-policy/function/batch-failures';
import { collectFailures } from '../../../../src/paged-batch-etl/failure-policy/function/collect-failures';
import { readCollectorConfig } from '../../../../src/paged-batch-etl/failure-policy/function/collector-config';
import { toldFailure } from '../../../../src/paged-batch-etl/failure-policy/function/whose-failure';
import { released, releasedNames } from '../../../support/released';
import { SimulatedBucket } from '../../source-functions/page-object/simulated-bucket';

const CONFIG = { bucket: 'letters', prefix: 'dead-letters/', withDocuments: true, functionName: 'collector' };
const time = { getRemainingTimeInMillis: () => 60_000 };

const lines = (values: readonly object[]) => values.map((value) => `${JSON.stringify(value)}\n`).join('');

/** What the Map Run of the page `batches` left: three batches, each of which failed in another way, and one that did not. */
const identifier = (index: number) => `{"$oid":"65a1f0c2e4b0a1b2c3d4e5f${index}"}`;
const batch = (index: number) => JSON.stringify([{ itemIdentifier: identifier(index), idempotencyKey: `key-${index}`, item: {} }]);
const BATCHES = [0, 1, 2].map(batch).join('\n');
const rangeOf = (index: number) => {
  const start = BATCHES.indexOf(batch(index));
  return `bytes=${start}-${start + batch(index).length - 1}`;
};
const FILES: Readonly<Record<string, string>> = {
  'pages/run/page/results/1/manifest.json': JSON.stringify({ DestinationBucket: 'pages', MapRunArn: 'a', ResultFiles: { FAILED: [], PENDING: [], SUCCEEDED: [{ Key: 'one', Size: 1 }, { Key: 'two', Size: 1 }] } }),
  'one': lines([{ ok: true }, { range: rangeOf(0), named: [{ itemIdentifier: identifier(0) }] }]),
  'two': lines([
    { range: rangeOf(1), failure: { Error: 'ThresholdUnknown', Cause: 'nobody knows it' } }, { range: rangeOf(2), first: 2, failed: [{ index: 2, error: 'States.Timeout' }] },
  ]),
  'pages/run/page/data.jsonl': BATCHES,
};

const pages: BatchStore = {
  readText: async (key) => (key in FILES ? { text: FILES[key] } : undefined),
  readRange: async (key, range) => {
    const [, first, last] = /^bytes=(\d+)-(\d+)$/.exec(range) ?? [];
    return FILES[key]?.slice(Number(first), Number(last) + 1);
  },
};

interface Collected {
  readonly answer: CollectedPage;
  readonly letters: DeadLetter[];
  readonly bucket: SimulatedBucket;
  readonly log: JsonValue[];
}

async function collect(event: unknown, bucket = new SimulatedBucket()): Promise<Collected> {
  const log: JsonValue[] = [];
  const answer = await collectFailures(event, time, {
    config: CONFIG, openLetters: () => bucket.open(), openPages: () => pages, now: () => 7, log: (line) => log.push(JSON.parse(line)),
  });
  const letters = [...bucket.objects.keys()].flatMap((key) => bucket.text(key).trimEnd().split('\n').map((line): DeadLetter => JSON.parse(line)));
  return { answer, letters, bucket, log };
}

describe('events of contract 1', () => {
  const names = releasedNames('collect-failures', 1);

  test('are there', () => expect(names.length).toBeGreaterThanOrEqual(10));

  test.each(names)('%s is answered, and its letters are written, as by the release that sent it', async (name) => {
    const { answer, letters } = await collect(released('collect-failures', 1, name));
    expect(answer).toEqual(released('collect-failures', 1, `${name}.answer`));
    const told: readonly JsonObject[] = released('collect-failures', 1, `${name}.letters`);
    // Documents are there where the event has them, whatever the function is configured for.
    expect(letters.map(({ item: _item, ...letter }) => letter)).toEqual(told.map(({ item: _item, ...letter }) => letter));
    if (name === 'named-with-documents') expect(letters).toEqual(told);
  });

  test('what a release never sent is refused by name', async () => {
    const event = released<JsonObject>('collect-failures', 1, 'named');
    for (const wrong of [null, 5, {}, { ...event, contract: 0 }, { ...event, more: 1 }, { ...event, failures: { kind: 'new' } }, { ...event, cursor: 5 }]) {
      await expect(collect(wrong)).rejects.toMatchObject({ name: 'InvalidCollectEvent' });
    }
  });
});

test('the letters of a page are in one object, whatever attempt writes them, and go when nothing fails anymore', async () => {
  const bucket = new SimulatedBucket();
  await collect(released('collect-failures', 1, 'call'), bucket);
  const [key, ...more] = bucket.objects.keys();
  expect(more).toEqual([]);
  expect(key).toMatch(/^dead-letters\/nightly-2026-11-30\/[0-9a-f]{64}\.jsonl$/);
  const { letters } = await collect(released('collect-failures', 1, 'named'), bucket);
  expect([...bucket.objects.keys()]).toEqual([key]);
  expect(letters).toHaveLength(2);
  await collect(released('collect-failures', 1, 'nothing-failed'), bucket);
  expect(bucket.objects.size).toBe(0);
});

test('a run that ends without a cursor and has too many failures goes on at its last page', async () => {
  const event = released<JsonObject>('collect-failures', 1, 'call');
  const { answer } = await collect({ ...event, next: { ...Object(event.next), cursor: null, done: true }, limits: { items: 0, percentage: null } });
  expect(answer).toMatchObject({ verdict: 'tooMany', cursor: event.cursor, pages: 0, count: 0, failed: 0 });
});

test('its log has the metric, and nothing of an item', async () => {
  const { log } = await collect(released('collect-failures', 1, 'named-with-documents'));
  expect(log).toEqual([{
    _aws: { Timestamp: 7, CloudWatchMetrics: [{ Namespace: 'PagedBatchEtl', Dimensions: [['FunctionName']], Metrics: [{ Name: 'FailedItems', Unit: 'Count' }] }] },
    FunctionName: 'collector',
    FailedItems: 1,
    Run: 'arn:aws:states:eu-central-1:111122223333:execution:Metrics-Workflow:nightly-2026-11-30',
    Page: 3,
  }]);
});

test.each([['its manifest', 'pages/run/page/results/1/manifest.json'], ['its results', 'two'], ['its batches', 'pages/run/page/data.jsonl']])('a page that lost %s fails, and says so', async (_what, key) => {
  const { [key]: lost, ...rest } = FILES;
  const without: BatchStore = {
    readText: async (name) => (name in rest ? pages.readText(name) : undefined),
    readRange: async (name, range) => (name in rest ? pages.readRange(name, range) : undefined),
  };
  const bucket = new SimulatedBucket();
  const services = { config: CONFIG, openLetters: () => bucket.open(), openPages: () => without, now: () => 7, log: () => undefined };
  await expect(collectFailures(released('collect-failures', 1, 'batches'), time, services)).rejects.toMatchObject({ name: 'PageBucketRefused', message: expect.stringContaining(key) });
  expect(lost).toBeDefined();
  expect(bucket.objects.size).toBe(0);
});

describe('whose failure it is', () => {
  const isOfItems = (error: string, single = false) => {
    try {
      return toldFailure({ Error: error, Cause: 'x' }, single).error === error;
    } catch {
      return false;
    }
  };

  test.each(['Error', 'TypeError', 'Lambda.Unknown', 'States.Timeout', 'Runtime.ExitError', 'com.example.Broken', 'Sandbox.Timedout', 'LambdaIsMine'])('%s is one of items', (error) => {
    expect(isOfItems(error)).toBe(true);
  });

  test.each([
    'Lambda.TooManyRequestsException', 'Lambda.ResourceNotFoundException', 'Lambda.AccessDeniedException', 'StepFunctions.ExecutionLimitExceeded', 'Sfn.SfnException', 'States.Permissions',
    'States.DataLimitExceeded', 'States.Runtime', 'S3.NoSuchKeyException',
  ])('%s is none', (error) => {
    expect(isOfItems(error)).toBe(false);
  });

  test('an answer that is too large is the failure of an item that was called by itself', () => {
    expect(isOfItems('States.DataLimitExceeded', true)).toBe(true);
  });

  const execution = { Cause: 'it is broken', Error: 'Broken', ExecutionArn: 'arn:aws:states:x', Input: '{"items":["secret"]}', Status: 'FAILED' };
  test.each([
    ['with its own error and cause', execution, { error: 'Broken', cause: 'it is broken' }],
    ['by its status where it has none', { ...execution, Cause: undefined, Error: undefined, Status: 'ABORTED' }, { error: 'States.TaskFailed', cause: 'The execution arn:aws:states:x ended as ABORTED' }],
  ])('an execution is told %s, without its input', (_what, cause, told) => {
    expect(toldFailure({ Error: 'States.TaskFailed', Cause: JSON.stringify(cause) }, false)).toEqual(told);
  });

  test('an execution whose description was cut off is told all the same', () => {
    const cause = JSON.stringify({ ...execution, Input: 'x'.repeat(50_000) }).slice(0, 32_000);
    expect(toldFailure({ Error: 'States.TaskFailed', Cause: cause }, false)).toEqual({ error: 'Broken', cause: 'it is broken' });
  });
});

test('a variable that is missing or wrong fails every call, naming it', () => {
  const environment = { LETTERS_BUCKET: 'letters', LETTERS_PREFIX: 'dead-letters/', AWS_LAMBDA_FUNCTION_NAME: 'collector' };
  expect(readCollectorConfig(environment)).toEqual({ bucket: 'letters', prefix: 'dead-letters/', withDocuments: false, functionName: 'collector' });
  expect(readCollectorConfig({ ...environment, WITH_DOCUMENTS: 'yes' }).withDocuments).toBe(true);
  for (const name of Object.keys(environment)) {
    expect(() => readCollectorConfig({ ...environment, [name]: '' })).toThrow(expect.objectContaining({ name: 'DeadLettersRefused', message: expect.stringContaining(name) }));
  }
});
