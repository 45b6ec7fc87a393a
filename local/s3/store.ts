import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Clock } from '../clock';
import { Bucket, BucketSettings } from './bucket';

/** All buckets, on a temporary folder of the disk so that other engines can read objects as files. Knows nothing of access rights. */
export class S3Store {
  private readonly buckets = new Map<string, Bucket>();
  private readonly folder = mkdtempSync(join(tmpdir(), 'local-s3-'));

  constructor(private readonly clock: Clock) {}

  createBucket(settings: BucketSettings): Bucket {
    if (this.buckets.has(settings.name)) throw new Error(`Bucket ${settings.name} exists already`);
    const bucket = new Bucket(settings, join(this.folder, settings.name), this.clock);
    this.buckets.set(settings.name, bucket);
    return bucket;
  }

  /** Deletes a bucket and the folder of its objects, of which there must be none. */
  deleteBucket(name: string): void {
    this.buckets.delete(name);
    rmSync(join(this.folder, name), { recursive: true, force: true });
  }

  bucket(name: string): Bucket | undefined {
    return this.buckets.get(name);
  }

  /** Deletes the folder and everything in it. */
  close(): void {
    this.buckets.clear();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
