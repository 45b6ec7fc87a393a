/** A fault of a definition, as ValidateStateMachineDefinition reports it. */
export interface DefinitionFault {
  /** One of the codes that the API reference lists, or one recorded on AWS. */
  readonly code: string;
  readonly message: string;
  /** `/States/Wait/Timestamp`; empty for the state machine itself. Absent: the fault has no place. */
  readonly pointer?: string;
}

/** What a rule found. */
export type Faults = Iterable<DefinitionFault>;

/** A value that is not what the States Language asks for. */
export function fault(message: string, pointer: string): DefinitionFault {
  return { code: 'SCHEMA_VALIDATION_FAILED', message, pointer };
}

/** The place as AWS prints it; undefined where there is none. */
export function locationOf({ pointer }: DefinitionFault): string | undefined {
  return pointer === '' ? '/' : pointer;
}

/** A fault as CreateStateMachine puts it into its message: AWS prints `null` for a missing place. */
export function printFault(found: DefinitionFault): string {
  return `${found.code}: ${found.message} at ${locationOf(found) ?? 'null'}`;
}
