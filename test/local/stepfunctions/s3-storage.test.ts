import { s3Storage } from '../../../local/stepfunctions/integrations/s3-storage';
import { TaskFailure } from '../../../local/stepfunctions/interpreter/failure';
import { environment } from '../http/small-cloud';
import { allow, createDataAccount } from '../s3/data-cloud';

const execution = {
  executionArn: '', executionName: 'run', stateMachineArn: '', stateMachineName: '', region: environment.region, roleArn: 'arn:aws:iam::111122223333:role/map',
};
const location = { bucket: 'data', key: 'a/1' };

/** S3 with the bucket `data`, seen by a role that may do this. */
async function storageFor(...actions: string[]) {
  const { store, s3, session, adminContext } = createDataAccount();
  store.createBucket({
    name: 'data',
    arn: 'arn:aws:s3:::data',
    ownerAccount: '111122223333',
    region: environment.region,
    encryption: { algorithm: 'AES256' },
    lifecycle: [],
    publicAccess: { blockPublicPolicy: true, restrictPublicBuckets: true },
  });
  await s3.put({ ...location, body: Buffer.from('body'), context: adminContext });
  const { context } = session('map', allow(actions, ['arn:aws:s3:::data', 'arn:aws:s3:::data/*']));
  return { storage: s3Storage(s3, async () => context.caller), s3, adminContext };
}

const WRITE = ['s3:PutObject', 's3:GetObject', 's3:ListMultipartUploadParts', 's3:AbortMultipartUpload'];

test.each(WRITE)('results are written with all four rights of the developer guide, not without %s', async (missing) => {
  const { storage, s3, adminContext } = await storageFor(...WRITE);
  await storage.assertWritable({ ...location, key: 'b' }, execution);
  await storage.putObject({ ...location, key: 'b' }, 'result', execution);
  expect(String(await s3.read({ ...location, key: 'b', context: adminContext }))).toBe('result');
  const { storage: poorer } = await storageFor(...WRITE.filter((action) => action !== missing));
  await expect(poorer.assertWritable(location, execution)).rejects.toThrow(missing);
});

test('an object is read with the right to it, a version with the right to versions', async () => {
  const { storage } = await storageFor('s3:GetObject');
  expect(String(await storage.getObject(location, execution))).toBe('body');
  await expect(storage.getObject({ ...location, versionId: 'null' }, execution)).rejects.toThrow('s3:GetObjectVersion');
  const { storage: versions } = await storageFor('s3:GetObjectVersion');
  expect(String(await versions.getObject({ ...location, versionId: 'null' }, execution))).toBe('body');
  await expect(versions.getObject({ ...location, versionId: 'v1' }, execution)).rejects.toThrow('The specified version does not exist.');
});

test('a list needs the right to the bucket', async () => {
  const { storage } = await storageFor('s3:ListBucket');
  expect(await storage.listObjects({ bucket: 'data', prefix: 'a/' }, execution)).toEqual([expect.objectContaining({ key: 'a/1', size: 4 })]);
  expect(await storage.listObjects({ bucket: 'data', startAfter: 'a/1' }, execution)).toEqual([]);
  const { storage: without } = await storageFor('s3:GetObject');
  await expect(without.listObjects({ bucket: 'data' }, execution)).rejects.toThrow('s3:ListBucket');
});

test('a bucket of somebody else than expected, and what is not there, are failures of the task', async () => {
  const { storage } = await storageFor('s3:*');
  const foreign = { ...location, expectedBucketOwner: '999999999999' };
  await expect(storage.getObject(foreign, execution)).rejects.toThrow(TaskFailure);
  await expect(storage.listObjects({ bucket: 'data', expectedBucketOwner: '999999999999' }, execution)).rejects.toThrow(TaskFailure);
  await expect(storage.putObject(foreign, '', execution)).rejects.toThrow(TaskFailure);
  await expect(storage.getObject({ ...location, key: 'missing' }, execution)).rejects.toThrow('The specified key does not exist. (Service: S3, Status Code: 404');
});
