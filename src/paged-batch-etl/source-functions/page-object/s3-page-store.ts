import {
  AbortMultipartUploadCommand, CompleteMultipartUploadCommand, CreateMultipartUploadCommand, DeleteObjectCommand, GetObjectCommand, HeadObjectCommand,
  ListObjectsV2Command, PutObjectCommand, S3Client, UploadPartCommand,
} from '@aws-sdk/client-s3';
import type { PageStore, Precondition, PutOutcome, StoredText, UploadedPart, UploadPart } from './page-store';
import { BucketTold, codeOf, PAGES, statusOf, storeError, tooLateFor } from './s3-error';
import { once } from '../../../private/runtime/once';
import type { ListedObject, LetterStore, ListOptions } from '../letters/letter-store';
import type { PageBucketConfig } from '../reader/source-config';
import type { TimeLeft } from '../time-left';

/**
 * A part takes as long as its bytes need, so what is bounded is silence: then the call is tried again, with the SDK's jittered pauses. The invocation
 * bounds the whole of it.
 */
const BOUNDS = {
  maxAttempts: 5,
  requestHandler: { connectionTimeout: 1_000, requestTimeout: 0, socketTimeout: 10_000 },
};

/** Opens buckets, all with one client, which is made when the first one is. */
export function bucketOpener(told?: BucketTold): (bucket: Pick<PageBucketConfig, 'name'> & Partial<PageBucketConfig>, time: TimeLeft) => S3PageStore {
  const client = once(() => new S3Client(BOUNDS));
  return ({ name }, time) => new S3PageStore(client(), name, time, told);
}

/** The real bucket. */
export class S3PageStore implements PageStore, LetterStore {
  constructor(
    private readonly s3: S3Client, private readonly bucket: string, private readonly time: TimeLeft, private readonly told: BucketTold = PAGES,
  ) {}

  async readText(key: string): Promise<StoredText | undefined> {
    return this.orMissing(`read the record of ${this.told.thing}`, async (options) => {
      const { Body, ETag } = await this.s3.send(new GetObjectCommand(this.at(key)), options);
      return { text: await Body?.transformToString() ?? '', etag: ETag ?? '' };
    });
  }

  /** @param range as the header `Range` of HTTP */
  async readRange(key: string, range: string): Promise<string | undefined> {
    return this.orMissing(`read a part of ${this.told.thing}`, async (options) => {
      const { Body } = await this.s3.send(new GetObjectCommand({ ...this.at(key), Range: range }), options);
      return await Body?.transformToString() ?? '';
    });
  }

  async readBytes({ key, etag }: Pick<ListedObject, 'key' | 'etag'>, first: number, last: number): Promise<Buffer | undefined> {
    return this.orMissing(`read a part of ${this.told.thing}`, async (options) => {
      try {
        const { Body } = await this.s3.send(new GetObjectCommand({ ...this.at(key), Range: `bytes=${first}-${last}`, IfMatch: etag }), options);
        return Buffer.from(await Body?.transformToByteArray() ?? []);
      } catch (error) {
        if (statusOf(error) === 412) return undefined;
        throw error;
      }
    });
  }

  async* list({ prefix, flat = false, startAfter }: ListOptions): AsyncGenerator<readonly ListedObject[]> {
    const where = { Bucket: this.bucket, Prefix: prefix, StartAfter: startAfter, ...flat && { Delimiter: '/' } };
    for (let token: string | undefined, more = true; more;) {
      const { Contents = [], NextContinuationToken } = await this.call(`list ${this.told.thing}`, async (options) => (
        this.s3.send(new ListObjectsV2Command({ ...where, ContinuationToken: token }), options)
      ));
      yield Contents.map(({ Key, ETag, Size }) => ({ key: needed(Key), etag: needed(ETag), size: needed(Size) }));
      token = NextContinuationToken;
      more = token !== undefined;
    }
  }

  async exists(key: string): Promise<boolean> {
    return await this.orMissing(`look for ${this.told.thing}`, async (options) => this.s3.send(new HeadObjectCommand(this.at(key)), options)) !== undefined;
  }

  async put(key: string, body: Buffer): Promise<void> {
    await this.call(`store ${this.told.thing}`, async (options) => this.s3.send(new PutObjectCommand({ ...this.at(key), Body: body, ContentType: DATA_TYPE }), options));
  }

  async putIf(key: string, body: Buffer, precondition: Precondition): Promise<PutOutcome> {
    const condition = precondition === 'absent' ? { IfNoneMatch: '*' } : { IfMatch: precondition.etag };
    return this.call(`store the record of ${this.told.thing}`, async (options) => {
      try {
        await this.s3.send(new PutObjectCommand({ ...this.at(key), Body: body, ContentType: 'application/json', ...condition }), options);
        return 'stored';
      } catch (error) {
        if (statusOf(error) === 412 || (statusOf(error) === 404 && codeOf(error) === 'NoSuchKey')) return 'refused';
        if (statusOf(error) === 409) return 'conflict';
        throw error;
      }
    });
  }

  async startUpload(key: string): Promise<string> {
    return this.call(`begin to store ${this.told.thing}`, async (options) => {
      const command = new CreateMultipartUploadCommand({ ...this.at(key), ContentType: DATA_TYPE, ChecksumAlgorithm: 'CRC32' });
      return needed((await this.s3.send(command, options)).UploadId);
    });
  }

  async uploadPart({ key, uploadId, number, body }: UploadPart): Promise<UploadedPart> {
    return this.call(`store a part of ${this.told.thing}`, async (options) => {
      const command = new UploadPartCommand({ ...this.at(key), UploadId: uploadId, PartNumber: number, Body: body, ChecksumAlgorithm: 'CRC32' });
      const { ETag, ChecksumCRC32 } = await this.s3.send(command, options);
      return { number, etag: needed(ETag), checksum: ChecksumCRC32 };
    });
  }

  async completeUpload(key: string, uploadId: string, parts: readonly UploadedPart[]): Promise<void> {
    await this.call(`store ${this.told.thing}`, async (options) => {
      const Parts = parts.map(({ number, etag, checksum }) => ({ PartNumber: number, ETag: etag, ChecksumCRC32: checksum }));
      try {
        await this.s3.send(new CompleteMultipartUploadCommand({ ...this.at(key), UploadId: uploadId, MultipartUpload: { Parts } }), options);
      } catch (error) {
        // It was completed, and the answer got lost.
        if (codeOf(error) !== 'NoSuchUpload' || !await this.exists(key)) throw error;
      }
    });
  }

  async abortUpload(key: string, uploadId: string): Promise<void> {
    await this.call(`take back a part of ${this.told.thing}`, async (options) => (
      this.s3.send(new AbortMultipartUploadCommand({ ...this.at(key), UploadId: uploadId }), options)
    ));
  }

  async delete(keys: readonly string[]): Promise<void> {
    await this.call(`delete ${this.told.thing}`, async (options) => (
      Promise.all(keys.map(async (key) => this.s3.send(new DeleteObjectCommand(this.at(key)), options)))
    ));
  }

  private at(key: string): { readonly Bucket: string; readonly Key: string } {
    return { Bucket: this.bucket, Key: key };
  }

  private async orMissing<T>(deed: string, work: (options: CallOptions) => Promise<T>): Promise<T | undefined> {
    return this.call(deed, async (options) => {
      try {
        return await work(options);
      } catch (error) {
        if (statusOf(error) === 404 && codeOf(error) !== 'NoSuchBucket') return undefined;
        throw error;
      }
    });
  }

  private async call<T>(deed: string, work: (options: CallOptions) => Promise<T>): Promise<T> {
    const abortSignal = AbortSignal.timeout(this.time.forCall(0, () => tooLateFor(deed, this.told)));
    try {
      return await Promise.race([work({ abortSignal }), aborted(abortSignal)]);
    } catch (error) {
      throw storeError(error, deed, this.told);
    }
  }
}

/** The SDK looks at a signal before an attempt and while it goes on, and not in a pause between two. */
async function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason), { once: true }));
}

const DATA_TYPE = 'application/x-ndjson';

interface CallOptions {
  readonly abortSignal: AbortSignal;
}

function needed<T>(value: T | undefined): T {
  if (value === undefined) throw new TypeError('S3 answered without what it always answers');
  return value;
}
