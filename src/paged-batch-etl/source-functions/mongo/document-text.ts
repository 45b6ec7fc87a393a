import { isUtf8 } from 'node:buffer';
import { Decimal128 } from 'mongodb';
import { int64At } from './bson-bytes';
import { DocumentShape, DocumentShapes, MemberShape } from './document-shape';
import { ascii, JsonBytes, ROOM } from './json-bytes';
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

const COMMA = 0x2c;
const MINUS = 0x2d;
const POINT = 0x2e;
const OPEN = 0x7b;
const CLOSE = 0x7d;
const OPEN_LIST = 0x5b;
const CLOSE_LIST = 0x5d;
const NULL = ascii('null');
const TRUE = ascii('true');
const FALSE = ascii('false');
const UNDEFINED = ascii('{"$undefined":true}');
const MIN_KEY = ascii('{"$minKey":1}');
const MAX_KEY = ascii('{"$maxKey":1}');
const OBJECT_ID = ascii('{"$oid":"');
const DATE = ascii('{"$date":"');
const DATE_NUMBER = ascii('{"$date":{"$numberLong":"');
const INT = ascii('{"$numberInt":"');
const LONG = ascii('{"$numberLong":"');
const DOUBLE = ascii('{"$numberDouble":"');
const DECIMAL = ascii('{"$numberDecimal":"');
const BINARY = ascii('{"$binary":{"base64":"');
const SUBTYPE = ascii('","subType":"');
const PATTERN = ascii('{"$regularExpression":{"pattern":');
const OPTIONS = ascii(',"options":"');
const TIMESTAMP = ascii('{"$timestamp":{"t":');
const TIMESTAMP_INDEX = ascii(',"i":');
const CODE = ascii('{"$code":');
const SCOPE = ascii(',"$scope":');
const SYMBOL = ascii('{"$symbol":');
const POINTER = ascii('{"$dbPointer":{"$ref":');
const POINTER_ID = ascii(',"$id":{"$oid":"');
const END_OF_TEXT = ascii('"}');
const END_OF_INNER_TEXT = ascii('"}}');
const END_OF_INNER = ascii('}}');
const END_OF_POINTER = ascii('"}}}');

/** The first day that is not written as a date in relaxed EJSON: that of the year 10000. */
const YEAR_10000 = 253_402_300_800_000;
/** The date that is farthest from 1970, in either direction. */
const FARTHEST_DATE = 8.64e15;
/** Numbers with two digits after the point are written without the general way, which takes longer. */
const MOST_HUNDREDTHS = 2 ** 31;

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
export class DocumentText {
  /** Whether some member has the name of one before it. */
  repeats = false;
  /** Whether that is a field of the sort, or leads to one. */
  repeatsSorted = false;
  /** Whether a date that is not shown is farther from 1970 than JavaScript can count. */
  hidesFarDate = false;
  private source: Buffer = Buffer.alloc(0);
  private sorted: SortPlaces | undefined;
  /** What is read is not shown: of it, only that it can be read matters. */
  private hidden = 0;
  private readonly isRelaxed: boolean;

  constructor(private readonly json: JsonBytes, private readonly shapes: DocumentShapes, format: ItemFormat) {
    this.isRelaxed = format === 'relaxed';
  }

  /**
   * Writes a document after what is written, and tells where the fields of the sort are in it. Returns whether it can be written such that the
   * same can be read again; if not, what it has written says nothing.
   */
  write(source: Uint8Array, sorted: SortPlaces): boolean {
    const { length } = this.json;
    this.begin(source, sorted);
    return this.document(0, source.length, this.shapes.root, 0) === source.length && this.json.isSound(length);
  }

  /** Whether a document can be read at all, as the driver would: then only some of its values may be such that they cannot be written. */
  canRead(source: Uint8Array): boolean {
    const { length } = this.json;
    this.begin(source);
    this.hidden = 1;
    const canRead = this.document(0, source.length, this.shapes.root, 0) === source.length && this.json.isSound(length);
    this.json.takeBack(length);
    return canRead;
  }

  private begin(source: Uint8Array, sorted?: SortPlaces): void {
    this.source = viewOf(source);
    this.sorted = sorted;
    this.repeats = false;
    this.repeatsSorted = false;
    this.hidesFarDate = false;
    this.hidden = 0;
  }

  /** Returns where it ends, or NOT where it cannot be written. */
  private document(start: number, limit: number, shape: DocumentShape, depth: number): number {
    const { source, json } = this;
    const end = this.endOf(start, limit);
    if (end === NOT || depth > DEEPEST) return NOT;
    json.byte(OPEN);
    const opened = json.length;
    const last = end - 1;
    let member = shape.start;
    let at = start + 4;
    for (let type = source[at]; type !== 0; type = source[at]) {
      const next = member.next(source, at + 1, last);
      if (next === undefined) return NOT;
      member = next;
      at = this.member(type, at + 1 + member.nameBytes, last, member, opened, depth);
      if (at === NOT) return NOT;
    }
    json.byte(CLOSE);
    return at === last ? end : NOT;
  }

  /** @param opened where the document begins in the text */
  private member(type: number, at: number, last: number, member: MemberShape, opened: number, depth: number): number {
    if (member.isRepeated) {
      this.repeats = true;
      if (member.isSorted) this.repeatsSorted = true;
    }
    const isShown = member.isShown || (member.isPartlyShown && isCompound(type));
    let end = NOT;
    if (isShown) {
      if (member.isUncarried && this.hidden === 0) return NOT;
      this.json.ensure(ROOM + member.text.length);
      if (this.json.length !== opened) this.json.byte(COMMA);
      this.json.raw(member.text);
      end = this.value(type, at, last, member, depth);
    } else {
      end = this.hide(type, at, last, member, depth);
    }
    if (member.slot >= 0) this.sorted?.fill(member.slot, type, at, end);
    return end;
  }

  /** What is not shown has to be readable, and no more. */
  private hide(type: number, at: number, last: number, member: MemberShape, depth: number): number {
    const { length } = this.json;
    this.hidden += 1;
    const end = this.value(type, at, last, member, depth);
    this.hidden -= 1;
    const isSound = this.json.isSound(length);
    this.json.takeBack(length);
    return isSound ? end : NOT;
  }

  /** Names of what is in a list say nothing. */
  private list(start: number, limit: number, owner: MemberShape, depth: number): number {
    const { source, json } = this;
    const end = this.endOf(start, limit);
    if (end === NOT || depth > DEEPEST) return NOT;
    json.byte(OPEN_LIST);
    const opened = json.length;
    const last = end - 1;
    let at = start + 4;
    for (let type = source[at]; type !== 0; type = source[at]) {
      while (source[at] !== 0 && at < last) at += 1;
      if (at === last) return NOT;
      at += 1;
      if (owner.isPartlyShown && !isCompound(type)) {
        at = this.hide(type, at, last, owner, depth);
      } else {
        if (json.length !== opened) json.byte(COMMA);
        at = type === BsonType.DOCUMENT ? this.document(at, last, owner.ofList, depth + 1) : this.value(type, at, last, owner, depth);
      }
      if (at === NOT) return NOT;
    }
    json.byte(CLOSE_LIST);
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
      case BsonType.OBJECT_ID: return at + 12 > last ? NOT : this.writeObjectId(at);
      case BsonType.BOOLEAN: return at + 1 > last || this.source[at] > 1 ? NOT : this.constant(this.source[at] === 1 ? TRUE : FALSE, at + 1);
      case BsonType.NULL: return this.constant(NULL, at);
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
      case BsonType.UNDEFINED: return this.constant(UNDEFINED, at);
      case BsonType.MIN_KEY: return this.constant(MIN_KEY, at);
      case BsonType.MAX_KEY: return this.constant(MAX_KEY, at);
      case BsonType.CODE: return this.wrapped(CODE, at, last);
      case BsonType.SYMBOL: return this.wrapped(SYMBOL, at, last);
      case BsonType.CODE_WITH_SCOPE: return this.codeWithScope(at, last, member, depth);
      case BsonType.POINTER: return this.pointer(at, last);
      default: return NOT;
    }
  }

  private constant(written: Uint8Array, end: number): number {
    this.json.raw(written);
    return end;
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

  private wrapped(opening: Uint8Array, at: number, last: number): number {
    this.json.raw(opening);
    const end = this.text(at, last);
    this.json.byte(CLOSE);
    return end;
  }

  private writeInt32(at: number): number {
    const { json } = this;
    if (!this.isRelaxed) json.raw(INT);
    json.integer(this.source.readInt32LE(at));
    if (!this.isRelaxed) json.raw(END_OF_TEXT);
    return at + 4;
  }

  private writeInt64(at: number): number {
    const { json } = this;
    const value = int64At(this.source, at);
    const isExact = Number.isSafeInteger(value);
    if (this.isRelaxed && isExact) {
      this.number(value);
      return at + 8;
    }
    json.raw(LONG);
    json.ascii(isExact ? `${value}` : `${this.source.readBigInt64LE(at)}`);
    json.raw(END_OF_TEXT);
    return at + 8;
  }

  private writeDouble(at: number): number {
    const { json } = this;
    const value = this.source.readDoubleLE(at);
    if (this.isRelaxed && Number.isFinite(value) && !Object.is(value, -0)) {
      this.number(value);
      return at + 8;
    }
    json.raw(DOUBLE);
    if (Object.is(value, -0)) json.ascii('-0.0');
    else json.ascii(Number.isInteger(value) ? value.toFixed(1) : `${value}`);
    json.raw(END_OF_TEXT);
    return at + 8;
  }

  /** A number that is finite and not -0. */
  private number(value: number): void {
    const { json } = this;
    const hundredths = Math.round(value * 100);
    if (Math.abs(hundredths) >= MOST_HUNDREDTHS || hundredths / 100 !== value) {
      json.ascii(`${value}`);
      return;
    }
    // So few digits are those of one number only: these are the fewest that it can have.
    if (value < 0) json.byte(MINUS);
    const size = Math.abs(hundredths);
    const whole = Math.floor(size / 100);
    const rest = size - 100 * whole;
    json.integer(whole);
    if (rest === 0) return;
    json.byte(POINT);
    if (rest % 10 === 0) json.integer(rest / 10);
    else json.pair(rest);
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
      json.raw(DATE);
      json.time(time);
      json.raw(END_OF_TEXT);
    } else {
      json.raw(DATE_NUMBER);
      json.ascii(`${time}`);
      json.raw(END_OF_INNER_TEXT);
    }
    return at + 8;
  }

  private writeObjectId(at: number): number {
    const { json } = this;
    json.raw(OBJECT_ID);
    json.hex(this.source, at, at + 12);
    json.raw(END_OF_TEXT);
    return at + 12;
  }

  private writeDecimal(at: number): number {
    const { json } = this;
    json.raw(DECIMAL);
    json.ascii(new Decimal128(this.source.subarray(at, at + 16)).toString());
    json.raw(END_OF_TEXT);
    return at + 16;
  }

  private writeTimestamp(at: number): number {
    const { json } = this;
    json.raw(TIMESTAMP);
    json.ascii(`${this.source.readUInt32LE(at + 4)}`);
    json.raw(TIMESTAMP_INDEX);
    json.ascii(`${this.source.readUInt32LE(at)}`);
    json.raw(END_OF_INNER);
    return at + 8;
  }

  /** Whatever is in it: the driver refuses what is stored as a vector and is none. */
  private binary(at: number, last: number): number {
    const { source, json } = this;
    if (at + 5 > last) return NOT;
    const size = this.source.readInt32LE(at);
    const end = at + 5 + size;
    if (size < 0 || end > last) return NOT;
    // The old subtype has its length within its value once more.
    const isOld = source[at + 4] === SUBTYPE_OLD;
    if (isOld && (size < 4 || this.source.readInt32LE(at + 5) !== size - 4)) return NOT;
    json.raw(BINARY);
    json.ascii(source.toString('base64', isOld ? at + 9 : at + 5, end));
    json.raw(SUBTYPE);
    json.hex(source, at + 4, at + 5);
    json.raw(END_OF_INNER_TEXT);
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
    json.raw(PATTERN);
    json.string(pattern.toString('utf8'));
    json.raw(OPTIONS);
    json.ascii([...options].sort().join(''));
    json.raw(END_OF_INNER_TEXT);
    return end + 1;
  }

  private codeWithScope(at: number, last: number, member: MemberShape, depth: number): number {
    const { json } = this;
    if (at + SHORTEST_CODE_WITH_SCOPE > last) return NOT;
    const end = at + this.source.readInt32LE(at);
    if (end > last) return NOT;
    json.raw(CODE);
    const start = this.text(at + 4, last);
    if (start === NOT) return NOT;
    json.raw(SCOPE);
    // In a path to it there is `$scope` as well.
    const scopeEnd = this.document(start, last, member.ofList, depth + 2);
    json.byte(CLOSE);
    return scopeEnd === end ? end : NOT;
  }

  private pointer(at: number, last: number): number {
    const { json } = this;
    json.raw(POINTER);
    const end = this.text(at, last);
    if (end === NOT || end + 12 > last) return NOT;
    json.raw(POINTER_ID);
    json.hex(this.source, end, end + 12);
    json.raw(END_OF_POINTER);
    return end + 12;
  }
}

function isCompound(type: number): boolean {
  return type === BsonType.DOCUMENT || type === BsonType.ARRAY;
}
