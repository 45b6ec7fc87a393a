import { createIndexKey } from 'dynalite/db';
import { createDynamoDb, ORDERS, TABLE, TABLE_ARN, TableName } from './dynamodb-cloud';
import { JsonObject } from '../../../local/json';

const GLOBAL = 'AWS::DynamoDB::GlobalTable';
const HERE = { Region: 'eu-west-1' };
const KeySchema = [{ AttributeName: 'pk', KeyType: 'HASH' }];
const AttributeDefinitions = [{ AttributeName: 'pk', AttributeType: 'S' }];
const Projection = { ProjectionType: 'ALL' };

type Cloud = ReturnType<typeof createDynamoDb>;
let cloud: Cloud;
beforeEach(() => {
  cloud = createDynamoDb();
});
afterEach(async () => cloud.closeService());

const described = async (name = TableName) => (await cloud.call('DescribeTable', { TableName: name })).Table;

test('a table answers its name and ARN', async () => {
  expect(await cloud.create()).toEqual({ ref: TableName, attributes: { Arn: TABLE_ARN } });
  const { TableName: _, ...unnamed } = ORDERS;
  expect((await cloud.create(unnamed)).ref).toBe('Stack-Thing-X');
  await expect(cloud.create()).rejects.toThrow('The table orders already exists');
});

test('a table of one Region can be written as a global one', async () => {
  const properties = {
    ...ORDERS,
    SSESpecification: { SSEEnabled: true, SSEType: 'KMS' },
    Replicas: [{
      ...HERE,
      SSESpecification: { KMSMasterKeyId: 'k' },
      DeletionProtectionEnabled: true,
      TableClass: 'STANDARD_INFREQUENT_ACCESS',
      Tags: [{ Key: 'a', Value: 'b' }],
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
    }],
  };
  const { ref, attributes } = await cloud.create(properties, GLOBAL);
  expect([ref, attributes?.Arn]).toEqual([TableName, TABLE_ARN]);
  expect(await described()).toMatchObject({
    TableId: attributes?.TableId,
    DeletionProtectionEnabled: true,
    TableClassSummary: { TableClass: 'STANDARD_INFREQUENT_ACCESS' },
    SSEDescription: { SSEType: 'KMS', KMSMasterKeyArn: 'k' },
  });
});

test('a provisioned table says so', async () => {
  const throughput = { ReadCapacityUnits: 3, WriteCapacityUnits: '4' };
  await cloud.create({ TableName, KeySchema, AttributeDefinitions, ProvisionedThroughput: throughput });
  expect(await described()).toMatchObject({ ProvisionedThroughput: { ReadCapacityUnits: 3, WriteCapacityUnits: 4 } });
  expect(await described()).not.toHaveProperty('BillingModeSummary');
});

test('a provisioned index says so, and a global table with what it begins', async () => {
  const units = (ReadCapacityUnits: number, WriteCapacityUnits: number) => ({ ReadCapacityUnits, WriteCapacityUnits });
  const GlobalSecondaryIndexes = [index('one', { ProvisionedThroughput: units(7, 8) })];
  await cloud.create({ TableName, KeySchema, AttributeDefinitions, ProvisionedThroughput: units(1, 2), GlobalSecondaryIndexes });
  expect(await described()).toMatchObject({ ProvisionedThroughput: units(1, 2), GlobalSecondaryIndexes: [{ IndexName: 'one', ProvisionedThroughput: units(7, 8) }] });
  await cloud.create({
    TableName: 'scaled',
    KeySchema,
    AttributeDefinitions,
    WriteProvisionedThroughputSettings: {
      WriteCapacityAutoScalingSettings: { MinCapacity: 3, MaxCapacity: 9, TargetTrackingScalingPolicyConfiguration: { TargetValue: 70 } },
    },
    Replicas: [{ ...HERE, ReadProvisionedThroughputSettings: { ReadCapacityUnits: 4 } }],
  }, GLOBAL);
  expect(await described('scaled')).toMatchObject({ ProvisionedThroughput: units(4, 3) });
});

const index = (name: string, more: JsonObject = {}): JsonObject => ({ IndexName: name, KeySchema, Projection, ...more });

test.each<[string, string, JsonObject, string]>([
  ['a stream', TABLE, { StreamSpecification: { StreamViewType: 'NEW_IMAGE' } }, 'does not implement StreamSpecification'],
  ['a Kinesis stream', TABLE, { KinesisStreamSpecification: { StreamArn: 'a' } }, 'does not implement KinesisStreamSpecification'],
  ['an import', TABLE, { ImportSourceSpecification: {} }, 'does not implement ImportSourceSpecification'],
  ['a limit of requests', TABLE, { OnDemandThroughput: { MaxReadRequestUnits: 1 } }, 'does not implement OnDemandThroughput'],
  ['insights', TABLE, { ContributorInsightsSpecification: { Enabled: true } }, 'ContributorInsightsSpecification: insights'],
  ['a class that there is not', TABLE, { TableClass: 'COLD' }, 'TableClass'],
  ['another way to bill', TABLE, { BillingMode: 'FREE' }, 'BillingMode'],
  ['encryption of another type', TABLE, { SSESpecification: { SSEEnabled: true, SSEType: 'AES256' } }, 'SSEType'],
  ['a key without encryption', TABLE, { SSESpecification: { SSEEnabled: false, KMSMasterKeyId: 'k' } }, 'needs SSEEnabled'],
  ['capacity on demand', TABLE, { ProvisionedThroughput: { ReadCapacityUnits: 1, WriteCapacityUnits: 1 } }, 'Neither ReadCapacityUnits nor WriteCapacityUnits'],
  ['no capacity', TABLE, { BillingMode: 'PROVISIONED' }, 'ReadCapacityUnits and WriteCapacityUnits must both be specified'],
  ['no capacity of an index', TABLE, { BillingMode: 'PROVISIONED', ProvisionedThroughput: { ReadCapacityUnits: 1, WriteCapacityUnits: 1 }, GlobalSecondaryIndexes: [index('one')] }, 'must both be specified'],
  ['a fraction of capacity', TABLE, { BillingMode: 'PROVISIONED', ProvisionedThroughput: { ReadCapacityUnits: 0.5, WriteCapacityUnits: 1 } }, 'at least 1, got 0.5'],
  ['an attribute that is no key', TABLE, { AttributeDefinitions: [...AttributeDefinitions, { AttributeName: 'sk', AttributeType: 'N' }, { AttributeName: 'x', AttributeType: 'S' }] }, 'Some AttributeDefinitions are not used. x'],
  ['a key that is no attribute', TABLE, { AttributeDefinitions }, 'Some index key attribute have no definition'],
  ['a key of another type', TABLE, { AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'BOOL' }, { AttributeName: 'sk', AttributeType: 'N' }] }, 'enum value set: [B, N, S]'],
  ['three keys', TABLE, { KeySchema: [...KeySchema, { AttributeName: 'sk', KeyType: 'RANGE' }, { AttributeName: 'pk', KeyType: 'RANGE' }] }, 'length less than or equal to 2'],
  ['a name that is too short', TABLE, { TableName: 'ab' }, 'at least 3 characters'],
  ['two indexes of one name', TABLE, { GlobalSecondaryIndexes: [index('one'), index('one')] }, 'Duplicate index name: one'],
  ['an index of another partition', TABLE, { LocalSecondaryIndexes: [index('one', { KeySchema: [{ AttributeName: 'sk', KeyType: 'HASH' }, { AttributeName: 'pk', KeyType: 'RANGE' }] })] }, 'same leading hash key'],
  ['an index with a limit', TABLE, { GlobalSecondaryIndexes: [index('one', { OnDemandThroughput: {} })] }, 'does not implement OnDemandThroughput'],
  ['a policy that is none', TABLE, { ResourcePolicy: { PolicyDocument: { Statement: { Effect: 'Allow', Action: 'dynamodb:*', Resource: '*' } } } }, 'a statement lacks Principal'],
  ['a replica elsewhere', GLOBAL, { Replicas: [HERE, { Region: 'us-east-1' }] }, 'a replica in another Region than that of the stack'],
  ['no replica', GLOBAL, { Replicas: [] }, 'another number of replicas than one'],
  ['a stream of a global table', GLOBAL, { Replicas: [HERE], StreamSpecification: { StreamViewType: 'NEW_IMAGE' } }, 'does not implement StreamSpecification'],
  ['witnesses', GLOBAL, { Replicas: [HERE], GlobalTableWitnesses: [{}] }, 'does not implement GlobalTableWitnesses'],
  ['no capacity of a global table', GLOBAL, { BillingMode: 'PROVISIONED', Replicas: [HERE] }, 'must both be specified'],
  ['an index of a provisioned global table', GLOBAL, {
    BillingMode: 'PROVISIONED',
    Replicas: [{ ...HERE, ReadProvisionedThroughputSettings: { ReadCapacityUnits: 1 } }],
    GlobalSecondaryIndexes: [index('one')],
    WriteProvisionedThroughputSettings: { WriteCapacityAutoScalingSettings: { MinCapacity: 1, MaxCapacity: 1 } },
  }, 'an index of a provisioned GlobalTable'],
  ['insights of a replica', GLOBAL, { Replicas: [{ ...HERE, ContributorInsightsSpecification: { Enabled: true } }] }, 'insights'],
  ['a key of a replica that is not encrypted', GLOBAL, { Replicas: [{ ...HERE, SSESpecification: { KMSMasterKeyId: 'k' } }] }, 'does not implement SSESpecification'],
])('%s is refused', async (_, type, properties, message) => {
  await expect(cloud.create({ ...ORDERS, ...properties }, type)).rejects.toThrow(message);
});

describe('what an operation does not implement is refused by name:', () => {
  const Key = { pk: { S: 'a' }, sk: { N: '1' } };
  const attribute = { a: { Value: { S: 'x' } } };

  beforeEach(async () => {
    await cloud.create({
      ...ORDERS,
      LocalSecondaryIndexes: [{ IndexName: 'local', KeySchema: [KeySchema[0], { AttributeName: 'sk', KeyType: 'RANGE' }], Projection: { ProjectionType: 'KEYS_ONLY' } }],
    });
  });

  test.each<[string, JsonObject, string]>([
    ['ExecuteTransaction', { TransactStatements: [] }, 'does not implement ExecuteTransaction'],
    ['BatchExecuteStatement', { Statements: [] }, 'does not implement BatchExecuteStatement'],
    ['TransactGetItems', { TransactItems: [], ReturnConsumedCapacity: 'TOTAL' }, 'does not implement ReturnConsumedCapacity of TransactGetItems'],
    ['TransactWriteItems', { TransactItems: [], ReturnItemCollectionMetrics: 'SIZE' }, 'does not implement ReturnItemCollectionMetrics of TransactWriteItems'],
    ['TransactWriteItems', { TransactItems: [{ Put: { TableName, Item: Key, ReturnValues: 'ALL_OLD' } }] }, 'does not implement ReturnValues in TransactWriteItems'],
    ['TransactWriteItems', { TransactItems: [{ Delete: { TableName, Key, Expected: attribute } }] }, 'does not implement Expected of DeleteItem'],
    ['ExecuteStatement', { Statement: 'SELECT 1' }, 'does not implement ExecuteStatement'],
    ['CreateTable', { TableName: 'more' }, 'does not implement CreateTable'],
    ['UpdateTimeToLive', { TableName }, 'does not implement UpdateTimeToLive'],
    ['PutItem', { TableName, Item: Key, Expected: attribute }, 'does not implement Expected of PutItem'],
    ['DeleteItem', { TableName, Key, Expected: attribute, ConditionalOperator: 'OR' }, 'does not implement Expected of DeleteItem'],
    ['UpdateItem', { TableName, Key, AttributeUpdates: attribute }, 'does not implement AttributeUpdates of UpdateItem'],
    ['Query', { TableName, KeyConditions: {} }, 'does not implement KeyConditions of Query'],
    ['Query', { TableName, QueryFilter: {} }, 'does not implement QueryFilter of Query'],
    ['Scan', { TableName, ScanFilter: {} }, 'does not implement ScanFilter of Scan'],
    ['GetItem', { TableName, Key, AttributesToGet: ['a'] }, 'does not implement AttributesToGet of GetItem'],
    ['GetItem', { TableName, Key, SomethingNew: 1 }, 'does not implement SomethingNew of GetItem'],
    ['BatchGetItem', { RequestItems: { [TableName]: { Keys: [Key], AttributesToGet: ['a'] } } }, 'does not implement AttributesToGet in RequestItems of BatchGetItem'],
    ['BatchGetItem', { RequestItems: { [TABLE_ARN]: { Keys: [Key] } } }, 'does not implement the ARN of a table in RequestItems'],
    ['PutItem', { TableName, Item: Key, ReturnItemCollectionMetrics: 'SIZE' }, 'does not implement ReturnItemCollectionMetrics SIZE'],
    ['PutItem', { TableName, Item: Key, ReturnConsumedCapacity: 'TOTAL' }, 'does not implement ReturnConsumedCapacity, with indexes'],
    ['PutItem', { TableName, Item: JSON.parse('{"pk":{"S":"a"},"sk":{"N":"1"},"__proto__":{"S":"x"}}') }, 'does not implement the name __proto__'],
    ['Scan', { TableName, IndexName: 'local', Select: 'ALL_ATTRIBUTES' }, 'does not implement Select ALL_ATTRIBUTES'],
    ['Scan', { TableName, IndexName: 'local', ProjectionExpression: 'pk, more.x' }, 'does not implement the attribute more, which the index local does not have'],
    ['Scan', { TableName, IndexName: 'local', FilterExpression: 'attribute_exists(more)' }, 'does not implement the attribute more, which the index local does not have'],
  ])('%s %j', async (operation, input, message) => {
    await expect(cloud.call(operation, input)).rejects.toThrow(message);
    expect(await cloud.call('Scan', { TableName })).toMatchObject({ Count: 0 });
  });

  test('what of a failed condition is to be answered must be known', async () => {
    const put = { TableName, Item: Key, ConditionExpression: 'attribute_exists(pk)', ReturnValuesOnConditionCheckFailure: 'SOME' };
    await expect(cloud.call('PutItem', put)).rejects.toMatchObject({ code: 'ValidationException', message: expect.stringContaining('[ALL_OLD, NONE]') });
  });

  test('capacity is counted where there is no index', async () => {
    await cloud.create({ ...ORDERS, TableName: 'plain' });
    const put = { TableName: 'plain', Item: { ...Key, text: { S: 'x'.repeat(3000) } }, ReturnConsumedCapacity: 'TOTAL' };
    expect(await cloud.call('PutItem', put)).toEqual({ ConsumedCapacity: { TableName: 'plain', CapacityUnits: 3 } });
  });

  test('items that the engine would confuse in an index are no silent loss', async () => {
    const definitions = [...AttributeDefinitions, { AttributeName: 'g', AttributeType: 'S' }];
    const GlobalSecondaryIndexes = [index('all', { KeySchema: [{ AttributeName: 'g', KeyType: 'HASH' }] })];
    await cloud.create({ ...ORDERS, TableName: 'many', KeySchema, AttributeDefinitions: definitions, GlobalSecondaryIndexes });
    const put = async (n: number) => cloud.call('PutItem', { TableName: 'many', Item: { pk: { S: String(n) }, g: { S: 'same' } } });
    // The two first numbers whose keys have the same 24 bits of their hash.
    const [first, second] = firstCollision();
    await put(first);
    await put(first);
    await expect(put(second)).rejects.toThrow('confuses two items in an index of many');
  });
});

function firstCollision(): [number, number] {
  const table = { TableName: 'many', KeySchema, AttributeDefinitions };
  const seen = new Map<string, number>();
  for (let n = 0; ; n++) {
    const bits = createIndexKey({ pk: { S: String(n) } }, table, KeySchema).slice(-6);
    const other = seen.get(bits);
    if (other !== undefined) return [other, n];
    seen.set(bits, n);
  }
}
