/** Makes a value at its first use and keeps it: what a handler sets up for all invocations of its sandbox. A failure is tried again. */
export function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}
