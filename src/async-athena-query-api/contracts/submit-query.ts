import { WrittenFormat } from './deliver';

/** Longest SQL text, in characters, which leaves room in the 262,144 bytes of an execution's input. Longer in bytes is answered 413. */
export const MAX_QUERY_LENGTH = 200_000;

/** Longest callback URL, in characters. */
export const MAX_CALLBACK_URL_LENGTH = 2_048;

/** Longest reference of the caller's own, in characters. */
export const MAX_CLIENT_REFERENCE_LENGTH = 128;

/** Longest idempotency key, in characters. */
export const MAX_IDEMPOTENCY_KEY_LENGTH = 40;

/** What an idempotency key consists of: with the id of the caller before it, it is the name of an execution, which has at most 80 characters. */
export const IDEMPOTENCY_KEY = `[A-Za-z0-9-]{1,${MAX_IDEMPOTENCY_KEY_LENGTH}}`;

/** Ids of callers that can be part of such a name. `_` is in none of them and in no key, so no caller can make another's name. */
export const IDEMPOTENT_CALLER = '[A-Za-z0-9-]{1,36}';

/** The input of an execution. Executions started before there was a `Caller` have none. */
export interface ExecutionInput {
  readonly ApiRequest: {
    readonly Query: string;
    readonly CallbackUrl?: string;
    readonly ClientReference?: string;
    /** There where the result is files: the format that was asked for, or that holds where none was. */
    readonly ResultFormat?: WrittenFormat;
  };
  /** What is for Athena alone; there with named queries, and where requests may choose a database or a format. */
  readonly Statement?: {
    readonly QueryName?: string;
    readonly ExecutionParameters?: readonly string[];
    readonly Database?: string;
    /** What stands around the SQL: before it, after it, the name of the execution where `Folder` is 1, and what comes last. All is empty where the SQL runs as it is. */
    readonly Wrap?: { readonly Before: string; readonly To: string; readonly Folder: 0 | 1; readonly After: string };
  };
  /** Who submitted the query: the owner, who alone may look at it, fetch its result or cancel it. */
  readonly Caller?: { readonly Id: string };
}
