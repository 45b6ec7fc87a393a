import { JsonBytes } from './json-bytes';
import { JsonName, JsonSink, OBJECT_ID_BYTES } from './json-sink';

/** The first byte that is no character of ASCII. */
const WIDE = 0x80;

type JsonObject = Record<string, unknown>;

/** JSON as the value that `JSON.parse` would make of it. Nothing is checked: it has been told to another sink before. */
export class JsonValue implements JsonSink {
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
  private value: unknown;
  private readonly times = new JsonBytes();
  private source: Buffer | undefined;
  private characters = '';

  readonly length = 0;

  /** The object that was closed last, of those in no other one. */
  get whole(): unknown {
    return this.value;
  }

  /** Begins with nothing. */
  begin(): void {
    this.source = undefined;
    this.object = undefined;
    this.depth = 0;
    this.count = 0;
  }

  isSound(): boolean {
    return true;
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

  name({ key }: JsonName): void {
    this.key = key;
  }

  element(): void {
    // Nothing stands between elements.
  }

  null(): void {
    this.put(null);
  }

  boolean(value: boolean): void {
    this.put(value);
  }

  integer(value: number): void {
    this.put(value);
  }

  number(value: number): void {
    this.put(value);
  }

  string(value: string): void {
    this.put(value);
  }

  plain(value: string): void {
    this.put(value);
  }

  text(source: Buffer, start: number, end: number): void {
    let at = start;
    while (at < end && source[at] < WIDE) at += 1;
    this.put(at < end ? source.toString('utf8', start, end) : this.charactersOf(source).slice(start, end));
  }

  hex(source: Buffer, start: number, end: number): void {
    this.put(source.toString('hex', start, end));
  }

  objectId(source: Buffer, start: number): void {
    this.put({ $oid: source.toString('hex', start, start + OBJECT_ID_BYTES) });
  }

  date(milliseconds: number): void {
    const { times } = this;
    times.takeBack(0);
    times.time(milliseconds);
    const { bytes, start, end } = times.piece();
    this.put({ $date: bytes.toString('latin1', start, end) });
  }

  /** A character for each byte. All of a document at once: to ask for each of its texts takes longer by far. */
  private charactersOf(source: Buffer): string {
    if (source !== this.source) {
      this.source = source;
      this.characters = source.toString('latin1');
    }
    return this.characters;
  }

  private put(value: unknown): void {
    const { object, key } = this;
    if (object === undefined) this.elements[this.count++] = value;
    // To assign it would set what the object inherits from.
    else if (key === '__proto__') Object.defineProperty(object, key, { value, writable: true, enumerable: true, configurable: true });
    else object[key] = value;
  }

  private enter(object: JsonObject | undefined): void {
    this.objects[this.depth] = this.object;
    this.keys[this.depth] = this.key;
    this.depth += 1;
    this.object = object;
  }

  private leave(value: unknown): void {
    this.depth -= 1;
    this.object = this.objects[this.depth];
    this.key = this.keys[this.depth];
    if (this.depth === 0) this.value = value;
    else this.put(value);
  }
}
