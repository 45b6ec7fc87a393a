import { DocumentFault } from './document-fault';
import type { SizedItem } from './item-form';
import { PagedBatchEtlErrorName } from '../../contracts/error-names';
import { FailedItem, MAX_PASSED_OVER_BYTES } from '../../contracts/read-page';

/** Most characters of what is told of a fault. */
const MOST_CAUSE_CHARACTERS = 500;

/** Faults of a document whose key is known, so that reading can go on after it. */
const PASSED_OVER: readonly PagedBatchEtlErrorName[] = [PagedBatchEtlErrorName.DOCUMENT_UNREADABLE, PagedBatchEtlErrorName.ITEM_TOO_LARGE];

/** Takes the place of an item that is told of beside the page. */
export class PassedOverItem implements SizedItem {
  readonly lineBytes = 0;
  readonly itemBytes = 0;
  /** Bytes of what is told. */
  readonly toldBytes: number;

  constructor(readonly told: FailedItem) {
    this.toldBytes = Buffer.byteLength(JSON.stringify(told));
  }
}

/** @throws DocumentFault that one where reading cannot go on after the document */
export function passedOver(fault: DocumentFault, { itemIdentifier, idempotencyKey }: Pick<FailedItem, 'itemIdentifier' | 'idempotencyKey'>): PassedOverItem {
  if (!PASSED_OVER.includes(fault.name)) throw fault;
  return new PassedOverItem({ itemIdentifier, idempotencyKey, error: fault.name, cause: fault.message.slice(0, MOST_CAUSE_CHARACTERS) });
}

/** How much of a page's room for what is passed over is used. */
export class PassedOverRoom {
  private used = 0;

  take({ toldBytes }: PassedOverItem): boolean {
    if (this.used > 0 && this.used + toldBytes > MAX_PASSED_OVER_BYTES) return false;
    this.used += toldBytes;
    return true;
  }
}

export function isItem<T extends SizedItem>(item: T | PassedOverItem): item is T {
  return !(item instanceof PassedOverItem);
}
