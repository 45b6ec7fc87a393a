import { position } from './tokens';

/** A statement that Athena refuses when it is submitted; the message is Athena's. */
export class MalformedQuery extends Error {}

/** Athena's message for what its parser stumbles over. */
export function mismatch(sql: string, offset: number, found: string, expected?: string): string {
  return `${position(sql, offset)}: mismatched input '${found}'.${expected === undefined ? '' : ` ${expected}`}`;
}
