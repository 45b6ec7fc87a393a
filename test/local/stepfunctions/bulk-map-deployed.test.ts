import { Duration, Stack } from 'aws-cdk-lib';
import { CfnPolicy, IRole, PolicyDocument, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Code, Function, IFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { BlockPublicAccess, Bucket, BucketEncryption, IBucket } from 'aws-cdk-lib/aws-s3';
import { CfnStateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { list, object } from './map-run-rig';
import { DeployedStack } from '../../../local/client/deployed-stack';
import { LocalCloud } from '../../../local/cloud';
import { JsonObject, JsonValue } from '../../../local/json';
import { deploy } from '../deploy';

/** A page of lines, in batches, with results that hold what children answer: the form in which a bulk run works. */
const VARIANTS = ['EXPRESS', 'STANDARD'].flatMap((type) => ['JSON', 'JSONL'].map((output) => ({ type, output })));

/** Each right of the role, with the error of a run that lacks it; undefined where AWS documents it, and the Map runs without. */
const RIGHTS: Readonly<Record<string, string | undefined>> = {
  'states:StartExecution': 'States.Permissions',
  'states:DescribeExecution': undefined,
  's3:GetObject pages': 'States.ItemReaderFailed',
  's3:PutObject results': 'States.ResultWriterFailed',
  's3:GetObject results': 'States.ResultWriterFailed',
  's3:ListMultipartUploadParts results': 'States.ResultWriterFailed',
  's3:AbortMultipartUpload results': 'States.ResultWriterFailed',
  'kms:GenerateDataKey': 'States.ResultWriterFailed',
  'kms:Decrypt': 'States.ResultWriterFailed',
  'kms:Encrypt': undefined,
  'lambda:InvokeFunction': 'States.ExceedToleratedFailureThreshold',
};

const CODE = `exports.handler = async ({ items, parameters }) => {
  if (items.some(({ item }) => item.n === parameters.poison)) throw new Error('poison');
  return { sum: items.reduce((sum, { item }) => sum + item.n, 0) };
};`;

function definitionOf({ bucketName }: IBucket, work: IFunction, { type, output }: { type: string; output: string }): JsonObject {
  return {
    StartAt: 'Process',
    States: {
      Process: {
        Type: 'Map',
        Label: 'items',
        MaxConcurrency: 3,
        ItemReader: {
          Resource: 'arn:aws:states:::s3:getObject', ReaderConfig: { InputType: 'JSONL' }, Parameters: { 'Bucket': bucketName, 'Key.$': '$.key' },
        },
        ItemBatcher: { MaxItemsPerBatchPath: '$.batch', MaxInputBytesPerBatch: 200 * 1024, BatchInput: { 'parameters.$': '$.parameters' } },
        ItemProcessor: {
          ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: type },
          StartAt: 'Batch',
          States: {
            Batch: {
              Type: 'Task',
              Resource: 'arn:aws:states:::lambda:invoke',
              Parameters: { FunctionName: work.functionArn, Payload: { 'items.$': '$.Items', 'parameters.$': '$.BatchInput.parameters' } },
              OutputPath: '$.Payload',
              End: true,
            },
          },
        },
        ResultWriter: {
          Resource: 'arn:aws:states:::s3:putObject',
          Parameters: { Bucket: bucketName, Prefix: 'results' },
          WriterConfig: { Transformation: 'COMPACT', OutputType: output },
        },
        End: true,
      },
    },
  };
}

interface Parts {
  readonly pages: IBucket;
  readonly key: Key;
  readonly work: IFunction;
}

/** A machine whose role has all rights but one. */
function machine(stack: Stack, id: string, { pages, key, work }: Parts, variant: { type: string; output: string }, without?: string): void {
  const role: IRole = new Role(stack, `${id}Role`, { assumedBy: new ServicePrincipal('states.amazonaws.com') });
  const { ref, attrName } = new CfnStateMachine(stack, id, { roleArn: role.roleArn, definition: definitionOf(pages, work, variant) });
  const resourceOf = (right: string): string => {
    if (right.endsWith(' pages')) return pages.arnForObjects('pages/*');
    if (right.endsWith(' results')) return pages.arnForObjects('results/*');
    if (right.startsWith('kms:')) return key.keyArn;
    if (right.startsWith('lambda:')) return work.functionArn;
    const { partition, region, account } = stack;
    return right === 'states:StartExecution' ? ref : `arn:${partition}:states:${region}:${account}:execution:${attrName}:*`;
  };
  const statements = Object.keys(RIGHTS).filter((right) => right !== without)
    .map((right) => new PolicyStatement({ actions: [right.split(' ')[0]], resources: [resourceOf(right)] }));
  new CfnPolicy(stack, `${id}Policy`, { policyName: id, policyDocument: new PolicyDocument({ minimize: false, statements }), roles: [role.roleName] });
}

function build(stack: Stack): void {
  const key = new Key(stack, 'Key');
  const pages = new Bucket(stack, 'Pages', {
    encryption: BucketEncryption.KMS,
    encryptionKey: key,
    bucketKeyEnabled: true,
    enforceSSL: true,
    blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
    lifecycleRules: [{ prefix: 'results/', expiration: Duration.days(30) }, { abortIncompleteMultipartUploadAfter: Duration.days(1) }],
  });
  const work = new Function(stack, 'Work', { runtime: Runtime.NODEJS_22_X, handler: 'index.handler', code: Code.fromInline(CODE) });
  for (const variant of VARIANTS) machine(stack, `${variant.output}${variant.type}Full`, { pages, key, work }, variant);
  for (const right of Object.keys(RIGHTS)) machine(stack, idOf(right), { pages, key, work }, { type: 'EXPRESS', output: 'JSONL' }, right);
}

function idOf(right: string): string {
  return `Without${right.replace(/\W/g, '')}`;
}

let cloud: LocalCloud;
let deployment: DeployedStack;
let bucket: string;

beforeAll(async () => {
  cloud = await LocalCloud.start();
  deployment = new DeployedStack(cloud, await deploy(cloud, 'Bulk', build));
  bucket = deployment.physicalId('AWS::S3::Bucket', 'Pages');
  const line = (n: number) => JSON.stringify({ itemIdentifier: `id-${n}`, item: { n } });
  await deployment.putObject('Pages', 'pages/1.jsonl', Buffer.from(Array.from({ length: 10 }, (_, n) => `${line(n)}\n`).join('')));
});

afterAll(async () => cloud.close());

/** Runs a machine to its end. */
async function run(id: string, input: JsonObject = {}): Promise<JsonObject> {
  const stateMachineArn = deployment.physicalId('AWS::StepFunctions::StateMachine', id);
  const text = JSON.stringify({ key: 'pages/1.jsonl', batch: 4, parameters: {}, ...input });
  const { executionArn } = await cloud.stepFunctions.call('StartExecution', { stateMachineArn, input: text }, deployment.administrator);
  await cloud.stepFunctions.ended(String(executionArn));
  return cloud.stepFunctions.call('DescribeExecution', { executionArn }, deployment.administrator);
}

async function read(key: string): Promise<string> {
  return String(await cloud.s3.read({ bucket, key, context: deployment.administrator }));
}

/** The results that a manifest leads to. */
async function results(manifest: string, kind: string): Promise<JsonValue[]> {
  const files = object(JSON.parse(await read(manifest)).ResultFiles);
  const texts = await Promise.all(list(files[kind]).map(async ({ Key: key }) => read(String(key))));
  return texts.flatMap((text) => (text.startsWith('[') ? JSON.parse(text) : text.split('\n').filter((line) => line !== '').map((line) => JSON.parse(line))));
}

const processed = '$type children process the lines of an object in batches, and their answers are in the results ($output)';

test.each(VARIANTS)(processed, async ({ type, output }) => {
  const answer = await run(`${output}${type}Full`);
  expect([answer.status, answer.cause]).toEqual(['SUCCEEDED', undefined]);
  const { ResultWriterDetails: details } = object(JSON.parse(String(answer.output)));
  const manifest = String(object(details).Key);
  expect(manifest).toMatch(/^results\/[\w-]+\/manifest\.json$/);
  expect(await results(manifest, 'SUCCEEDED')).toEqual([{ sum: 0 + 1 + 2 + 3 }, { sum: 4 + 5 + 6 + 7 }, { sum: 8 + 9 }]);
  const head = await cloud.s3.head({ bucket, key: manifest, context: deployment.administrator });
  expect(head.encryption.algorithm).toBe('aws:kms');
});

test('a batch that fails fails the Map, and the result files say which', async () => {
  const { status, error, executionArn } = await run('JSONLEXPRESSFull', { parameters: { poison: 5 } });
  expect([status, error]).toEqual(['FAILED', 'States.ExceedToleratedFailureThreshold']);
  const { mapRuns } = await cloud.stepFunctions.call('ListMapRuns', { executionArn }, deployment.administrator);
  const id = String(list(mapRuns)[0].mapRunArn).split(':').at(-1);
  const [failed] = await results(`results/${id}/manifest.json`, 'FAILED');
  expect(failed).toMatchObject({ Status: 'FAILED', Error: 'Error', Cause: expect.stringContaining('poison') });
  expect(list(object(JSON.parse(String(object(failed).Input))).Items).map(({ itemIdentifier }) => itemIdentifier)).toEqual(['id-4', 'id-5', 'id-6', 'id-7']);
});

test.each(Object.entries(RIGHTS))('without %s: %s', async (right, expected) => {
  const { status, error, cause } = await run(idOf(right));
  if (expected === undefined) {
    expect(status).toBe('SUCCEEDED');
    return;
  }
  expect([status, error]).toEqual(['FAILED', expected]);
  if (expected !== 'States.ExceedToleratedFailureThreshold') expect(cause).toContain(right.split(' ')[0]);
});

test('nothing that AWS documents is left unused', async () => {
  for (const { type, output } of VARIANTS) await run(`${output}${type}Full`);
  const full = VARIANTS.map(({ type, output }) => `${output}${type}Full`);
  const unused = cloud.authorizer.unusedPermissions().filter(({ roleArn }) => full.some((id) => roleArn.includes(id)));
  expect(unused.map(({ roleArn, grants }) => [roleArn, grants])).toEqual([]);
  expect(cloud.faults).toEqual([]);
});

test('reading a page is one request to S3, each result file three and the manifest as many', async () => {
  const operations: string[] = [];
  cloud.s3.onRequest = ({ operation, context }) => {
    if (context.caller.roleArn?.includes('JSONLEXPRESSFull') === true) operations.push(operation);
  };
  await run('JSONLEXPRESSFull');
  cloud.s3.onRequest = undefined;
  const upload = ['CreateMultipartUpload', 'UploadPart', 'CompleteMultipartUpload'];
  expect(operations).toEqual(['GetObject', ...upload, ...upload]);
});

test('the rules that CDK writes end results and uploads that nobody completes, and nothing else', async () => {
  const target = { bucket, key: 'pages/2.jsonl', context: deployment.administrator };
  const { id: uploadId } = await cloud.s3.uploads.create(target);
  const keys = async () => (await cloud.s3.list({ bucket, context: deployment.administrator })).objects.map(({ key }) => key);
  expect((await keys()).some((key) => key.startsWith('results/'))).toBe(true);
  await cloud.clock.sleep(86_400_000);
  expect((await cloud.s3.uploads.parts({ ...target, uploadId })).id).toBe(uploadId);
  await cloud.clock.sleep(86_400_000);
  await expect(cloud.s3.uploads.parts({ ...target, uploadId })).rejects.toMatchObject({ code: 'NoSuchUpload' });
  await cloud.clock.sleep(29 * 86_400_000);
  expect(await keys()).toEqual(['pages/1.jsonl']);
});
