import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { PolicyDocument } from '../aws/service';
import { Clock } from '../clock';
import { Expiry, LifecycleRule, objectExpiry, uploadExpiry } from './lifecycle';

/** How objects are encrypted at rest. */
export type Encryption = { readonly algorithm: 'AES256' } | { readonly algorithm: 'aws:kms'; readonly keyArn: string };

/** What a bucket refuses of public access. */
export interface PublicAccessBlock {
  readonly blockPublicPolicy: boolean;
  readonly restrictPublicBuckets: boolean;
}

export interface BucketSettings {
  readonly name: string;
  readonly arn: string;
  readonly ownerAccount: string;
  readonly region: string;
  readonly encryption: Encryption;
  readonly lifecycle: readonly LifecycleRule[];
  readonly publicAccess: PublicAccessBlock;
}

/** What an object carries beside its bytes. */
export interface ObjectAttributes {
  readonly encryption: Encryption;
  /** Standard headers stored with it, names in lower case: `content-type`, `cache-control`, … */
  readonly headers: Readonly<Record<string, string>>;
  /** User metadata, names without `x-amz-meta-`. */
  readonly metadata: Readonly<Record<string, string>>;
}

export interface StoredObject extends ObjectAttributes {
  readonly key: string;
  /** Bytes. */
  readonly size: number;
  /** With its quotes. */
  readonly etag: string;
  /** Epoch milliseconds; S3 keeps whole seconds. */
  readonly lastModified: number;
  /** The file that holds the bytes; a version of an object is never changed in place. */
  readonly file: string;
  readonly expiry?: Expiry;
}

export interface UploadPart {
  readonly number: number;
  readonly etag: string;
  readonly size: number;
  readonly file: string;
}

export interface Upload {
  readonly id: string;
  readonly key: string;
  readonly attributes: ObjectAttributes;
  readonly expiresAt: number;
  readonly parts: Map<number, UploadPart>;
}

/** The objects of one bucket, as files of a folder. What is past its expiry is gone, by the clock. Knows nothing of access rights. */
export class Bucket {
  policy?: PolicyDocument;
  private readonly objects = new Map<string, StoredObject>();
  private readonly uploads = new Map<string, Upload>();
  private sequence = 0;

  constructor(readonly settings: BucketSettings, private readonly folder: string, private readonly clock: Clock) {
    mkdirSync(folder, { recursive: true });
  }

  get(key: string): StoredObject | undefined {
    const object = this.objects.get(key);
    if (object?.expiry === undefined || object.expiry.at > this.clock.now()) return object;
    this.delete(key);
    return undefined;
  }

  /** Objects in the order S3 lists them: by the bytes of the key. */
  list(prefix: string): StoredObject[] {
    const keys = [...this.objects.keys()].filter((key) => key.startsWith(prefix));
    return keys.flatMap((key) => this.get(key) ?? []).sort((a, b) => Buffer.compare(Buffer.from(a.key), Buffer.from(b.key)));
  }

  put(key: string, body: Uint8Array, attributes: ObjectAttributes): StoredObject {
    return this.keep(key, attributes, this.write(key, body), md5(body).toString('hex'));
  }

  delete(key: string): void {
    const object = this.objects.get(key);
    if (object === undefined) return;
    this.objects.delete(key);
    rmSync(object.file);
  }

  startUpload(id: string, key: string, attributes: ObjectAttributes): Upload {
    const expiresAt = uploadExpiry(this.settings.lifecycle, key, this.clock.now());
    const upload: Upload = { id, key, attributes, expiresAt, parts: new Map() };
    this.uploads.set(id, upload);
    return upload;
  }

  upload(id: string, key: string): Upload | undefined {
    const upload = this.uploads.get(id);
    if (upload === undefined || upload.key !== key) return undefined;
    if (upload.expiresAt > this.clock.now()) return upload;
    this.dropUpload(upload);
    return undefined;
  }

  putPart(upload: Upload, number: number, body: Uint8Array): UploadPart {
    const part = { number, etag: `"${md5(body).toString('hex')}"`, size: body.byteLength, file: this.write('', body) };
    const previous = upload.parts.get(number);
    if (previous !== undefined) rmSync(previous.file);
    upload.parts.set(number, part);
    return part;
  }

  completeUpload(upload: Upload, parts: readonly UploadPart[]): StoredObject {
    const bodies = parts.map(({ file }) => readFileSync(file));
    const etag = `${md5(Buffer.concat(bodies.map(md5))).toString('hex')}-${parts.length}`;
    const object = this.keep(upload.key, upload.attributes, this.write(upload.key, Buffer.concat(bodies)), etag);
    this.dropUpload(upload);
    return object;
  }

  dropUpload(upload: Upload): void {
    this.uploads.delete(upload.id);
    for (const { file } of upload.parts.values()) rmSync(file);
  }

  private keep(key: string, attributes: ObjectAttributes, file: string, etag: string): StoredObject {
    const lastModified = Math.floor(this.clock.now() / 1_000) * 1_000;
    const expiry = objectExpiry(this.settings.lifecycle, key, lastModified);
    const object = { ...attributes, key, size: statSync(file).size, etag: `"${etag}"`, lastModified, file, expiry };
    this.delete(key);
    this.objects.set(key, object);
    return object;
  }

  /** The file keeps the extension of the key, by which readers tell compressed files. */
  private write(key: string, body: Uint8Array): string {
    const file = join(this.folder, `${++this.sequence}${/^\.\w+$/.exec(extname(key))?.[0] ?? ''}`);
    writeFileSync(file, body);
    return file;
  }
}

function md5(body: Uint8Array): Buffer {
  return createHash('md5').update(body).digest();
}
