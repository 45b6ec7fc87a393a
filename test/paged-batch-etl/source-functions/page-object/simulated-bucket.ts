/** A bucket of pages in memory whose calls can fail in every way that calls over a network can, and in any order. */
import { createHash, randomUUID } from 'node:crypto';
import type {
  PageStore, Precondition, PutOutcome, StoredText, UploadedPart, UploadPart,
} from '../../../../src/paged-batch-etl/source-functions/page-object/page-store';
import { SourceError } from '../../../../src/paged-batch-etl/source-functions/source-error';

/**
 * What becomes of one call: `fail` has no effect, `lost` has one and fails, `late` fails and has it some calls later, `twice` is made again because its
 * first answer got lost. After `killedBefore` and `killedAfter`, its caller is no more.
 */
export type Fault = 'none' | 'fail' | 'lost' | 'late' | 'twice' | 'conflict' | 'killedBefore' | 'killedAfter';

export const FAULTS: readonly Fault[] = ['fail', 'lost', 'late', 'twice', 'conflict', 'killedBefore', 'killedAfter'];

/** The objects, and what has happened to them. */
export class SimulatedBucket {
  readonly objects = new Map<string, Buffer>();
  /** How often an object with this key was stored. */
  readonly stored = new Map<string, number>();
  private readonly uploads = new Map<string, Map<number, Buffer>>();
  /** Effects of calls whose callers do not wait for them anymore, with the number of calls until then. */
  private late: { calls: number; readonly effect: () => unknown }[] = [];

  /** The bucket for one caller. */
  open(call: CallRules = {}): PageStore {
    return new SimulatedStore(this, call);
  }

  keys(suffix: string): string[] {
    return [...this.objects.keys()].filter((key) => key.endsWith(suffix));
  }

  text(key: string): string {
    return this.bytes(key).toString('utf8');
  }

  bytes(key: string): Buffer {
    const body = this.objects.get(key);
    if (body === undefined) throw new Error(`there is no object ${key}`);
    return body;
  }

  put(key: string, body: Buffer): void {
    this.objects.set(key, body);
    this.stored.set(key, (this.stored.get(key) ?? 0) + 1);
  }

  putIf(key: string, body: Buffer, precondition: Precondition): PutOutcome {
    const now = this.objects.get(key);
    const holds = precondition === 'absent' ? now === undefined : now !== undefined && etagOf(now) === precondition.etag;
    if (!holds) return 'refused';
    this.put(key, body);
    return 'stored';
  }

  read(key: string): StoredText | undefined {
    const body = this.objects.get(key);
    return body && { text: body.toString('utf8'), etag: etagOf(body) };
  }

  startUpload(): string {
    const id = randomUUID();
    this.uploads.set(id, new Map());
    return id;
  }

  uploadPart({ uploadId, number, body }: UploadPart): UploadedPart {
    this.uploads.get(uploadId)?.set(number, body);
    return { number, etag: etagOf(body) };
  }

  completeUpload(key: string, uploadId: string, parts: readonly UploadedPart[]): void {
    const uploaded = this.uploads.get(uploadId);
    this.uploads.delete(uploadId);
    if (uploaded === undefined && this.objects.has(key)) return;
    // It was taken back before this call came through.
    if (uploaded === undefined) throw unavailable();
    this.put(key, Buffer.concat(parts.map(({ number, etag }) => {
      const body = uploaded.get(number);
      if (body === undefined || etagOf(body) !== etag) throw new Error(`part ${number} is not what was uploaded`);
      return body;
    })));
  }

  abortUpload(uploadId: string): void {
    this.uploads.delete(uploadId);
  }

  get openUploads(): number {
    return this.uploads.size;
  }

  later(effect: () => unknown): void {
    this.late.push({ calls: 3, effect });
  }

  /** Another call has been made. */
  tick(): void {
    const due = this.late.filter((each) => (each.calls -= 1) <= 0);
    this.late = this.late.filter((each) => each.calls > 0);
    for (const { effect } of due) {
      try {
        effect();
      } catch (error) {
        // Nobody is there to be told.
        if (!(error instanceof SourceError)) throw error;
      }
    }
  }
}

/** When calls are made, and what becomes of them. */
export interface CallRules {
  /** Resolves when it is the turn of a call. */
  readonly turn?: (name: string) => Promise<void>;
  /** Asked before each call. */
  readonly fault?: (name: string) => Fault;
  /** Is told that the caller is no more. */
  readonly killed?: () => void;
}

class SimulatedStore implements PageStore {
  constructor(private readonly bucket: SimulatedBucket, private readonly rules: CallRules) {}

  async readText(key: string): Promise<StoredText | undefined> {
    return this.call('readText', () => this.bucket.read(key));
  }

  async exists(key: string): Promise<boolean> {
    return this.call('exists', () => this.bucket.objects.has(key));
  }

  async put(key: string, body: Buffer): Promise<void> {
    await this.call('put', () => this.bucket.put(key, body));
  }

  async putIf(key: string, body: Buffer, precondition: Precondition): Promise<PutOutcome> {
    return this.call('putIf', () => this.bucket.putIf(key, body, precondition), () => 'conflict');
  }

  async startUpload(): Promise<string> {
    return this.call('startUpload', () => this.bucket.startUpload());
  }

  async uploadPart(part: UploadPart): Promise<UploadedPart> {
    return this.call('uploadPart', () => this.bucket.uploadPart(part));
  }

  async completeUpload(key: string, uploadId: string, parts: readonly UploadedPart[]): Promise<void> {
    await this.call('completeUpload', () => this.bucket.completeUpload(key, uploadId, parts));
  }

  async abortUpload(_key: string, uploadId: string): Promise<void> {
    await this.call('abortUpload', () => this.bucket.abortUpload(uploadId));
  }

  async delete(keys: readonly string[]): Promise<void> {
    await this.call('delete', () => keys.forEach((key) => this.bucket.objects.delete(key)));
  }

  private async call<T>(name: string, effect: () => T, conflict?: () => T): Promise<T> {
    await this.rules.turn?.(name);
    this.bucket.tick();
    const fault = this.rules.fault?.(name) ?? 'none';
    if (fault === 'killedBefore') return this.die();
    if (fault === 'fail') throw unavailable();
    if (fault === 'late') {
      this.bucket.later(effect);
      throw unavailable();
    }
    if (fault === 'conflict' && conflict !== undefined) return conflict();
    const answer = effect();
    if (fault === 'killedAfter') return this.die();
    if (fault === 'lost') throw unavailable();
    const answered = fault === 'twice' ? effect() : answer;
    await this.rules.turn?.(`answer of ${name}`);
    return answered;
  }

  /** Nothing happens to the caller anymore, not even an error. */
  private async die(): Promise<never> {
    this.rules.killed?.();
    return new Promise(() => undefined);
  }
}

function unavailable(): SourceError {
  return new SourceError('PageBucketUnavailable', 'simulated');
}

/** Two objects of the same bytes have the same ETag, as in S3. */
function etagOf(body: Buffer): string {
  return `"${createHash('md5').update(body).digest('hex')}"`;
}
