import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createDynamoDb, TABLE_ARN, TableName } from './dynamodb-cloud';
import { ServiceError } from '../../../local/aws/service';
import { VirtualClock } from '../../../local/clock';
import { DynamoDb } from '../../../local/dynamodb/dynamodb-service';
import { JsonObject, JsonValue } from '../../../local/json';
import { compareEvents } from '../../../local/stepfunctions/conformance/compare-events';
import { readCorpus, RecordedExecution } from '../../../local/stepfunctions/conformance/corpus';
import { toCorpusEvent } from '../../../local/stepfunctions/conformance/corpus-event';
import { asRecordedAt } from '../../../local/stepfunctions/conformance/eras';
import { Matcher } from '../../../local/stepfunctions/conformance/match';
import { allEvents, anybody, environment as RECORDED } from '../../../local/stepfunctions/conformance/run-execution';
import { StepFunctionsService } from '../../../local/stepfunctions/service';
import { environment } from '../http/small-cloud';
import { allow } from '../s3/data-cloud';
import { single } from '../stepfunctions/support';

const Key: JsonObject = { pk: { S: 'a' }, sk: { N: '1' } };

type Cloud = ReturnType<typeof createDynamoDb>;
let cloud: Cloud;
let machines = 0;
beforeEach(async () => {
  cloud = createDynamoDb();
  await cloud.create();
});
afterEach(async () => cloud.closeService());

interface TaskOptions {
  readonly rights?: JsonObject[];
  readonly input?: JsonValue;
  readonly catching?: JsonValue;
  readonly timeout?: number;
}

/** A Task that calls DynamoDB with a role that has these rights; answers how its execution ends. */
async function task(resource: string, parameters: JsonObject, options: TaskOptions = {}) {
  const { rights = [allow('dynamodb:*', TABLE_ARN)], input = {}, catching, timeout } = options;
  const name = `machine-${++machines}`;
  const { context } = cloud.account.session(name, ...rights);
  const states = new StepFunctionsService({
    environment,
    clock: cloud.account.clock,
    authorize: async () => undefined,
    assumeRole: async () => context.caller,
    targets: { services: [cloud.service] },
  });
  const more: JsonObject = { ...catching !== undefined && { Catch: catching }, ...timeout !== undefined && { TimeoutSeconds: timeout } };
  const definition = JSON.stringify(single({ Type: 'Task', Resource: `arn:aws:states:::${resource}`, Parameters: parameters, ...more }));
  const { arn } = await states.createStateMachine({ name, roleArn: `arn:aws:iam::${environment.accountId}:role/${name}`, definition });
  const { executionArn } = await states.call('StartExecution', { stateMachineArn: arn, input: JSON.stringify(input) }, anybody);
  await states.ended(String(executionArn));
  const { status, output, error, cause } = await states.call('DescribeExecution', { executionArn }, anybody);
  const result: JsonValue = output === undefined ? null : JSON.parse(String(output));
  return { status, result, error, cause };
}

const item = { ...Key, n: { N: '1' } };
const ifAbsent = { TableName, Item: item, ConditionExpression: 'attribute_not_exists(pk)' };

describe('both kinds of integration', () => {
  test.each(['dynamodb', 'aws-sdk:dynamodb'])('%s writes, reads, updates and deletes', async (service) => {
    expect((await task(`${service}:putItem`, { TableName, Item: item })).status).toBe('SUCCEEDED');
    const values = { ':v': { 'N.$': "States.Format('{}', $.v)" } };
    const update = { TableName, Key, UpdateExpression: 'ADD n :v', ExpressionAttributeValues: values, ReturnValues: 'ALL_NEW' };
    expect((await task(`${service}:updateItem`, update, { input: { v: 41 } })).result).toMatchObject({ Attributes: { ...Key, n: { N: '42' } } });
    expect((await task(`${service}:getItem`, { TableName, Key })).result).toMatchObject({ Item: { n: { N: '42' } } });
    expect((await task(`${service}:deleteItem`, { TableName, Key })).status).toBe('SUCCEEDED');
    const { result } = await task(`${service}:getItem`, { TableName, Key });
    expect(result).not.toHaveProperty('Item');
  });

  test('only the answers of the optimised one have the metadata of the SDK', async () => {
    const { result } = await task('dynamodb:getItem', { TableName, Key });
    const metadata = { SdkHttpMetadata: expect.objectContaining({ HttpStatusCode: 200 }), SdkResponseMetadata: { RequestId: expect.any(String) } };
    expect(result).toEqual(metadata);
    expect((await task('aws-sdk:dynamodb:getItem', { TableName, Key })).result).toEqual({});
  });

  type Call = (action: string, parameters: JsonObject, options?: TaskOptions) => ReturnType<typeof task>;

  test.each<[string, (call: Call) => ReturnType<typeof task>, optimized: string, sdk: string, message: string]>([
    ['a condition', async (call) => {
      await call('putItem', ifAbsent);
      return call('putItem', ifAbsent);
    }, 'ConditionalCheckFailedException', 'ConditionalCheckFailedException', 'The conditional request failed'],
    ['a table', async (call) => call('getItem', { TableName: 'absent', Key }, { rights: [allow('dynamodb:*', '*')] }), 'ResourceNotFoundException', 'ResourceNotFoundException', 'Requested resource not found'],
    ['a key', async (call) => call('getItem', { TableName, Key: { pk: { S: 'a' } } }), 'AmazonDynamoDBException', 'DynamoDbException', 'The provided key element does not match the schema'],
    ['a right', async (call) => call('getItem', { TableName, Key }, { rights: [] }), 'AmazonDynamoDBException', 'DynamoDbException', 'is not authorized to perform: dynamodb:GetItem'],
    ['throughput', async (call) => {
      jest.spyOn(cloud.service, 'call').mockRejectedValue(new ServiceError('ProvisionedThroughputExceededException', 'too much'));
      return call('getItem', { TableName, Key });
    }, 'ProvisionedThroughputExceededException', 'ProvisionedThroughputExceededException', 'too much'],
  ])('errors have the names of AWS where %s is missing', async (_, failing, optimized, sdk, message) => {
    const ended = await failing(async (action, parameters, more) => task(`dynamodb:${action}`, parameters, more));
    expect(ended).toMatchObject({ error: `DynamoDB.${optimized}`, cause: expect.stringMatching(/ \(Service: AmazonDynamoDBv2; Status Code: 400; Error Code: \w+; Request ID: .+; Proxy: null\)$/) });
    expect(ended.cause).toContain(message);
    const other = await failing(async (action, parameters, more) => task(`aws-sdk:dynamodb:${action}`, parameters, more));
    expect(other).toMatchObject({ error: `DynamoDb.${sdk}`, cause: expect.stringMatching(/ \(Service: DynamoDb, Status Code: 400, Request ID: .+\)/) });
    expect(other.cause).toContain(message);
  });

  test.each(['dynamodb', 'aws-sdk:dynamodb'])('%s: a number where a text is needed is nothing that can be caught', async (service) => {
    const catching = [{ ErrorEquals: ['States.ALL'], ResultPath: null, Next: 'Only' }];
    const parameters = { TableName, Key: { pk: { S: 'a' }, sk: { 'N.$': '$.n' } } };
    const ended = await task(`${service}:getItem`, parameters, { input: { n: 1 }, catching });
    expect(ended).toMatchObject({ status: 'FAILED', error: 'States.Runtime', cause: expect.stringContaining('could not be used to start the Task') });
  });

  test.each<[string, JsonObject, string]>([
    ['dynamodb:putItem', { TableName, Item: item, Expected: { n: { Exists: false } } }, 'Expected'],
    ['aws-sdk:dynamodb:putItem', { TableName, Item: item, ConditionalOperator: 'OR' }, 'ConditionalOperator'],
    ['aws-sdk:dynamodb:query', { TableName, KeyConditions: {} }, 'KeyConditions'],
    ['aws-sdk:dynamodb:executeTransaction', { TransactStatements: [] }, 'aws-sdk:dynamodb:executeTransaction'],
    ['aws-sdk:dynamodb:executeStatement', { Statement: 'SELECT 1' }, 'aws-sdk:dynamodb:executeStatement'],
  ])('%s: what is not implemented is refused when the state machine is made', async (resource, parameters, name) => {
    await expect(task(resource, parameters)).rejects.toThrow(new RegExp(`does not implement .*${name}`));
  });

  test('a transaction is all or nothing, and says why', async () => {
    const Update = { TableName, Key: { ...Key, sk: { N: '2' } }, UpdateExpression: 'ADD n :n', ExpressionAttributeValues: { ':n': { N: '1' } } };
    const TransactItems: JsonObject[] = [{ Put: ifAbsent }, { Update }];
    expect(await task('aws-sdk:dynamodb:transactWriteItems', { TransactItems })).toMatchObject({ status: 'SUCCEEDED', result: {} });
    expect(await task('aws-sdk:dynamodb:transactWriteItems', { TransactItems })).toMatchObject({
      error: 'DynamoDb.TransactionCanceledException', cause: expect.stringContaining('specific reasons [ConditionalCheckFailed, None] (Service: DynamoDb'),
    });
    expect((await task('aws-sdk:dynamodb:scan', { TableName })).result).toMatchObject({ Items: [item, { sk: { N: '2' }, n: { N: '1' } }] });
  });

  test.each([
    ['dynamodb:putItem', ifAbsent], ['aws-sdk:dynamodb:scan', { TableName }], ['aws-sdk:dynamodb:transactWriteItems', { TransactItems: [{ Put: ifAbsent }] }],
  ])('%s takes no virtual time, so that no time-out overtakes it', async (resource, parameters) => {
    const before = cloud.account.clock.now();
    expect((await task(resource, parameters, { timeout: 1 })).status).toBe('SUCCEEDED');
    expect(cloud.account.clock.now()).toBe(before);
  });

  test('AWS has no other optimised calls', async () => {
    await expect(task('dynamodb:query', { TableName })).rejects.toThrow('is not recognized');
  });

  test('tables are queried, scanned, described and written in batches through the SDK', async () => {
    await task('aws-sdk:dynamodb:batchWriteItem', { RequestItems: { [TableName]: [{ PutRequest: { Item: item } }] } });
    const query = { TableName, KeyConditionExpression: 'pk = :a', ExpressionAttributeValues: { ':a': { S: 'a' } } };
    expect((await task('aws-sdk:dynamodb:query', query)).result).toEqual({ Count: 1, Items: [item], ScannedCount: 1 });
    expect((await task('aws-sdk:dynamodb:scan', { TableName })).result).toEqual({ Count: 1, Items: [item], ScannedCount: 1 });
    expect((await task('aws-sdk:dynamodb:batchGetItem', { RequestItems: { [TableName]: { Keys: [Key] } } })).result).toMatchObject({ Responses: { [TableName]: [item] } });
    expect((await task('aws-sdk:dynamodb:describeTable', { TableName })).result).toMatchObject({ Table: { CreationDateTime: '2030-05-01T12:00:00Z' } });
  });
});

const CORPUS = join(__dirname, '..', '..', '..', '..', 'shared', 'conformance', 'stepfunctions');
const recordings = existsSync(CORPUS) ? readCorpus(CORPUS).executions.filter(({ definition }) => JSON.stringify(definition).includes('dynamodb:')) : [];

describe('executions recorded on AWS', () => {
  /** The execution with a real table behind its Tasks, in place of the recorded answers. */
  async function difference(recording: RecordedExecution) {
    const { stateMachineName: name, executionName, roleArn, definition, input, expected, placeholders, recorded } = recording;
    const [clock, authorize] = [new VirtualClock(), async () => undefined];
    const service = new DynamoDb({ environment: RECORDED, clock, authorize, useKey: authorize });
    const states = new StepFunctionsService({ environment: RECORDED, clock, authorize, targets: { services: [service] } });
    await service.createTable({
      TableName: 'sfn_test_table',
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
      AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
      LocalSecondaryIndexes: [],
      GlobalSecondaryIndexes: [],
      tableClass: 'STANDARD',
      deletionProtection: false,
    });
    try {
      const { arn: stateMachineArn } = await states.createStateMachine({ name, roleArn, definition: JSON.stringify(definition) });
      const { executionArn } = await states.call('StartExecution', { stateMachineArn, name: executionName, input: JSON.stringify(input) }, anybody);
      await states.ended(String(executionArn));
      const events = asRecordedAt(recorded, (await allEvents(states, String(executionArn))).map(toCorpusEvent));
      return compareEvents(expected, events, new Matcher(placeholders));
    } finally {
      await service.close();
    }
  }

  if (recordings.length === 0) {
    process.stderr.write('Executions recorded on AWS with Tasks of DynamoDB are skipped: the recordings lie beside the repository, and are not here\n');
    test.skip('lie beside the repository', () => undefined);
  } else {
    test.each(recordings.map((recording) => [recording.name, recording] as const))('%s has the same history with a local table', async (_, recording) => {
      expect(await difference(recording)).toBeUndefined();
    });
  }
});
