import { Document } from 'mongodb';
import { encodeValue } from './canonical-ejson';
import { DocumentFault } from './document-fault';
import { documentNamed } from './document-name';
import { formatDocument, UncarriedValue } from './item-format';
import { ItemText } from './item-text';
import { MongoPageRequest } from './mongo-page-request';
import { pickFields } from './projection';
import { isRangeError } from './range-error';
import { StoredDocument } from './stored-document';
import { unreadable, unreadablePart } from './unreadable';
import { PagedBatchEtlErrorName } from '../../contracts/error-names';

/** What the driver makes of bytes in names and patterns that are no UTF-8; it can be stored as well. */
const REPLACEMENT_CHARACTER = '\uFFFD';

/**
 * The item of a document.
 *
 * @throws DocumentFault where something in it cannot be told as it is, or no page can hold it
 */
export function itemOf(stored: StoredDocument, request: MongoPageRequest): ItemText {
  const { source: { projection }, idempotencyKeyOf } = request;
  const itemIdentifier = encodeValue(stored.key.at(-1));
  const shown = projection === undefined ? stored.document : pickFields(stored.document, projection);
  const envelope = JSON.stringify({ itemIdentifier, idempotencyKey: idempotencyKeyOf(itemIdentifier) });
  const text = `${envelope.slice(0, -1)},"item":${JSON.stringify(formatted(shown, stored, request))}}`;
  const fault = text.includes(REPLACEMENT_CHARACTER) ? unreadablePart(stored.bytes) : undefined;
  if (fault !== undefined) throw fault;
  const line = Buffer.from(`${text}\n`);
  return new ItemText(line, 0, Buffer.byteLength(envelope) + ',"item":'.length - 1, line.byteLength - 1);
}

export function itemTooLarge({ bytes: document, key }: StoredDocument, { lineBytes }: ItemText, pageBytes: number): DocumentFault {
  return new DocumentFault(
    PagedBatchEtlErrorName.ITEM_TOO_LARGE,
    `The item of ${documentNamed(encodeValue(key.at(-1)))} takes ${lineBytes} bytes of JSON, and a page has at most ${pageBytes}. `
    + 'Leave fields out by the projection, or the document by the filter',
    document,
  );
}

function formatted(shown: Document, { bytes }: StoredDocument, { source: { itemFormat } }: MongoPageRequest): Document {
  try {
    return formatDocument(shown, itemFormat);
  } catch (error) {
    if (error instanceof UncarriedValue || isRangeError(error)) throw unreadable(bytes, error.message);
    throw error;
  }
}
