/** An object that holds a text, as it was when it was read. */
export interface StoredText {
  readonly text: string;
  readonly etag: string;
}

/** What has to be so for an object to be stored: there is none with its key, or the one with this ETag. */
export type Precondition = 'absent' | { readonly etag: string };

/** `refused`: the precondition does not hold. `conflict`: another write of the same key was under way, and nothing is known of how it ended. */
export type PutOutcome = 'stored' | 'refused' | 'conflict';

/**
 * The bucket of pages, as far as one invocation needs it. Every call ends within the time of the invocation, and is tried a few times.
 *
 * All calls throw a `SourceError` for what is no outcome: then nobody knows whether the call had an effect, or may have one later.
 */
export interface PageStore {
  /** Undefined where there is no such object. */
  readText(key: string): Promise<StoredText | undefined>;
  exists(key: string): Promise<boolean>;
  put(key: string, body: Buffer): Promise<void>;
  putIf(key: string, body: Buffer, precondition: Precondition): Promise<PutOutcome>;
  /** Answers the id of the upload. */
  startUpload(key: string): Promise<string>;
  uploadPart(part: UploadPart): Promise<UploadedPart>;
  completeUpload(key: string, uploadId: string, parts: readonly UploadedPart[]): Promise<void>;
  abortUpload(key: string, uploadId: string): Promise<void>;
  delete(keys: readonly string[]): Promise<void>;
}

export interface UploadPart {
  readonly key: string;
  readonly uploadId: string;
  /** From 1. */
  readonly number: number;
  readonly body: Buffer;
}

export interface UploadedPart {
  readonly number: number;
  readonly etag: string;
  /** CRC-32 of its bytes as the service has it; undefined where it does not say. */
  readonly checksum?: string;
}
