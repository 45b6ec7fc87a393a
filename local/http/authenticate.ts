import { AwsEnvironment, Caller } from '../aws/service';
import { Clock } from '../clock';
import { authenticationFailure, Dialect } from './authentication-failure';
import { Presigned } from './http-service';
import { payloadHash } from './payload';
import { ReceivedRequest } from './received-request';
import { signatureMatches } from './signature';
import { readClaim, SignatureClaim } from './signature-claim';
import { CredentialStore, IssuedCredentials } from '../account/credentials';

export interface AuthenticationOptions {
  readonly environment: AwsEnvironment;
  readonly clock: Clock;
  readonly credentials: CredentialStore;
  /** How the service with this name speaks. Throws if the local cloud answers no calls of it. */
  readonly dialectOf: (service: string) => Dialect;
}

/** A request whose signature is good. */
export interface Authenticated {
  readonly service: string;
  readonly caller: Caller;
  readonly accessKeyId: string;
  readonly presigned?: Presigned;
}

const MINUTE = 60_000;

/** Finds out who signed a request, and for which service; undefined for a request without a signature. Throws in the dialect of the service. */
export async function authenticate(request: ReceivedRequest, options: AuthenticationOptions): Promise<Authenticated | undefined> {
  const claim = readClaim(request, guessDialect(request));
  if (claim === undefined) return undefined;
  const { service } = claim.scope;
  const dialect = options.dialectOf(service);
  assertScope(claim, options.environment, dialect);
  const now = options.clock.now();
  assertTimely(claim, now, dialect);
  const issued = options.credentials.find(claim.accessKeyId);
  if (issued === undefined) throw authenticationFailure('unknownKey', dialect);
  assertHeadersSigned(request, claim, dialect);
  const hash = payloadHash(request, service, claim.expiresIn !== undefined);
  if (!await signatureMatches(request, claim, issued, hash)) throw authenticationFailure('badSignature', dialect);
  assertSession(claim, issued, now, dialect);
  return { service, caller: issued.caller, accessKeyId: issued.accessKeyId, presigned: presignedOf(claim) };
}

/** How to answer a request of which not even the service is known. */
export function guessDialect({ headers, method, path }: ReceivedRequest): Dialect {
  if (headers['x-amz-target'] !== undefined) return 'json';
  const form = headers['content-type']?.startsWith('application/x-www-form-urlencoded') ?? false;
  return method === 'POST' && path === '/' && form ? 'query' : 'rest';
}

function assertScope({ scope, longDate }: SignatureClaim, environment: AwsEnvironment, dialect: Dialect): void {
  if (scope.region !== environment.region) {
    throw authenticationFailure('scope', dialect, `the region '${scope.region}' is wrong; expecting '${environment.region}'`);
  }
  if (!longDate.startsWith(scope.date)) throw authenticationFailure('scope', dialect, `the date ${scope.date} differs from that of ${longDate}`);
}

/** S3 bears 15 minutes between the clocks, other services 5. A presigned URL has its own end, but may not begin in the future either. */
function assertTimely(claim: SignatureClaim, now: number, dialect: Dialect): void {
  const tolerance = (dialect === 'rest' ? 15 : 5) * MINUTE;
  if (claim.expiresIn === undefined) {
    if (Math.abs(now - claim.signedAt) > tolerance) throw authenticationFailure('skewed', dialect);
    return;
  }
  if (claim.signedAt - now > tolerance) throw authenticationFailure('notYetValid', dialect);
  if (now >= claim.signedAt + claim.expiresIn * 1000) throw authenticationFailure('expiredLink', dialect);
}

/** The signature must cover the host and whatever could change the meaning of the request. */
function assertHeadersSigned({ headers }: ReceivedRequest, claim: SignatureClaim, dialect: Dialect): void {
  const signed = new Set(claim.signedHeaders);
  const required = Object.keys(headers).filter((name) => name === 'host' || name.startsWith('x-amz-'));
  const missing = required.filter((name) => !signed.has(name));
  if (missing.length > 0) throw authenticationFailure('unsignedHeaders', dialect, missing.join(', '));
}

function assertSession(claim: SignatureClaim, issued: IssuedCredentials, now: number, dialect: Dialect): void {
  if (claim.sessionToken !== issued.sessionToken) throw authenticationFailure('badToken', dialect);
  if (issued.expiresAt !== undefined && now >= issued.expiresAt) throw authenticationFailure('expiredToken', dialect);
}

function presignedOf({ signedAt, expiresIn }: SignatureClaim): Presigned | undefined {
  return expiresIn === undefined ? undefined : { signedAt, expiresAt: signedAt + expiresIn * 1000 };
}
