import { Management } from './parse-event';
import { Refusal } from './refusal';

/** What of a query a caller may see and do. */
export type Standing = 'owner' | 'reader';

/** Undefined for a stranger: anybody who is neither. */
export function standingOf({ Caller: { Id, Arn } }: Management, ownerId: string | undefined, readers: readonly string[]): Standing | undefined {
  if (ownerId !== undefined && ownerId === Id) return 'owner';
  return readers.some((reader) => isSame(reader, Arn)) ? 'reader' : undefined;
}

export function notOwner(): Refusal {
  return new Refusal('NotOwner', 'Only the caller who submitted a query can cancel it.');
}

/** Whether a caller is the role or user: sessions are named by the role without its path, after which each is named by itself. */
function isSame(principal: string, caller: string): boolean {
  return principal === caller || (roleOf(principal) !== undefined && roleOf(principal) === roleOfSession(caller));
}

/** `111122223333:name` of `arn:aws:iam::111122223333:role/path/name`. */
function roleOf(arn: string): string | undefined {
  const [, account, name] = /^arn:[^:]+:iam::(\d+):role\/(?:.*\/)?([^/]+)$/.exec(arn) ?? [];
  return name && `${account}:${name}`;
}

/** The same of `arn:aws:sts::111122223333:assumed-role/name/session`. */
function roleOfSession(arn: string): string | undefined {
  const [, account, name] = /^arn:[^:]+:sts::(\d+):assumed-role\/([^/]+)\/[^/]+$/.exec(arn) ?? [];
  return name && `${account}:${name}`;
}
