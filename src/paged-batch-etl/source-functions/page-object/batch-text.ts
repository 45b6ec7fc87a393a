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
    if (byte >= FIRST_NOT_ASCII) return escapedJson(json, at, escapes);
    if (byte === QUOTE || byte === BACKSLASH) escapes += 1;
  }
  return { bytes: Buffer.from(json), escapes };
}

/** Bytes of a UTF-16 unit as `\uXXXX`. */
const ESCAPED_UNIT = 6;
/** Two bytes of UTF-8 are one unit; of all characters, those become the most. */
const MOST_GROWTH = ESCAPED_UNIT / 2;

/** @param start what is before it is ASCII, and has that many escapes */
function escapedJson(json: Buffer, start: number, escapesBefore: number): AsciiText {
  const bytes = Buffer.allocUnsafe(start + MOST_GROWTH * (json.length - start));
  json.copy(bytes, 0, 0, start);
  let [at, escapes] = [start, escapesBefore];
  for (let from = start; from < json.length;) {
    const byte = json[from];
    if (byte < FIRST_NOT_ASCII) {
      if (byte === QUOTE || byte === BACKSLASH) escapes += 1;
      bytes[at++] = byte;
      from += 1;
    } else {
      const end = endOfWide(json, from);
      // They stand within strings of the JSON.
      const text = json.toString('utf8', from, end);
      for (let index = 0; index < text.length; index += 1) writeUnit(bytes, at + ESCAPED_UNIT * index, text.charCodeAt(index));
      at += ESCAPED_UNIT * text.length;
      escapes += text.length;
      from = end;
    }
  }
  // Whoever keeps it should not keep the room that was left.
  return { bytes: Buffer.from(bytes.subarray(0, at)), escapes };
}

/** Where the characters end that are no ASCII. */
function endOfWide(json: Buffer, start: number): number {
  let end = start;
  while (end < json.length && json[end] >= FIRST_NOT_ASCII) end += 1;
  return end;
}

/** The digits of all bytes, two for each. */
const HEX = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0')).join(''));

function writeUnit(bytes: Buffer, at: number, unit: number): void {
  const high = Math.floor(unit / 256);
  bytes[at] = BACKSLASH;
  bytes[at + 1] = 0x75;
  writeHex(bytes, at + 2, high);
  writeHex(bytes, at + 4, unit - 256 * high);
}

function writeHex(bytes: Buffer, at: number, byte: number): void {
  bytes[at] = HEX[2 * byte];
  bytes[at + 1] = HEX[2 * byte + 1];
}
