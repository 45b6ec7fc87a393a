import type { PageStore, UploadedPart } from './page-store';

/** Bytes after which a part is sent. S3 takes no part below 5 MiB but the last, and ten thousand parts at most. */
export const PART_BYTES = 8 * 1024 * 1024;

/**
 * An object that is written while its content is still being made: part by part where it is large, else at once. At most one part is on its way
 * while the next one fills, so memory does not grow with the object.
 */
export class ObjectUpload {
  /** What is not sent yet. */
  private chunks: Buffer[] = [];
  private bytesPending = 0;
  private bytesAdded = 0;
  private abandoned = false;
  private uploadId?: string;
  private readonly parts: UploadedPart[] = [];
  /** The part on its way; it is awaited before the next one, and at the end. */
  private sending: Promise<void> = Promise.resolve();

  constructor(private readonly store: PageStore, readonly key: string, private readonly partBytes: number = PART_BYTES) {}

  /** Bytes of all that was added. */
  get bytes(): number {
    return this.bytesAdded;
  }

  add(chunk: Buffer): void {
    this.chunks.push(chunk);
    this.bytesPending += chunk.length;
    this.bytesAdded += chunk.length;
  }

  /** Resolves when there is room for more. */
  async flush(): Promise<void> {
    this.checkWanted();
    if (this.bytesPending < this.partBytes) return;
    await this.sending;
    // It may have been abandoned in the meantime: a part more would begin another upload.
    this.checkWanted();
    this.send();
  }

  /** Resolves when the object is there. */
  async finish(): Promise<void> {
    await this.sending;
    if (this.uploadId === undefined) {
      await this.store.put(this.key, Buffer.concat(this.chunks));
      return;
    }
    if (this.chunks.length > 0) this.send();
    await this.sending;
    await this.store.completeUpload(this.key, this.uploadId, this.parts);
  }

  /** Leaves as little behind as can be; what cannot be removed, the life cycle of the bucket removes. */
  async abandon(): Promise<void> {
    // Whoever makes its content may not have heard yet: reading that runs out of time goes on for a while.
    this.abandoned = true;
    await this.sending.catch(() => undefined);
    if (this.uploadId !== undefined) await this.store.abortUpload(this.key, this.uploadId).catch(() => undefined);
  }

  private checkWanted(): void {
    if (this.abandoned) throw new RangeError('The object was abandoned');
  }

  private send(): void {
    const body = Buffer.concat(this.chunks);
    this.chunks = [];
    this.bytesPending = 0;
    this.sending = this.sendPart(body);
    // Whoever awaits it next is told.
    this.sending.catch(() => undefined);
  }

  private async sendPart(body: Buffer): Promise<void> {
    this.uploadId ??= await this.store.startUpload(this.key);
    const { key, uploadId } = this;
    this.parts.push(await this.store.uploadPart({ key, uploadId, number: this.parts.length + 1, body }));
  }
}
