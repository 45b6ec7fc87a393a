import { AthenaCloud, createAthena, object, PERMISSIONS, refusal } from './athena-cloud';
import { JsonObject } from '../../../local/json';
import { allow } from '../s3/data-cloud';

const MINUTE = 60_000;
const SQL = 'SELECT origin, count(*) AS n FROM flights GROUP BY origin ORDER BY origin LIMIT 3';

let cloud: AthenaCloud;
let number = 0;

beforeAll(async () => {
  cloud = await createAthena();
  await cloud.create('AWS::Athena::WorkGroup', {
    Name: 'loose',
    WorkGroupConfiguration: { EnforceWorkGroupConfiguration: false, ResultConfiguration: { OutputLocation: 's3://results/loose/' } },
  });
});
afterAll(() => cloud.close());

/** A query that no other test asks. */
function newQuery(sql = SQL): string {
  number += 1;
  return `${sql} -- ${number}`;
}

const within = (MaxAgeInMinutes?: number): JsonObject => ({
  ResultReuseConfiguration: { ResultReuseByAgeConfiguration: { Enabled: true, ...MaxAgeInMinutes !== undefined && { MaxAgeInMinutes } } },
});
const location = (execution: JsonObject) => object(execution.ResultConfiguration).OutputLocation;
const isReused = ({ Statistics }: JsonObject) => object(object(Statistics).ResultReuseInformation).ReusedPreviousResult;

async function succeeded(sql: string, input: JsonObject = {}, context = cloud.adminContext): Promise<JsonObject> {
  const execution = await cloud.run(sql, input, context);
  const { State: state, StateChangeReason: reason } = object(execution.Status);
  expect({ state, reason }).toEqual({ state: 'SUCCEEDED', reason: undefined });
  return execution;
}

test('a young result is taken: it is where it was, and nothing is read', async () => {
  const sql = newQuery();
  const first = await succeeded(sql);
  const second = await succeeded(sql, within(10));
  expect(second.QueryExecutionId).not.toBe(first.QueryExecutionId);
  expect(second).toMatchObject({
    SubstatementType: 'SELECT',
    ResultConfiguration: first.ResultConfiguration,
    ResultReuseConfiguration: { ResultReuseByAgeConfiguration: { Enabled: true, MaxAgeInMinutes: 10 } },
    Statistics: { DataScannedInBytes: 0, ResultReuseInformation: { ReusedPreviousResult: true } },
  });
  const results = async ({ QueryExecutionId }: JsonObject) => (
    cloud.athena.call('GetQueryResults', { QueryExecutionId: QueryExecutionId ?? null }, cloud.adminContext)
  );
  expect(await results(second)).toEqual(await results(first));
  expect(isReused(first)).toBe(false);
});

test('an old one is not; age counts from the query that ran, and is an hour unless said otherwise', async () => {
  const sql = newQuery();
  const first = await succeeded(sql);
  await cloud.clock.sleep(40 * MINUTE);
  expect(location(await succeeded(sql, within()))).toBe(location(first));
  await cloud.clock.sleep(21 * MINUTE);
  const later = await succeeded(sql, within());
  expect([isReused(later), location(later)]).toEqual([false, `s3://results/athena/${String(later.QueryExecutionId)}.csv`]);
  expect(location(await succeeded(sql, within(10_080)))).toBe(location(later));
});

test('without being asked, nothing is taken', async () => {
  const sql = newQuery();
  await succeeded(sql);
  const second = await succeeded(sql, { ResultReuseConfiguration: { ResultReuseByAgeConfiguration: { Enabled: false } } });
  expect(isReused(second)).toBe(false);
});

test('data that have changed since do not matter', async () => {
  await cloud.addTable('growing', 'json', { n: 'bigint' }, { 'a.json': '{"n":1}\n' });
  const sql = newQuery('SELECT count(*) AS n FROM growing');
  const first = await succeeded(sql);
  await cloud.s3.put({ bucket: 'lake', key: 'growing/b.json', body: Buffer.from('{"n":2}\n'), context: cloud.adminContext });
  expect(location(await succeeded(sql, within(1)))).toBe(location(first));
});

test.each([
  ['another text', 'select', {}],
  ['other parameters', 'SELECT', { ExecutionParameters: ["'SEA'"] }],
  ['another database', 'SELECT', { QueryExecutionContext: { Database: 'default' } }],
  ['another workgroup', 'SELECT', { WorkGroup: 'loose' }],
])('%s is another query', async (_, verb, input) => {
  const sql = newQuery('SELECT count(*) AS n FROM air.flights WHERE origin = ?');
  const parameters = { ExecutionParameters: ["'ABE'"] };
  await succeeded(sql, parameters);
  expect(isReused(await succeeded(sql.replace('SELECT', verb), { ...parameters, ...within(60), ...input }))).toBe(false);
});

test('a request that says where its result goes reuses nothing', async () => {
  const sql = newQuery();
  const input = { WorkGroup: 'loose', ResultConfiguration: { OutputLocation: 's3://results/mine/' }, ...within(60) };
  await succeeded(sql, input);
  expect(isReused(await succeeded(sql, input))).toBe(false);
});

test.each([
  ['a limit without an order', 'SELECT origin FROM flights LIMIT 3'],
  ['that within a query', 'SELECT count(*) AS n FROM (SELECT origin FROM flights LIMIT 3)'],
  ['the time of day', 'SELECT current_date AS today FROM flights GROUP BY 1'],
  ['the same as a function', 'SELECT now() AS at'],
])('%s is asked again', async (_, query) => {
  const sql = newQuery(query);
  await succeeded(sql);
  expect(isReused(await succeeded(sql, within(60)))).toBe(false);
});

test('UNLOAD writes again', async () => {
  const sql = "UNLOAD (SELECT 1 AS n, 2 AS part) TO 's3://results/athena/again/' WITH (format = 'JSON', partitioned_by = ARRAY['part'])";
  await succeeded(sql);
  const second = await succeeded(sql, within(60));
  expect(isReused(second)).toBe(false);
  expect(cloud.store.bucket('results')?.list('athena/again/')).toHaveLength(2);
});

test('SHOW asks the catalog again', async () => {
  await succeeded('SHOW TABLES');
  expect(isReused(await succeeded('SHOW TABLES', within(60)))).toBe(false);
});

test('a query that failed has no result to take', async () => {
  const sql = newQuery('SELECT 1 / 0');
  await cloud.run(sql);
  expect(object((await cloud.run(sql, within(60))).Status).State).toBe('FAILED');
});

test('a result that is gone is made again', async () => {
  const sql = newQuery();
  const first = await succeeded(sql);
  await cloud.s3.delete({ bucket: 'results', key: `athena/${String(first.QueryExecutionId)}.csv`, context: cloud.adminContext });
  expect(isReused(await succeeded(sql, within(60)))).toBe(false);
});

describe('rights', () => {
  const viaAthena = { 'ForAnyValue:StringEquals': { 'aws:CalledVia': 'athena.amazonaws.com' } };
  const read = allow('s3:GetObject', 'arn:aws:s3:::results/athena/*', viaAthena);

  test('who may not read the former result gets one of his own', async () => {
    const sql = newQuery();
    const first = await succeeded(sql);
    const stranger = cloud.session('writes-only', ...Object.values(PERMISSIONS)).context;
    expect(isReused(await succeeded(sql, within(60), stranger))).toBe(false);
    const reader = cloud.session('reads', ...Object.values(PERMISSIONS), read).context;
    const taken = await succeeded(sql, within(60), reader);
    expect([isReused(taken), location(taken) === location(first)]).toEqual([true, false]);
  });

  test('who may not read the data fails', async () => {
    const sql = newQuery();
    await succeeded(sql);
    const { data: _, ...others } = PERMISSIONS;
    const { context } = cloud.session('no-data', ...Object.values(others), read);
    expect(object((await cloud.run(sql, within(60), context)).Status).State).toBe('FAILED');
  });
});

describe('refused', () => {
  const place = 'resultReuseConfiguration.resultReuseByAgeConfiguration';
  test.each([
    [{ MaxAgeInMinutes: 1 }, `Value null at '${place}.enabled' failed to satisfy constraint: Member must not be null`],
    [{ Enabled: 'true' }, `Value 'true' at '${place}.enabled' failed to satisfy constraint: Member must be a boolean`],
    [{ Enabled: true, MaxAgeInMinutes: -1 }, `Value '-1' at '${place}.maxAgeInMinutes' failed to satisfy constraint: Member must have value greater than or equal to 0`],
    [{ Enabled: true, MaxAgeInMinutes: 10_081 },
      `Value '10081' at '${place}.maxAgeInMinutes' failed to satisfy constraint: Member must have value less than or equal to 10080`],
    [{ Enabled: true, MaxAgeInMinutes: 1.5 }, `Value '1.5' at '${place}.maxAgeInMinutes' failed to satisfy constraint: Member must be an integer`],
  ])('%j', async (ResultReuseByAgeConfiguration, message) => {
    const error = await refusal(cloud.start('SELECT 1', { ResultReuseConfiguration: { ResultReuseByAgeConfiguration } }));
    expect(error.message).toBe(`1 validation error detected: ${message}`);
  });
});
