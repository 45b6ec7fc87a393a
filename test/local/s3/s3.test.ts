import { request } from 'node:https';
import {
  DeleteObjectCommand, GetBucketLocationCommand, GetObjectCommand, GetObjectTaggingCommand, HeadBucketCommand, HeadObjectCommand,
  ListObjectsV2Command, PutObjectCommand, S3Client,
} from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import * as fc from 'fast-check';
import { allow, DataAccount } from './data-cloud';
import { Bucket, BUCKET_ARN, failure, KEY_ARN, openS3, TestS3 } from './s3-client';
import { s3Resources } from '../../../local/s3/resources';
import { createResource } from '../iam/create-resource';

let s3: TestS3;
let account: DataAccount;
let opened: TestS3['opened'];
let client: S3Client;
let clientFor: TestS3['clientFor'];

beforeAll(async () => {
  s3 = await openS3({ LifecycleConfiguration: { Rules: [{ Id: 'expire', Prefix: 'old/', Status: 'Enabled', ExpirationInDays: 15 }, { Id: 'off', Status: 'Disabled', ExpirationInDays: 1 }] } });
  ({ account, opened, clientFor } = s3);
  await createResource(s3Resources(account.store), 'AWS::S3::BucketPolicy', {
    Bucket,
    PolicyDocument: {
      Version: '2012-10-17',
      Statement: [
        { Effect: 'Deny', Principal: '*', Action: 's3:*', Resource: [BUCKET_ARN, `${BUCKET_ARN}/*`], Condition: { Bool: { 'aws:SecureTransport': 'false' } } },
      ],
    },
  });
});

afterAll(async () => s3.close());

beforeEach(() => {
  // Tests move the clock.
  client = clientFor(account.adminCredentials);
});

async function put(Key: string, Body: string | Buffer): Promise<void> {
  await client.send(new PutObjectCommand({ Bucket, Key, Body }));
}

async function get(Key: string): Promise<string | undefined> {
  return (await client.send(new GetObjectCommand({ Bucket, Key }))).Body?.transformToString();
}

/** A plain HTTPS request, as a receiver of a link makes it. */
function fetchUrl(url: string): Promise<{ status: number; headers: NodeJS.Dict<string | string[]>; body: string }> {
  return new Promise((resolve, reject) => request(url, { ca: opened.caPem }, (response) => {
    const chunks: Buffer[] = [];
    response.on('data', (chunk: Buffer) => chunks.push(chunk));
    response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks).toString() }));
  }).on('error', reject).end());
}

describe('objects', () => {
  test('any bytes under any key come back as they were', async () => {
    const keys = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 }).filter((key) => !/^\.{0,2}(\/|$)|\/\.{1,2}(\/|$)/.test(key));
    await fc.assert(fc.asyncProperty(keys, fc.uint8Array({ maxLength: 2_000 }), async (Key, bytes) => {
      await put(`any/${Key}`, Buffer.from(bytes));
      const answer = await client.send(new GetObjectCommand({ Bucket, Key: `any/${Key}` }));
      expect(Buffer.from(await answer.Body?.transformToByteArray() ?? []).equals(Buffer.from(bytes))).toBe(true);
    }), { numRuns: 60 });
  });

  test('headers and metadata are kept, the MD5 is the ETag, encryption is told', async () => {
    const stored = await client.send(new PutObjectCommand({
      Bucket, Key: 'meta', Body: 'hello', ContentType: 'text/csv', CacheControl: 'no-store', Metadata: { owner: 'me' },
    }));
    expect(stored.ETag).toBe('"5d41402abc4b2a76b9719d911017c592"');
    const head = await client.send(new HeadObjectCommand({ Bucket, Key: 'meta' }));
    expect(head).toMatchObject({
      ContentType: 'text/csv', CacheControl: 'no-store', Metadata: { owner: 'me' }, ContentLength: 5, ServerSideEncryption: 'AES256', ETag: stored.ETag,
    });
    expect(head.LastModified?.getTime()).toBe(Math.floor(account.clock.now() / 1_000) * 1_000);
  });

  test.each([
    ['bytes=0-1', 'ab', 'bytes 0-1/5'], ['bytes=3-', 'de', 'bytes 3-4/5'], ['bytes=-2', 'de', 'bytes 3-4/5'], ['bytes=2-99', 'cde', 'bytes 2-4/5'],
  ])('range %s', async (Range, expected, contentRange) => {
    await put('range', 'abcde');
    const answer = await client.send(new GetObjectCommand({ Bucket, Key: 'range', Range }));
    expect(answer.$metadata.httpStatusCode).toBe(206);
    expect(answer.ContentRange).toBe(contentRange);
    expect(await answer.Body?.transformToString()).toBe(expected);
  });

  test('a range past the end is an error', async () => {
    await put('range', 'abcde');
    expect((await failure(client.send(new GetObjectCommand({ Bucket, Key: 'range', Range: 'bytes=5-' })))).name).toBe('InvalidRange');
  });

  test('a deleted object is gone; deleting twice is no error', async () => {
    await put('gone', 'x');
    await client.send(new DeleteObjectCommand({ Bucket, Key: 'gone' }));
    await client.send(new DeleteObjectCommand({ Bucket, Key: 'gone' }));
    expect((await failure(get('gone'))).name).toBe('NoSuchKey');
  });

  test('every request can be counted, with who made it', async () => {
    const seen: string[] = [];
    account.s3.onRequest = ({ operation, bucket, key, context }) => seen.push(`${operation} ${bucket}/${key ?? ''} ${context.caller.arn?.split('/').at(-1)}`);
    await put('counted', 'x');
    await get('counted');
    await client.send(new HeadObjectCommand({ Bucket, Key: 'counted' }));
    await client.send(new ListObjectsV2Command({ Bucket }));
    await get('missing').catch(() => undefined);
    account.s3.onRequest = undefined;
    await get('counted');
    expect(seen).toEqual([
      'PutObject results/counted admin', 'GetObject results/counted admin', 'HeadObject results/counted admin', 'ListObjectsV2 results/ admin',
      'GetObject results/missing admin',
    ]);
  });

  test('what is not implemented is an error that names it', async () => {
    await put('tagged', 'x');
    expect((await failure(client.send(new GetObjectTaggingCommand({ Bucket, Key: 'tagged' })))).message).toContain('tagging');
    expect((await failure(client.send(new PutObjectCommand({ Bucket, Key: 'acl', Body: 'x', ACL: 'public-read' })))).message).toContain('x-amz-acl');
    expect(opened.faults).toEqual([]);
  });
});

describe('lists', () => {
  beforeEach(async () => {
    for (const key of ['list/a', 'list/b/1', 'list/b/2', 'list/c d+é', 'list/z']) await put(key, key);
  });

  test('pages of any size hold every key once, in order', async () => {
    for (const MaxKeys of [1, 2, 3, 1000]) {
      const keys: string[] = [];
      let ContinuationToken: string | undefined;
      do {
        const page = await client.send(new ListObjectsV2Command({ Bucket, Prefix: 'list/', MaxKeys, ContinuationToken }));
        keys.push(...(page.Contents ?? []).map(({ Key = '' }) => Key));
        ContinuationToken = page.NextContinuationToken;
        expect(page.IsTruncated).toBe(ContinuationToken !== undefined);
      } while (ContinuationToken !== undefined);
      expect(keys).toEqual(['list/a', 'list/b/1', 'list/b/2', 'list/c d+é', 'list/z']);
    }
  });

  test('a delimiter rolls keys up', async () => {
    const page = await client.send(new ListObjectsV2Command({ Bucket, Prefix: 'list/', Delimiter: '/', EncodingType: 'url' }));
    expect(page.CommonPrefixes).toEqual([{ Prefix: 'list/b/' }]);
    expect(page.KeyCount).toBe(4);
  });
});

describe('access', () => {
  test('a missing key is 404 only for those who may list', async () => {
    const reader = clientFor(account.session('reader', allow('s3:GetObject', `${BUCKET_ARN}/*`)).credentials);
    const lister = clientFor(account.session('lister', allow('s3:GetObject', `${BUCKET_ARN}/*`), allow('s3:ListBucket', BUCKET_ARN)).credentials);
    expect((await failure(reader.send(new HeadObjectCommand({ Bucket, Key: 'missing' })))).$metadata.httpStatusCode).toBe(403);
    expect((await failure(lister.send(new HeadObjectCommand({ Bucket, Key: 'missing' })))).$metadata.httpStatusCode).toBe(404);
  });

  test('a list is allowed for the prefix of the condition only', async () => {
    const lister = clientFor(account.session('prefixed', allow('s3:ListBucket', BUCKET_ARN, { StringLike: { 's3:prefix': 'list/*' } })).credentials);
    expect((await lister.send(new ListObjectsV2Command({ Bucket, Prefix: 'list/' }))).KeyCount).toBe(5);
    expect((await failure(lister.send(new ListObjectsV2Command({ Bucket })))).name).toBe('AccessDenied');
    expect((await failure(lister.send(new PutObjectCommand({ Bucket, Key: 'list/x', Body: 'x' })))).name).toBe('AccessDenied');
  });

  test('who may list a prefix only may neither look at the bucket nor learn that a key is missing', async () => {
    const prefixed = allow('s3:ListBucket', BUCKET_ARN, { StringLike: { 's3:prefix': 'list/*' } });
    const lister = clientFor(account.session('prefix-only', prefixed, allow('s3:GetObject', `${BUCKET_ARN}/*`)).credentials);
    expect((await failure(lister.send(new HeadBucketCommand({ Bucket })))).$metadata.httpStatusCode).toBe(403);
    expect((await failure(lister.send(new HeadObjectCommand({ Bucket, Key: 'list/missing' })))).$metadata.httpStatusCode).toBe(403);
  });

  test.each([
    ['no principal', { Resource: BUCKET_ARN }],
    ['no resource', { Principal: '*' }],
    ['every resource', { Principal: '*', Resource: '*' }],
    ['another bucket', { Principal: '*', Resource: [BUCKET_ARN, 'arn:aws:s3:::other/*'] }],
    ['a bucket whose name begins alike', { Principal: '*', NotResource: `${BUCKET_ARN}-other` }],
    ['an unknown element', { Principal: '*', Resource: BUCKET_ARN, Resources: [] }],
  ])('a bucket policy with %s is malformed', async (_, statement) => {
    const PolicyDocument = { Version: '2012-10-17', Statement: [{ Effect: 'Deny', Action: 's3:ListBucket', ...statement }] };
    const created = createResource(s3Resources(account.store), 'AWS::S3::BucketPolicy', { Bucket, PolicyDocument });
    await expect(created).rejects.toThrow('MalformedPolicy');
  });

  test('the bucket policy denies what is not sent over TLS', async () => {
    await put('secure', 'x');
    const insecure = { ...account.adminContext, secureTransport: false };
    await expect(account.s3.read({ bucket: Bucket, key: 'secure', context: insecure })).rejects.toMatchObject({ code: 'AccessDenied' });
    expect((await account.s3.read({ bucket: Bucket, key: 'secure', context: account.adminContext })).toString()).toBe('x');
  });

  test('nobody without a signature gets in, and a public policy is refused', async () => {
    await put('private', 'x');
    expect((await fetchUrl(`${opened.client.endpoint}/${Bucket}/private`)).status).toBe(403);
    const open = { Bucket, PolicyDocument: { Statement: [{ Effect: 'Allow', Principal: '*', Action: 's3:GetObject', Resource: `${BUCKET_ARN}/*` }] } };
    await expect(createResource(s3Resources(account.store), 'AWS::S3::BucketPolicy', open)).rejects.toThrow('public');
  });

  test('a bucket that allows it can be public', async () => {
    const resources = s3Resources(account.store);
    await createResource(resources, 'AWS::S3::Bucket', { BucketName: 'public', PublicAccessBlockConfiguration: { BlockPublicPolicy: false } });
    await account.s3.put({ bucket: 'public', key: 'a', body: Buffer.from('x'), context: account.adminContext });
    expect((await fetchUrl(`${opened.client.endpoint}/public/a`)).status).toBe(403);
    const Statement = [{ Effect: 'Allow', Principal: '*', Action: 's3:GetObject', Resource: 'arn:aws:s3:::public/*' }];
    await createResource(resources, 'AWS::S3::BucketPolicy', { Bucket: 'public', PolicyDocument: { Version: '2012-10-17', Statement } });
    expect(await fetchUrl(`${opened.client.endpoint}/public/a`)).toMatchObject({ status: 200, body: 'x' });
  });

  test('the expected owner must be the owner', async () => {
    expect((await failure(client.send(new GetBucketLocationCommand({ Bucket, ExpectedBucketOwner: '999999999999' })))).$metadata.httpStatusCode).toBe(403);
    expect((await client.send(new GetBucketLocationCommand({ Bucket, ExpectedBucketOwner: '111122223333' }))).LocationConstraint).toBe('eu-west-1');
    expect((await client.send(new HeadBucketCommand({ Bucket }))).BucketRegion).toBe('eu-west-1');
    expect((await failure(client.send(new ListObjectsV2Command({ Bucket: 'absent' })))).name).toBe('NoSuchBucket');
  });

  test('a KMS key must be allowed to whoever writes or reads', async () => {
    await createResource(s3Resources(account.store), 'AWS::S3::Bucket', {
      BucketName: 'encrypted',
      BucketEncryption: { ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: KEY_ARN } }] },
    });
    const objects = allow(['s3:GetObject', 's3:PutObject'], 'arn:aws:s3:::encrypted/*');
    const without = account.session('keyless', objects).context;
    const writer = account.session('writer', objects, allow('kms:GenerateDataKey', KEY_ARN)).context;
    const reader = account.session('decrypter', objects, allow('kms:Decrypt', KEY_ARN)).context;
    const target = { bucket: 'encrypted', key: 'k' };
    const body = Buffer.from('secret');
    await expect(account.s3.put({ ...target, body, context: without })).rejects.toMatchObject({ code: 'AccessDenied' });
    expect((await account.s3.put({ ...target, body, context: writer })).encryption).toEqual({ algorithm: 'aws:kms', keyArn: KEY_ARN });
    await expect(account.s3.read({ ...target, context: writer })).rejects.toMatchObject({ code: 'AccessDenied' });
    expect((await account.s3.read({ ...target, context: reader })).toString()).toBe('secret');
  });
});

describe('presigned links', () => {
  const sign = (Key: string, more: object = {}) => getSignedUrl(
    client, new GetObjectCommand({ Bucket, Key, ...more }), { expiresIn: 60, signingDate: new Date(account.clock.now()) },
  );

  test('work without credentials, with the headers they were signed for', async () => {
    await put('linked file', 'content');
    const answer = await fetchUrl(await sign('linked file', { ResponseContentDisposition: 'attachment; filename="a.csv"', ExpectedBucketOwner: '111122223333' }));
    expect(answer).toMatchObject({ status: 200, body: 'content', headers: { 'content-disposition': 'attachment; filename="a.csv"' } });
    expect((await fetchUrl(await sign('linked file', { ExpectedBucketOwner: '999999999999' }))).status).toBe(403);
  });

  test('a bucket policy can end them sooner', async () => {
    await put('linked', 'content');
    const bucket = account.store.bucket(Bucket);
    const policy = bucket?.policy;
    const Condition = { NumericGreaterThan: { 's3:signatureAge': '30000' } };
    await createResource(s3Resources(account.store), 'AWS::S3::BucketPolicy', {
      Bucket, PolicyDocument: { Version: '2012-10-17', Statement: [{ Effect: 'Deny', Principal: '*', Action: 's3:GetObject', Resource: `${BUCKET_ARN}/*`, Condition }] },
    });
    const url = await sign('linked');
    expect((await fetchUrl(url)).status).toBe(200);
    await account.clock.sleep(31_000);
    expect((await fetchUrl(url)).status).toBe(403);
    if (bucket !== undefined) bucket.policy = policy;
  });

  test('die in time, and cannot be turned to another key', async () => {
    await put('linked', 'content');
    const url = await sign('linked');
    expect((await fetchUrl(url.replace('/linked?', '/other?'))).status).toBe(403);
    await account.clock.sleep(61_000);
    expect((await fetchUrl(url)).status).toBe(403);
  });
});

describe('expiry', () => {
  test('an object tells when it expires, and then is gone', async () => {
    await put('old/result', 'x');
    const { Expiration } = await client.send(new HeadObjectCommand({ Bucket, Key: 'old/result' }));
    const [, date = '', rule] = /expiry-date="([^"]+)", rule-id="([^"]+)"/.exec(Expiration ?? '') ?? [];
    expect(rule).toBe('expire');
    const context = account.adminContext;
    await account.clock.sleep(Date.parse(date) - account.clock.now() - 1);
    expect((await account.s3.read({ bucket: Bucket, key: 'old/result', context })).toString()).toBe('x');
    await account.clock.sleep(1);
    await expect(account.s3.read({ bucket: Bucket, key: 'old/result', context })).rejects.toMatchObject({ code: 'NoSuchKey' });
  });
});

describe('resources', () => {
  test('Ref and attributes', async () => {
    const created = await createResource(s3Resources(account.store), 'AWS::S3::Bucket', { Tags: [] }, 'Data');
    expect(created).toEqual({
      ref: 'stack-data-x',
      attributes: {
        Arn: 'arn:aws:s3:::stack-data-x', DomainName: 'stack-data-x.s3.amazonaws.com', RegionalDomainName: 'stack-data-x.s3.eu-west-1.amazonaws.com',
      },
    });
  });

  test.each(['ab', 'x'.repeat(64), 'Data', 'my_data', '-data', 'a..b', '192.168.5.4', 'xn--data', 'data-s3alias'])('a bucket cannot be called %s', async (BucketName) => {
    await expect(createResource(s3Resources(account.store), 'AWS::S3::Bucket', { BucketName })).rejects.toThrow('The specified bucket is not valid');
  });

  test.each(['abc', 'x'.repeat(63), 'my.data-1'])('a bucket can be called %s', async (BucketName) => {
    await expect(createResource(s3Resources(account.store), 'AWS::S3::Bucket', { BucketName })).resolves.toMatchObject({ ref: BucketName });
  });

  test.each([
    [{ VersioningConfiguration: { Status: 'Enabled' } }, 'versioning'],
    [{ LoggingConfiguration: {} }, 'LoggingConfiguration'],
    [{ OwnershipControls: { Rules: [{ ObjectOwnership: 'ObjectWriter' }] } }, 'access control lists'],
    [{ LifecycleConfiguration: { Rules: [{ Status: 'Enabled', Transitions: [] }] } }, 'Transitions'],
    [{ BucketEncryption: { ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms' } }] } }, 'ARN'],
  ])('%j is refused by name', async (properties, named) => {
    await expect(createResource(s3Resources(account.store), 'AWS::S3::Bucket', { BucketName: 'refused', ...properties })).rejects.toThrow(named);
  });
});
