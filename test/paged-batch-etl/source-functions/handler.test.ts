import { MongoClient, ObjectId } from 'mongodb';
import { outcomeOf, readEvent, RUN_ID, SECRET_ARN, SOURCE, withTimeLeft } from './harness';
import { EstimatedItems } from '../../../src/paged-batch-etl/contracts/estimate-items';
import { PlannedRanges } from '../../../src/paged-batch-etl/contracts/plan-ranges';
import { Page, WrittenPage } from '../../../src/paged-batch-etl/contracts/read-page';
import { handler as readCustomPage } from '../../../src/paged-batch-etl/source-functions/read-custom-page.lambda';
import { handler as readMongoPage } from '../../../src/paged-batch-etl/source-functions/read-mongo-page.lambda';
import { idempotencyKey } from '../../../src/paged-batch-etl/source-functions/reader/idempotency-key';
import { refuse, useAwsStub } from '../../support/aws-stub';
import { expectMissing, useLogLines } from '../../support/construct-kit/handlers';
import { describeWithMongo } from '../../support/mongo';

const FUNCTION_ARN = 'arn:aws:lambda:eu-west-1:111122223333:function:source';

const stub = useAwsStub((_call, response) => refuse(response, 403, 'AccessDeniedException'));

const lines = useLogLines('stdout');
beforeEach(() => {
  Object.assign(process.env, {
    AWS_LAMBDA_FUNCTION_NAME: 'reader', PARAMETERS: '{"begin":{"type":"date"}}', PAGE_BYTES: '10000', MAX_BATCH_SIZE: '10',
  });
});

function itemsOf(answer: Page | WrittenPage | PlannedRanges | EstimatedItems): Page {
  if (!('items' in answer && 'cursor' in answer)) throw new Error('no page with its items was answered');
  return answer;
}

const event = (changes: Record<string, unknown> = {}) => readEvent({ parameters: { begin: '2026-11-24' }, batchSize: 2, ...changes });

// The order of the tests matters, as in a sandbox: what is set up at the first good invocation stays.
describe('a function that is not configured says which variable is wrong', () => {
  test('before MongoDB', async () => {
    await expectMissing(async () => (await outcomeOf(() => readMongoPage(event(), withTimeLeft()))).message, {
      MONGO_SOURCE: JSON.stringify(SOURCE), CONNECTION_SECRET_ARN: SECRET_ARN,
    });
  });

  test('before a custom source', async () => {
    await expectMissing(async () => (await outcomeOf(() => readCustomPage(event(), withTimeLeft()))).message, { SOURCE_FUNCTION_ARN: FUNCTION_ARN });
  });
});

describeWithMongo('the function before MongoDB', (mongo) => {
  // The function keeps its client for ever, as its sandbox would be thrown away; a test process has to come to an end.
  const clients = new Set<MongoClient>();
  afterAll(async () => {
    await Promise.all([...clients].map((client) => client.close()));
  });

  test('reads a collection page by page, by its environment', async () => {
    const database = mongo().newDatabase('reader');
    const connect = jest.spyOn(MongoClient.prototype, 'connect');
    const jobs = Array.from({ length: 5 }, (_, index) => ({ _id: new ObjectId(), runDate: new Date(Date.UTC(2026, 10, 22 + index)), n: index }));
    await database.collection<typeof jobs[number]>('jobs').insertMany(jobs);
    await database.collection('jobs').createIndex({ runDate: 1, _id: 1 });
    stub().answer = (_call, response) => void response.end(JSON.stringify({ SecretString: mongo().uri }));
    Object.assign(process.env, {
      CONNECTION_SECRET_ARN: SECRET_ARN,
      MONGO_SOURCE: JSON.stringify({
        ...SOURCE, tls: false, database: database.databaseName, sort: ['runDate', '_id'], filter: '{"runDate":{"$gte":"$$begin"}}',
      }),
    });

    connect.mockClear();
    const first = itemsOf(await readMongoPage(event(), withTimeLeft()));
    const second = itemsOf(await readMongoPage(event({ cursor: first.cursor }), withTimeLeft()));
    for (const client of connect.mock.contexts) if (client instanceof MongoClient) clients.add(client);
    expect([...first.items, ...second.items].map(({ item }) => item)).toEqual(jobs.slice(2).map(({ _id, runDate, n }) => (
      { _id: { $oid: String(_id) }, runDate: { $date: runDate.toISOString().replace('.000', '') }, n }
    )));
    expect([first.done, second.done, first.items.length]).toEqual([false, true, 2]);
    expect(Object.keys(first).sort()).toEqual(['cursor', 'done', 'items']);
    const [{ itemIdentifier, idempotencyKey: key }] = first.items;
    expect([itemIdentifier, key]).toEqual([`{"$oid":"${jobs[2]._id}"}`, idempotencyKey(RUN_ID, itemIdentifier)]);

    expect(stub().calls.map(({ target, body }) => [target, JSON.parse(body)])).toEqual([
      ['secretsmanager.GetSecretValue', { SecretId: SECRET_ARN, VersionStage: 'AWSCURRENT' }],
    ]);
    expect(lines().map((line) => JSON.parse(line))).toEqual([
      expect.objectContaining({ Outcome: 'Read', ItemsRead: 2, FunctionName: 'reader', Lag: expect.any(Number) }),
      expect.objectContaining({ Outcome: 'Read', ItemsRead: 1, Done: true }),
    ]);
    expect(lines().every((line) => line.endsWith('}\n'))).toBe(true);
  });
});

test('the function before a custom source calls it, by its environment', async () => {
  process.env.SOURCE_FUNCTION_ARN = FUNCTION_ARN;
  stub().answer = (_call, response) => void response.end('{"items":[],"cursor":null,"done":true}');
  await expect(readCustomPage(event(), withTimeLeft())).rejects.toMatchObject({ name: 'NoItemsLeft' });
  expect(stub().calls.map(({ path }) => path)).toEqual([`/2015-03-31/functions/${FUNCTION_ARN}/invocations`]);
  expect(lines().map((line) => JSON.parse(line))).toEqual([expect.objectContaining({ Outcome: 'Read', PagesRead: 1, ItemsRead: 0 })]);
});

test('the function before a custom source writes a page into the bucket, by its environment', async () => {
  Object.assign(process.env, {
    SOURCE_FUNCTION_ARN: FUNCTION_ARN,
    PAGE_BUCKET: 'pages',
    PAGE_PREFIX: 'etl/',
    PAGE_OBJECT_BYTES: '1000000',
    PAGE_BATCH_BYTES: '1000',
    PAGE_BATCH_TEXT_BYTES: '2000',
    PAGE_BATCH_ITEMS: '1',
  });
  jest.resetModules();
  const { handler } = jest.requireActual<{ handler: typeof readCustomPage }>('../../../src/paged-batch-etl/source-functions/read-custom-page.lambda');
  stub().answer = (call, response) => {
    if (call.service === 'lambda') response.end('{"items":[{"itemIdentifier":"a","item":1},{"itemIdentifier":"b","item":"ü"}],"cursor":"next","done":true}');
    else response.writeHead(call.method === 'GET' ? 404 : 200, { etag: '"e"' }).end();
  };
  const answer = await handler(event({ contract: 2 }), withTimeLeft());
  const folder = expect.stringMatching(/^etl\/2026-11-24\/[0-9a-f]{64}\/$/);
  expect(answer).toEqual({ object: { bucket: 'pages', key: expect.stringMatching(/\.jsonl$/), index: expect.stringMatching(/\.index\.jsonl$/), folder }, count: 2, cursor: 'next', done: true });
  const nameOf = (path: string) => /[^/?]*(?=$|\?)/.exec(path)?.[0].replace(/^[0-9a-f-]{36}/, 'attempt');
  const calls = stub().calls.map(({ service, method, path, body }) => [service, method, nameOf(path), body]);
  const [a, b] = ['a', 'b'].map((item) => idempotencyKey(RUN_ID, item));
  const batches = [`[{"itemIdentifier":"a","idempotencyKey":"${a}","item":1}]`, `[{"itemIdentifier":"b","idempotencyKey":"${b}","item":"\\u00fc"}]`];
  const end = batches[0].length;
  expect(calls).toEqual([
    ['s3', 'GET', 'page.json', ''],
    ['lambda', 'POST', 'invocations', expect.any(String)],
    ['s3', 'PUT', 'attempt.jsonl', batches.map((batch) => `${batch}\n`).join('')],
    ['s3', 'PUT', 'attempt.index.jsonl', [
      `{"range":"bytes=0-${end - 1}","first":0,"count":1}\n`, `{"range":"bytes=${end + 1}-${end + batches[1].length}","first":1,"count":1}\n`,
    ].join('')],
    ['s3', 'PUT', 'page.json', expect.stringContaining('"count":2,"cursor":"next","done":true')],
  ]);
  expect(lines().map((line) => JSON.parse(line))).toEqual([expect.objectContaining({ Outcome: 'Read', PagesRead: 1, ItemsRead: 2 })]);
});
