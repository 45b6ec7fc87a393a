import { BSON } from 'mongodb';
import { encodeValue } from './canonical-ejson';
import { decodeStored } from './decode-stored';
import { DocumentFault } from './document-fault';
import { SortPlaces } from './document-json';
import { KeyOrder } from './key-order';
import { isRangeError } from './range-error';
import { SortKey, sortKeyOf } from './sort-key';
import { BsonType, storedAt, viewOf } from './stored-value';

/** Numbers that are kept of each field: that of its type, 0 where it is missing, and where its value begins and ends. */
const WIDTH = 3;

/** Types whose values a later page sends back as they are stored, whatever they are, but for dates that are too far from 1970. */
const PLAIN_TYPES: ReadonlySet<number> = new Set([
  BsonType.DOUBLE, BsonType.TEXT, BsonType.OBJECT_ID, BsonType.BOOLEAN, BsonType.DATE, BsonType.NULL, BsonType.SYMBOL, BsonType.INT32,
  BsonType.TIMESTAMP, BsonType.INT64, BsonType.MIN_KEY, BsonType.MAX_KEY,
]);

/** The key of a document as it is stored there: a value is decoded only where it is asked for. */
export class StoredKey implements SortPlaces {
  /** The key of a document that cannot be read as a whole; undefined where it has none either. */
  static ofUnreadable(document: Uint8Array, sort: readonly string[]): StoredKey | undefined {
    const key = new StoredKey(document, sort);
    try {
      for (const [index, path] of sort.entries()) {
        const value = storedAt(document, path);
        if (value === undefined) continue;
        const start = value.bytes.byteOffset - document.byteOffset;
        key.fill(index, value.type, start, start + value.bytes.byteLength);
      }
      key.checkValues();
      return key;
    } catch (error) {
      if (error instanceof DocumentFault || error instanceof BSON.BSONError || isRangeError(error)) return undefined;
      throw error;
    }
  }

  private readonly places: number[];
  private bytes: Uint8Array;
  private decoded: SortKey | undefined;

  constructor(document: Uint8Array, private readonly sort: readonly string[]) {
    this.bytes = document;
    this.places = new Array<number>(WIDTH * sort.length).fill(0);
  }

  /** Lets go of the document, of which it needs its values only: with it would stay all that came in the same answer of the server. */
  detach(): void {
    const { places, sort, bytes } = this;
    let at = 0;
    this.bytes = Buffer.concat(sort.map((_, index) => bytes.subarray(places[WIDTH * index + 1], places[WIDTH * index + 2])));
    for (let index = 0; index < sort.length; index++) {
      const length = places[WIDTH * index + 2] - places[WIDTH * index + 1];
      places[WIDTH * index + 1] = at;
      places[WIDTH * index + 2] = at += length;
    }
  }

  fill(index: number, type: number, start: number, end: number): void {
    this.places[WIDTH * index] = type;
    this.places[WIDTH * index + 1] = start;
    this.places[WIDTH * index + 2] = end;
  }

  /**
   * Makes sure that a page can end with it. Of values of most types nothing has to be known for that.
   *
   * @throws DocumentFault
   */
  check(): void {
    const { sort, places } = this;
    for (let index = 0; index < sort.length; index++) {
      const type = places[WIDTH * index];
      // A dotted path to nothing can lead through a list.
      if (type === 0 ? sort[index].includes('.') : !PLAIN_TYPES.has(type)) {
        this.checkValues();
        return;
      }
    }
  }

  /** The same, whatever is known of it. */
  checkValues(): void {
    this.decoded = sortKeyOf(this.bytes, this.sort);
  }

  get values(): SortKey {
    this.decoded ??= this.sort.map((_, index) => this.valueAt(index));
    return this.decoded;
  }

  /** Canonical EJSON of its last value, which is `_id`. */
  get identifier(): string {
    const { places } = this;
    const last = this.sort.length - 1;
    const [start, end] = [places[WIDTH * last + 1], places[WIDTH * last + 2]];
    const bytes = viewOf(this.bytes);
    switch (places[WIDTH * last]) {
      case BsonType.OBJECT_ID: return `{"$oid":"${bytes.toString('hex', start, end)}"}`;
      case BsonType.TEXT: return JSON.stringify(bytes.toString('utf8', start + 4, end - 1));
      case BsonType.INT32: return `{"$numberInt":"${bytes.readInt32LE(start)}"}`;
      default: return encodeValue(this.decoded?.at(-1) ?? this.valueAt(last));
    }
  }

  /** A number below, equal to or above 0 as it comes before, with or after the other one; undefined where that is for the server to say. */
  compare(other: StoredKey, order: KeyOrder): number | undefined {
    for (let index = 0; index < this.sort.length; index++) {
      const result = this.compareAt(index, other);
      if (result === undefined) return order.compare(this.values, other.values);
      if (result !== 0) return order.collated && this.places[WIDTH * index] === BsonType.TEXT ? undefined : result;
    }
    return 0;
  }

  /** Whether its first values are those of the other one, as far as that is seen without decoding them. */
  sharesFirst(other: StoredKey, count: number): boolean {
    for (let index = 0; index < count; index++) if (this.compareAt(index, other) !== 0) return false;
    return true;
  }

  private valueAt(index: number): unknown {
    const [type, start, end] = this.places.slice(WIDTH * index, WIDTH * (index + 1));
    return type === 0 ? null : decodeStored({ type, bytes: this.bytes.subarray(start, end) });
  }

  /** Order of two values of one type; undefined for other ones, and for types that are seldom those of keys. */
  private compareAt(index: number, other: StoredKey): number | undefined {
    const at = WIDTH * index;
    const type = this.places[at];
    if (other.places[at] !== type) return undefined;
    const bounds = [this.places[at + 1], this.places[at + 2], other.places[at + 1], other.places[at + 2]] as const;
    return compareStored(type, viewOf(this.bytes), viewOf(other.bytes), bounds);
  }
}

/** Where two values begin and end. */
type Bounds = readonly [start: number, end: number, otherStart: number, otherEnd: number];

function compareStored(type: number, a: Buffer, b: Buffer, [start, end, otherStart, otherEnd]: Bounds): number | undefined {
  switch (type) {
    case 0: case BsonType.NULL: return 0;
    case BsonType.INT32: return compareNumbers(a.readInt32LE(start), b.readInt32LE(otherStart));
    case BsonType.INT64: case BsonType.DATE:
      return compareNumbers(a.readInt32LE(start + 4), b.readInt32LE(otherStart + 4))
        || compareNumbers(a.readUInt32LE(start), b.readUInt32LE(otherStart));
    case BsonType.DOUBLE: return compareDoubles(a.readDoubleLE(start), b.readDoubleLE(otherStart));
    case BsonType.OBJECT_ID: return a.compare(b, otherStart, otherEnd, start, end);
    case BsonType.TEXT: return a.compare(b, otherStart + 4, otherEnd, start + 4, end);
    default: return undefined;
  }
}

function compareNumbers(a: number, b: number): number {
  return a < b ? -1 : Number(a > b);
}

function compareDoubles(a: number, b: number): number | undefined {
  return Number.isNaN(a) || Number.isNaN(b) ? undefined : compareNumbers(a, b);
}
