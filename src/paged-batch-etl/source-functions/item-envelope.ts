/** What comes with an item. */
export interface ItemNames {
  readonly itemIdentifier: string;
  readonly idempotencyKey: string;
}

const IDENTIFIER = '{"itemIdentifier":';
const IDEMPOTENCY_KEY = ',"idempotencyKey":';
const ITEM = ',"item":';

/** What stands after an item. */
export const AFTER_ITEM = '}';

/** Bytes of what stands around every item, whatever its names are. */
export const AROUND_ITEM_BYTES = [IDENTIFIER, IDEMPOTENCY_KEY, ITEM, AFTER_ITEM].join('').length;

/** What stands before an item. */
export function envelopeOf({ itemIdentifier, idempotencyKey }: ItemNames): string {
  return `${IDENTIFIER}${JSON.stringify(itemIdentifier)}${IDEMPOTENCY_KEY}${JSON.stringify(idempotencyKey)}${ITEM}`;
}

/** The same without the name of the member that holds the item. */
export function withoutItemMember(envelope: Buffer): Buffer {
  return envelope.subarray(0, 1 - ITEM.length);
}
