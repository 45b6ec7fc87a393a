/** An action that is done once for all invocations that a process handles. A failure is not remembered. */
export function once<T>(action: () => Promise<T>): () => Promise<T> {
  let result: Promise<T> | undefined;
  return async () => {
    result ??= action();
    try {
      return await result;
    } catch (error) {
      result = undefined;
      throw error;
    }
  };
}
