import { ServiceError } from '../aws/service';
import { SemanticError } from './sql/analysis';

/** Athena's classification of a failure, from its error catalog. */
export interface AthenaError {
  readonly ErrorCategory: 1 | 2 | 3;
  readonly ErrorType: number;
  readonly Retryable: boolean;
  readonly ErrorMessage: string;
}

/** A query that ends as FAILED, with the reason Athena gives. */
export class QueryFailure extends Error {
  readonly athenaError: AthenaError;

  /** Whether the local cloud failed, not the query: nothing else ends a query with these types. */
  get isFault(): boolean {
    const { ErrorType } = this.athenaError;
    return ErrorType === ErrorTypes.internal || ErrorType === ErrorTypes.queryNotSupported;
  }

  constructor(reason: string, errorType: number, category: AthenaError['ErrorCategory'] = 2) {
    super(reason);
    this.athenaError = { ErrorCategory: category, ErrorType: errorType, Retryable: false, ErrorMessage: reason };
  }
}

/** Types of the error catalog that this service answers with. */
export const ErrorTypes = {
  resourcesExhausted: 8,
  internal: 200,
  resultNotWritten: 401,
  data: 1_001,
  schema: 1_004,
  syntax: 1_006,
  rejected: 1_008,
  invalidTableProperty: 1_103,
  invalidFunctionArgument: 1_106,
  noSuchTable: 1_110,
  queryNotSupported: 1_200,
  noSuchFunction: 1_303,
  noSuchBucket: 1_306,
  permission: 1_500,
  s3Permission: 1_501,
} as const;

const BY_NAME: Readonly<Record<string, number>> = {
  SYNTAX_ERROR: ErrorTypes.syntax,
  TABLE_NOT_FOUND: ErrorTypes.noSuchTable,
  FUNCTION_NOT_FOUND: ErrorTypes.noSuchFunction,
  INVALID_FUNCTION_ARGUMENT: ErrorTypes.invalidFunctionArgument,
  NOT_SUPPORTED: ErrorTypes.queryNotSupported,
};

export function semanticFailure(error: SemanticError): QueryFailure {
  return new QueryFailure(error.message, BY_NAME[error.errorName] ?? ErrorTypes.schema);
}

/** What a refusal of S3 or Glue on the way means for the query. */
export function accessFailure(error: unknown, what: string): unknown {
  if (!(error instanceof ServiceError)) return error;
  if (error.code === 'NoSuchBucket') return new QueryFailure(`${what}: ${error.message} (Service: Amazon S3; Error Code: NoSuchBucket)`, ErrorTypes.noSuchBucket);
  if (error.code === 'AccessDenied') {
    const reason = `${what}: ${error.message} (Service: Amazon S3; Status Code: 403; Error Code: AccessDenied)`;
    return new QueryFailure(reason, ErrorTypes.s3Permission);
  }
  return new QueryFailure(`Insufficient permissions to execute the query. ${what}: ${error.message}`, ErrorTypes.permission);
}

const ENGINE_ERRORS: readonly (readonly [pattern: RegExp, errorName: string, errorType: number, category: AthenaError['ErrorCategory']])[] = [
  [/^Binder Error: (No function matches|Macro \S+ does not support)/, 'FUNCTION_NOT_FOUND', ErrorTypes.noSuchFunction, 2],
  [/^(Binder|Catalog|Parser) Error/, 'SYNTAX_ERROR', ErrorTypes.syntax, 2],
  [/^Conversion Error/, 'INVALID_CAST_ARGUMENT', ErrorTypes.data, 2],
  [/^Out of Range Error/, 'NUMERIC_VALUE_OUT_OF_RANGE', ErrorTypes.data, 2],
  [/^Invalid Input Error/, 'INVALID_FUNCTION_ARGUMENT', ErrorTypes.invalidFunctionArgument, 2],
  [/^Out of Memory Error/, 'EXCEEDED_LOCAL_MEMORY_LIMIT', ErrorTypes.resourcesExhausted, 1],
];

/** What an error of the engine would be called by Athena. Words after the name are the engine's own: only the names are Athena's. */
export function engineFailure(error: unknown, positionOfColumn: (name: string) => string): QueryFailure {
  // Errors of the native engine are not always instances of this realm's Error, so their text is all that counts.
  const message = String(error).replace(/^Error: /, '');
  const [, column] = /Referenced column "([^"]+)" not found/.exec(message) ?? [];
  if (column !== undefined) {
    const where = positionOfColumn(column);
    return new QueryFailure(
      `COLUMN_NOT_FOUND: ${where}: Column '${column.toLowerCase()}' cannot be resolved or requester is not authorized to access requested resources`,
      ErrorTypes.schema,
    );
  }
  // Our own macros speak Athena's language already.
  const [own, name = ''] = /([A-Z_]{8,}): .*/.exec(message) ?? [];
  if (own !== undefined) return new QueryFailure(own, BY_NAME[name] ?? ErrorTypes.data);
  const known = ENGINE_ERRORS.find(([pattern]) => pattern.test(message));
  const [, errorName, errorType, category] = known ?? [undefined, 'GENERIC_INTERNAL_ERROR', ErrorTypes.internal, 1];
  return new QueryFailure(`${errorName}: ${message.split('\n')[0]}`, errorType, category);
}
