/** An error inside an expression. The package writes a message of its own over that of errors with a code it knows, so the text is kept twice. */
export class EvaluationError extends Error {
  constructor(
    /** `T0410`; undefined for the limits of AWS, which have none. */
    readonly code: string | undefined,
    readonly text: string,
  ) {
    super(text);
  }
}

export function memoryExceeded(): EvaluationError {
  return new EvaluationError(undefined, 'Expression evaluation memory limit exceeded: Check for excessive memory usage');
}

export function tooDeep(): EvaluationError {
  return new EvaluationError(undefined, 'Stack overflow error: Check for non-terminating recursive function. Consider rewriting as tail-recursive');
}

export function tooLong(): EvaluationError {
  return new EvaluationError(undefined, 'Expression evaluation timeout: Check for infinite loop');
}
