import {
  AttributeValue, BatchGetItemCommand, BatchWriteItemCommand, ConditionalCheckFailedException, DeleteItemCommand, DescribeTableCommand,
  DescribeTimeToLiveCommand, GetItemCommand, ListTablesCommand, paginateQuery, paginateScan, PutItemCommand, QueryCommand, UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { openDynamoDb, ORDERS, TABLE_ARN, TableName, TestDynamoDb } from './dynamodb-cloud';

const key = (pk: string, sk: number) => ({ pk: { S: pk }, sk: { N: String(sk) } });

let cloud: TestDynamoDb;
beforeEach(async () => {
  cloud = await openDynamoDb();
  await cloud.create();
});
afterEach(async () => {
  await cloud.close();
  expect(cloud.faults).toEqual([]);
});

const put = async (pk: string, sk: number, more = {}) => cloud.admin.send(new PutItemCommand({ TableName, Item: { ...key(pk, sk), ...more } }));
const get = async (pk: string, sk: number) => (await cloud.admin.send(new GetItemCommand({ TableName, Key: key(pk, sk) }))).Item;

test('an item of all types comes back as it was put, by the name of its table and by its ARN', async () => {
  const more = {
    text: { S: '' },
    amount: { N: '-1.50' },
    data: { B: new Uint8Array([0, 255]) },
    open: { BOOL: false },
    nothing: { NULL: true },
    list: { L: [{ S: 'ä' }, { M: { a: { N: '1' } } }] },
    tags: { SS: ['a', 'b'] },
    numbers: { NS: ['1', '2'] },
  };
  await put('a', 1, more);
  expect(await get('a', 1)).toEqual({ ...key('a', 1), ...more, amount: { N: '-1.5' } });
  expect((await cloud.admin.send(new GetItemCommand({ TableName: TABLE_ARN, Key: key('a', 1) }))).Item).toBeDefined();
  expect(await get('a', 2)).toBeUndefined();
});

test('a condition decides a write, and the item that it was not met by is answered where that is asked for', async () => {
  const create = { TableName, Item: { ...key('a', 1), n: { N: '1' } }, ConditionExpression: 'attribute_not_exists(pk)' };
  await cloud.admin.send(new PutItemCommand(create));
  const refused = await cloud.admin.send(new PutItemCommand({ ...create, ReturnValuesOnConditionCheckFailure: 'ALL_OLD' })).catch((error: unknown) => error);
  expect(refused).toBeInstanceOf(ConditionalCheckFailedException);
  expect(refused).toMatchObject({ message: 'The conditional request failed', Item: create.Item });
  await expect(cloud.admin.send(new PutItemCommand(create))).rejects.toMatchObject({ name: 'ConditionalCheckFailedException', Item: undefined });
  await expect(cloud.admin.send(new DeleteItemCommand({
    TableName, Key: key('a', 1), ConditionExpression: 'n > :n', ExpressionAttributeValues: { ':n': { N: '1' } },
  }))).rejects.toThrow(ConditionalCheckFailedException);
  const { Attributes } = await cloud.admin.send(new DeleteItemCommand({ TableName, Key: key('a', 1), ReturnValues: 'ALL_OLD' }));
  expect(Attributes).toEqual(create.Item);
  expect(await get('a', 1)).toBeUndefined();
});

test('of conditional writes at once exactly one wins, however many there are', async () => {
  const attempts = await Promise.allSettled(Array.from({ length: 20 }, (_, n) => cloud.admin.send(new UpdateItemCommand({
    TableName,
    Key: key('lock', 0),
    UpdateExpression: 'SET #owner = :me, n = if_not_exists(n, :zero) + :one',
    ConditionExpression: 'attribute_not_exists(#owner)',
    ExpressionAttributeNames: { '#owner': 'owner' },
    ExpressionAttributeValues: { ':me': { S: String(n) }, ':zero': { N: '0' }, ':one': { N: '1' } },
  }))));
  const winners = attempts.flatMap(({ status }, n) => (status === 'fulfilled' ? [String(n)] : []));
  expect(winners).toHaveLength(1);
  expect(await get('lock', 0)).toMatchObject({ owner: { S: winners[0] }, n: { N: '1' } });
});

test('updates at once lose nothing', async () => {
  await Promise.all(Array.from({ length: 30 }, () => cloud.admin.send(new UpdateItemCommand({
    TableName, Key: key('count', 0), UpdateExpression: 'ADD n :one', ExpressionAttributeValues: { ':one': { N: '1' } },
  }))));
  expect(await get('count', 0)).toMatchObject({ n: { N: '30' } });
});

test('a query answers the items of a partition in the order of their numbers, page by page, with what the filter lets through', async () => {
  const numbers = [-20, -1.5, 0, 2, 10, 100];
  for (const number of [...numbers].reverse()) await put('a', number, { even: { BOOL: number % 2 === 0 } });
  await put('b', 0);
  const query = { TableName, KeyConditionExpression: 'pk = :pk', ExpressionAttributeValues: { ':pk': { S: 'a' } } };
  const found: number[] = [];
  let pages = 0;
  for await (const { Items = [] } of paginateQuery({ client: cloud.admin, pageSize: 4 }, { ...query, ProjectionExpression: 'sk' })) {
    pages++;
    found.push(...Items.map(({ sk }) => Number(sk.N)));
  }
  expect(pages).toBe(2);
  expect(found).toEqual(numbers);
  const values = { ...query.ExpressionAttributeValues, ':no': { BOOL: false }, ':two': { N: '2' } };
  const odd = { ...query, ExpressionAttributeValues: values, KeyConditionExpression: 'pk = :pk AND sk < :two', FilterExpression: 'even IN (:no)' };
  expect(await cloud.admin.send(new QueryCommand({ ...odd, ScanIndexForward: false }))).toMatchObject({ Count: 1, ScannedCount: 3, Items: [key('a', -1.5)] });
  expect(await cloud.admin.send(new QueryCommand({ ...odd, Select: 'COUNT' }))).toEqual(expect.not.objectContaining({ Items: expect.anything() }));
});

test('a scan sees every item once, in segments and pages', async () => {
  for (let n = 0; n < 40; n++) await put(`p${n % 7}`, n);
  const seen: number[] = [];
  for (let Segment = 0; Segment < 3; Segment++) {
    for await (const { Items = [] } of paginateScan({ client: cloud.admin, pageSize: 5 }, { TableName, Segment, TotalSegments: 3 })) {
      seen.push(...Items.map(({ sk }) => Number(sk.N)));
    }
  }
  expect(seen.sort((a, b) => a - b)).toEqual(Array.from({ length: 40 }, (_, n) => n));
});

test('batches write and read items of several tables', async () => {
  await cloud.create({ ...ORDERS, TableName: 'others' });
  const puts = [1, 2, 3].map((n) => ({ PutRequest: { Item: key('a', n) } }));
  await cloud.admin.send(new BatchWriteItemCommand({ RequestItems: { [TableName]: puts, others: [puts[0]] } }));
  await cloud.admin.send(new BatchWriteItemCommand({ RequestItems: { [TableName]: [{ DeleteRequest: { Key: key('a', 2) } }] } }));
  const Keys = [1, 2, 3].map((n) => key('a', n));
  const { Responses } = await cloud.admin.send(new BatchGetItemCommand({ RequestItems: { [TableName]: { Keys }, others: { Keys } } }));
  expect(Responses?.[TableName].map(({ sk }) => sk.N).sort()).toEqual(['1', '3']);
  expect(Responses?.others).toEqual([key('a', 1)]);
});

test('an index has the items that have its key, and what it projects of them', async () => {
  await cloud.create({
    ...ORDERS,
    TableName: 'indexed',
    AttributeDefinitions: [...Object.entries({ pk: 'S', sk: 'N', state: 'S' })].map(([AttributeName, AttributeType]) => ({ AttributeName, AttributeType })),
    GlobalSecondaryIndexes: [{
      IndexName: 'by-state',
      KeySchema: [{ AttributeName: 'state', KeyType: 'HASH' }, { AttributeName: 'sk', KeyType: 'RANGE' }],
      Projection: { ProjectionType: 'INCLUDE', NonKeyAttributes: ['note'] },
    }],
  });
  const indexed = { TableName: 'indexed' };
  for (let n = 0; n < 5; n++) {
    const state: Record<string, AttributeValue> = n % 2 === 0 ? { state: { S: 'open' } } : {};
    await cloud.admin.send(new PutItemCommand({ ...indexed, Item: { ...key(`p${n}`, n), ...state, note: { S: 'x' }, more: { S: 'y' } } }));
  }
  await cloud.admin.send(new UpdateItemCommand({ ...indexed, Key: key('p2', 2), UpdateExpression: 'REMOVE #s', ExpressionAttributeNames: { '#s': 'state' } }));
  const query = {
    ...indexed, IndexName: 'by-state', KeyConditionExpression: '#s = :s', ExpressionAttributeNames: { '#s': 'state' }, ExpressionAttributeValues: { ':s': { S: 'open' } },
  };
  const { Items = [] } = await cloud.admin.send(new QueryCommand(query));
  expect(Items).toEqual([0, 4].map((n) => ({ ...key(`p${n}`, n), state: { S: 'open' }, note: { S: 'x' } })));
});

test('an item has 400 KiB of bytes, not of characters', async () => {
  await put('a', 1, { text: { S: 'x'.repeat(409_500) } });
  await expect(put('a', 2, { text: { S: 'ä'.repeat(204_900) } })).rejects.toThrow('Item size has exceeded the maximum allowed size');
  const grow = { TableName, Key: key('a', 1), UpdateExpression: 'SET more = :t', ExpressionAttributeValues: { ':t': { S: 'ä'.repeat(50) } } };
  await expect(cloud.admin.send(new UpdateItemCommand(grow))).rejects.toMatchObject({ name: 'ValidationException' });
  expect(Object.keys(await get('a', 1) ?? {}).sort()).toEqual(['pk', 'sk', 'text']);
});

test('tables are described and listed', async () => {
  await cloud.create({ ...ORDERS, TableName: 'another', TimeToLiveSpecification: { AttributeName: 'ttl', Enabled: true } });
  const { Table } = await cloud.admin.send(new DescribeTableCommand({ TableName }));
  expect(Table).toMatchObject({ TableName, TableArn: TABLE_ARN, TableStatus: 'ACTIVE', KeySchema: ORDERS.KeySchema, BillingModeSummary: { BillingMode: 'PAY_PER_REQUEST' } });
  expect(Table?.CreationDateTime?.getTime()).toBe(cloud.account.clock.now());
  expect((await cloud.admin.send(new DescribeTimeToLiveCommand({ TableName: 'another' }))).TimeToLiveDescription)
    .toEqual({ TimeToLiveStatus: 'ENABLED', AttributeName: 'ttl' });
  expect(await cloud.admin.send(new ListTablesCommand({ Limit: 1 }))).toMatchObject({ TableNames: ['another'], LastEvaluatedTableName: 'another' });
  expect((await cloud.admin.send(new ListTablesCommand({ ExclusiveStartTableName: 'another' }))).TableNames).toEqual([TableName]);
});

test.each<[string, () => Promise<unknown>, object]>([
  ['a table that is not there', () => cloud.admin.send(new GetItemCommand({ TableName: 'absent', Key: key('a', 1) })), { name: 'ResourceNotFoundException', message: 'Requested resource not found' }],
  ['a key of another type', () => cloud.admin.send(new GetItemCommand({ TableName, Key: { pk: { N: '1' }, sk: { N: '1' } } })), { name: 'ValidationException', message: 'The provided key element does not match the schema' }],
  ['an update of the key', () => cloud.admin.send(new UpdateItemCommand({ TableName, Key: key('a', 1), UpdateExpression: 'SET pk = :v', ExpressionAttributeValues: { ':v': { S: 'b' } } })), { name: 'ValidationException' }],
  ['a reserved word', () => cloud.admin.send(new UpdateItemCommand({ TableName, Key: key('a', 1), UpdateExpression: 'SET owner = :v', ExpressionAttributeValues: { ':v': { S: 'b' } } })), { name: 'ValidationException' }],
])('%s is refused as AWS does', async (_, call, error) => {
  await expect(call()).rejects.toMatchObject(error);
});
