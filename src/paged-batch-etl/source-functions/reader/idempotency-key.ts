import { createHash } from 'node:crypto';

/**
 * The key of an item in a run: the same however often the item is read or processed, another in every other run. 22 characters, base64url of
 * the first 128 bits of the SHA-256 of `["<id of the run>","<identifier of the item>"]` as JSON.
 */
export function idempotencyKey(runId: string, itemIdentifier: string): string {
  return createHash('sha256').update(JSON.stringify([runId, itemIdentifier])).digest().subarray(0, 16).toString('base64url');
}
