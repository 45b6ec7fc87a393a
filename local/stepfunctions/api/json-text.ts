import { readJson } from '../../exact-json';
import { JsonValue } from '../../json';

const VALUES = '(JSON String, Number, Array, Object or token \'null\', \'true\' or \'false\')';

/** A text that is no JSON; the message describes the fault as AWS does. */
export class JsonTextError extends Error {
  /** `read`: how many characters the parser of AWS had read when it found the fault. */
  constructor(message: string, readonly read: number) {
    super(message);
  }
}

/** Parses a JSON text. */
export function parseJsonText(text: string): JsonValue {
  try {
    return readJson(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    const finder = new FaultFinder(text);
    throw new JsonTextError(finder.describe(), finder.read);
  }
}

/** Reads a faulty text up to its fault, to describe it in the words of the parser that AWS uses. */
class FaultFinder {
  private position = 0;
  /** Of what stands at the position, this many characters had to be read to find the fault. */
  private ahead = 0;

  constructor(private readonly text: string) {}

  get read(): number {
    return this.position + this.ahead;
  }

  describe(): string {
    if (this.text.trim() === '') return 'Invalid execution input.';
    return this.value() ?? 'Invalid execution input.';
  }

  /** The fault inside a value; undefined if there is none. */
  private value(): string | undefined {
    this.skipSpace();
    const start = this.text[this.position];
    if (start === undefined) return 'Unexpected end-of-input';
    if (start === '{') return this.members('}', () => this.field(), 'Object');
    if (start === '[') return this.members(']', () => this.value(), 'Array');
    if (start === '"') return this.take(/"(?:[^"\\]|\\[^])*"/y) ? undefined : 'Unexpected end-of-input: was expecting closing quote for a string value';
    if (this.take(/-?\d+(\.\d+)?([eE][+-]?\d+)?|(?:true|false|null)(?!\w)/y)) return undefined;
    const word = /[\p{L}\p{N}_$]+/uy;
    word.lastIndex = this.position;
    const token = word.exec(this.text)?.[0];
    this.ahead = token?.length ?? 0;
    return token === undefined ? this.unexpected(`expected a valid value ${VALUES}`) : `Unrecognized token '${token}': was expecting ${VALUES}`;
  }

  private members(close: string, member: () => string | undefined, kind: string): string | undefined {
    this.position++;
    this.skipSpace();
    if (this.takeText(close)) return undefined;
    for (;;) {
      const fault = member();
      if (fault !== undefined) return fault;
      this.skipSpace();
      if (this.takeText(close)) return undefined;
      if (!this.takeText(',')) return this.unexpected(`was expecting comma to separate ${kind} entries`);
    }
  }

  private field(): string | undefined {
    this.skipSpace();
    if (!this.take(/"(?:[^"\\]|\\[^])*"/y)) return this.unexpected('was expecting double-quote to start field name');
    this.skipSpace();
    return this.takeText(':') ? this.value() : this.unexpected('was expecting a colon to separate field name and value');
  }

  private unexpected(expected: string): string {
    const character = this.text[this.position];
    if (character === undefined) return 'Unexpected end-of-input';
    this.ahead = 1;
    return `Unexpected character ('${character}' (code ${character.charCodeAt(0)})): ${expected}`;
  }

  private skipSpace(): void {
    this.take(/\s*/y);
  }

  private take(pattern: RegExp): boolean {
    pattern.lastIndex = this.position;
    const found = pattern.exec(this.text)?.[0];
    this.position += found?.length ?? 0;
    return found !== undefined;
  }

  private takeText(expected: string): boolean {
    if (!this.text.startsWith(expected, this.position)) return false;
    this.position += expected.length;
    return true;
  }
}
