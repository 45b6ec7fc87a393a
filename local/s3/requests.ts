import { Encryption, ObjectChecksum } from './objects';
import { AuthorizationRequest, CallContext } from '../aws/service';
import { Checksum, ChecksumAlgorithm } from '../http/checksums';

/** Condition keys of a request beyond the global ones. */
export type Conditions = NonNullable<AuthorizationRequest['conditions']>;

/** Where a request goes, and what its policies can ask about. */
export interface BucketRequest {
  readonly bucket: string;
  readonly context: CallContext;
  /** `x-amz-expected-bucket-owner`. */
  readonly expectedOwner?: string;
  /** Condition keys of the transport, such as `s3:signatureAge`. */
  readonly conditions?: Conditions;
}

export interface ObjectRequest extends BucketRequest {
  readonly key: string;
}

/** A request that may name a version. Buckets have no versioning here, so every object is the version `null`. */
export interface ReadRequest extends ObjectRequest {
  readonly versionId?: string;
}

/** What a write stores beside the bytes. */
export interface WriteRequest extends ObjectRequest {
  readonly headers?: Readonly<Record<string, string>>;
  readonly metadata?: Readonly<Record<string, string>>;
  /** Default: the bucket's. */
  readonly encryption?: Encryption;
}

/** Only if no object, or only if the object with this ETag, is there. */
export type Precondition = { readonly ifNoneMatch: '*'; readonly ifMatch?: undefined } | { readonly ifMatch: string; readonly ifNoneMatch?: undefined };

export interface PutRequest extends WriteRequest {
  readonly body: Uint8Array;
  /** That of the body, found to be right. */
  readonly checksum?: Checksum;
  readonly precondition?: Precondition;
}

export interface DeleteRequest extends ObjectRequest {
  /** Only the object with this ETag; `*`: only an object that is there. */
  readonly ifMatch?: string;
}

export interface CreateUploadRequest extends WriteRequest {
  /** Default: CRC64NVME of the whole object, which parts then cannot state. */
  readonly checksum?: { readonly algorithm: ChecksumAlgorithm; readonly type: ObjectChecksum['type'] };
}

export interface UploadRequest extends ObjectRequest {
  readonly uploadId: string;
}

export interface UploadPartRequest extends UploadRequest {
  readonly partNumber: number;
  readonly body: Uint8Array;
  /** That of the part, found to be right. */
  readonly checksum?: Checksum;
}

/** A part as CompleteMultipartUpload names it. */
export interface ChosenPart {
  readonly number: number;
  readonly etag: string;
  readonly checksum?: Checksum;
}

/** A request as those see it who watch S3: to count what it costs, or to come in between. */
export interface ObservedRequest {
  /** Name of the operation in the API: `PutObject`. */
  readonly operation: string;
  readonly bucket: string;
  /** Absent where the request is one of the bucket. */
  readonly key?: string;
  readonly context: CallContext;
}

export interface CompleteUploadRequest extends UploadRequest {
  readonly parts: readonly ChosenPart[];
  readonly precondition?: Precondition;
  /** What the object's checksum must be; with the number of parts after a dash for one that is composed. */
  readonly checksum?: Checksum;
  readonly checksumType?: string;
  /** Bytes that the object must have. */
  readonly objectSize?: number;
}
