import { isUtf8 } from 'node:buffer';
import { readFileSync } from 'node:fs';
import { byteRange, contentRange } from './http/range';
import { readEncryption, StoredObject } from './objects';
import { readPrecondition } from './preconditions';
import { ObjectRequest } from './requests';
import { S3Service } from './s3-service';
import { AwsService, CallContext, ServiceError } from '../aws/service';
import { writeJson } from '../exact-json';
import { checksumOf } from '../http/checksums';
import { InputReader } from '../http/input-reader';
import { JsonObject } from '../json';
import { NotImplemented } from '../not-implemented';

interface Operation {
  /** Members of the request that are implemented. */
  readonly members: readonly string[];
  perform(input: InputReader, target: ObjectRequest, given: JsonObject): Promise<JsonObject>;
}

const OBJECT = ['Bucket', 'Key', 'ExpectedBucketOwner'];

/** S3 for callers that speak in the members of its API, such as Tasks of a state machine; HTTP has an interface of its own. */
export class S3Operations implements AwsService {
  readonly name = 's3';

  private readonly operations: Readonly<Record<string, Operation>> = {
    GetObject: {
      members: [...OBJECT, 'VersionId', 'Range'],
      perform: async (input, target) => {
        const object = await this.s3.head({ ...target, versionId: input.optionalString('VersionId') }, 'GetObject');
        const range = byteRange(input.optionalString('Range'), object.size);
        const [start, end] = range ?? [0, object.size];
        return {
          ...describe(object),
          ContentLength: end - start,
          ...range && { ContentRange: contentRange(range, object.size) },
          Body: textOf(readFileSync(object.file).subarray(start, end)),
        };
      },
    },
    HeadObject: {
      members: [...OBJECT, 'VersionId'],
      perform: async (input, target) => describe(await this.s3.head({ ...target, versionId: input.optionalString('VersionId') })),
    },
    PutObject: {
      members: [...OBJECT, 'Body', 'ContentType', 'IfMatch', 'IfNoneMatch', 'ServerSideEncryption', 'SSEKMSKeyId'],
      perform: async (input, target, { Body = '' }) => {
        const contentType = input.optionalString('ContentType');
        const body = Buffer.from(typeof Body === 'string' ? Body : writeJson(Body));
        const object = await this.s3.put({
          ...target,
          body,
          headers: contentType === undefined ? {} : { 'content-type': contentType },
          encryption: readEncryption(input.optionalString('ServerSideEncryption'), input.optionalString('SSEKMSKeyId')),
          precondition: readPrecondition(input.optionalString('IfMatch'), input.optionalString('IfNoneMatch')),
          // As the SDK does by default.
          checksum: await checksumOf('CRC32', body),
        });
        return { ETag: object.etag, ...encryptionMembers(object) };
      },
    },
    DeleteObject: {
      members: [...OBJECT, 'IfMatch'],
      perform: async (input, target) => {
        await this.s3.delete({ ...target, ifMatch: input.optionalString('IfMatch') });
        return {};
      },
    },
    DeleteObjects: {
      members: ['Bucket', 'Delete', 'ExpectedBucketOwner'],
      perform: async (input, target) => {
        const request = input.object('Delete');
        const keys = request.objects('Objects').map((object) => {
          const key = { key: object.string('Key'), ifMatch: object.optionalString('ETag') };
          object.end();
          return key;
        });
        const quiet = request.optionalBoolean('Quiet') ?? false;
        request.end();
        const { deleted, errors } = await this.s3.deleteAll(target, keys);
        return {
          ...!quiet && deleted.length > 0 && { Deleted: deleted.map((key) => ({ Key: key })) },
          ...errors.length > 0 && { Errors: errors.map(({ key, code, message }) => ({ Code: code, Key: key, Message: message })) },
        };
      },
    },
  };

  constructor(private readonly s3: S3Service) {}

  performs(operation: string): boolean {
    return Object.hasOwn(this.operations, operation);
  }

  takes(operation: string): readonly string[] {
    return this.find(operation).members;
  }

  async call(operation: string, given: JsonObject, context: CallContext): Promise<JsonObject> {
    const { perform, members } = this.find(operation);
    const unknown = Object.keys(given).find((name) => !members.includes(name));
    if (unknown !== undefined) throw new NotImplemented('s3', `${unknown} of ${operation}`);
    const input = new InputReader(operation, given, 'InvalidRequest');
    const key = members.includes('Key') ? input.string('Key') : '';
    const target = { bucket: input.string('Bucket'), key, expectedOwner: input.optionalString('ExpectedBucketOwner'), context };
    try {
      return await perform(input, target, given);
    } catch (error) {
      if (error instanceof ServiceError && error.code === 'NotImplemented') throw new NotImplemented('s3', `this ${operation}: ${error.message}`);
      throw error;
    }
  }

  private find(operation: string): Operation {
    if (!this.performs(operation)) throw new NotImplemented('s3', operation);
    return this.operations[operation];
  }
}

/** What is no UTF-8, such as a range that begins or ends within a character, becomes a text in a way that AWS does not document. */
function textOf(bytes: Buffer): string {
  if (isUtf8(bytes)) return bytes.toString('utf8');
  throw new Error('The local cloud does not know which text GetObject makes of bytes that are no UTF-8');
}

function describe(object: StoredObject): JsonObject {
  return {
    AcceptRanges: 'bytes',
    ContentLength: object.size,
    ContentType: object.headers['content-type'] ?? 'binary/octet-stream',
    ETag: object.etag,
    LastModified: object.lastModified / 1_000,
    Metadata: { ...object.metadata },
    ...encryptionMembers(object),
  };
}

function encryptionMembers({ encryption }: StoredObject): JsonObject {
  return { ServerSideEncryption: encryption.algorithm, ...encryption.algorithm === 'aws:kms' && { SSEKMSKeyId: encryption.keyArn } };
}
