import { isUtf8 } from 'node:buffer';
import { Decimal128 } from 'mongodb';
import { int64At } from './bson-bytes';
import { DocumentShape, DocumentShapes, MemberShape } from './document-shape';
import { JsonBytes } from './json-bytes';
import { JsonName, jsonName, JsonSink, OBJECT_ID_BYTES } from './json-sink';
import { BsonType, viewOf } from './stored-value';

export type ItemFormat = 'relaxed' | 'canonical';

/** More levels than servers store (200, or 250 at most), and far fewer than a call stack holds. */
export const DEEPEST = 500;

/** Stands for the end of what cannot be written. */
const NOT = -1;

/** Bytes of a length and of the zero at the end. */
const SHORTEST_DOCUMENT = 5;
/** Two lengths, the zero after the code, and the shortest document. */
const SHORTEST_CODE_WITH_SCOPE = 14;

const UNDEFINED = nameOf('$undefined');
const MIN_KEY = nameOf('$minKey');
const MAX_KEY = nameOf('$maxKey');
const DATE = nameOf('$date');
const INT = nameOf('$numberInt');
const LONG = nameOf('$numberLong');
const DOUBLE = nameOf('$numberDouble');
const DECIMAL = nameOf('$numberDecimal');
const BINARY = nameOf('$binary');
const BASE64 = nameOf('base64');
const SUBTYPE = nameOf('subType');
const REGULAR_EXPRESSION = nameOf('$regularExpression');
const PATTERN = nameOf('pattern');
const OPTIONS = nameOf('options');
const TIMESTAMP = nameOf('$timestamp');
const TIME = nameOf('t');
const INCREMENT = nameOf('i');
const CODE = nameOf('$code');
const SCOPE = nameOf('$scope');
const SYMBOL = nameOf('$symbol');
const POINTER = nameOf('$dbPointer');
const REFERENCE = nameOf('$ref');
const ID = nameOf('$id');

/** The first day that is not written as a date in relaxed EJSON: that of the year 10000. */
const YEAR_10000 = 253_402_300_800_000;
/** The date that is farthest from 1970, in either direction. */
const FARTHEST_DATE = 8.64e15;

const SUBTYPE_OLD = 2;
const PATTERN_OPTIONS = /^[imxlsu]*$/;

/** What is told where the values of the fields of a sort are in a document. */
export interface SortPlaces {
  /** @param index place of the field in the sort */
  fill(index: number, type: number, start: number, end: number): void;
}

/**
 * Reads documents once, from the first byte to the last, and writes them as JSON: canonical EJSON, or relaxed EJSON in which integers beyond
 * 2^53 and -0 stay typed, so that no reader of JSON rounds them. Names are looked at for what they are in BSON: a member `_bsontype` or
 * `__proto__` is one like any other.
 */
export class DocumentJson {
  /** Whether some member has the name of one before it. */
  repeats = false;
  /** Whether that is a field of the sort, or leads to one. */
  repeatsSorted = false;
  /** Whether a date that is not shown is farther from 1970 than JavaScript can count. */
  hidesFarDate = false;
  private source: Buffer = Buffer.alloc(0);
  private sorted: SortPlaces | undefined;
  /** What is not shown is told to nobody. */
  private readonly unseen = new JsonBytes();
  private json: JsonSink;
  /** What is read is not shown: of it, only that it can be read matters. */
  private hidden = 0;
  private readonly isRelaxed: boolean;

  constructor(private readonly shapes: DocumentShapes, format: ItemFormat) {
    this.json = this.unseen;
    this.isRelaxed = format === 'relaxed';
  }

  /**
   * Tells a document, after what was told before, and where the fields of the sort are in it. Returns whether it can be told such that the same can be
   * read again; if not, what it has told says nothing.
   */
  tell(source: Uint8Array, json: JsonSink, sorted?: SortPlaces): boolean {
    this.begin(source, sorted);
    this.json = json;
    return this.whole();
  }

  /** Whether a document can be read at all, as the driver would: then only some of its values may be such that they cannot be told. */
  canRead(source: Uint8Array): boolean {
    this.begin(source);
    this.hidden = 1;
    this.json = this.unseen;
    this.unseen.takeBack(0);
    return this.whole();
  }

  private begin(source: Uint8Array, sorted?: SortPlaces): void {
    this.source = viewOf(source);
    this.sorted = sorted;
    this.repeats = false;
    this.repeatsSorted = false;
    this.hidesFarDate = false;
    this.hidden = 0;
  }

  private whole(): boolean {
    const { source, json } = this;
    const { length } = json;
    return this.document(0, source.length, this.shapes.root, 0) === source.length && json.isSound(length);
  }

  /** Returns where it ends, or NOT where it cannot be told. */
  private document(start: number, limit: number, shape: DocumentShape, depth: number): number {
    const { source, json } = this;
    const end = this.endOf(start, limit);
    if (end === NOT || depth > DEEPEST) return NOT;
    json.open();
    const last = end - 1;
    let member = shape.start;
    let at = start + 4;
    for (let type = source[at]; type !== 0; type = source[at]) {
      const next = member.next(source, at + 1, last);
      if (next === undefined) return NOT;
      member = next;
      at = this.member(type, at + 1 + member.nameBytes, last, member, depth);
      if (at === NOT) return NOT;
    }
    json.close();
    return at === last ? end : NOT;
  }

  private member(type: number, at: number, last: number, member: MemberShape, depth: number): number {
    if (member.isRepeated) {
      this.repeats = true;
      if (member.isSorted) this.repeatsSorted = true;
    }
    const isShown = member.isShown || (member.isPartlyShown && isCompound(type));
    let end = NOT;
    if (isShown) {
      if (member.isUncarried && this.hidden === 0) return NOT;
      this.json.name(member);
      end = this.value(type, at, last, member, depth);
    } else {
      end = this.hide(type, at, last, member, depth);
    }
    if (member.slot >= 0) this.sorted?.fill(member.slot, type, at, end);
    return end;
  }

  /** What is not shown has to be readable, and no more. */
  private hide(type: number, at: number, last: number, member: MemberShape, depth: number): number {
    const { json, unseen } = this;
    const { length } = unseen;
    this.json = unseen;
    this.hidden += 1;
    const end = this.value(type, at, last, member, depth);
    this.hidden -= 1;
    this.json = json;
    const isSound = unseen.isSound(length);
    unseen.takeBack(length);
    return isSound ? end : NOT;
  }

  /** Names of what is in a list say nothing. */
  private list(start: number, limit: number, owner: MemberShape, depth: number): number {
    const { source, json } = this;
    const end = this.endOf(start, limit);
    if (end === NOT || depth > DEEPEST) return NOT;
    json.openList();
    const last = end - 1;
    let at = start + 4;
    for (let type = source[at]; type !== 0; type = source[at]) {
      while (source[at] !== 0 && at < last) at += 1;
      if (at === last) return NOT;
      at += 1;
      if (owner.isPartlyShown && !isCompound(type)) {
        at = this.hide(type, at, last, owner, depth);
      } else {
        json.element();
        at = type === BsonType.DOCUMENT ? this.document(at, last, owner.ofList, depth + 1) : this.value(type, at, last, owner, depth);
      }
      if (at === NOT) return NOT;
    }
    json.closeList();
    return at === last ? end : NOT;
  }

  /** Where a document ends, or a list, by the length at its beginning. */
  private endOf(start: number, limit: number): number {
    if (start + SHORTEST_DOCUMENT > limit) return NOT;
    const size = this.source.readInt32LE(start);
    const end = start + size;
    return size < SHORTEST_DOCUMENT || end > limit || this.source[end - 1] !== 0 ? NOT : end;
  }

  private value(type: number, at: number, last: number, member: MemberShape, depth: number): number {
    switch (type) {
      case BsonType.TEXT: return this.text(at, last);
      case BsonType.INT32: return at + 4 > last ? NOT : this.writeInt32(at);
      case BsonType.DOUBLE: return at + 8 > last ? NOT : this.writeDouble(at);
      case BsonType.DATE: return at + 8 > last ? NOT : this.writeDate(at);
      case BsonType.DOCUMENT: return this.document(at, last, member.ofDocument, depth + 1);
      case BsonType.ARRAY: return this.list(at, last, member, depth + 1);
      case BsonType.OBJECT_ID: return at + OBJECT_ID_BYTES > last ? NOT : this.writeObjectId(at);
      case BsonType.BOOLEAN: return at + 1 > last || this.source[at] > 1 ? NOT : this.writeBoolean(at);
      case BsonType.NULL: return this.writeNull(at);
      case BsonType.INT64: return at + 8 > last ? NOT : this.writeInt64(at);
      default: return this.rareValue(type, at, last, member, depth);
    }
  }

  private rareValue(type: number, at: number, last: number, member: MemberShape, depth: number): number {
    switch (type) {
      case BsonType.DECIMAL: return at + 16 > last ? NOT : this.writeDecimal(at);
      case BsonType.BINARY: return this.binary(at, last);
      case BsonType.TIMESTAMP: return at + 8 > last ? NOT : this.writeTimestamp(at);
      case BsonType.PATTERN: return this.pattern(at, last);
      case BsonType.UNDEFINED: return this.undefined(at);
      case BsonType.MIN_KEY: return this.endOfOrder(MIN_KEY, at);
      case BsonType.MAX_KEY: return this.endOfOrder(MAX_KEY, at);
      case BsonType.CODE: return this.wrapped(CODE, at, last);
      case BsonType.SYMBOL: return this.wrapped(SYMBOL, at, last);
      case BsonType.CODE_WITH_SCOPE: return this.codeWithScope(at, last, member, depth);
      case BsonType.POINTER: return this.pointer(at, last);
      default: return NOT;
    }
  }

  private undefined(at: number): number {
    const { json } = this;
    json.open();
    json.name(UNDEFINED);
    json.boolean(true);
    json.close();
    return at;
  }

  private endOfOrder(name: JsonName, at: number): number {
    const { json } = this;
    json.open();
    json.name(name);
    json.integer(1);
    json.close();
    return at;
  }

  private writeNull(at: number): number {
    this.json.null();
    return at;
  }

  private writeBoolean(at: number): number {
    this.json.boolean(this.source[at] === 1);
    return at + 1;
  }

  private text(at: number, last: number): number {
    const end = this.endOfText(at, last);
    if (end !== NOT) this.json.text(this.source, at + 4, end - 1);
    return end;
  }

  /** Where a text ends that has its length before it and a zero after it. */
  private endOfText(at: number, last: number): number {
    if (at + 5 > last) return NOT;
    const size = this.source.readInt32LE(at);
    const end = at + 4 + size;
    return size < 1 || end > last || this.source[end - 1] !== 0 ? NOT : end;
  }

  private wrapped(name: JsonName, at: number, last: number): number {
    this.json.open();
    this.json.name(name);
    const end = this.text(at, last);
    this.json.close();
    return end;
  }

  /** A value that is told by its type and its text. */
  private typed(name: JsonName, text: string): void {
    const { json } = this;
    json.open();
    json.name(name);
    json.plain(text);
    json.close();
  }

  private writeInt32(at: number): number {
    const value = this.source.readInt32LE(at);
    if (this.isRelaxed) this.json.integer(value);
    else this.typed(INT, `${value}`);
    return at + 4;
  }

  private writeInt64(at: number): number {
    const value = int64At(this.source, at);
    const isExact = Number.isSafeInteger(value);
    if (this.isRelaxed && isExact) this.json.number(value);
    else this.typed(LONG, isExact ? `${value}` : `${this.source.readBigInt64LE(at)}`);
    return at + 8;
  }

  private writeDouble(at: number): number {
    const value = this.source.readDoubleLE(at);
    if (this.isRelaxed && Number.isFinite(value) && !Object.is(value, -0)) this.json.number(value);
    else if (Object.is(value, -0)) this.typed(DOUBLE, '-0.0');
    else this.typed(DOUBLE, Number.isInteger(value) ? value.toFixed(1) : `${value}`);
    return at + 8;
  }

  private writeDate(at: number): number {
    const { json } = this;
    const time = int64At(this.source, at);
    if (Math.abs(time) > FARTHEST_DATE) {
      if (this.hidden === 0) return NOT;
      this.hidesFarDate = true;
      return at + 8;
    }
    if (this.isRelaxed && time >= 0 && time < YEAR_10000) {
      json.date(time);
      return at + 8;
    }
    json.open();
    json.name(DATE);
    this.typed(LONG, `${time}`);
    json.close();
    return at + 8;
  }

  private writeObjectId(at: number): number {
    this.json.objectId(this.source, at);
    return at + OBJECT_ID_BYTES;
  }

  private writeDecimal(at: number): number {
    this.typed(DECIMAL, new Decimal128(this.source.subarray(at, at + 16)).toString());
    return at + 16;
  }

  private writeTimestamp(at: number): number {
    const { json } = this;
    json.open();
    json.name(TIMESTAMP);
    json.open();
    json.name(TIME);
    json.number(this.source.readUInt32LE(at + 4));
    json.name(INCREMENT);
    json.number(this.source.readUInt32LE(at));
    json.close();
    json.close();
    return at + 8;
  }

  /** Whatever is in it: the driver refuses what is stored as a vector and is none. */
  private binary(at: number, last: number): number {
    const { source, json } = this;
    if (at + 5 > last) return NOT;
    const size = source.readInt32LE(at);
    const end = at + 5 + size;
    if (size < 0 || end > last) return NOT;
    // The old subtype has its length within its value once more.
    const isOld = source[at + 4] === SUBTYPE_OLD;
    if (isOld && (size < 4 || source.readInt32LE(at + 5) !== size - 4)) return NOT;
    json.open();
    json.name(BINARY);
    json.open();
    json.name(BASE64);
    json.plain(source.toString('base64', isOld ? at + 9 : at + 5, end));
    json.name(SUBTYPE);
    json.hex(source, at + 4, at + 5);
    json.close();
    json.close();
    return end;
  }

  private pattern(at: number, last: number): number {
    const { source, json } = this;
    const middle = source.indexOf(0, at);
    const end = source.indexOf(0, middle + 1);
    if (middle < 0 || middle >= last || end < 0 || end >= last) return NOT;
    const pattern = source.subarray(at, middle);
    const options = source.toString('latin1', middle + 1, end);
    if (!PATTERN_OPTIONS.test(options) || (this.hidden === 0 && !isUtf8(pattern))) return NOT;
    json.open();
    json.name(REGULAR_EXPRESSION);
    json.open();
    json.name(PATTERN);
    json.string(pattern.toString('utf8'));
    json.name(OPTIONS);
    json.plain([...options].sort().join(''));
    json.close();
    json.close();
    return end + 1;
  }

  private codeWithScope(at: number, last: number, member: MemberShape, depth: number): number {
    const { json } = this;
    if (at + SHORTEST_CODE_WITH_SCOPE > last) return NOT;
    const end = at + this.source.readInt32LE(at);
    if (end > last) return NOT;
    json.open();
    json.name(CODE);
    const start = this.text(at + 4, last);
    if (start === NOT) return NOT;
    json.name(SCOPE);
    // In a path to it there is `$scope` as well.
    const scopeEnd = this.document(start, last, member.ofList, depth + 2);
    json.close();
    return scopeEnd === end ? end : NOT;
  }

  private pointer(at: number, last: number): number {
    const { json } = this;
    json.open();
    json.name(POINTER);
    json.open();
    json.name(REFERENCE);
    const end = this.text(at, last);
    if (end === NOT || end + OBJECT_ID_BYTES > last) return NOT;
    json.name(ID);
    this.writeObjectId(end);
    json.close();
    json.close();
    return end + OBJECT_ID_BYTES;
  }
}

function isCompound(type: number): boolean {
  return type === BsonType.DOCUMENT || type === BsonType.ARRAY;
}

function nameOf(key: string): JsonName {
  return { key, text: jsonName(key) };
}
