import { randomUUID } from 'node:crypto';
import { BucketAccess, writeConditions } from './access';
import { Bucket, bytesOf } from './bucket';
import { S3Errors } from './errors';
import { ObjectChecksum, sameEtag, StoredObject } from './objects';
import { assertPrecondition } from './preconditions';
import { BucketRequest, ChosenPart, CompleteUploadRequest, Conditions, CreateUploadRequest, UploadPartRequest, UploadRequest } from './requests';
import { S3Store } from './store';
import { Upload, UploadPart } from './uploads';
import { checksumOf } from '../http/checksums';

/** Smallest part but the last, in bytes. Source: S3 user guide, "Amazon S3 multipart upload limits". */
const SMALLEST_PART = 5 * 1024 * 1024;
const MAX_PARTS = 10_000;

/** What uploads tell of themselves. */
export interface Watch {
  tell(operation: string, request: BucketRequest & { readonly key?: string }): void;
  duringWrite(request: UploadRequest): Promise<void>;
}

/** Multipart uploads as a caller sees them. */
export class MultipartUploads {
  constructor(
    private readonly store: S3Store,
    private readonly access: BucketAccess,
    private readonly watch: Watch,
  ) {}

  async create(request: CreateUploadRequest): Promise<Upload> {
    this.watch.tell('CreateMultipartUpload', request);
    const { bucket, attributes } = await this.access.reachForWrite(request, 'upload');
    return bucket.startUpload(randomUUID(), request.key, attributes, request.checksum);
  }

  async uploadPart(request: UploadPartRequest): Promise<{ part: UploadPart; upload: Upload }> {
    this.watch.tell('UploadPart', request);
    const { bucket, upload } = await this.find('s3:PutObject', request, writeConditions(false));
    await this.access.requireKey('kms:Decrypt', upload.attributes.encryption, bucket, request.context);
    if (!Number.isInteger(request.partNumber) || request.partNumber < 1 || request.partNumber > MAX_PARTS) {
      throw S3Errors.invalidArgument(`Part number must be an integer between 1 and ${MAX_PARTS}, inclusive`);
    }
    assertStated(upload, request.checksum?.algorithm);
    return { part: bucket.putPart(upload, request.partNumber, request.body, request.checksum), upload };
  }

  async complete(request: CompleteUploadRequest): Promise<StoredObject> {
    this.watch.tell('CompleteMultipartUpload', request);
    const { precondition, key, context } = request;
    const begun = this.store.bucket(request.bucket)?.changesOf(key);
    const { bucket, upload } = await this.find('s3:PutObject', request, writeConditions(true, precondition));
    if (precondition?.ifMatch !== undefined) await this.access.reach('s3:GetObject', request, key);
    await this.access.requireKey('kms:Decrypt', upload.attributes.encryption, bucket, context);
    const parts = chosenParts(upload, request.parts);
    const checksum = await objectChecksum(upload, parts);
    assertAsked(request, upload, parts, checksum);
    await this.watch.duringWrite(request);
    if (bucket.upload(upload.id, key) !== upload) throw S3Errors.noSuchUpload(upload.id);
    const { writes, deletes } = begun ?? bucket.changesOf(key);
    assertPrecondition(precondition, bucket, key, { writes, deletes: precondition?.ifNoneMatch === undefined ? deletes : upload.deletesBefore });
    return bucket.completeUpload(upload, parts, checksum);
  }

  async abort(request: UploadRequest): Promise<void> {
    this.watch.tell('AbortMultipartUpload', request);
    const { bucket, upload } = await this.find('s3:AbortMultipartUpload', request);
    bucket.dropUpload(upload);
  }

  async parts(request: UploadRequest): Promise<Upload> {
    this.watch.tell('ListParts', request);
    const { bucket, upload } = await this.find('s3:ListMultipartUploadParts', request);
    await this.access.requireKey('kms:Decrypt', upload.attributes.encryption, bucket, request.context);
    return upload;
  }

  /** Those underway, in the order S3 lists them. */
  async list(request: BucketRequest, prefix: string): Promise<Upload[]> {
    this.watch.tell('ListMultipartUploads', request);
    const bucket = await this.access.reach('s3:ListBucketMultipartUploads', request);
    return bucket.listUploads(prefix);
  }

  private async find(action: string, request: UploadRequest, more?: Conditions): Promise<{ bucket: Bucket; upload: Upload }> {
    const bucket = await this.access.reach(action, request, request.key, more);
    const upload = bucket.upload(request.uploadId, request.key);
    if (upload === undefined) throw S3Errors.noSuchUpload(request.uploadId);
    return { bucket, upload };
  }
}

/**
 * Parts state the checksum that the upload was created with; they may leave one of the whole object to S3. Of an upload that was created without, S3 has
 * been seen to refuse parts with a checksum, and to refuse its completion: only the first of these is here.
 */
function assertStated({ checksum: expected }: Upload, actual: string | undefined): void {
  if (expected?.algorithm === actual || (actual === undefined && expected?.type === 'FULL_OBJECT')) return;
  const [wanted, given] = [expected?.algorithm.toLowerCase() ?? 'null', actual?.toLowerCase() ?? 'null'];
  throw S3Errors.invalidRequest(`Checksum Type mismatch occurred, expected checksum Type: ${wanted}, actual checksum Type: ${given}`);
}

function chosenParts(upload: Upload, asked: readonly ChosenPart[]): UploadPart[] {
  if (asked.length === 0) throw S3Errors.malformedXml();
  if (asked.some(({ number }, index) => index > 0 && number <= asked[index - 1].number)) throw S3Errors.invalidPartOrder();
  const parts = asked.map(({ number, etag, checksum }) => {
    const part = upload.parts.get(number);
    if (part === undefined || !sameEtag(part.etag, etag)) throw S3Errors.invalidPart();
    if (checksum === undefined && upload.checksum?.type === 'COMPOSITE') {
      throw S3Errors.invalidRequest(`The upload was created using a ${upload.checksum.algorithm.toLowerCase()} checksum. `
        + `The complete request must include the checksum for each part. It was missing for part ${number} in the request.`);
    }
    const { checksum: own } = part;
    if (checksum !== undefined && (checksum.algorithm !== own?.algorithm || checksum.value !== own.value)) throw S3Errors.invalidPart();
    return part;
  });
  if (parts.slice(0, -1).some(({ size }) => size < SMALLEST_PART)) throw S3Errors.entityTooSmall();
  return parts;
}

async function objectChecksum({ checksum }: Upload, parts: readonly UploadPart[]): Promise<ObjectChecksum | undefined> {
  if (checksum === undefined) return undefined;
  const { algorithm, type } = checksum;
  if (type === 'FULL_OBJECT') return { ...await checksumOf(algorithm, bytesOf(parts)), type };
  const digests = Buffer.concat(parts.map(({ checksum: own }) => Buffer.from(own?.value ?? '', 'base64')));
  return { algorithm, type, value: `${(await checksumOf(algorithm, digests)).value}-${parts.length}` };
}

/** What the request says of the object must be so. */
function assertAsked(
  request: CompleteUploadRequest, upload: Upload, parts: readonly UploadPart[], actual: ObjectChecksum | undefined,
): void {
  const { checksum: stated, checksumType, objectSize } = request;
  const size = parts.reduce((sum, part) => sum + part.size, 0);
  if (objectSize !== undefined && objectSize !== size) {
    throw S3Errors.invalidRequest(`The provided 'x-amz-mp-object-size' header value ${objectSize} does not match what was computed: ${size}`);
  }
  if (checksumType !== undefined && checksumType !== (upload.checksum?.type ?? 'FULL_OBJECT')) throw S3Errors.badDigest(checksumType);
  if (stated === undefined) return;
  const [value] = (actual?.value ?? '').split('-');
  const right = stated.algorithm === actual?.algorithm && (stated.value === actual.value || stated.value === value);
  if (!right) throw S3Errors.badDigest(stated.algorithm);
}
