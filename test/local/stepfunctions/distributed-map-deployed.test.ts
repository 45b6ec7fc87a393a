import { CfnResource, Stack } from 'aws-cdk-lib';
import { Code, Function, Runtime } from 'aws-cdk-lib/aws-lambda';
import { Bucket, IBucket } from 'aws-cdk-lib/aws-s3';
import {
  CsvHeaders, DefinitionBody, DistributedMap, IItemReader, ItemBatcher, JsonPath, Pass, ResultWriter, S3CsvItemReader, S3JsonItemReader,
  S3ObjectsItemReader, StateMachine, StateMachineType,
} from 'aws-cdk-lib/aws-stepfunctions';
import { LambdaInvoke } from 'aws-cdk-lib/aws-stepfunctions-tasks';
import { list, object } from './map-run-rig';
import { DeployedStack } from '../../../local/client/deployed-stack';
import { LocalCloud } from '../../../local/cloud';
import { JsonObject, JsonValue } from '../../../local/json';
import { deploy } from '../deploy';

const CODE = `exports.handler = async ({ Items }) => {
  if (Items.some(({ amount }) => amount === 'none')) throw new Error('no amount');
  return Items.map(({ id, amount }) => ({ id, double: 2 * Number(amount) }));
};`;

/** A machine that reads items and passes them on. */
function listing(stack: Stack, name: string, itemReader: IItemReader): void {
  const map = new DistributedMap(stack, `${name}Map`, { itemReader, mapExecutionType: StateMachineType.EXPRESS, resultSelector: { 'count.$': 'States.ArrayLength($)' } });
  map.itemProcessor(new Pass(stack, `${name}Item`, { parameters: { 'key.$': '$.Key' } }));
  new StateMachine(stack, name, { definitionBody: DefinitionBody.fromChainable(map) });
}

function build(stack: Stack): void {
  const bucket = new Bucket(stack, 'Data', { bucketName: 'data' });
  const code = new Function(stack, 'Work', { runtime: Runtime.NODEJS_22_X, handler: 'index.handler', code: Code.fromInline(CODE) });
  const map = new DistributedMap(stack, 'Orders', {
    label: 'orders',
    itemReader: new S3CsvItemReader({ bucket, key: JsonPath.stringAt('$.key'), csvHeaders: CsvHeaders.useFirstRow() }),
    itemBatcher: new ItemBatcher({ maxItemsPerBatch: 2 }),
    resultWriter: new ResultWriter({ bucket, prefix: 'results' }),
    maxConcurrency: 2,
    toleratedFailureCount: 2,
  });
  map.itemProcessor(new LambdaInvoke(stack, 'Double', { lambdaFunction: code, payloadResponseOnly: true, retryOnServiceExceptions: false }));
  new StateMachine(stack, 'Batches', { definitionBody: DefinitionBody.fromChainable(map) });
  listing(stack, 'Objects', new S3ObjectsItemReader({ bucket, prefix: 'many/' }));
  listing(stack, 'Foreign', new S3JsonItemReader({ bucket: foreign(stack), key: 'items.json' }));
}

/** A bucket that CDK gives the role the wrong rights for. */
function foreign(stack: Stack): IBucket {
  const bucket = new Bucket(stack, 'Foreign Data', { bucketName: 'foreign' });
  const policy = {
    Version: '2012-10-17', Statement: [{ Effect: 'Deny', Principal: '*', Action: 's3:GetObject', Resource: bucket.arnForObjects('*') }],
  };
  new CfnResource(stack, 'Denied', { type: 'AWS::S3::BucketPolicy', properties: { Bucket: bucket.bucketName, PolicyDocument: policy } });
  return bucket;
}

let cloud: LocalCloud;
let deployment: DeployedStack;

beforeAll(async () => {
  cloud = await LocalCloud.start();
  deployment = new DeployedStack(cloud, await deploy(cloud, 'Maps', build));
}, 120_000);
afterAll(() => cloud.close());

async function put(key: string, body: string): Promise<void> {
  await cloud.services.s3.put({ bucket: 'data', key, body: Buffer.from(body), context: deployment.administrator });
}

async function read(key: string): Promise<JsonValue> {
  return JSON.parse(String(await cloud.services.s3.read({ bucket: 'data', key, context: deployment.administrator })));
}

/** Runs a machine to its end. */
async function run(machine: string, input: JsonObject = {}): Promise<JsonObject> {
  const { stepFunctions } = cloud.services;
  const stateMachineArn = deployment.physicalId('AWS::StepFunctions::StateMachine', machine);
  const { executionArn } = await stepFunctions.call('StartExecution', { stateMachineArn, input: JSON.stringify(input) }, deployment.administrator);
  await stepFunctions.ended(String(executionArn));
  return stepFunctions.call('DescribeExecution', { executionArn }, deployment.administrator);
}

test('a Map reads a file, calls a function for every batch and writes what comes of it, with the rights that CDK gives', async () => {
  await put('orders.csv', 'id,amount\n1,10\n2,20\n3,none\n4,40\n5,50\n');
  const { status, output, cause } = await run('Batches', { key: 'orders.csv' });
  expect([status, cause]).toEqual(['SUCCEEDED', undefined]);
  const { MapRunArn: mapRunArn, ResultWriterDetails: details } = object(JSON.parse(String(output)));
  const { ResultFiles: files } = object(await read(String(object(details).Key)));
  const contents = async (kind: string) => {
    const [file] = list(object(files)[kind]);
    return list(await read(String(file.Key)));
  };
  expect((await contents('SUCCEEDED')).map(({ Output }) => JSON.parse(String(Output)))).toEqual([
    [{ id: '1', double: 20 }, { id: '2', double: 40 }], [{ id: '5', double: 100 }],
  ]);
  expect((await contents('FAILED')).map(({ Input, Error: error }) => [object(JSON.parse(String(Input))).Items, error])).toEqual([
    [[{ id: '3', amount: 'none' }, { id: '4', amount: '40' }], 'Error'],
  ]);
  const described = await cloud.services.stepFunctions.call('DescribeMapRun', { mapRunArn: mapRunArn ?? null }, deployment.administrator);
  expect(described).toMatchObject({ status: 'SUCCEEDED', itemCounts: { total: 5, succeeded: 3, failed: 2 }, executionCounts: { total: 3, succeeded: 2, failed: 1 } });
});

test('a list of more than a thousand objects is read to its end', async () => {
  for (let index = 0; index < 1_001; index++) await put(`many/${index}`, 'x');
  await put('other', 'x');
  expect(await run('Objects')).toMatchObject({ status: 'SUCCEEDED', output: '{"count":1001}' });
});

test('what the role must not read fails the Map', async () => {
  expect(await run('Foreign')).toMatchObject({ status: 'FAILED', error: 'States.ItemReaderFailed', cause: expect.stringContaining('s3:GetObject') });
  expect(cloud.faults).toEqual([]);
});
