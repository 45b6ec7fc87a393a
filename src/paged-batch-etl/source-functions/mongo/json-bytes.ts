import { isUtf8 } from 'node:buffer';
import { hundredthsOf, JsonName, JsonSink, OBJECT_ID_BYTES } from './json-sink';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const MINUS = 0x2d;
const POINT = 0x2e;
const COLON = 0x3a;
const ZERO = 0x30;
const SPACE = 0x20;
const COMMA = 0x2c;
const OPEN = 0x7b;
const CLOSE = 0x7d;
const OPEN_LIST = 0x5b;
const CLOSE_LIST = 0x5d;
const NULL = ascii('null');
const TRUE = ascii('true');
const FALSE = ascii('false');
const OBJECT_ID = ascii('{"$oid":"');
const DATE = ascii('{"$date":"');
const END_OF_TYPED = ascii('"}');
/** The first byte that is no character of ASCII. */
const WIDE = 0x80;

const MILLISECONDS_OF_DAY = 86_400_000;

/** Of `2026-01-01T`. */
const DAY_CHARACTERS = 11;

/** Bytes that are taken at once. */
const CHUNK = 256 * 1024;

/** Of a text with no more bytes, it costs less to write each of them than to look for those that cannot be copied. */
const SHORT = 128;

/** Room for what is written without asking for more: marks, constants, and every value but those of any length. */
const ROOM = 256;

/** The longest way to write one byte of a text: `\u0000`. */
const LONGEST_ESCAPE = 6;

/** By byte: the letter of the escape of two characters; 0 where there is none. */
const LETTERS = lettersOf({ '\b': 'b', '\t': 't', '\n': 'n', '\f': 'f', '\r': 'r', '"': '"', '\\': '\\' });

/** The digits of all bytes, two for each. */
const HEX = ascii(Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0')).join(''));

/** The digits of 0 to 99, two for each. */
const PAIRS = ascii(Array.from({ length: 100 }, (_, number) => `${number}`.padStart(2, '0')).join(''));

/**
 * JSON as UTF-8, written piece by piece: it becomes what `JSON.stringify` would write. Every name and every value that has one size at most finds
 * `ROOM`; what can be of any length asks for more, and leaves the room there is.
 */
export class JsonBytes implements JsonSink {
  private bytes = Buffer.allocUnsafe(CHUNK);
  private capacity = CHUNK;
  /** Where the piece begins that is being written; what is before it is finished. */
  private from = 0;
  private at = 0;
  /** Whether texts since then have bytes that are no ASCII. */
  private wide = false;
  /** The day since 1970 that was written last, and how. */
  private day = Number.NaN;
  private readonly dayText = new Uint8Array(DAY_CHARACTERS);

  /** Where the next byte comes, counted from the beginning of the piece. */
  get length(): number {
    return this.at - this.from;
  }

  /** Begins another piece: what was written is finished. */
  begin(): void {
    this.from = this.at;
    this.wide = false;
  }

  /** What was written since the beginning of the piece; it is never changed after the next one has begun. */
  piece(): { readonly bytes: Buffer; readonly start: number; readonly end: number } {
    return { bytes: this.bytes, start: this.from, end: this.at };
  }

  /** Whether all texts since that length are valid UTF-8. */
  isSound(length: number): boolean {
    return !this.wide || isUtf8(this.bytes.subarray(this.from + length, this.at));
  }

  /** Takes back what was written since that length. */
  takeBack(length: number): void {
    this.at = this.from + length;
  }

  /** Leaves room, to be written to later. */
  skip(length: number): void {
    this.ensure(length);
    this.at += length;
  }

  /** Writes a text as it is to the beginning of the piece, where room was left for it. Returns how many bytes it takes: what follows is moved. */
  writeStart(given: string, room: number): number {
    const { length } = given;
    this.moveStart(length, room);
    const { bytes, from } = this;
    for (let index = 0; index < length; index++) {
      const code = given.charCodeAt(index);
      if (code >= WIDE) return this.writeWideStart(given, length);
      bytes[from + index] = code;
    }
    return length;
  }

  private writeWideStart(given: string, room: number): number {
    const length = Buffer.byteLength(given);
    this.moveStart(length, room);
    this.bytes.write(given, this.from, length);
    return length;
  }

  /** Makes the room at the beginning of the piece larger or smaller. */
  private moveStart(length: number, room: number): void {
    if (length === room) return;
    this.ensure(length);
    this.bytes.copyWithin(this.from + length, this.from + room, this.at);
    this.at += length - room;
  }

  /** Room for as many bytes; what is being written stays in one buffer. */
  ensure(more: number): void {
    if (this.at + more > this.capacity) this.enlarge(more);
  }

  private enlarge(more: number): void {
    const { length } = this;
    const larger = Buffer.allocUnsafe(Math.max(CHUNK, 2 * (length + more)));
    this.bytes.copy(larger, 0, this.from, this.at);
    this.bytes = larger;
    this.capacity = larger.byteLength;
    this.from = 0;
    this.at = length;
  }

  open(): void {
    this.byte(OPEN);
  }

  close(): void {
    this.byte(CLOSE);
  }

  openList(): void {
    this.byte(OPEN_LIST);
  }

  closeList(): void {
    this.byte(CLOSE_LIST);
  }

  name({ text }: JsonName): void {
    this.ensure(ROOM + text.length);
    if (this.bytes[this.at - 1] !== OPEN) this.bytes[this.at++] = COMMA;
    this.raw(text);
  }

  element(): void {
    this.ensure(ROOM);
    if (this.bytes[this.at - 1] !== OPEN_LIST) this.bytes[this.at++] = COMMA;
  }

  null(): void {
    this.raw(NULL);
  }

  boolean(value: boolean): void {
    this.raw(value ? TRUE : FALSE);
  }

  string(given: string): void {
    const text = Buffer.from(JSON.stringify(given));
    this.ensure(ROOM + text.byteLength);
    this.raw(text);
    if (text.byteLength > given.length + 2) this.wide = true;
  }

  plain(value: string): void {
    this.ensure(ROOM + value.length + 2);
    this.bytes[this.at++] = QUOTE;
    this.at += this.bytes.write(value, this.at, 'latin1');
    this.bytes[this.at++] = QUOTE;
  }

  text(source: Uint8Array, start: number, end: number): void {
    if (end - start > SHORT) this.longText(source, start, end);
    else this.shortText(source, start, end);
  }

  integer(value: number): void {
    let rest = value;
    if (rest < 0) {
      this.bytes[this.at++] = MINUS;
      rest = -rest;
    }
    let count = 1;
    for (let power = 10; count < 10 && power <= rest; power *= 10) count += 1;
    this.digits(rest, count);
  }

  number(value: number): void {
    const hundredths = hundredthsOf(value);
    if (hundredths === undefined) {
      this.ascii(`${value}`);
      return;
    }
    if (hundredths < 0) this.bytes[this.at++] = MINUS;
    const size = Math.abs(hundredths);
    const whole = Math.floor(size / 100);
    const rest = size - 100 * whole;
    this.integer(whole);
    if (rest === 0) return;
    this.bytes[this.at++] = POINT;
    if (rest % 10 === 0) this.integer(rest / 10);
    else this.pair(rest);
  }

  date(milliseconds: number): void {
    this.raw(DATE);
    this.time(milliseconds);
    this.raw(END_OF_TYPED);
  }

  objectId(source: Uint8Array, start: number): void {
    this.raw(OBJECT_ID);
    this.hexDigits(source, start, start + OBJECT_ID_BYTES);
    this.raw(END_OF_TYPED);
  }

  hex(source: Uint8Array, start: number, end: number): void {
    this.ensure(ROOM + 2 * (end - start) + 2);
    this.bytes[this.at++] = QUOTE;
    this.hexDigits(source, start, end);
    this.bytes[this.at++] = QUOTE;
  }

  /** What begins or ends something. */
  byte(code: number): void {
    this.ensure(ROOM + 1);
    this.bytes[this.at++] = code;
  }

  /** Few bytes as they are. */
  private raw(given: Uint8Array): void {
    const { length } = given;
    const { bytes } = this;
    let { at } = this;
    for (let index = 0; index < length; index++) bytes[at++] = given[index];
    this.at = at;
  }

  /** Few characters of ASCII as they are. */
  private ascii(given: string): void {
    const { length } = given;
    const { bytes } = this;
    let { at } = this;
    for (let index = 0; index < length; index++) bytes[at++] = given.charCodeAt(index);
    this.at = at;
  }

  /** With zeros before it. */
  private digits(value: number, count: number): void {
    const { bytes, at } = this;
    let rest = value;
    for (let place = at + count - 1; place >= at; place--) {
      const tenth = Math.floor(rest / 10);
      bytes[place] = ZERO + rest - tenth * 10;
      rest = tenth;
    }
    this.at = at + count;
  }

  /** Two digits. */
  private pair(value: number): void {
    this.bytes[this.at++] = PAIRS[2 * value];
    this.bytes[this.at++] = PAIRS[2 * value + 1];
  }

  /** There has to be room. */
  private hexDigits(source: Uint8Array, start: number, end: number): void {
    const { bytes } = this;
    let { at } = this;
    for (let index = start; index < end; index++) {
      bytes[at++] = HEX[2 * source[index]];
      bytes[at++] = HEX[2 * source[index] + 1];
    }
    this.at = at;
  }

  /** As characters, without the quotation marks. */
  time(milliseconds: number): void {
    const day = Math.floor(milliseconds / MILLISECONDS_OF_DAY);
    if (day !== this.day) this.setDay(day);
    this.raw(this.dayText);
    this.timeOfDay(milliseconds - MILLISECONDS_OF_DAY * day);
    this.bytes[this.at++] = 0x5a;
  }

  private setDay(day: number): void {
    this.day = day;
    const text = new Date(MILLISECONDS_OF_DAY * day).toISOString();
    for (let index = 0; index < DAY_CHARACTERS; index++) this.dayText[index] = text.charCodeAt(index);
  }

  private timeOfDay(milliseconds: number): void {
    const { bytes } = this;
    const seconds = Math.floor(milliseconds / 1_000);
    const minutes = Math.floor(seconds / 60);
    const hours = Math.floor(minutes / 60);
    this.pair(hours);
    bytes[this.at++] = COLON;
    this.pair(minutes - 60 * hours);
    bytes[this.at++] = COLON;
    this.pair(seconds - 60 * minutes);
    const rest = milliseconds - 1_000 * seconds;
    if (rest === 0) return;
    bytes[this.at++] = POINT;
    this.digits(rest, 3);
  }

  private shortText(source: Uint8Array, start: number, end: number): void {
    this.ensure(ROOM + LONGEST_ESCAPE * (end - start) + 2);
    const { bytes } = this;
    let { at } = this;
    bytes[at++] = QUOTE;
    for (let index = start; index < end; index++) {
      const byte = source[index];
      if (byte < SPACE || byte === QUOTE || byte === BACKSLASH) {
        this.at = at;
        this.escape(byte);
        at = this.at;
      } else {
        if (byte >= WIDE) this.wide = true;
        bytes[at++] = byte;
      }
    }
    bytes[at++] = QUOTE;
    this.at = at;
  }

  /** Copied at once as far as nothing has to be escaped. */
  private longText(source: Uint8Array, start: number, end: number): void {
    this.byte(QUOTE);
    let copied = start;
    for (let index = start; index < end; index++) {
      const byte = source[index];
      if (byte >= WIDE) {
        this.wide = true;
      } else if (byte < SPACE || byte === QUOTE || byte === BACKSLASH) {
        this.copy(source, copied, index);
        this.ensure(ROOM + LONGEST_ESCAPE);
        this.escape(byte);
        copied = index + 1;
      }
    }
    this.copy(source, copied, end);
    this.byte(QUOTE);
  }

  private copy(source: Uint8Array, start: number, end: number): void {
    this.ensure(ROOM + end - start);
    this.bytes.set(source.subarray(start, end), this.at);
    this.at += end - start;
  }

  private escape(byte: number): void {
    const { bytes } = this;
    bytes[this.at++] = BACKSLASH;
    if (LETTERS[byte] !== 0) {
      bytes[this.at++] = LETTERS[byte];
      return;
    }
    bytes[this.at++] = 0x75;
    this.pair(0);
    bytes[this.at++] = HEX[2 * byte];
    bytes[this.at++] = HEX[2 * byte + 1];
  }
}

/** Characters as bytes, to be written as they are. */
function ascii(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text, 'latin1'));
}

function lettersOf(escapes: Readonly<Record<string, string>>): Uint8Array {
  const letters = new Uint8Array(256);
  for (const [character, letter] of Object.entries(escapes)) letters[character.charCodeAt(0)] = letter.charCodeAt(0);
  return letters;
}
