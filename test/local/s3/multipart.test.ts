import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import {
  AbortMultipartUploadCommand, ChecksumAlgorithm, CompletedPart, CompleteMultipartUploadCommand, CompleteMultipartUploadCommandInput,
  CreateMultipartUploadCommand, CreateMultipartUploadCommandInput, GetObjectCommand, HeadObjectCommand, ListMultipartUploadsCommand, ListPartsCommand,
  PutObjectCommand, S3Client, UploadPartCommand, UploadPartCommandInput,
} from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import { allow } from './data-cloud';
import { Bucket, BUCKET_ARN, failure, KEY_ARN, openS3, TestS3, UNDER_KEY } from './s3-client';
import { s3Resources } from '../../../local/s3/resources';
import { createResource } from '../iam/create-resource';

const PART_BYTES = 5 * 1024 * 1024;
const fullPart = Buffer.alloc(PART_BYTES, 'a');

let s3: TestS3;
let client: S3Client;

beforeAll(async () => {
  s3 = await openS3({
    LifecycleConfiguration: { Rules: [{ Id: 'abort', Prefix: 'old/', Status: 'Enabled', AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 } }] },
  });
  await createResource(s3Resources(s3.account.store), 'AWS::S3::Bucket', { BucketName: 'encrypted', BucketEncryption: UNDER_KEY });
});

afterAll(async () => s3.close());

beforeEach(() => {
  client = s3.clientFor(s3.account.adminCredentials);
});

/** A multipart upload step by step, as the SDK sends it. */
async function begin(Key: string, input: Partial<CreateMultipartUploadCommandInput> = { ChecksumAlgorithm: 'CRC32' }, by: S3Client = client) {
  const { UploadId } = await by.send(new CreateMultipartUploadCommand({ Bucket, Key, ...input }));
  const target = { Bucket: input.Bucket ?? Bucket, Key, UploadId };
  return {
    ...target,
    part: async (PartNumber: number, Body: Buffer | string, more: Partial<UploadPartCommandInput> = {}): Promise<CompletedPart> => {
      const answer = await by.send(new UploadPartCommand({ ...target, PartNumber, Body, ...more }));
      const { $metadata: _, ServerSideEncryption: _e, SSEKMSKeyId: _k, ...part } = answer;
      return { ...part, PartNumber };
    },
    complete: (Parts: CompletedPart[], more: Partial<CompleteMultipartUploadCommandInput> = {}) =>
      by.send(new CompleteMultipartUploadCommand({ ...target, MultipartUpload: { Parts }, ...more })),
    abort: () => by.send(new AbortMultipartUploadCommand(target)),
    listParts: (MaxParts?: number, PartNumberMarker?: string) => by.send(new ListPartsCommand({ ...target, MaxParts, PartNumberMarker })),
  };
}

async function get(Key: string): Promise<Buffer> {
  return Buffer.from(await (await client.send(new GetObjectCommand({ Bucket, Key }))).Body?.transformToByteArray() ?? []);
}

function digest(algorithm: string, body: Buffer): Buffer {
  return createHash(algorithm).update(body).digest();
}

describe('a multipart upload', () => {
  test('is no object before it is complete; then it is all parts in order, under the ETag that S3 makes of theirs', async () => {
    const upload = await begin('parts', { ChecksumAlgorithm: 'CRC32', ContentType: 'text/plain', Metadata: { owner: 'me' } });
    const last = await upload.part(7, 'end');
    const first = await upload.part(2, fullPart);
    expect((await failure(get('parts'))).name).toBe('NoSuchKey');
    const { ETag } = await upload.complete([first, last]);
    const ofParts = createHash('md5').update(Buffer.concat([digest('md5', fullPart), digest('md5', Buffer.from('end'))])).digest('hex');
    expect(ETag).toBe(`"${ofParts}-2"`);
    expect((await get('parts')).equals(Buffer.concat([fullPart, Buffer.from('end')]))).toBe(true);
    expect(await client.send(new HeadObjectCommand({ Bucket, Key: 'parts' }))).toMatchObject({ ETag, ContentType: 'text/plain', Metadata: { owner: 'me' } });
    expect((await failure(upload.part(1, 'late'))).name).toBe('NoSuchUpload');
    expect((await failure(upload.complete([first, last]))).name).toBe('NoSuchUpload');
  });

  test('takes the last body of a part, and leaves out what completion does not name', async () => {
    const upload = await begin('again');
    await upload.part(1, 'first');
    await upload.part(2, 'left out');
    await upload.complete([await upload.part(1, 'second')]);
    expect((await get('again')).toString()).toBe('second');
  });

  test('refuses wrong parts, small parts, and what was aborted', async () => {
    const upload = await begin('refused');
    const parts = [await upload.part(1, 'small'), await upload.part(2, 'small')];
    expect((await failure(upload.complete(parts))).name).toBe('EntityTooSmall');
    expect((await failure(upload.complete([{ ...parts[0], ETag: '"00000000000000000000000000000000"' }]))).name).toBe('InvalidPart');
    expect((await failure(upload.complete([{ ...parts[0], ChecksumCRC32: 'AAAAAA==' }]))).name).toBe('InvalidPart');
    expect((await failure(upload.complete([{ ...parts[0], PartNumber: 3 }]))).name).toBe('InvalidPart');
    expect((await failure(upload.complete([...parts].reverse()))).name).toBe('InvalidPartOrder');
    expect((await failure(upload.complete([]))).name).toBe('MalformedXML');
    expect((await failure(upload.part(10_001, 'x'))).name).toBe('InvalidArgument');
    await upload.abort();
    expect((await failure(upload.part(3, 'x'))).name).toBe('NoSuchUpload');
    expect((await failure(upload.listParts())).name).toBe('NoSuchUpload');
    expect((await failure(upload.abort())).name).toBe('NoSuchUpload');
  });

  test('tells its parts, page by page', async () => {
    const upload = await begin('listed');
    for (const number of [5, 1, 3]) await upload.part(number, `part ${number}`);
    const first = await upload.listParts(2);
    expect(first).toMatchObject({ IsTruncated: true, NextPartNumberMarker: '3', ChecksumAlgorithm: 'CRC32', ChecksumType: 'COMPOSITE' });
    expect(first.Parts?.map(({ PartNumber, Size }) => [PartNumber, Size])).toEqual([[1, 6], [3, 6]]);
    const second = await upload.listParts(2, first.NextPartNumberMarker);
    expect(second.IsTruncated).toBe(false);
    // What is listed is what completion needs.
    const listed = [...second.Parts ?? []].map(({ PartNumber, ETag, ChecksumCRC32 }) => ({ PartNumber, ETag, ChecksumCRC32 }));
    await upload.complete(listed);
    expect((await get('listed')).toString()).toBe('part 5');
  });

  test('is listed while it is underway', async () => {
    const uploads = [await begin('many/b'), await begin('many/a'), await begin('many/a'), await begin('many/c')];
    const found: string[] = [];
    let markers: { KeyMarker?: string; UploadIdMarker?: string } = {};
    for (let truncated = true; truncated;) {
      const page = await client.send(new ListMultipartUploadsCommand({ Bucket, Prefix: 'many/', MaxUploads: 1, ...markers }));
      found.push(...(page.Uploads ?? []).map(({ UploadId = '' }) => UploadId));
      markers = { KeyMarker: page.NextKeyMarker, UploadIdMarker: page.NextUploadIdMarker };
      truncated = page.IsTruncated ?? false;
    }
    expect(found).toEqual([uploads[1], uploads[2], uploads[0], uploads[3]].map(({ UploadId }) => UploadId));
    for (const upload of uploads) await upload.abort();
    expect((await client.send(new ListMultipartUploadsCommand({ Bucket, Prefix: 'many/' }))).Uploads).toBeUndefined();
  });

  test('ends by the lifecycle rule when nobody completes it, and tells when', async () => {
    const { AbortDate, AbortRuleId, UploadId } = await client.send(new CreateMultipartUploadCommand({ Bucket, Key: 'old/upload', ChecksumAlgorithm: 'CRC32' }));
    expect(AbortRuleId).toBe('abort');
    const target = { Bucket, Key: 'old/upload', UploadId };
    await s3.account.clock.sleep((AbortDate?.getTime() ?? 0) - s3.account.clock.now() - 1);
    const early = s3.clientFor(s3.account.adminCredentials);
    await early.send(new UploadPartCommand({ ...target, PartNumber: 1, Body: 'x' }));
    await s3.account.clock.sleep(1);
    const late = s3.clientFor(s3.account.adminCredentials);
    expect((await failure(late.send(new UploadPartCommand({ ...target, PartNumber: 1, Body: 'x' })))).name).toBe('NoSuchUpload');
    expect((await late.send(new ListMultipartUploadsCommand({ Bucket, Prefix: 'old/' }))).Uploads).toBeUndefined();
  });
});

describe('checksums of uploads', () => {
  test.each([['CRC32'], ['CRC32C'], ['SHA1'], ['SHA256']] as [ChecksumAlgorithm][])('%s is composed of those of the parts', async (algorithm) => {
    const upload = await begin(`composite/${algorithm}`, { ChecksumAlgorithm: algorithm });
    const more = { ChecksumAlgorithm: algorithm };
    const completed = await upload.complete([await upload.part(1, fullPart, more), await upload.part(2, 'end', more)]);
    expect(completed).toMatchObject({ ChecksumType: 'COMPOSITE', [`Checksum${algorithm}`]: expect.stringMatching(/^[\w+/]+=*-2$/) });
    const head = await client.send(new HeadObjectCommand({ Bucket, Key: upload.Key, ChecksumMode: 'ENABLED' }));
    expect(head).toMatchObject({ ChecksumType: 'COMPOSITE', [`Checksum${algorithm}`]: completed[`Checksum${algorithm}` as 'ChecksumCRC32'] });
  });

  test('SHA256 is composed as S3 documents it', async () => {
    const upload = await begin('composite/sha', { ChecksumAlgorithm: 'SHA256' });
    const completed = await upload.complete([await upload.part(1, fullPart, { ChecksumAlgorithm: 'SHA256' }), await upload.part(2, 'end', { ChecksumAlgorithm: 'SHA256' })]);
    const digests = Buffer.concat([digest('sha256', fullPart), digest('sha256', Buffer.from('end'))]);
    expect(completed.ChecksumSHA256).toBe(`${digest('sha256', digests).toString('base64')}-2`);
  });

  test.each(['CRC32', 'CRC32C', 'CRC64NVME'] as const)('%s of the whole object is that of one PutObject', async (algorithm) => {
    const upload = await begin(`full/${algorithm}`, { ChecksumAlgorithm: algorithm, ChecksumType: 'FULL_OBJECT' });
    const completed = await upload.complete([await upload.part(1, fullPart, { ChecksumAlgorithm: algorithm }), await upload.part(2, 'end', { ChecksumAlgorithm: algorithm })]);
    const whole = await client.send(new PutObjectCommand({ Bucket, Key: 'whole', Body: Buffer.concat([fullPart, Buffer.from('end')]), ChecksumAlgorithm: algorithm }));
    const member = `Checksum${algorithm}` as const;
    expect(completed).toMatchObject({ ChecksumType: 'FULL_OBJECT', [member]: whole[member] });
    expect(whole[member]).toMatch(/^[\w+/]+=*$/);
  });

  test('parts state the checksum of their upload, and its completion repeats those that are composed', async () => {
    const upload = await begin('stated');
    const stated = await upload.part(1, 'x');
    expect((await failure(upload.part(2, 'x', { ChecksumAlgorithm: 'SHA256' }))).message).toContain('expected checksum Type: crc32, actual checksum Type: sha256');
    const missing = await failure(upload.complete([{ PartNumber: 1, ETag: stated.ETag }]));
    expect([missing.name, missing.message]).toEqual(['InvalidRequest', 'The upload was created using a crc32 checksum. '
      + 'The complete request must include the checksum for each part. It was missing for part 1 in the request.']);
    const without = await begin('without', {});
    expect((await failure(without.part(1, 'x'))).message).toContain('expected checksum Type: null, actual checksum Type: crc32');
  });

  test('what completion says of the object must be so', async () => {
    const upload = await begin('said', { ChecksumAlgorithm: 'CRC64NVME' });
    const parts = [await upload.part(1, 'four', { ChecksumAlgorithm: 'CRC64NVME' })];
    expect((await failure(upload.complete(parts, { MpuObjectSize: 5 }))).name).toBe('InvalidRequest');
    expect((await failure(upload.complete(parts, { ChecksumType: 'COMPOSITE' }))).name).toBe('BadDigest');
    expect((await failure(upload.complete(parts, { ChecksumCRC64NVME: 'AAAAAAAAAAA=' }))).name).toBe('BadDigest');
    const { ChecksumCRC64NVME } = await client.send(new PutObjectCommand({ Bucket, Key: 'four', Body: 'four', ChecksumAlgorithm: 'CRC64NVME' }));
    await upload.complete(parts, { MpuObjectSize: 4, ChecksumType: 'FULL_OBJECT', ChecksumCRC64NVME });
    expect((await get('said')).toString()).toBe('four');
  });

  test.each([
    ['CRC64NVME', 'COMPOSITE'], ['SHA1', 'FULL_OBJECT'], ['SHA256', 'FULL_OBJECT'],
  ] as const)('%s cannot be %s', async (algorithm, type) => {
    expect((await failure(begin('impossible', { ChecksumAlgorithm: algorithm, ChecksumType: type }))).name).toBe('InvalidRequest');
  });
});

describe('the Upload of @aws-sdk/lib-storage', () => {
  function streamOf(bytes: number): { body: Readable; content: Buffer } {
    const content = Buffer.alloc(bytes, '0123456789abcdef');
    const chunks = Array.from({ length: Math.ceil(bytes / 65_536) }, (_, index) => content.subarray(index * 65_536, (index + 1) * 65_536));
    return { body: Readable.from(chunks), content };
  }

  test.each([0, 1_000, PART_BYTES, PART_BYTES + 1, 3 * PART_BYTES + 17])('sends a stream of %i bytes', async (bytes) => {
    const { body, content } = streamOf(bytes);
    const { ETag } = await new Upload({ client, params: { Bucket, Key: `streamed/${bytes}`, Body: body, IfNoneMatch: '*' } }).done();
    expect((await get(`streamed/${bytes}`)).equals(content)).toBe(true);
    expect(ETag).toMatch(bytes > PART_BYTES ? new RegExp(`-${Math.ceil(bytes / PART_BYTES)}"$`) : /^"[0-9a-f]{32}"$/);
  });

  test('that fails leaves no parts', async () => {
    await client.send(new PutObjectCommand({ Bucket, Key: 'taken', Body: 'x' }));
    const upload = new Upload({ client, params: { Bucket, Key: 'taken', Body: streamOf(2 * PART_BYTES).body, IfNoneMatch: '*' } });
    expect((await failure(upload.done())).name).toBe('PreconditionFailed');
    expect((await get('taken')).toString()).toBe('x');
    expect((await client.send(new ListMultipartUploadsCommand({ Bucket, Prefix: 'taken' }))).Uploads).toBeUndefined();
  });
});

describe('rights', () => {
  const put = allow('s3:PutObject', `${BUCKET_ARN}/*`);

  test('s3:PutObject is enough to upload; aborting and listing have rights of their own', async () => {
    const writer = s3.clientFor(s3.account.session('uploader', put).credentials);
    const upload = await begin('rights/a', undefined, writer);
    const first = await upload.part(1, 'x');
    expect((await failure(upload.listParts())).message).toContain('s3:ListMultipartUploadParts');
    expect((await failure(upload.abort())).message).toContain('s3:AbortMultipartUpload');
    expect((await failure(writer.send(new ListMultipartUploadsCommand({ Bucket })))).message).toContain('s3:ListBucketMultipartUploads');
    await upload.complete([first]);
    const other = await begin('rights/b', undefined, s3.clientFor(s3.account.session(
      'manager', put, allow(['s3:AbortMultipartUpload', 's3:ListMultipartUploadParts'], `${BUCKET_ARN}/*`), allow('s3:ListBucketMultipartUploads', BUCKET_ARN),
    ).credentials));
    expect((await other.listParts()).Parts).toBeUndefined();
    await other.abort();
  });

  test('under a KMS key, kms:GenerateDataKey begins an upload and kms:Decrypt goes on with it', async () => {
    const objects = allow(['s3:PutObject', 's3:AbortMultipartUpload', 's3:ListMultipartUploadParts'], 'arn:aws:s3:::encrypted/*');
    const keyless = s3.clientFor(s3.account.session('mp-keyless', objects).credentials);
    expect((await failure(begin('k', { Bucket: 'encrypted', ChecksumAlgorithm: 'CRC32' }, keyless))).message).toContain('kms:GenerateDataKey');
    const generator = s3.clientFor(s3.account.session('mp-generator', objects, allow('kms:GenerateDataKey', KEY_ARN)).credentials);
    const half = await begin('k', { Bucket: 'encrypted', ChecksumAlgorithm: 'CRC32' }, generator);
    expect((await failure(half.part(1, 'x'))).message).toContain('kms:Decrypt');
    expect((await failure(half.listParts())).message).toContain('kms:Decrypt');
    await half.abort();
    const full = s3.clientFor(s3.account.session('mp-full', objects, allow(['kms:GenerateDataKey', 'kms:Decrypt'], KEY_ARN)).credentials);
    const upload = await begin('k', { Bucket: 'encrypted', ChecksumAlgorithm: 'CRC32' }, full);
    const completed = await upload.complete([await upload.part(1, 'x')]);
    expect(completed).toMatchObject({ ServerSideEncryption: 'aws:kms', SSEKMSKeyId: KEY_ARN });
    expect(completed.ETag).not.toContain(createHash('md5').update(digest('md5', Buffer.from('x'))).digest('hex'));
  });
});
