import {
  MongoAPIError, MongoClientClosedError, MongoCompatibilityError, MongoError, MongoNetworkError, MongoNetworkTimeoutError, MongoServerError,
  MongoServerSelectionError, MongoTopologyClosedError,
} from 'mongodb';
import { errorCode } from '../../../private/runtime/error-code';
import { memberOf } from '../../../private/runtime/member-of';
import { PagedBatchEtlErrorName } from '../../contracts/error-names';
import { SourceError } from '../source-error';

/** Codes by which a server says that it had too little time. */
const TIMED_OUT: ReadonlySet<unknown> = new Set([
  24, // LockTimeout
  50, // MaxTimeMSExpired
  89, // NetworkTimeout
  202, // NetworkInterfaceExceededTimeLimit
  262, // ExceededTimeLimit
]);

/** Codes by which a server says that another attempt, perhaps at another server, may succeed. */
const UNAVAILABLE: ReadonlySet<unknown> = new Set([
  6, // HostUnreachable
  7, // HostNotFound
  43, // CursorNotFound
  63, // StaleShardVersion
  91, // ShutdownInProgress
  112, // WriteConflict
  133, // FailedToSatisfyReadPreference
  134, // ReadConcernMajorityNotAvailableYet
  136, // CappedPositionLost: documents of a capped collection went while it was read
  150, // StaleEpoch
  175, // QueryPlanKilled
  189, // PrimarySteppedDown
  237, // CursorKilled
  239, // SnapshotTooOld
  246, // SnapshotUnavailable
  249, // StaleDbVersion
  250, // StaleChunkHistory
  272, // MigrationConflict
  279, // ClientDisconnect
  384, // ConnectionPoolExpired
  462, // IngressRequestRateLimitExceeded
  9001, // SocketException
  10058, // NotWritablePrimary, of old servers
  10107, // NotWritablePrimary
  11600, // InterruptedAtShutdown
  11601, // Interrupted: an operator killed it
  11602, // InterruptedDueToReplStateChange
  13388, // StaleConfig
  13435, // NotPrimaryNoSecondaryOk
  13436, // NotPrimaryOrSecondary
  16500, // too many requests, of servers with a rate
  46841, // ClientMarkedKilled
]);

/** Labels by which newer servers say the same without our knowing the code. */
const RETRYABLE_LABELS: readonly string[] = ['RetryableError', 'SystemOverloadedError', 'TransientTransactionError', 'RetryableWriteError'];

const AUTHENTICATION_FAILED = 18;

/** Not only the lack of a role: a connection also loses its user, when that one is dropped, and for good. */
const UNAUTHORIZED = 13;

/** What to do about the refusals that are met most. */
const ADVICE: ReadonlyMap<unknown, string> = new Map([
  [UNAUTHORIZED, 'give the user of the connection secret the role read on the database'],
  [AUTHENTICATION_FAILED, 'put the user and the password of the source, and the right authSource, into the connection secret'],
  [2, 'correct the filter, the collation or the hint'],
  [9, 'correct the filter, the collation or the hint'],
  [26, 'correct the database or the collection'],
  [27, 'correct the hint: there is no such index'],
]);

/**
 * Says of whatever reading from MongoDB threw whether another attempt can fix it, in words of ours: messages of the server quote filters, and
 * those of the driver hosts. What is not known to pass by itself is final, so that nothing is tried again in vain.
 */
export function asSourceError(error: unknown): SourceError {
  if (error instanceof SourceError) return error;
  const answer = answerOf(error);
  if (answer !== undefined) return serverError(answer);
  if (error instanceof MongoNetworkTimeoutError) return timedOut(' (no answer)');
  const code = systemCode(error);
  if (isCertificateProblem(code)) {
    return new SourceError(PagedBatchEtlErrorName.SOURCE_REFUSED, `The certificate of the source is not trusted (${code})`);
  }
  if (isUnreachable(error, code)) return new SourceError(PagedBatchEtlErrorName.SOURCE_UNAVAILABLE, `The source could not be reached${labelOf(error, code)}`);
  return new SourceError(PagedBatchEtlErrorName.SOURCE_REFUSED, `The source could not be read${labelOf(error, code)}`);
}

/** What the server said, also when it said so to a greeting, after which the driver waits for a better server in vain. */
function answerOf(error: unknown): MongoServerError | undefined {
  const answer = error instanceof MongoServerSelectionError ? error.cause : error;
  return answer instanceof MongoServerError ? answer : undefined;
}

/** Whether the user or the password was wrong. */
export function isAuthenticationFailure(error: unknown): boolean {
  if (!(error instanceof MongoServerError)) return false;
  return error.code === AUTHENTICATION_FAILED || (error.code === 8000 && /auth/i.test(error.message));
}

/** Whether a client with new secrets, or at least a new client, may succeed. */
export function isAboutSecrets(error: unknown): boolean {
  return isAuthenticationFailure(error) || isUntrustedCertificate(error) || (error instanceof MongoServerError && error.code === UNAUTHORIZED);
}

/** Whether the certificate of the server was not trusted. */
function isUntrustedCertificate(error: unknown): boolean {
  return answerOf(error) === undefined && isCertificateProblem(systemCode(error));
}

/** Whether a client that threw this had better be replaced: what a server answers leaves the connection as good as it was. */
export function breaksConnection(error: unknown): boolean {
  return error instanceof MongoError && !(error instanceof MongoServerError);
}

function serverError(error: MongoServerError): SourceError {
  const { code } = error;
  const name = typeof error.codeName === 'string' && /^\w{1,60}$/.test(error.codeName) ? `${error.codeName}, ` : '';
  const label = ` (${name}${typeof code === 'number' ? `code ${code}` : 'no code'})`;
  if (TIMED_OUT.has(code)) return timedOut(label);
  if (UNAVAILABLE.has(code) || RETRYABLE_LABELS.some((each) => error.hasErrorLabel(each))) {
    return new SourceError(PagedBatchEtlErrorName.SOURCE_UNAVAILABLE, `The source gave up${label}`);
  }
  const advice = isAuthenticationFailure(error) ? ADVICE.get(AUTHENTICATION_FAILED) : ADVICE.get(code);
  return new SourceError(PagedBatchEtlErrorName.SOURCE_REFUSED, `The source refused${label}${operatorIn(error)}${advice === undefined ? '' : `; ${advice}`}`);
}

/** How servers complain of an operator. */
const ABOUT_OPERATOR = /^(?:unknown (?:top level )?operator: |Unrecognized expression '|Feature not supported: )(\$[a-zA-Z]{1,30})\b/;

/** The name of an operator is all of a message that is worth being told and cannot be data. */
function operatorIn({ message }: MongoServerError): string {
  const operator = ABOUT_OPERATOR.exec(message)?.[1];
  return operator === undefined ? '' : `, because of ${operator}`;
}

function timedOut(label: string): SourceError {
  return new SourceError(PagedBatchEtlErrorName.SOURCE_TIMED_OUT, `The source took too long${label}; an index, smaller pages or a longer time-out help`);
}

function isUnreachable(error: unknown, code: string | undefined): boolean {
  if (error instanceof MongoNetworkError || error instanceof MongoTopologyClosedError || error instanceof MongoClientClosedError) return true;
  if (error instanceof MongoServerSelectionError) return !(memberOf(error, 'cause') instanceof MongoCompatibilityError);
  // Plain errors come from the look-up of a DNS seed list; others of the driver are about how it was called.
  return code !== undefined && !(error instanceof MongoAPIError);
}

/** `ECONNREFUSED`, `CERT_HAS_EXPIRED`, …: the code of Node's error beneath that of the driver. */
function systemCode(error: unknown, depth = 4): string | undefined {
  const code = memberOf(error, 'code');
  if (typeof code === 'string' && /^[A-Z][A-Z0-9_]{1,60}$/.test(code)) return code;
  const cause = memberOf(error, 'cause');
  return cause === undefined || depth === 0 ? undefined : systemCode(cause, depth - 1);
}

function isCertificateProblem(code: string | undefined): code is string {
  return code !== undefined && /CERT|SELF_SIGNED|UNABLE_TO_(GET|VERIFY)|^HOSTNAME_MISMATCH$|^ERR_TLS_/.test(code);
}

function labelOf(error: unknown, code: string | undefined): string {
  return code === undefined ? errorCode(error) : ` (${code})`;
}
