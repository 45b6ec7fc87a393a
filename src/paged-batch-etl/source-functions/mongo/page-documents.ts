import { DocumentFault } from './document-fault';
import { DocumentJson } from './document-json';
import { documentNamed } from './document-name';
import { DocumentShapes, SortPlace } from './document-shape';
import type { ItemForm, SizedItem } from './item-form';
import { MongoPageRequest } from './mongo-page-request';
import { shownBy } from './projection';
import { StoredKey } from './stored-key';
import { unreadable } from './unreadable';
import { withoutRepeated } from './without-repeated';
import { PagedBatchEtlErrorName } from '../../contracts/error-names';

/** What is said where the place is not found. */
const INVALID = 'it is not valid BSON';

/** What of a request says how an item is told. */
interface DocumentsRequest extends Pick<MongoPageRequest, 'idempotencyKeyOf'> {
  readonly source: Pick<MongoPageRequest['source'], 'sort' | 'projection' | 'itemFormat'>;
}

/** Documents of a page, one after the other, as items of some form. */
export class PageDocuments<T extends SizedItem> {
  private readonly documents: DocumentJson;
  private document: Uint8Array = Buffer.alloc(0);
  private isTold = false;

  constructor(private readonly request: DocumentsRequest, private readonly form: ItemForm<T>) {
    const { sort, projection, itemFormat } = request.source;
    this.documents = new DocumentJson(new DocumentShapes(shownBy(projection), sortPlaces(sort)), itemFormat);
  }

  /**
   * Reads a document, in place of one that was read and not kept. Returns its key.
   *
   * @throws DocumentFault where it has none
   */
  read(bytes: Uint8Array): StoredKey {
    const { form, documents, request: { source: { sort } } } = this;
    form.begin();
    this.document = bytes;
    const key = new StoredKey(bytes, sort);
    this.isTold = documents.tell(bytes, form.json, key);
    if (!this.isTold && !documents.canRead(bytes)) throw unreadable(bytes, INVALID);
    if (this.isTold && !documents.repeatsSorted && !documents.hidesFarDate) key.check();
    else key.checkValues();
    // What cannot be told may be one of two members with the same name, of which the other one counts.
    if (documents.repeats) this.isTold = this.tellOnce(bytes);
    return key;
  }

  /**
   * The document that was read last.
   *
   * @throws DocumentFault where something in it cannot be told as it is
   */
  item(key: StoredKey): T {
    if (!this.isTold) throw unreadable(this.document, INVALID);
    const { identifier: itemIdentifier } = key;
    return this.form.item({ itemIdentifier, idempotencyKey: this.request.idempotencyKeyOf(itemIdentifier) });
  }

  /** Keeps the item in the page. */
  keep(): void {
    this.form.keep();
  }

  /** The server sorts by the first of two members with one name, and readers of documents take the last one. */
  private tellOnce(bytes: Uint8Array): boolean {
    this.form.begin();
    return this.documents.tell(withoutRepeated(bytes), this.form.json);
  }
}

export function itemTooLarge(document: Uint8Array, key: StoredKey, { lineBytes }: SizedItem, pageBytes: number): DocumentFault {
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
