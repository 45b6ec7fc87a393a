import { createDynamoDb, ORDERS, TableName } from './dynamodb-cloud';
import { JsonObject, JsonValue } from '../../../local/json';

const HOUR = 60 * 60_000;
const YEAR = 365 * 24 * HOUR;
const EXPIRING: JsonObject = {
  ...ORDERS,
  TimeToLiveSpecification: { AttributeName: 'ttl', Enabled: true },
  AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }, { AttributeName: 'sk', AttributeType: 'N' }, { AttributeName: 'open', AttributeType: 'S' }],
  GlobalSecondaryIndexes: [{ IndexName: 'open', KeySchema: [{ AttributeName: 'open', KeyType: 'HASH' }], Projection: { ProjectionType: 'ALL' } }],
};

type Cloud = ReturnType<typeof createDynamoDb>;
let cloud: Cloud;
afterEach(async () => cloud.closeService());

async function start(ttlDelay?: number, properties: JsonObject = EXPIRING): Promise<void> {
  cloud = createDynamoDb({ ttlDelay });
  await cloud.create(properties);
}

/** An attribute with a time from now. */
const inMilliseconds = (milliseconds: number): JsonObject => ({ N: String((cloud.account.clock.now() + milliseconds) / 1000) });
const put = async (pk: string, ttl: JsonValue) => cloud.call('PutItem', { TableName, Item: { pk: { S: pk }, sk: { N: '1' }, open: { S: 'yes' }, ttl } });

/** What is left, as a scan of the table and of its index see it. */
async function left(): Promise<JsonValue> {
  const names = async (IndexName?: string) => {
    const { Items } = await cloud.call('Scan', { TableName, ...IndexName !== undefined && { IndexName } });
    return Array.isArray(Items) ? Items.map((item) => JSON.stringify(item).replace(/.*"pk":\{"S":"(\w+)".*/, '$1')).sort() : [];
  };
  expect(await names('open')).toEqual(await names());
  return names();
}

test('an item can be read for two days after it expired, and is then gone, also from indexes', async () => {
  await start();
  await put('soon', inMilliseconds(HOUR));
  await put('later', inMilliseconds(2 * HOUR));
  await cloud.account.clock.sleep(49 * HOUR - 1);
  expect(await left()).toEqual(['later', 'soon']);
  await cloud.account.clock.sleep(1);
  expect(await left()).toEqual(['later']);
  await cloud.account.clock.sleep(HOUR);
  expect(await left()).toEqual([]);
});

test('the time until then can be set', async () => {
  await start(0);
  await put('soon', inMilliseconds(HOUR));
  await cloud.account.clock.sleep(HOUR - 1);
  expect(await left()).toEqual(['soon']);
  await cloud.account.clock.sleep(1);
  expect(await left()).toEqual([]);
});

test('whoever writes or asks with a condition meets no item that is gone', async () => {
  await start(HOUR);
  await put('lock', inMilliseconds(HOUR));
  const take = async () => cloud.call('PutItem', { TableName, Item: { pk: { S: 'lock' }, sk: { N: '1' } }, ConditionExpression: 'attribute_not_exists(pk)' });
  await cloud.account.clock.sleep(2 * HOUR - 1);
  await expect(take()).rejects.toMatchObject({ code: 'ConditionalCheckFailedException' });
  await cloud.account.clock.sleep(1);
  await expect(take()).resolves.toEqual({});
});

test('an update of the time counts, and so does one that takes it away', async () => {
  await start(HOUR);
  await put('longer', inMilliseconds(0));
  await put('forever', inMilliseconds(0));
  await put('gone', inMilliseconds(0));
  const update = async (pk: string, UpdateExpression: string, values: JsonObject = {}) => (
    cloud.call('UpdateItem', { TableName, Key: { pk: { S: pk }, sk: { N: '1' } }, UpdateExpression, ...values })
  );
  await update('longer', 'SET #t = :t', { ExpressionAttributeNames: { '#t': 'ttl' }, ExpressionAttributeValues: { ':t': inMilliseconds(5 * HOUR) } });
  await update('forever', 'REMOVE #t', { ExpressionAttributeNames: { '#t': 'ttl' } });
  await update('gone', 'SET x = :x', { ExpressionAttributeValues: { ':x': { S: 'x' } } });
  await cloud.account.clock.sleep(HOUR);
  expect(await left()).toEqual(['forever', 'longer']);
  await cloud.account.clock.sleep(5 * HOUR);
  expect(await left()).toEqual(['forever']);
});

test('items of batches expire too', async () => {
  await start(0);
  const Item = { pk: { S: 'a' }, sk: { N: '1' }, open: { S: 'yes' }, ttl: inMilliseconds(HOUR) };
  await cloud.call('BatchWriteItem', { RequestItems: { [TableName]: [{ PutRequest: { Item } }] } });
  await cloud.account.clock.sleep(HOUR);
  expect(await left()).toEqual([]);
});

test.each<[string, (now: number) => JsonValue]>([
  ['in a text', () => ({ S: '1' })],
  ['in a list', () => ({ L: [{ N: '1' }] })],
  ['more than five years ago', (now) => ({ N: String((now - 5 * YEAR) / 1000 - 1) })],
  ['in milliseconds', (now) => ({ N: String(now) })],
])('a time %s deletes nothing', async (_, ttl) => {
  await start(0);
  await put('kept', ttl(cloud.account.clock.now()));
  await put('gone', inMilliseconds(-5 * YEAR + 1000));
  await cloud.account.clock.sleep(100 * HOUR);
  expect(await left()).toEqual(['kept']);
});

test.each<[string, JsonObject]>([
  ['is not set', {}], ['is off', { TimeToLiveSpecification: { AttributeName: 'ttl', Enabled: false } }],
])('nothing expires where the time to live %s', async (_, specification) => {
  const { TimeToLiveSpecification: __, ...properties } = EXPIRING;
  await start(0, { ...properties, ...specification });
  await put('kept', inMilliseconds(0));
  await cloud.account.clock.sleep(100 * HOUR);
  expect(await left()).toEqual(['kept']);
});
