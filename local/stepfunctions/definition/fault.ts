/** A fault of a definition: what is wrong, and where. */
export interface DefinitionFault {
  readonly code: string;
  readonly message: string;
  /** `/States/Wait/Timestamp`. */
  readonly pointer: string;
}

export function fault(message: string, pointer: string): DefinitionFault {
  return { code: 'SCHEMA_VALIDATION_FAILED', message, pointer };
}
