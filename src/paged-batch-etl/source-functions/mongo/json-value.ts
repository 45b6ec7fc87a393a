import { isUtf8 } from 'node:buffer';
import { JsonBytes } from './json-bytes';
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

type JsonObject = Record<string, unknown>;

/** JSON as the value that `JSON.parse` would make of it. */
export class JsonValue implements JsonSink {
  private bytes = 0;
  private sound = true;
  /** The object whose members come; undefined where elements of a list do. */
  private object: JsonObject | undefined;
  /** Name of the member that comes. */
  private key = '';
  /** What that was in everything around it, as much of these as `depth` says. To shorten a list takes longer than to count. */
  private readonly objects: (JsonObject | undefined)[] = [];
  private readonly keys: string[] = [];
  private depth = 0;
  /** Elements of all lists that are open, as many as `count` says, and where in them each list begins. */
  private readonly elements: unknown[] = [];
  private readonly lists: number[] = [];
  private count = 0;
  /** Whether something stands before what comes next, in the same object or list. */
  private follows = false;
  private value: unknown;
  private readonly times = new JsonBytes();
  private source: Buffer | undefined;
  private characters = '';

  get length(): number {
    return this.bytes;
  }

  /** The object that was closed last, of those in no other one. */
  get whole(): unknown {
    return this.value;
  }

  /** Begins with nothing. */
  begin(): void {
    this.bytes = 0;
    this.sound = true;
    this.source = undefined;
    this.object = undefined;
    this.depth = 0;
    this.count = 0;
    this.follows = false;
  }

  isSound(): boolean {
    return this.sound;
  }

  open(): void {
    this.enter({});
  }

  close(): void {
    this.leave(this.object);
  }

  openList(): void {
    this.lists[this.depth] = this.count;
    this.enter(undefined);
  }

  closeList(): void {
    const { elements, count, depth } = this;
    this.count = this.lists[depth - 1];
    // A copy is as long as it has to be; a list that grew by itself has room for many more.
    this.leave(elements.slice(this.count, count));
  }

  name({ key, text }: JsonName): void {
    this.bytes += text.length + Number(this.follows);
    this.follows = true;
    this.key = key;
  }

  element(): void {
    this.bytes += Number(this.follows);
    this.follows = true;
  }

  null(): void {
    this.put(null, 4);
  }

  boolean(value: boolean): void {
    this.put(value, value ? 4 : 5);
  }

  integer(value: number): void {
    this.put(value, integerBytes(value));
  }

  number(value: number): void {
    const hundredths = hundredthsOf(value);
    this.put(value, hundredths === undefined ? `${value}`.length : hundredthsBytes(hundredths));
  }

  string(value: string): void {
    this.put(value, Buffer.byteLength(JSON.stringify(value)));
  }

  plain(value: string): void {
    this.put(value, value.length + AROUND);
  }

  text(source: Buffer, start: number, end: number): void {
    let bytes = end - start + AROUND;
    let wide = false;
    for (let at = start; at < end; at++) {
      const byte = source[at];
      if (byte >= WIDE) wide = true;
      else if (byte < SPACE) bytes += LETTERS.has(byte) ? LETTER : DIGITS;
      else if (byte === QUOTE || byte === BACKSLASH) bytes += LETTER;
    }
    const text = wide ? source.toString('utf8', start, end) : this.charactersOf(source).slice(start, end);
    // What stands there for bytes that are no UTF-8 may also be a character of the text.
    if (wide && text.includes('\uFFFD') && !isUtf8(source.subarray(start, end))) this.sound = false;
    this.put(text, bytes);
  }

  hex(source: Buffer, start: number, end: number): void {
    this.put(source.toString('hex', start, end), 2 * (end - start) + AROUND);
  }

  objectId(source: Buffer, start: number): void {
    this.put({ $oid: source.toString('hex', start, start + OBJECT_ID_BYTES) }, AROUND_OBJECT_ID + 2 * OBJECT_ID_BYTES);
  }

  date(milliseconds: number): void {
    const { times } = this;
    times.takeBack(0);
    times.time(milliseconds);
    const { bytes, start, end } = times.piece();
    this.put({ $date: bytes.toString('latin1', start, end) }, AROUND_DATE + end - start);
  }

  /** A character for each byte. All of a document at once: to ask for each of its texts takes longer by far. */
  private charactersOf(source: Buffer): string {
    if (source !== this.source) {
      this.source = source;
      this.characters = source.toString('latin1');
    }
    return this.characters;
  }

  private put(value: unknown, bytes: number): void {
    this.bytes += bytes;
    const { object, key } = this;
    if (object === undefined) this.elements[this.count++] = value;
    // To assign it would set what the object inherits from.
    else if (key === '__proto__') Object.defineProperty(object, key, { value, writable: true, enumerable: true, configurable: true });
    else object[key] = value;
  }

  private enter(object: JsonObject | undefined): void {
    this.bytes += AROUND;
    this.objects[this.depth] = this.object;
    this.keys[this.depth] = this.key;
    this.depth += 1;
    this.object = object;
    this.follows = false;
  }

  private leave(value: unknown): void {
    this.depth -= 1;
    this.object = this.objects[this.depth];
    this.key = this.keys[this.depth];
    this.follows = true;
    if (this.depth === 0) this.value = value;
    else this.put(value, 0);
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
  const sign = Number(hundredths < 0);
  if (rest === 0) return sign + integerBytes(whole);
  return sign + integerBytes(whole) + (rest % 10 === 0 ? 2 : 3);
}
