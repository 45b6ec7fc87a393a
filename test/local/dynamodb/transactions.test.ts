import {
  GetItemCommand, PutItemCommand, ScanCommand, TransactGetItemsCommand, TransactWriteItem, TransactWriteItemsCommand, TransactionCanceledException,
} from '@aws-sdk/client-dynamodb';
import { openDynamoDb, ORDERS, TABLE_ARN, TableName, TestDynamoDb } from './dynamodb-cloud';
import { allow } from '../s3/data-cloud';

const key = (sk: number) => ({ pk: { S: 'a' }, sk: { N: String(sk) } });
const put = (sk: number, n = 0): TransactWriteItem => ({ Put: { TableName, Item: { ...key(sk), n: { N: String(n) } } } });
const absent = (sk: number): TransactWriteItem => ({ ConditionCheck: { TableName, Key: key(sk), ConditionExpression: 'attribute_not_exists(pk)' } });
const add = (sk: number): TransactWriteItem => (
  { Update: { TableName, Key: key(sk), UpdateExpression: 'ADD n :one', ExpressionAttributeValues: { ':one': { N: '1' } } } }
);

let cloud: TestDynamoDb;
beforeEach(async () => {
  cloud = await openDynamoDb();
  await cloud.create({ ...ORDERS, TimeToLiveSpecification: { AttributeName: 'ttl', Enabled: true } });
});
afterEach(async () => {
  await cloud.close();
  expect(cloud.faults).toEqual([]);
});

const write = async (items: TransactWriteItem[], ClientRequestToken?: string) => (
  cloud.admin.send(new TransactWriteItemsCommand({ TransactItems: items, ClientRequestToken }))
);

/** The numbers in all items, by their sort keys. */
async function stored() {
  const { Items = [] } = await cloud.admin.send(new ScanCommand({ TableName }));
  return Object.fromEntries(Items.map(({ sk, n }) => [Number(sk.N), Number(n.N)]));
}

async function reasons(work: Promise<unknown>) {
  const error: unknown = await work.catch((thrown: unknown) => thrown);
  if (!(error instanceof TransactionCanceledException)) throw new Error(`expected a cancelled transaction, got ${String(error)}`);
  return { message: error.message, reasons: error.CancellationReasons };
}

test('all parts are done', async () => {
  await write([put(1, 5), put(2), put(3)]);
  await write([add(1), { Delete: { TableName: TABLE_ARN, Key: key(2) } }, absent(9), put(4, 7)]);
  expect(await stored()).toEqual({ 1: 6, 3: 0, 4: 7 });
});

test('where one condition is not met, none is done, and each part has its reason', async () => {
  await write([put(1, 5)]);
  const failing: TransactWriteItem = {
    Put: { TableName, Item: key(1), ConditionExpression: 'attribute_not_exists(pk)', ReturnValuesOnConditionCheckFailure: 'ALL_OLD' },
  };
  expect(await reasons(write([add(2), failing, absent(3)]))).toEqual({
    message: 'Transaction cancelled, please refer cancellation reasons for specific reasons [None, ConditionalCheckFailed, None]',
    reasons: [{ Code: 'None' }, { Code: 'ConditionalCheckFailed', Message: 'The conditional request failed', Item: { ...key(1), n: { N: '5' } } }, { Code: 'None' }],
  });
  expect((await reasons(write([put(2), absent(1)]))).reasons).toMatchObject([{ Code: 'None' }, { Code: 'ConditionalCheckFailed' }]);
  expect(await stored()).toEqual({ 1: 5 });
});

test('where a part cannot be done, what was done is undone', async () => {
  await write([put(1, 5), put(2)]);
  await cloud.admin.send(new PutItemCommand({ TableName, Item: { ...key(3), n: { S: 'text' }, ttl: { N: '1' } } }));
  const cancelled = await reasons(write([add(1), { Delete: { TableName, Key: key(2) } }, put(4), add(3)]));
  expect(cancelled.reasons).toEqual([
    { Code: 'None' }, { Code: 'None' }, { Code: 'None' }, { Code: 'ValidationError', Message: 'An operand in the update expression has an incorrect data type' },
  ]);
  expect(await stored()).toEqual({ 1: 5, 2: 0, 3: NaN });
});

test('a part that is wrong is told of before conditions, and alone', async () => {
  const wrong: TransactWriteItem = { Put: { TableName, Item: { pk: { N: '7' }, sk: { N: '1' } } } };
  const unmet: TransactWriteItem = { Put: { TableName, Item: key(1), ConditionExpression: 'attribute_exists(pk)' } };
  const cancelled = await reasons(write([unmet, wrong, wrong, put(2)]));
  expect(cancelled.reasons).toMatchObject([{ Code: 'None' }, { Code: 'ValidationError', Message: expect.stringContaining('Type mismatch for key pk') }, { Code: 'None' }, { Code: 'None' }]);
  const get = cloud.admin.send(new TransactGetItemsCommand({ TransactItems: [{ Get: { TableName, Key: key(1) } }, { Get: { TableName, Key: { pk: { S: 'a' } } } }] }));
  expect((await reasons(get)).reasons).toMatchObject([{ Code: 'None' }, { Code: 'ValidationError' }]);
  expect(await stored()).toEqual({});
});

test('what was undone expires as it would have', async () => {
  const soon = { ttl: { N: String(cloud.account.clock.now() / 1000 + 60) }, n: { N: '0' } };
  const items = [{ ...key(1), ...soon }, { ...key(2), n: { N: '0' } }, { ...key(3), n: { S: 'text' } }];
  for (const Item of items) await cloud.admin.send(new PutItemCommand({ TableName, Item }));
  const changes = [{ Delete: { TableName, Key: key(1) } }, { Put: { TableName, Item: { ...key(2), ...soon } } }, add(3)];
  expect((await reasons(write(changes))).reasons).toMatchObject([{ Code: 'None' }, { Code: 'None' }, { Code: 'ValidationError' }]);
  await cloud.account.clock.sleep(3 * 24 * 60 * 60_000);
  const { Items } = await cloud.call('Scan', { TableName, ProjectionExpression: 'sk' });
  expect(Items).toEqual([{ sk: { N: '2' } }, { sk: { N: '3' } }]);
});

test('of transactions at once that want the same, one wins', async () => {
  const attempts = await Promise.allSettled(Array.from({ length: 10 }, (_, n) => write([absent(0), put(100 + n), {
    Put: {
      TableName, Item: { ...key(1), n: { N: String(n) } }, ConditionExpression: 'attribute_not_exists(pk)',
    },
  }])));
  const winners = attempts.flatMap(({ status }, n) => (status === 'fulfilled' ? [n] : []));
  expect(winners).toHaveLength(1);
  expect(await stored()).toEqual({ 1: winners[0], [100 + winners[0]]: 0 });
});

test('a token stands for its request, for ten minutes', async () => {
  await write([add(1)], 'token');
  await write([add(1)], 'token');
  expect(await stored()).toEqual({ 1: 1 });
  await expect(write([add(2)], 'token')).rejects.toMatchObject({ name: 'IdempotentParameterMismatchException' });
  await write([add(1)], 'other');
  await cloud.account.clock.sleep(10 * 60_000 + 1);
  cloud.admin.config.systemClockOffset = cloud.account.clock.now() - Date.now();
  await write([add(1)], 'token');
  expect(await stored()).toEqual({ 1: 3 });
});

test('items are read as of one moment', async () => {
  await write([put(1, 5), put(2)]);
  const { Responses } = await cloud.admin.send(new TransactGetItemsCommand({
    TransactItems: [{ Get: { TableName, Key: key(1), ProjectionExpression: 'n' } }, { Get: { TableName, Key: key(9) } }],
  }));
  expect(Responses).toEqual([{ Item: { n: { N: '5' } } }, {}]);
});

test.each<[string, TransactWriteItem[], string]>([
  ['two parts about one item', [put(1), absent(1)], 'cannot include multiple operations on one item'],
  ['no part', [], 'length from 1 to 100'],
  ['more than a hundred parts', Array.from({ length: 101 }, (_, n) => put(n)), 'length from 1 to 100'],
  ['a part that is nothing', [{}], 'can only contain one of'],
  ['a part that is two things', [{ ...put(1), ...absent(2) }], 'can only contain one of'],
  ['a check of nothing', [{ ConditionCheck: { TableName, Key: key(1), ConditionExpression: undefined } }], 'The ConditionExpression of ConditionCheck must not be null'],
  ['more than four mebibytes', Array.from({ length: 11 }, (_, n) => ({ Put: { TableName, Item: { ...key(n), text: { S: 'x'.repeat(400_000) } } } })), 'size cannot exceed'],
  ['a broken expression', [{ Update: { TableName, Key: key(1), UpdateExpression: 'nonsense' } }], 'Invalid UpdateExpression'],
])('%s is refused', async (_, items, message) => {
  await expect(write(items)).rejects.toMatchObject({ name: 'ValidationException', message: expect.stringContaining(message) });
});

test('what of a failed condition is to be answered must be known', async () => {
  const Put = { TableName, Item: key(1), ReturnValuesOnConditionCheckFailure: 'NEW' };
  await expect(cloud.call('TransactWriteItems', { TransactItems: [{ Put }] }))
    .rejects.toMatchObject({ code: 'ValidationException', message: expect.stringContaining('returnValuesOnConditionCheckFailure') });
});

test('a token has up to 36 characters', async () => {
  await expect(write([put(1)], 'x'.repeat(36))).resolves.toBeDefined();
  await expect(write([put(1)], 'x'.repeat(37))).rejects.toMatchObject({ name: 'ValidationException', message: expect.stringContaining('clientRequestToken') });
});

test.each<[string, TransactWriteItem, string]>([
  ['Put', put(1), 'dynamodb:PutItem'], ['Update', add(1), 'dynamodb:UpdateItem'], ['Delete', { Delete: { TableName, Key: key(1) } }, 'dynamodb:DeleteItem'],
  ['ConditionCheck', absent(1), 'dynamodb:ConditionCheckItem'],
])('%s needs the right to its own operation', async (_, part, action) => {
  const send = async (...rights: Parameters<typeof allow>[]) => {
    const { credentials } = cloud.account.session(`writer-${action.slice(9)}-${rights.length}-${JSON.stringify(rights).length}`, ...rights.map((right) => allow(...right)));
    return cloud.clientFor(credentials).send(new TransactWriteItemsCommand({ TransactItems: [part] }));
  };
  await expect(send([action, TABLE_ARN])).resolves.toBeDefined();
  await expect(send()).rejects.toMatchObject({ name: 'AccessDeniedException', message: expect.stringContaining(action) });
  if (action === 'dynamodb:ConditionCheckItem') return;
  const within = (enclosing: string) => ({ StringEquals: { 'dynamodb:EnclosingOperation': enclosing } });
  await expect(send([action, TABLE_ARN, within('TransactWriteItems')])).resolves.toBeDefined();
  await expect(send([action, TABLE_ARN, within('TransactGetItems')])).rejects.toMatchObject({ name: 'AccessDeniedException' });
});

test('a right that is for transactions only is none to the operation itself', async () => {
  const condition = { StringEquals: { 'dynamodb:EnclosingOperation': 'TransactGetItems' } };
  const client = cloud.clientFor(cloud.account.session('reader', allow('dynamodb:GetItem', TABLE_ARN, condition)).credentials);
  const get = { TableName, Key: key(1) };
  await expect(client.send(new TransactGetItemsCommand({ TransactItems: [{ Get: get }] }))).resolves.toMatchObject({ Responses: [{}] });
  await expect(client.send(new GetItemCommand(get))).rejects.toMatchObject({ name: 'AccessDeniedException' });
});
