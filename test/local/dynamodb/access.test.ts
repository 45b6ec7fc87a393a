import { GetItemCommand, QueryCommand } from '@aws-sdk/client-dynamodb';
import { createDynamoDb, openDynamoDb, ORDERS, TABLE_ARN, TableName } from './dynamodb-cloud';
import { JsonObject } from '../../../local/json';
import { kmsResources } from '../../../local/kms/resources';
import { createResource } from '../iam/create-resource';
import { allow } from '../s3/data-cloud';

const Key: JsonObject = { pk: { S: 'a' }, sk: { N: '1' } };
const QUERY = { KeyConditionExpression: 'pk = :a', ExpressionAttributeValues: { ':a': { S: 'a' } } };
const INDEXED: JsonObject = {
  ...ORDERS, GlobalSecondaryIndexes: [{ IndexName: 'by-sk', KeySchema: [{ AttributeName: 'sk', KeyType: 'HASH' }], Projection: { ProjectionType: 'ALL' } }],
};
const BY_SK = { IndexName: 'by-sk', KeyConditionExpression: 'sk = :1', ExpressionAttributeValues: { ':1': { N: '1' } } };

type Cloud = ReturnType<typeof createDynamoDb>;
let cloud: Cloud;
beforeEach(async () => {
  cloud = createDynamoDb();
  await cloud.create(INDEXED);
});
afterEach(async () => cloud.closeService());

let roles = 0;
const as = (...statements: JsonObject[]) => cloud.account.session(`dynamodb-${++roles}`, ...statements).context;
const denied = { code: 'AccessDeniedException' };

test.each<[operation: string, input: JsonObject, resource: string, other: string]>([
  ['GetItem', { TableName, Key }, TABLE_ARN, 'dynamodb:BatchGetItem'],
  ['PutItem', { TableName, Item: Key }, TABLE_ARN, 'dynamodb:UpdateItem'],
  ['UpdateItem', { TableName, Key }, TABLE_ARN, 'dynamodb:PutItem'],
  ['DeleteItem', { TableName, Key }, TABLE_ARN, 'dynamodb:PutItem'],
  ['Query', { TableName, ...QUERY }, TABLE_ARN, 'dynamodb:Scan'],
  ['Query', { TableName, ...BY_SK }, `${TABLE_ARN}/index/by-sk`, 'dynamodb:Scan'],
  ['Scan', { TableName }, TABLE_ARN, 'dynamodb:Query'],
  ['Scan', { TableName, IndexName: 'by-sk' }, `${TABLE_ARN}/index/by-sk`, 'dynamodb:Query'],
  ['BatchGetItem', { RequestItems: { [TableName]: { Keys: [Key] } } }, TABLE_ARN, 'dynamodb:GetItem'],
  ['BatchWriteItem', { RequestItems: { [TableName]: [{ DeleteRequest: { Key } }] } }, TABLE_ARN, 'dynamodb:DeleteItem'],
  ['DescribeTable', { TableName }, TABLE_ARN, 'dynamodb:DescribeTimeToLive'],
  ['DescribeTimeToLive', { TableName }, TABLE_ARN, 'dynamodb:DescribeTable'],
  ['ListTables', {}, '*', 'dynamodb:DescribeTable'],
])('%s needs a right of its own: %j', async (operation, input, resource, other) => {
  const right = allow(`dynamodb:${operation}`, resource);
  await expect(cloud.call(operation, input, as(right))).resolves.toBeDefined();
  await expect(cloud.call(operation, input, as(allow(other, [resource, TABLE_ARN])))).rejects.toMatchObject(denied);
  await expect(cloud.call(operation, input, as(right, { ...right, Effect: 'Deny' }))).rejects.toMatchObject(denied);
  if (resource !== '*') await expect(cloud.call(operation, input, as(allow(`dynamodb:${operation}`, `${TABLE_ARN}s`)))).rejects.toMatchObject(denied);
});

test('a right to a table is none to its indexes', async () => {
  await expect(cloud.call('Query', { TableName, ...BY_SK }, as(allow('dynamodb:Query', TABLE_ARN)))).rejects.toMatchObject(denied);
});

test('a batch needs the right to each of its tables', async () => {
  await cloud.create({ ...ORDERS, TableName: 'others' });
  const RequestItems = { [TableName]: { Keys: [Key] }, others: { Keys: [Key] } };
  await expect(cloud.call('BatchGetItem', { RequestItems }, as(allow('dynamodb:BatchGetItem', TABLE_ARN)))).rejects.toMatchObject(denied);
  const both = [TABLE_ARN, TABLE_ARN.replace('orders', 'others')];
  await expect(cloud.call('BatchGetItem', { RequestItems }, as(allow('dynamodb:BatchGetItem', both)))).resolves.toBeDefined();
});

test('who may not call is not told what is wrong or whether there is such a table', async () => {
  const nobody = as(allow('dynamodb:GetItem', `${TABLE_ARN}s`));
  await expect(cloud.call('GetItem', { TableName, Key: {} }, nobody)).rejects.toMatchObject(denied);
  await expect(cloud.call('GetItem', { TableName: 'absent', Key }, nobody)).rejects.toMatchObject(denied);
  await expect(cloud.call('UpdateItem', { TableName, Key, UpdateExpression: 'nonsense' }, nobody)).rejects.toMatchObject(denied);
});

describe('a policy', () => {
  const leading = (values: string[]): JsonObject => ({ 'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': values } });

  test.each<[string, JsonObject, JsonObject]>([
    ['GetItem', { TableName, Key }, { TableName, Key: { ...Key, pk: { S: 'b' } } }],
    ['PutItem', { TableName, Item: Key }, { TableName, Item: { ...Key, pk: { S: 'b' } } }],
    ['Query', { TableName, ...QUERY }, { TableName, ...QUERY, ExpressionAttributeValues: { ':a': { S: 'b' } } }],
    ['BatchGetItem', { RequestItems: { [TableName]: { Keys: [Key] } } }, { RequestItems: { [TableName]: { Keys: [Key, { ...Key, pk: { S: 'b' } }] } } }],
    ['BatchWriteItem', { RequestItems: { [TableName]: [{ PutRequest: { Item: Key } }] } }, { RequestItems: { [TableName]: [{ DeleteRequest: { Key: { ...Key, pk: { S: 'b' } } } }] } }],
  ])('can limit %s to partition keys', async (operation, mine, theirs) => {
    const context = as(allow('dynamodb:*', TABLE_ARN, leading(['a'])));
    await expect(cloud.call(operation, mine, context)).resolves.toBeDefined();
    await expect(cloud.call(operation, theirs, context)).rejects.toMatchObject(denied);
  });

  test('can ask for what a request says, and is refused where it asks for what is not known', async () => {
    const returned = (value: string) => as(allow('dynamodb:*', TABLE_ARN, { StringEquals: { 'dynamodb:ReturnValues': value } }));
    const put = { TableName, Item: Key, ReturnValues: 'ALL_OLD' };
    await expect(cloud.call('PutItem', put, returned('ALL_OLD'))).resolves.toBeDefined();
    await expect(cloud.call('PutItem', put, returned('NONE'))).rejects.toMatchObject(denied);
    await expect(cloud.call('PutItem', { TableName, Item: Key }, returned('NONE'))).rejects.toThrow('asks for dynamodb:ReturnValues at dynamodb:PutItem, which the local cloud does not model');
    for (const key of ['dynamodb:Attributes', 'dynamodb:Select']) {
      const context = as(allow('dynamodb:GetItem', TABLE_ARN, { StringEquals: { [key]: 'x' } }));
      await expect(cloud.call('GetItem', { TableName, Key }, context)).rejects.toThrow(`asks for ${key} at dynamodb:GetItem, which the local cloud does not model`);
    }
    const onIndex = as(allow('dynamodb:Query', `${TABLE_ARN}/index/*`, leading(['1'])));
    await expect(cloud.call('Query', { TableName, ...BY_SK }, onIndex)).rejects.toThrow('does not model');
  });

  test('of the table lets others in, and keeps somebody out', async () => {
    const friend = as();
    const statement = (Effect: string, Action: string) => ({ Effect, Principal: { AWS: String(friend.caller.roleArn) }, Action, Resource: '*' });
    const Statement = [statement('Allow', 'dynamodb:GetItem'), statement('Deny', 'dynamodb:Query')];
    await cloud.create({ ...ORDERS, TableName: 'shared', ResourcePolicy: { PolicyDocument: { Version: '2012-10-17', Statement } } });
    await expect(cloud.call('GetItem', { TableName: 'shared', Key }, friend)).resolves.toBeDefined();
    await expect(cloud.call('PutItem', { TableName: 'shared', Item: Key }, friend)).rejects.toMatchObject(denied);
    await expect(cloud.call('Query', { TableName: 'shared', ...QUERY }, friend)).rejects.toThrow('with an explicit deny in a resource-based policy');
  });
});

test('a table with a customer key needs the right to that key too, through DynamoDB and for this table', async () => {
  const { ref, attributes } = await createResource(kmsResources(cloud.keys), 'AWS::KMS::Key', {});
  const keyArn = String(attributes?.Arn);
  await cloud.create({ ...ORDERS, TableName: 'sealed', SSESpecification: { SSEEnabled: true, SSEType: 'KMS', KMSMasterKeyId: ref } });
  const read = allow('dynamodb:GetItem', TABLE_ARN.replace('orders', 'sealed'));
  const get = { TableName: 'sealed', Key };
  await expect(cloud.call('GetItem', get, as(read))).rejects.toThrow(/is not authorized to perform: kms:Decrypt/);
  const decrypt = (context: string, via: string) => allow('kms:Decrypt', keyArn, { StringEquals: { 'kms:EncryptionContext:aws:dynamodb:tableName': context, 'kms:ViaService': via } });
  await expect(cloud.call('GetItem', get, as(read, decrypt('sealed', 'dynamodb.eu-west-1.amazonaws.com')))).resolves.toEqual({});
  await expect(cloud.call('GetItem', get, as(read, decrypt('orders', 'dynamodb.eu-west-1.amazonaws.com')))).rejects.toMatchObject(denied);
  await expect(cloud.call('GetItem', get, as(read, decrypt('sealed', 's3.eu-west-1.amazonaws.com')))).rejects.toMatchObject(denied);
  // The key that AWS manages is for everybody in the account.
  await cloud.create({ ...ORDERS, TableName: 'managed', SSESpecification: { SSEEnabled: true, SSEType: 'KMS' } });
  await expect(cloud.call('GetItem', { TableName: 'managed', Key }, as(allow('dynamodb:GetItem', '*')))).resolves.toEqual({});
});

test('what a role may and does not use is reported', async () => {
  const context = as(allow(['dynamodb:GetItem', 'dynamodb:Scan'], TABLE_ARN));
  await cloud.call('GetItem', { TableName, Key }, context);
  const unused = cloud.account.authorizer.unusedPermissions().find(({ roleArn }) => roleArn === context.caller.roleArn);
  expect(unused?.grants.map(({ action }) => action)).toEqual(['dynamodb:Scan']);
});

test('over HTTPS, a refusal is the error of the SDK, and a wrong signature gets nowhere', async () => {
  const open = await openDynamoDb();
  try {
    await open.create();
    const { credentials } = open.account.session('reader', allow('dynamodb:GetItem', TABLE_ARN));
    const client = open.clientFor(credentials);
    const get = new GetItemCommand({ TableName, Key: { pk: { S: 'a' }, sk: { N: '1' } } });
    expect((await client.send(get)).$metadata.httpStatusCode).toBe(200);
    const query = new QueryCommand({ TableName, KeyConditionExpression: 'pk = :a', ExpressionAttributeValues: { ':a': { S: 'a' } } });
    await expect(client.send(query)).rejects.toMatchObject({ name: 'AccessDeniedException', message: expect.stringContaining('is not authorized to perform: dynamodb:Query on resource') });
    const forged = open.clientFor({ ...credentials, secretAccessKey: 'wrong' });
    await expect(forged.send(get)).rejects.toMatchObject({ name: 'InvalidSignatureException' });
    expect(open.faults).toEqual([]);
  } finally {
    await open.close();
  }
});
