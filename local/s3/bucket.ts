import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { PolicyDocument } from '../aws/service';
import { Clock } from '../clock';
import { LifecycleRule, objectExpiry, uploadExpiry } from './lifecycle';
import { Encryption, md5, ObjectAttributes, ObjectChecksum, StoredObject } from './objects';
import { Upload, UploadPart } from './uploads';
import { Checksum } from '../http/checksums';

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

/** How often an object under a key has been written and deleted. */
export interface KeyChanges {
  readonly writes: number;
  readonly deletes: number;
}

const NO_CHANGES: KeyChanges = { writes: 0, deletes: 0 };

/** The objects of one bucket, as files of a folder. What is past its expiry is gone, by the clock. Knows nothing of access rights. */
export class Bucket {
  policy?: PolicyDocument;
  private readonly objects = new Map<string, StoredObject>();
  private readonly changes = new Map<string, KeyChanges>();
  private readonly uploads = new Map<string, Upload>();
  private sequence = 0;

  constructor(private current: BucketSettings, private readonly folder: string, private readonly clock: Clock) {
    mkdirSync(folder, { recursive: true });
  }

  get settings(): BucketSettings {
    return this.current;
  }

  /** Changes the settings; rules of the lifecycle are for what is there, too. */
  configure(settings: BucketSettings): void {
    this.current = settings;
    for (const object of this.objects.values()) {
      this.objects.set(object.key, { ...object, expiry: objectExpiry(settings.lifecycle, object.key, object.lastModified) });
    }
    for (const upload of this.uploads.values()) {
      this.uploads.set(upload.id, { ...upload, expiry: uploadExpiry(settings.lifecycle, upload.key, upload.initiatedAt) });
    }
  }

  get(key: string): StoredObject | undefined {
    const object = this.objects.get(key);
    if (object?.expiry === undefined || object.expiry.at > this.clock.now()) return object;
    this.remove(object);
    return undefined;
  }

  /** What has been done with a key so far. */
  changesOf(key: string): KeyChanges {
    return this.changes.get(key) ?? NO_CHANGES;
  }

  /** Objects in the order S3 lists them: by the bytes of the key. */
  list(prefix: string): StoredObject[] {
    const keys = [...this.objects.keys()].filter((key) => key.startsWith(prefix));
    return keys.flatMap((key) => this.get(key) ?? []).sort(byKey);
  }

  put(key: string, body: Uint8Array, attributes: ObjectAttributes, checksum?: ObjectChecksum): StoredObject {
    return this.keep(key, attributes, this.write(key, body), etagOf(body, attributes), checksum);
  }

  delete(key: string): void {
    const object = this.get(key);
    if (object === undefined) return;
    this.remove(object);
    const { writes, deletes } = this.changesOf(key);
    this.changes.set(key, { writes, deletes: deletes + 1 });
  }

  startUpload(id: string, key: string, attributes: ObjectAttributes, checksum?: Upload['checksum']): Upload {
    const now = this.clock.now();
    const upload: Upload = {
      id,
      key,
      attributes,
      checksum,
      initiatedAt: wholeSeconds(now),
      expiry: uploadExpiry(this.settings.lifecycle, key, now),
      deletesBefore: this.changesOf(key).deletes,
      parts: new Map(),
    };
    this.uploads.set(id, upload);
    return upload;
  }

  upload(id: string, key: string): Upload | undefined {
    const upload = this.uploads.get(id);
    if (upload === undefined || upload.key !== key) return undefined;
    if (upload.expiry === undefined || upload.expiry.at > this.clock.now()) return upload;
    this.dropUpload(upload);
    return undefined;
  }

  /** Uploads underway in the order S3 lists them: by the bytes of the key, then the oldest first. */
  listUploads(prefix: string): Upload[] {
    const all = [...this.uploads.values()].filter(({ key }) => key.startsWith(prefix));
    return all.flatMap(({ id, key }) => this.upload(id, key) ?? []).sort(byKey);
  }

  putPart(upload: Upload, number: number, body: Uint8Array, checksum?: Checksum): UploadPart {
    const part: UploadPart = {
      number,
      etag: `"${etagOf(body, upload.attributes)}"`,
      size: body.byteLength,
      file: this.write('', body),
      lastModified: wholeSeconds(this.clock.now()),
      checksum,
    };
    const previous = upload.parts.get(number);
    if (previous !== undefined) rmSync(previous.file);
    upload.parts.set(number, part);
    return part;
  }

  completeUpload(upload: Upload, parts: readonly UploadPart[], checksum?: ObjectChecksum): StoredObject {
    const digests = parts.map(({ etag }) => Buffer.from(etag.replaceAll('"', ''), 'hex'));
    const etag = `${md5(Buffer.concat(digests)).toString('hex')}-${parts.length}`;
    const object = this.keep(upload.key, upload.attributes, this.write(upload.key, bytesOf(parts)), etag, checksum);
    this.dropUpload(upload);
    return object;
  }

  dropUpload(upload: Upload): void {
    this.uploads.delete(upload.id);
    for (const { file } of upload.parts.values()) rmSync(file);
  }

  private keep(key: string, attributes: ObjectAttributes, file: string, etag: string, checksum?: ObjectChecksum): StoredObject {
    const lastModified = wholeSeconds(this.clock.now());
    const expiry = objectExpiry(this.settings.lifecycle, key, lastModified);
    const object = { ...attributes, key, size: statSync(file).size, etag: `"${etag}"`, lastModified, file, checksum, expiry };
    const previous = this.get(key);
    if (previous !== undefined) this.remove(previous);
    this.objects.set(key, object);
    const { writes, deletes } = this.changesOf(key);
    this.changes.set(key, { writes: writes + 1, deletes });
    return object;
  }

  private remove({ key, file }: StoredObject): void {
    this.objects.delete(key);
    rmSync(file);
  }

  /** The file keeps the extension of the key, by which readers tell compressed files. */
  private write(key: string, body: Uint8Array): string {
    const file = join(this.folder, `${++this.sequence}${/^\.\w+$/.exec(extname(key))?.[0] ?? ''}`);
    writeFileSync(file, body);
    return file;
  }
}

/** The bytes of parts, one after the other. */
export function bytesOf(parts: readonly UploadPart[]): Buffer {
  return Buffer.concat(parts.map(({ file }) => readFileSync(file)));
}

/** The MD5, but under a KMS key, of which S3 promises only that the ETag is something else. */
function etagOf(body: Uint8Array, { encryption }: ObjectAttributes): string {
  return (encryption.algorithm === 'aws:kms' ? randomBytes(16) : md5(body)).toString('hex');
}

function wholeSeconds(time: number): number {
  return Math.floor(time / 1_000) * 1_000;
}

function byKey(a: { readonly key: string }, b: { readonly key: string }): number {
  return Buffer.compare(Buffer.from(a.key), Buffer.from(b.key));
}
