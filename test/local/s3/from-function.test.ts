import { Stack } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Code, Function, Runtime } from 'aws-cdk-lib/aws-lambda';
import { Bucket, BucketEncryption } from 'aws-cdk-lib/aws-s3';
import { DeployedStack } from '../../../local/client/deployed-stack';
import { LocalCloud } from '../../../local/cloud';
import { deploy } from '../deploy';

/** Streams bytes to S3 in parts, then commits them by an object that is written once; answers who committed. */
const CODE = `
const s3 = require('@aws-sdk/client-s3');
const client = new s3.S3Client({});
exports.handler = async ({ name, megabytes }) => {
  const target = { Bucket: process.env.BUCKET, Key: 'data/' + name };
  const { UploadId } = await client.send(new s3.CreateMultipartUploadCommand({ ...target, ChecksumAlgorithm: 'CRC32' }));
  const Parts = [];
  for (let left = megabytes; left > 0; left -= 6) {
    const Body = Buffer.alloc(Math.min(left, 6) * 1024 * 1024, name);
    const PartNumber = Parts.length + 1;
    const { ETag, ChecksumCRC32 } = await client.send(new s3.UploadPartCommand({ ...target, UploadId, PartNumber, Body }));
    Parts.push({ PartNumber, ETag, ChecksumCRC32 });
  }
  await client.send(new s3.CompleteMultipartUploadCommand({ ...target, UploadId, MultipartUpload: { Parts } }));
  const commit = { Bucket: process.env.BUCKET, Key: 'commit' };
  for (;;) {
    try {
      await client.send(new s3.PutObjectCommand({ ...commit, Body: name, IfNoneMatch: '*' }));
      break;
    } catch (error) {
      if (error.name === 'PreconditionFailed') break;
      if (error.name !== 'ConditionalRequestConflict') throw error;
    }
  }
  const { Body } = await client.send(new s3.GetObjectCommand(commit));
  return Body.transformToString();
};`;

function build(stack: Stack): void {
  const bucket = new Bucket(stack, 'Data', { encryption: BucketEncryption.KMS });
  const writer = new Function(stack, 'Writer', {
    runtime: Runtime.NODEJS_22_X, handler: 'index.handler', code: Code.fromInline(CODE), environment: { BUCKET: bucket.bucketName },
  });
  // Exactly what the code does: it neither lists nor aborts.
  writer.addToRolePolicy(new PolicyStatement({ actions: ['s3:PutObject', 's3:GetObject'], resources: [bucket.arnForObjects('*')] }));
  writer.addToRolePolicy(new PolicyStatement({ actions: ['kms:GenerateDataKey', 'kms:Decrypt'], resources: [bucket.encryptionKey?.keyArn ?? ''] }));
}

test('functions that write at the same moment agree on one of them, with the SDK as Lambda has it', async () => {
  const cloud = await LocalCloud.start();
  try {
    const deployment = new DeployedStack(cloud, await deploy(cloud, 'Writers', build));
    const arn = deployment.physicalId('AWS::Lambda::Function', 'Writer');
    const names = ['one', 'two', 'three'];
    const answers = await Promise.all(names.map(async (name) => (
      (await cloud.lambda.invokeFunction(arn, JSON.stringify({ name, megabytes: 13 }), deployment.administrator)).payload
    )));
    const bucket = deployment.physicalId('AWS::S3::Bucket', 'Data');
    const read = async (key: string) => String(await cloud.s3.read({ bucket, key, context: deployment.administrator }));
    const winner = await read('commit');
    expect(names).toContain(winner);
    expect(answers.map((answer) => JSON.parse(answer))).toEqual([winner, winner, winner]);
    for (const name of names) expect((await read(`data/${name}`)).length).toBe(13 * 1024 * 1024);
    const unused = cloud.authorizer.unusedPermissions().filter(({ roleArn }) => roleArn.includes('Writer')).flatMap(({ grants }) => grants);
    expect(unused.filter(({ policy }) => policy.includes('Writer'))).toEqual([]);
    expect(cloud.faults).toEqual([]);
  } finally {
    await cloud.close();
  }
});
