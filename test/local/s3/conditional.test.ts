import {
  CompletedPart, CompleteMultipartUploadCommand, CreateMultipartUploadCommand, DeleteObjectCommand, GetObjectCommand, HeadObjectCommand,
  PutObjectCommand, PutObjectCommandInput, S3Client, S3ServiceException, UploadPartCommand,
} from '@aws-sdk/client-s3';
import * as fc from 'fast-check';
import { allow } from './data-cloud';
import { Bucket, BUCKET_ARN, failure, openS3, TestS3 } from './s3-client';
import { s3Resources } from '../../../local/s3/resources';
import { createResource } from '../iam/create-resource';

let s3: TestS3;
let client: S3Client;

beforeAll(async () => {
  s3 = await openS3();
  client = s3.clientFor(s3.account.adminCredentials);
});

afterAll(async () => s3.close());

beforeEach(() => {
  s3.account.s3.duringWrite = undefined;
});

const put = (Key: string, Body: string, more: Partial<PutObjectCommandInput> = {}, by: S3Client = client) =>
  by.send(new PutObjectCommand({ Bucket, Key, Body, ...more }));
const remove = (Key: string, IfMatch?: string, by: S3Client = client) => by.send(new DeleteObjectCommand({ Bucket, Key, IfMatch }));

async function get(Key: string): Promise<string | undefined> {
  return (await client.send(new GetObjectCommand({ Bucket, Key }))).Body?.transformToString();
}

/** An upload of one part; it calls back between its parts and its completion. */
async function upload(Key: string, Body: string, condition: object, meanwhile: () => Promise<unknown>) {
  const target = { Bucket, Key };
  const { UploadId } = await client.send(new CreateMultipartUploadCommand({ ...target, ChecksumAlgorithm: 'CRC32' }));
  const { ETag, ChecksumCRC32 } = await client.send(new UploadPartCommand({ ...target, UploadId, PartNumber: 1, Body }));
  await meanwhile();
  const Parts: CompletedPart[] = [{ PartNumber: 1, ETag, ChecksumCRC32 }];
  return client.send(new CompleteMultipartUploadCommand({ ...target, UploadId, MultipartUpload: { Parts }, ...condition }));
}

/** Lets others in once, when the next writer has been found to be allowed to write. */
function duringNextWrite(work: () => Promise<unknown>): void {
  s3.account.s3.duringWrite = async () => {
    s3.account.s3.duringWrite = undefined;
    await work();
  };
}

async function outcome(work: Promise<unknown>): Promise<string> {
  const { name, $metadata } = await failure(work);
  return `${$metadata.httpStatusCode} ${name}`;
}

describe('reads', () => {
  test('go by the ETag', async () => {
    const { ETag } = await put('read', 'one');
    expect((await failure(client.send(new GetObjectCommand({ Bucket, Key: 'read', IfMatch: '"other"' })))).$metadata.httpStatusCode).toBe(412);
    expect((await failure(client.send(new GetObjectCommand({ Bucket, Key: 'read', IfNoneMatch: ETag })))).$metadata.httpStatusCode).toBe(304);
    expect((await client.send(new HeadObjectCommand({ Bucket, Key: 'read', IfMatch: ETag }))).ETag).toBe(ETag);
  });
});

describe('writes', () => {
  test('If-None-Match writes only what is not there', async () => {
    await put('created', 'one', { IfNoneMatch: '*' });
    expect(await outcome(put('created', 'two', { IfNoneMatch: '*' }))).toBe('412 PreconditionFailed');
    expect(await outcome(upload('created', 'two', { IfNoneMatch: '*' }, async () => undefined))).toBe('412 PreconditionFailed');
    expect(await get('created')).toBe('one');
    await remove('created');
    await upload('created', 'three', { IfNoneMatch: '*' }, async () => undefined);
    expect(await get('created')).toBe('three');
  });

  test('If-Match writes only over that object', async () => {
    expect(await outcome(put('changed', 'x', { IfMatch: '"x"' }))).toBe('404 NoSuchKey');
    const { ETag } = await put('changed', 'one');
    await put('changed', 'two', { IfMatch: ETag });
    expect(await outcome(put('changed', 'three', { IfMatch: ETag }))).toBe('412 PreconditionFailed');
    expect(await outcome(upload('changed', 'three', { IfMatch: ETag }, async () => undefined))).toBe('412 PreconditionFailed');
    const { ETag: current = '' } = await client.send(new HeadObjectCommand({ Bucket, Key: 'changed' }));
    await upload('changed', 'four', { IfMatch: current.replaceAll('"', '') }, async () => undefined);
    expect(await get('changed')).toBe('four');
  });

  test('that another write or a delete comes before are conflicts', async () => {
    duringNextWrite(() => put('raced', 'first'));
    expect(await outcome(put('raced', 'second', { IfNoneMatch: '*' }))).toBe('409 ConditionalRequestConflict');
    expect(await get('raced')).toBe('first');
    duringNextWrite(() => remove('raced'));
    expect(await outcome(put('raced', 'second', { IfNoneMatch: '*' }))).toBe('409 ConditionalRequestConflict');
    const { ETag } = await put('raced', 'third');
    duringNextWrite(() => put('raced', 'fourth'));
    expect(await outcome(put('raced', 'fifth', { IfMatch: ETag }))).toBe('409 ConditionalRequestConflict');
    const { ETag: now } = await put('raced', 'sixth');
    duringNextWrite(() => remove('raced'));
    expect(await outcome(put('raced', 'seventh', { IfMatch: now }))).toBe('404 NoSuchKey');
  });

  test('of an upload: a write since its beginning is 412, a delete 409 or 404', async () => {
    expect(await outcome(upload('mp', 'slow', { IfNoneMatch: '*' }, () => put('mp', 'fast')))).toBe('412 PreconditionFailed');
    expect(await get('mp')).toBe('fast');
    expect(await outcome(upload('mp', 'slow', { IfNoneMatch: '*' }, () => remove('mp')))).toBe('409 ConditionalRequestConflict');
    const { ETag } = await put('mp', 'again');
    expect(await outcome(upload('mp', 'slow', { IfMatch: ETag }, () => put('mp', 'other')))).toBe('412 PreconditionFailed');
    const { ETag: other } = await client.send(new HeadObjectCommand({ Bucket, Key: 'mp' }));
    expect(await outcome(upload('mp', 'slow', { IfMatch: other }, () => remove('mp')))).toBe('404 NoSuchKey');
  });

  test('exactly one of many writers of a key wins, and its content stays', async () => {
    let key = 0;
    await fc.assert(fc.asyncProperty(
      fc.array(fc.record({ multipart: fc.boolean(), retries: fc.boolean() }), { minLength: 2, maxLength: 8 }),
      async (writers) => {
        const Key = `property/${++key}`;
        const write = (name: string, multipart: boolean) => (
          multipart ? upload(Key, name, { IfNoneMatch: '*' }, async () => undefined) : put(Key, name, { IfNoneMatch: '*' })
        );
        const results = await Promise.all(writers.map(async ({ multipart, retries }, index) => {
          for (;;) {
            const result = await write(`writer ${index}`, multipart).then(() => 'won', (error: S3ServiceException) => error.name);
            if (result !== 'ConditionalRequestConflict' || !retries) return result;
          }
        }));
        expect(results.filter((result) => result === 'won')).toHaveLength(1);
        for (const [index, result] of results.entries()) {
          expect(['won', 'PreconditionFailed', ...writers[index].retries ? [] : ['ConditionalRequestConflict']]).toContain(result);
        }
        expect(await get(Key)).toBe(`writer ${results.indexOf('won')}`);
      },
    ), { numRuns: 25 });
  });

  test('with If-Match, a counter that many raise loses no count', async () => {
    await put('counter', '0');
    const raise = async (): Promise<void> => {
      for (;;) {
        const { Body, ETag } = await client.send(new GetObjectCommand({ Bucket, Key: 'counter' }));
        const next = String(Number(await Body?.transformToString()) + 1);
        // The same MD5 cannot come again, as the number only grows.
        const done = await put('counter', next, { IfMatch: ETag }).then(() => true, () => false);
        if (done) return;
      }
    };
    await Promise.all(Array.from({ length: 8 }, raise));
    expect(await get('counter')).toBe('8');
  });

  test('what S3 does not know is refused by name', async () => {
    expect(await outcome(put('odd', 'x', { IfNoneMatch: '"etag"' }))).toBe('501 NotImplemented');
    expect(await outcome(put('odd', 'x', { IfMatch: '*' }))).toBe('501 NotImplemented');
    expect(await outcome(put('odd', 'x', { IfMatch: '"etag"', IfNoneMatch: '*' }))).toBe('501 NotImplemented');
  });
});

describe('deletes', () => {
  test('If-Match deletes only that object', async () => {
    expect(await outcome(remove('doomed', '*'))).toBe('404 NoSuchKey');
    const { ETag } = await put('doomed', 'one');
    expect(await outcome(remove('doomed', '"other"'))).toBe('412 PreconditionFailed');
    duringNextWrite(() => put('doomed', 'two'));
    expect(await outcome(remove('doomed', ETag))).toBe('409 ConditionalRequestConflict');
    expect(await get('doomed')).toBe('two');
    await remove('doomed', '*');
    expect((await failure(get('doomed'))).name).toBe('NoSuchKey');
  });
});

describe('rights', () => {
  test('who compares an ETag must be allowed to read', async () => {
    const { ETag } = await put('compared', 'x');
    const writer = s3.clientFor(s3.account.session('writer', allow(['s3:PutObject', 's3:DeleteObject'], `${BUCKET_ARN}/*`)).credentials);
    await put('fresh', 'x', { IfNoneMatch: '*' }, writer);
    expect((await failure(put('compared', 'y', { IfMatch: ETag }, writer))).message).toContain('s3:GetObject');
    expect((await failure(remove('compared', ETag, writer))).message).toContain('s3:GetObject');
    await remove('compared', '*', writer);
    const reader = s3.clientFor(s3.account.session('reader', allow(['s3:PutObject', 's3:GetObject'], `${BUCKET_ARN}/*`)).credentials);
    const { ETag: again } = await put('compared', 'x');
    await put('compared', 'y', { IfMatch: again }, reader);
  });

  test('a bucket policy can demand conditions, also of uploads', async () => {
    await createResource(s3Resources(s3.account.store), 'AWS::S3::BucketPolicy', {
      Bucket,
      PolicyDocument: {
        Version: '2012-10-17',
        Statement: [{
          Effect: 'Deny',
          Principal: '*',
          Action: 's3:PutObject',
          Resource: `${BUCKET_ARN}/once/*`,
          Condition: { Null: { 's3:if-none-match': 'true' }, Bool: { 's3:ObjectCreationOperation': 'true' } },
        }],
      },
    });
    expect(await outcome(put('once/a', 'x'))).toBe('403 AccessDenied');
    expect(await outcome(upload('once/a', 'x', {}, async () => undefined))).toBe('403 AccessDenied');
    await put('once/a', 'x', { IfNoneMatch: '*' });
    await upload('once/b', 'x', { IfNoneMatch: '*' }, async () => undefined);
    expect(await get('once/b')).toBe('x');
  });
});
