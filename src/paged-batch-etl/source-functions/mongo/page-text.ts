import { DocumentFault } from './document-fault';
import { documentNamed } from './document-name';
import { DocumentShapes, SortPlace } from './document-shape';
import { DocumentText } from './document-text';
import { ItemText } from './item-text';
import { JsonBytes } from './json-bytes';
import { MongoPageRequest } from './mongo-page-request';
import { shownBy } from './projection';
import { StoredKey } from './stored-key';
import { unreadable } from './unreadable';
import { withoutRepeated } from './without-repeated';
import { PagedBatchEtlErrorName } from '../../contracts/error-names';

/** What stands before an item: the identifier and the key come between these. */
const IDENTIFIER = '{"itemIdentifier":';
const IDEMPOTENCY_KEY = ',"idempotencyKey":';
const ITEM = ',"item":';

/** What is said where the place is not found. */
const INVALID = 'it is not valid BSON';

const CLOSE = 0x7d;
const NEWLINE = 0x0a;

/** What of a request says how an item is told. */
interface TextRequest extends Pick<MongoPageRequest, 'idempotencyKeyOf'> {
  readonly source: Pick<MongoPageRequest['source'], 'sort' | 'projection' | 'itemFormat'>;
}

/** The text of a page, to which documents are added as lines, one after the other. */
export class PageText {
  private readonly json = new JsonBytes();
  private readonly documents: DocumentText;
  private document: Uint8Array = Buffer.alloc(0);
  private isWritten = false;
  /** As much room is left before an item; the same for most of them, so that few have to be moved. */
  private envelopeBytes = 0;

  constructor(private readonly request: TextRequest) {
    const { sort, projection, itemFormat } = request.source;
    this.documents = new DocumentText(this.json, new DocumentShapes(shownBy(projection), sortPlaces(sort)), itemFormat);
  }

  /**
   * Reads a document, in place of one that was read and not kept. Returns its key.
   *
   * @throws DocumentFault where it has none
   */
  read(bytes: Uint8Array): StoredKey {
    const { json, documents, request: { source: { sort } } } = this;
    json.takeBack(0);
    json.skip(this.envelopeBytes);
    this.document = bytes;
    const key = new StoredKey(bytes, sort);
    this.isWritten = documents.write(bytes, key);
    if (!this.isWritten && !documents.canRead(bytes)) throw unreadable(bytes, INVALID);
    if (this.isWritten && !documents.repeatsSorted && !documents.hidesFarDate) key.check();
    else key.checkValues();
    // What cannot be told may be one of two members with the same name, of which the other one counts.
    if (documents.repeats) this.isWritten = this.writeOnce(bytes);
    return key;
  }

  /**
   * The line of the document that was read last.
   *
   * @throws DocumentFault where something in it cannot be told as it is
   */
  line(key: StoredKey): ItemText {
    if (!this.isWritten) throw unreadable(this.document, INVALID);
    const { json, request: { idempotencyKeyOf } } = this;
    const itemIdentifier = key.identifier;
    const idempotencyKey = idempotencyKeyOf(itemIdentifier);
    const envelope = `${IDENTIFIER}${JSON.stringify(itemIdentifier)}${IDEMPOTENCY_KEY}${JSON.stringify(idempotencyKey)}${ITEM}`;
    this.envelopeBytes = json.writeStart(envelope, this.envelopeBytes);
    json.byte(CLOSE);
    json.byte(NEWLINE);
    const { bytes, start, end } = json.piece();
    return new ItemText(itemIdentifier, idempotencyKey, bytes, start, start + this.envelopeBytes, end - 1);
  }

  /** Keeps the line in the page. */
  keep(): void {
    this.json.begin();
  }

  /** The server sorts by the first of two members with one name, and readers of documents take the last one. */
  private writeOnce(bytes: Uint8Array): boolean {
    const { json, documents } = this;
    json.takeBack(0);
    json.skip(this.envelopeBytes);
    return documents.write(withoutRepeated(bytes), new StoredKey(bytes, this.request.source.sort));
  }
}

export function itemTooLarge(document: Uint8Array, key: StoredKey, { lineBytes }: ItemText, pageBytes: number): DocumentFault {
  return new DocumentFault(
    PagedBatchEtlErrorName.ITEM_TOO_LARGE,
    `The item of ${documentNamed(key.identifier)} takes ${lineBytes} bytes of JSON, and a page has at most ${pageBytes}. `
    + 'Leave fields out by the projection, or the document by the filter',
    document,
  );
}

/** Where in a document the fields of a sort are, name by name. */
function sortPlaces(sort: readonly string[]): ReadonlyMap<string, SortPlace> {
  return placesOf(sort.map((path, slot) => ({ names: path.split('.'), slot })));
}

function placesOf(paths: readonly { readonly names: readonly string[]; readonly slot: number }[]): ReadonlyMap<string, SortPlace> {
  const places = new Map<string, SortPlace>();
  for (const { names: [first] } of paths) {
    const below = paths.filter(({ names }) => names[0] === first);
    const within = placesOf(below.filter(({ names }) => names.length > 1).map(({ names, slot }) => ({ names: names.slice(1), slot })));
    places.set(first, { slot: below.find(({ names }) => names.length === 1)?.slot, within });
  }
  return places;
}
