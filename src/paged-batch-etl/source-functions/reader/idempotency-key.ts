import { hash } from 'node:crypto';

/** Characters of a key: 6 bits each, of the last one only the first two. */
const CHARACTERS = 22;

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

/** By character, which stands for 6 bits: the one with the same first two bits, and nothing else. */
const FIRST_TWO_BITS: ReadonlyMap<string, string> = new Map(Array.from(ALPHABET, (character, value) => [character, ALPHABET[value - (value % 16)]]));

/**
 * The keys of items within a scope, which is that of `keyScope`: the same for an item however often it is read or processed, another in every other scope. 22
 * characters, base64url of the first 128 bits of the SHA-256 of `["<scope>","<identifier of the item>"]` as JSON.
 */
export function idempotencyKeys(scope: string): (itemIdentifier: string) => string {
  const before = `[${JSON.stringify(scope)},`;
  return (itemIdentifier) => {
    const digest = hash('sha256', `${before}${JSON.stringify(itemIdentifier)}]`, 'base64url');
    return `${digest.slice(0, CHARACTERS - 1)}${FIRST_TWO_BITS.get(digest.charAt(CHARACTERS - 1)) ?? ''}`;
  };
}

/** The key of one item. */
export function idempotencyKey(scope: string, itemIdentifier: string): string {
  return idempotencyKeys(scope)(itemIdentifier);
}
