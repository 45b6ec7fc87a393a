import { DeleteObjectsCommand, GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import * as fc from 'fast-check';
import { allow } from './data-cloud';
import { Bucket, BUCKET_ARN, failure, openS3, TestS3 } from './s3-client';

let s3: TestS3;
let client: S3Client;

beforeAll(async () => {
  s3 = await openS3();
  client = s3.clientFor(s3.account.adminCredentials);
});

afterAll(async () => s3.close());

async function put(Key: string): Promise<string | undefined> {
  return (await client.send(new PutObjectCommand({ Bucket, Key, Body: Key }))).ETag;
}

async function exists(Key: string): Promise<boolean> {
  return client.send(new GetObjectCommand({ Bucket, Key })).then(() => true, () => false);
}

const remove = (keys: string[], Quiet?: boolean, by: S3Client = client) =>
  by.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects: keys.map((Key) => ({ Key })), Quiet } }));

describe('DeleteObjects', () => {
  test('deletes what it names, whatever the keys look like, and nothing else', async () => {
    const keys = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 }).filter((key) => /^[^\p{Cc}\p{Cs}\ufffe\uffff]+$/u.test(key) && key.trim() === key);
    await fc.assert(fc.asyncProperty(fc.uniqueArray(keys, { minLength: 1, maxLength: 8 }), fc.nat(), async (names, split) => {
      const all = names.map((name) => `any/${name}!`);
      for (const key of all) await s3.account.s3.put({ bucket: Bucket, key, body: Buffer.from('x'), context: s3.account.adminContext });
      const doomed = all.slice(0, 1 + split % all.length);
      const { Deleted, Errors } = await remove(doomed);
      expect(Deleted?.map(({ Key }) => Key)).toEqual(doomed);
      expect(Errors).toBeUndefined();
      const left = s3.account.store.bucket(Bucket)?.list('any/').map(({ key }) => key) ?? [];
      expect(new Set(left)).toEqual(new Set(all.slice(doomed.length)));
      for (const key of left) await s3.account.s3.delete({ bucket: Bucket, key, context: s3.account.adminContext });
    }), { numRuns: 60 });
  });

  test('tells of a key that was not there as of any other; quiet tells of errors only', async () => {
    await put('loud');
    expect((await remove(['loud', 'never there'])).Deleted).toEqual([{ Key: 'loud' }, { Key: 'never there' }]);
    await put('quiet');
    expect((await remove(['quiet', 'never there'], true)).Deleted).toBeUndefined();
    expect(await exists('quiet')).toBe(false);
  });

  test('each key needs the right to delete it', async () => {
    await put('mine/a');
    await put('other/a');
    const role = s3.clientFor(s3.account.session('mine', allow('s3:DeleteObject', `${BUCKET_ARN}/mine/*`)).credentials);
    const { Deleted, Errors } = await remove(['mine/a', 'other/a'], false, role);
    expect(Deleted).toEqual([{ Key: 'mine/a' }]);
    expect(Errors).toEqual([{ Key: 'other/a', Code: 'AccessDenied', Message: expect.stringContaining('s3:DeleteObject') }]);
    expect((await remove(['mine/a', 'other/a'], true, role)).Errors).toHaveLength(1);
    expect([await exists('mine/a'), await exists('other/a')]).toEqual([false, true]);
  });

  test('an ETag makes it conditional, key by key', async () => {
    const ETag = await put('conditional/a');
    await put('conditional/b');
    const Objects = [{ Key: 'conditional/a', ETag }, { Key: 'conditional/b', ETag }, { Key: 'conditional/c', ETag: '*' }];
    const { Deleted, Errors } = await client.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects } }));
    expect(Deleted).toEqual([{ Key: 'conditional/a' }]);
    expect(Errors?.map(({ Key, Code }) => [Key, Code])).toEqual([['conditional/b', 'PreconditionFailed'], ['conditional/c', 'NoSuchKey']]);
  });

  test('takes 1 to 1,000 keys, and no versions', async () => {
    const thousand = Array.from({ length: 1_000 }, (_, index) => `many/${index}`);
    expect((await remove(thousand)).Deleted).toHaveLength(1_000);
    expect((await failure(remove([...thousand, 'one more']))).name).toBe('MalformedXML');
    expect((await failure(remove([]))).name).toBe('MalformedXML');
    const versioned = client.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects: [{ Key: 'a', VersionId: 'v' }] } }));
    expect((await failure(versioned)).message).toContain('VersionId');
    expect((await failure(client.send(new DeleteObjectsCommand({ Bucket: 'absent', Delete: { Objects: [{ Key: 'a' }] } })))).name).toBe('NoSuchBucket');
  });
});
