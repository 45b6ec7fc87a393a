import { isUtf8 } from 'node:buffer';
import { hundredthsOf, JsonName, JsonSink, OBJECT_ID_BYTES } from './json-sink';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const SPACE = 0x20;
/** The first byte that is no character of ASCII. */
const WIDE = 0x80;

/** Two quotation marks, braces, or brackets. */
const AROUND = 2;

/** Bytes more than one: of `\n`, and of `\u0001`. */
const LETTER = 1;
const DIGITS = 5;
const LETTERS: ReadonlySet<number> = new Set(Array.from('\b\t\n\f\r', (character) => character.charCodeAt(0)));

/** Bytes of `{"$oid":""}` and `{"$date":""}`. */
const AROUND_OBJECT_ID = 11;
const AROUND_DATE = 12;
/** Bytes of a moment without a fraction, and of a fraction. */
const SECONDS = 20;
const FRACTION = 4;

/** How many bytes JSON takes, without making it. */
export class JsonSize implements JsonSink {
  private bytes = 0;
  private sound = true;
  /** Whether something stands before what comes next, in the same object or list. */
  private follows = false;

  get length(): number {
    return this.bytes;
  }

  /** Begins with nothing. */
  begin(): void {
    this.bytes = 0;
    this.sound = true;
  }

  isSound(): boolean {
    return this.sound;
  }

  open(): void {
    this.bytes += AROUND;
    this.follows = false;
  }

  close(): void {
    this.follows = true;
  }

  openList(): void {
    this.open();
  }

  closeList(): void {
    this.close();
  }

  name({ text }: JsonName): void {
    this.bytes += text.length;
    this.element();
  }

  element(): void {
    if (this.follows) this.bytes += 1;
    this.follows = true;
  }

  null(): void {
    this.bytes += 4;
  }

  boolean(value: boolean): void {
    this.bytes += value ? 4 : 5;
  }

  integer(value: number): void {
    this.bytes += integerBytes(value);
  }

  number(value: number): void {
    const hundredths = hundredthsOf(value);
    this.bytes += hundredths === undefined ? `${value}`.length : hundredthsBytes(hundredths);
  }

  string(value: string): void {
    this.bytes += Buffer.byteLength(JSON.stringify(value));
  }

  plain(value: string): void {
    this.bytes += AROUND + value.length;
  }

  text(source: Buffer, start: number, end: number): void {
    let bytes = AROUND + end - start;
    let wide = false;
    for (let at = start; at < end; at++) {
      const byte = source[at];
      if (byte >= WIDE) wide = true;
      else if (byte < SPACE) bytes += LETTERS.has(byte) ? LETTER : DIGITS;
      else if (byte === QUOTE || byte === BACKSLASH) bytes += LETTER;
    }
    if (wide && !isUtf8(source.subarray(start, end))) this.sound = false;
    this.bytes += bytes;
  }

  hex(_: Buffer, start: number, end: number): void {
    this.bytes += AROUND + 2 * (end - start);
  }

  objectId(): void {
    this.bytes += AROUND_OBJECT_ID + 2 * OBJECT_ID_BYTES;
  }

  date(milliseconds: number): void {
    this.bytes += AROUND_DATE + SECONDS + (milliseconds % 1_000 === 0 ? 0 : FRACTION);
  }
}

function integerBytes(value: number): number {
  const size = Math.abs(value);
  let bytes = value < 0 ? 2 : 1;
  for (let power = 10; power <= size; power *= 10) bytes += 1;
  return bytes;
}

function hundredthsBytes(hundredths: number): number {
  const size = Math.abs(hundredths);
  const whole = Math.floor(size / 100);
  const rest = size - 100 * whole;
  const bytes = Number(hundredths < 0) + integerBytes(whole);
  if (rest === 0) return bytes;
  return bytes + (rest % 10 === 0 ? 2 : 3);
}
