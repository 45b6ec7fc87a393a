import { authenticationFailure, Dialect } from './authentication-failure';
import { queryValue, ReceivedRequest } from './received-request';

/** What a request says of its own signature; nothing of it is verified yet. */
export interface SignatureClaim {
  readonly accessKeyId: string;
  /** `YYYYMMDD/region/service/aws4_request`. */
  readonly scope: { readonly date: string; readonly region: string; readonly service: string };
  /** Lower case. */
  readonly signedHeaders: readonly string[];
  readonly signature: string;
  /** `YYYYMMDDTHHMMSSZ`, and the same as epoch milliseconds. */
  readonly longDate: string;
  readonly signedAt: number;
  readonly sessionToken?: string;
  /** Life in seconds; present when the signature is in the query. */
  readonly expiresIn?: number;
}

const ALGORITHM = 'AWS4-HMAC-SHA256';
const MAX_EXPIRES = 604_800;

/** Reads the signature from the Authorization header or the query; undefined for a request without one. */
export function readClaim(request: ReceivedRequest, dialect: Dialect): SignatureClaim | undefined {
  const { authorization } = request.headers;
  const inQuery = request.query.some(({ name }) => name.toLowerCase() === 'x-amz-signature' || name.toLowerCase() === 'x-amz-algorithm');
  if (authorization !== undefined && inQuery) throw authenticationFailure('malformed', dialect, 'only one way of signing is allowed');
  if (inQuery) return readQuery(request, dialect);
  return authorization === undefined ? undefined : readHeader(request, authorization, dialect);
}

function readHeader(request: ReceivedRequest, authorization: string, dialect: Dialect): SignatureClaim {
  const match = /^AWS4-HMAC-SHA256 Credential=([^, ]+), ?SignedHeaders=([^, ]+), ?Signature=([0-9a-f]{64})$/.exec(authorization);
  if (match === null) throw authenticationFailure('malformed', dialect);
  const [, credential, signedHeaders, signature] = match;
  const longDate = request.headers['x-amz-date'];
  if (longDate === undefined) throw authenticationFailure('malformed', dialect, 'X-Amz-Date is required');
  const signedAt = parseLongDate(longDate);
  const parsed = parseCredential(credential);
  if (signedAt === undefined || parsed === undefined) throw authenticationFailure('malformed', dialect);
  return { ...parsed, signedHeaders: signedHeaders.split(';'), signature, longDate, signedAt, sessionToken: request.headers['x-amz-security-token'] };
}

function readQuery({ query }: ReceivedRequest, dialect: Dialect): SignatureClaim {
  const fail = (detail: string) => authenticationFailure('malformedQuery', dialect, detail);
  const required = (name: string) => {
    const value = queryValue(query, name);
    // Compared without case: the canonical form leaves out every spelling of the signature.
    const given = query.filter((parameter) => parameter.name.toLowerCase() === name.toLowerCase()).length;
    if (value === undefined || given > 1) throw fail(`${name} must be given once`);
    return value;
  };
  if (required('X-Amz-Algorithm') !== ALGORITHM) throw fail(`X-Amz-Algorithm must be ${ALGORITHM}`);
  const longDate = required('X-Amz-Date');
  const signedAt = parseLongDate(longDate);
  const parsed = parseCredential(required('X-Amz-Credential'));
  const expires = required('X-Amz-Expires');
  const expiresIn = /^\d{1,9}$/.test(expires) ? Number(expires) : NaN;
  if (!(expiresIn >= 1 && expiresIn <= MAX_EXPIRES)) throw fail('X-Amz-Expires must be between 1 and 604800 seconds');
  if (signedAt === undefined || parsed === undefined) throw fail('X-Amz-Date or X-Amz-Credential');
  return {
    ...parsed,
    signedHeaders: required('X-Amz-SignedHeaders').split(';'),
    signature: required('X-Amz-Signature'),
    longDate,
    signedAt,
    sessionToken: queryValue(query, 'X-Amz-Security-Token'),
    expiresIn,
  };
}

function parseCredential(credential: string): Pick<SignatureClaim, 'accessKeyId' | 'scope'> | undefined {
  const match = /^([^/]+)\/(\d{8})\/([^/]+)\/([^/]+)\/aws4_request$/.exec(credential);
  return match === null ? undefined : { accessKeyId: match[1], scope: { date: match[2], region: match[3], service: match[4] } };
}

function parseLongDate(text: string): number | undefined {
  const match = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(text);
  if (match === null) return undefined;
  const [, year, month, day, hours, minutes, seconds] = match;
  const time = Date.parse(`${year}-${month}-${day}T${hours}:${minutes}:${seconds}Z`);
  return Number.isNaN(time) ? undefined : time;
}
