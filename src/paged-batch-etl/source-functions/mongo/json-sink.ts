/** The name of a member. */
export interface JsonName {
  readonly key: string;
  /** As a string of JSON in UTF-8, and a colon. */
  readonly text: Uint8Array;
}

export function jsonName(key: string): Uint8Array {
  return new Uint8Array(Buffer.from(`${JSON.stringify(key)}:`));
}

/** Bytes of an ObjectId. */
export const OBJECT_ID_BYTES = 12;

/** Takes JSON piece by piece, in the order in which it would be written: values, and around them what holds them. */
export interface JsonSink {
  /** Bytes that it takes as UTF-8 so far. */
  readonly length: number;
  /** Whether all texts since that length are valid UTF-8. */
  isSound(length: number): boolean;
  /** Begins an object; each of its members is a name, and what stands after it. */
  open(): void;
  close(): void;
  name(name: JsonName): void;
  openList(): void;
  closeList(): void;
  /** Comes before each element of a list. */
  element(): void;
  null(): void;
  boolean(value: boolean): void;
  /** A whole number of at most 32 bits. */
  integer(value: number): void;
  /** A number that is finite and not -0. */
  number(value: number): void;
  string(value: string): void;
  /** A string of ASCII in which nothing has to be escaped. */
  plain(value: string): void;
  /** A text that is stored as UTF-8. */
  text(source: Buffer, start: number, end: number): void;
  /** Bytes as a string of hexadecimal digits. */
  hex(source: Buffer, start: number, end: number): void;
  /** `{"$oid":"0123456789abcdef01234567"}` of the twelve bytes there. */
  objectId(source: Buffer, start: number): void;
  /** `{"$date":"2026-01-01T00:00:00Z"}` of a moment from 1970 to 9999, milliseconds since 1970: without a fraction where that is zero. */
  date(milliseconds: number): void;
}

const MOST_HUNDREDTHS = 2 ** 31;

/**
 * How many hundredths a number is, where it is a whole number of them and no more than 32 bits hold; undefined otherwise. JavaScript writes such a
 * number with these digits, as so few are those of one number only; to find that out takes less time than to write any number.
 */
export function hundredthsOf(value: number): number | undefined {
  const hundredths = Math.round(value * 100);
  return Math.abs(hundredths) < MOST_HUNDREDTHS && hundredths / 100 === value ? hundredths : undefined;
}
