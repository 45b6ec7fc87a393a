import { CfnOutput, Duration, Fn, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { AttributeType, BillingMode, ProjectionType, StreamViewType, Table, TableEncryption, TableEncryptionV2, TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { Code, Function, Runtime } from 'aws-cdk-lib/aws-lambda';
import { DefinitionBody, StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { DynamoAttributeValue, DynamoPutItem, LambdaInvoke } from 'aws-cdk-lib/aws-stepfunctions-tasks';
import { ServiceError } from '../../../local/aws/service';
import { DeployedStack } from '../../../local/client/deployed-stack';
import { LocalCloud } from '../../../local/cloud';
import { JsonObject, JsonValue } from '../../../local/json';
import { deploy } from '../deploy';

/** Counts what it is called for, and says how often. */
const CODE = `
const { DynamoDBClient, UpdateItemCommand } = require('@aws-sdk/client-dynamodb');
const client = new DynamoDBClient({});
exports.handler = async ({ id }) => {
  const { Attributes } = await client.send(new UpdateItemCommand({
    TableName: process.env.TABLE, Key: { id: { S: id } }, UpdateExpression: 'ADD calls :one SET expires = :soon', ReturnValues: 'UPDATED_NEW',
    ExpressionAttributeValues: { ':one': { N: '1' }, ':soon': { N: String(Math.floor(Date.now() / 1000) + 60) } },
  }));
  return Number(Attributes.calls.N);
};`;

/** A table as most apps have one, a table of the second kind, and a state machine and a function that use them. */
function build(stack: Stack): void {
  const partitionKey = { name: 'id', type: AttributeType.STRING };
  const jobs = new Table(stack, 'Jobs', {
    partitionKey,
    billingMode: BillingMode.PAY_PER_REQUEST,
    encryption: TableEncryption.CUSTOMER_MANAGED,
    deletionProtection: true,
    pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
  });
  const counts = new TableV2(stack, 'Counts', {
    partitionKey,
    timeToLiveAttribute: 'expires',
    removalPolicy: RemovalPolicy.DESTROY,
    encryption: TableEncryptionV2.awsManagedKey(),
    globalSecondaryIndexes: [{ indexName: 'by-state', partitionKey: { name: 'state', type: AttributeType.STRING }, projectionType: ProjectionType.KEYS_ONLY }],
  });
  const counter = new Function(stack, 'Counter', {
    runtime: Runtime.NODEJS_22_X, handler: 'index.handler', code: Code.fromInline(CODE), environment: { TABLE: counts.tableName }, timeout: Duration.seconds(30),
  });
  counts.grant(counter, 'dynamodb:UpdateItem');
  const put = new DynamoPutItem(stack, 'Remember', {
    table: jobs, item: { id: DynamoAttributeValue.fromString('job') }, conditionExpression: 'attribute_not_exists(id)', resultPath: '$.put',
  });
  const count = new LambdaInvoke(stack, 'Count', { lambdaFunction: counter, payloadResponseOnly: true });
  const machine = new StateMachine(stack, 'Machine', { definitionBody: DefinitionBody.fromChainable(put.next(count)) });
  jobs.encryptionKey?.grant(machine, 'kms:Decrypt');
}

let cloud: LocalCloud;
let stack: DeployedStack;
beforeEach(async () => {
  cloud = await LocalCloud.start({ ttlDelay: 60_000 });
  stack = new DeployedStack(cloud, await deploy(cloud, 'Tables', build));
});
afterEach(async () => {
  jest.restoreAllMocks();
  await cloud.close();
});

async function run(): Promise<JsonObject> {
  const stateMachineArn = stack.physicalId('AWS::StepFunctions::StateMachine', 'Machine');
  const { executionArn } = await cloud.stepFunctions.call('StartExecution', { stateMachineArn, input: '{"id": "x"}' }, stack.administrator);
  await cloud.stepFunctions.ended(String(executionArn));
  return cloud.stepFunctions.call('DescribeExecution', { executionArn }, stack.administrator);
}

async function scan(type: string, name: string): Promise<JsonValue | undefined> {
  return (await cloud.dynamoDb.call('Scan', { TableName: stack.physicalId(type, name) }, stack.administrator)).Items;
}

test('an app with both kinds of table runs, and what it leaves expires', async () => {
  expect(await run()).toMatchObject({ status: 'SUCCEEDED', output: '1' });
  expect(await scan('AWS::DynamoDB::Table', 'Jobs')).toEqual([{ id: { S: 'job' } }]);
  expect(await scan('AWS::DynamoDB::GlobalTable', 'Counts')).toEqual([{ id: { S: 'x' }, calls: { N: '1' }, expires: { N: expect.any(String) } }]);
  expect(await run()).toMatchObject({ status: 'FAILED', error: 'DynamoDB.ConditionalCheckFailedException' });
  await cloud.clock.sleep(121_000);
  expect(await scan('AWS::DynamoDB::GlobalTable', 'Counts')).toEqual([]);
  const [jobs, counts] = [stack.physicalId('AWS::DynamoDB::Table', 'Jobs'), stack.physicalId('AWS::DynamoDB::GlobalTable', 'Counts')];
  const sum = (name: string, dimensions: Record<string, string>) => cloud.metrics.value({ namespace: 'AWS/DynamoDB', name, dimensions }, 'Sum', { unit: 'Count' });
  expect(sum('ConditionalCheckFailedRequests', { TableName: jobs })).toBe(1);
  expect(sum('ConditionalCheckFailedRequests', { TableName: counts })).toBeUndefined();
  expect(sum('ReturnedItemCount', { TableName: jobs, Operation: 'Scan' })).toBe(1);
  expect(sum('TimeToLiveDeletedItemCount', { TableName: counts })).toBe(1);
  const unused = cloud.authorizer.unusedPermissions().filter(({ roleArn }) => /Counter|Machine/.test(roleArn)).flatMap(({ grants }) => grants);
  expect(unused.filter(({ action }) => action.startsWith('dynamodb:'))).toEqual([]);
  expect(cloud.faults).toEqual([]);
});

test('throttling is injected as in every other service, and the SDK of the function goes past it', async () => {
  const call = cloud.dynamoDb.call.bind(cloud.dynamoDb);
  let refused = 0;
  jest.spyOn(cloud.dynamoDb, 'call').mockImplementation(async (operation, input, context) => {
    if (operation === 'UpdateItem' && refused++ < 2) throw new ServiceError('ProvisionedThroughputExceededException', 'The level of configured provisioned throughput was exceeded.');
    return call(operation, input, context);
  });
  expect(await run()).toMatchObject({ status: 'SUCCEEDED', output: '1' });
  expect(refused).toBe(3);
  expect(cloud.faults).toEqual([]);
});

test.each<[string, (stack: Stack) => void, string]>([
  ['a stream', (streaming) => {
    new Table(streaming, 'Table', { partitionKey: { name: 'id', type: AttributeType.STRING }, stream: StreamViewType.NEW_IMAGE });
  }, 'does not implement StreamSpecification'],
  ['the ARN of a stream', (streaming) => {
    const table = new TableV2(streaming, 'Table', { partitionKey: { name: 'id', type: AttributeType.STRING } });
    new CfnOutput(streaming, 'Stream', { value: Fn.getAtt(streaming.resolve(table.tableArn)['Fn::GetAtt'][0], 'StreamArn').toString() });
  }, 'StreamArn'],
])('%s is refused when it is deployed', async (_, streaming, message) => {
  await expect(deploy(cloud, 'Streams', streaming)).rejects.toThrow(message);
});
