const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const FIRST_NOT_ASCII = 0x80;

/** JSON in ASCII. */
export interface AsciiText {
  readonly bytes: Buffer;
  /** How many bytes more it has as a JSON string, the quotation marks around it left out. */
  readonly escapes: number;
}

/**
 * A copy of the JSON with nothing but ASCII in it, from UTF-8 without control characters, which JSON has none of.
 *
 * A JSON string of it escapes quotation marks and backslashes, and nothing else.
 */
export function asciiJson(json: Buffer): AsciiText {
  let escapes = 0;
  for (let at = 0; at < json.length; at += 1) {
    const byte = json[at];
    // All others stand within strings of the JSON: as \uXXXX, each of their UTF-16 units.
    if (byte >= FIRST_NOT_ASCII) return asciiJson(Buffer.from(json.toString('utf8').replace(/[\u0080-\uffff]/g, escaped), 'latin1'));
    if (byte === QUOTE || byte === BACKSLASH) escapes += 1;
  }
  return { bytes: Buffer.from(json), escapes };
}

function escaped(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
