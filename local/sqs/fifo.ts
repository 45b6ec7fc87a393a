import { createHash, randomUUID } from 'node:crypto';
import { ServiceError } from '../aws/service';
import { Clock } from '../clock';

/** What a sender says of the place of a message. */
export interface MessageOrder {
  readonly groupId?: string;
  readonly deduplicationId?: string;
}

/** What a FIFO queue or topic knows of a message that it has taken. */
export interface TakenMessage extends Required<MessageOrder> {
  readonly id: string;
  readonly sequenceNumber: string;
}

export interface FifoSettings {
  /** Whether a message without a deduplication id has one by its content. */
  readonly contentBasedDeduplication: boolean;
}

/** What a service answers to a message without one of the two. */
export interface FifoRefusals {
  readonly noGroup: () => ServiceError;
  readonly noDeduplication: () => ServiceError;
}

/** Source: SQS developer guide, "Exactly-once processing", and SNS developer guide, "Message deduplication for FIFO topics". */
const DEDUPLICATION_MILLISECONDS = 5 * 60_000;

/** Sequence numbers have 20 digits; they grow, and nothing else is promised. */
const FIRST_SEQUENCE_NUMBER = 18_849_496_460_467_696_128n;

/** The order of a FIFO queue or topic, and what it has taken within the last five minutes. */
export class Fifo {
  private readonly recent = new Map<string, TakenMessage & { readonly at: number }>();
  private sequenceNumber = FIRST_SEQUENCE_NUMBER;

  constructor(private readonly clock: Clock, private settings: FifoSettings, private readonly refusals: FifoRefusals) {}

  /** Changes the settings; what was taken stays known. */
  configure(settings: FifoSettings): void {
    this.settings = settings;
  }

  /** Takes a message; `repeated` if it was taken before, and must not be delivered again. */
  take(body: string, { groupId, deduplicationId }: MessageOrder): TakenMessage & { readonly repeated: boolean } {
    if (groupId === undefined) throw this.refusals.noGroup();
    const given = deduplicationId ?? (this.settings.contentBasedDeduplication ? createHash('sha256').update(body).digest('hex') : undefined);
    if (given === undefined) throw this.refusals.noDeduplication();
    const now = this.clock.now();
    for (const [id, { at }] of this.recent) if (now - at >= DEDUPLICATION_MILLISECONDS) this.recent.delete(id);
    const before = this.recent.get(given);
    if (before !== undefined) return { ...before, repeated: true };
    this.sequenceNumber += 256n;
    const taken = { id: randomUUID(), groupId, deduplicationId: given, sequenceNumber: String(this.sequenceNumber) };
    this.recent.set(given, { ...taken, at: now });
    return { ...taken, repeated: false };
  }
}

/** Ids of groups and of deduplication. Source: API references of SendMessage and Publish. */
export const ORDER_ID = /^[\w!-\/:-@[-`{-~]{1,128}$/;
