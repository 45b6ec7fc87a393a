/** Longest SQL text, in characters, which leaves room in the 262,144 bytes of an execution's input. Longer in bytes is answered 413. */
export const MAX_QUERY_LENGTH = 200_000;

/** Longest callback URL, in characters. */
export const MAX_CALLBACK_URL_LENGTH = 2_048;
