import { memberOf } from './member-of';

/** ` (AccessDenied)`, to end a message of ours with; anything that does not look like the code of a service is left out. */
export function errorCode(error: unknown): string {
  const name = String(memberOf(error, 'name'));
  return /^[A-Z][A-Za-z]{2,63}$/.test(name) ? ` (${name})` : '';
}
