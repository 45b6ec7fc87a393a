import { BSON } from 'mongodb';

/** A value as the text by which nothing of its type is lost. */
export function encodeValue(value: unknown): string {
  return BSON.EJSON.stringify(value, { relaxed: false });
}

/** The value of such a text, numbers as the classes of their types. */
export function decodeValue(text: string): unknown {
  return BSON.EJSON.parse(text, { relaxed: false });
}
