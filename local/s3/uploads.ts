import { Expiry } from './lifecycle';
import { ObjectAttributes, ObjectChecksum } from './objects';
import { Checksum } from '../http/checksums';

export interface UploadPart {
  readonly number: number;
  /** With its quotes. */
  readonly etag: string;
  /** Bytes. */
  readonly size: number;
  readonly file: string;
  /** Epoch milliseconds, whole seconds. */
  readonly lastModified: number;
  /** Where the sender stated it. */
  readonly checksum?: Checksum;
}

/** A multipart upload that is neither completed nor aborted. */
export interface Upload {
  readonly id: string;
  readonly key: string;
  readonly attributes: ObjectAttributes;
  /** What its parts must state; absent where it was created without. */
  readonly checksum?: Pick<ObjectChecksum, 'algorithm' | 'type'>;
  /** Epoch milliseconds, whole seconds. */
  readonly initiatedAt: number;
  /** When the lifecycle aborts it. */
  readonly expiry?: Expiry;
  /** How often an object under the key had been deleted when it began. */
  readonly deletesBefore: number;
  readonly parts: Map<number, UploadPart>;
}
