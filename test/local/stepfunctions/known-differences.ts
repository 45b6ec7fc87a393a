/** Recordings that the interpreter does not reproduce yet, and why. Whoever closes a gap removes its names: a name that passes fails the suite. */
export const KNOWN_DIFFERENCES: Readonly<Record<string, readonly string[]>> = {
  'a negative MaxConcurrencyPath': ['api-max-concurrency-path-negative'],
  'a date that the recording replaced': ['variable-references-base-reference-in-wait'],
};
