import { ServiceError } from '../aws/service';

/** How a service speaks of failures: AWS JSON, the query protocol's XML, or S3's XML. */
export type Dialect = 'json' | 'query' | 'rest';

/** Why a request is not believed. */
export type FailureReason = keyof typeof FAILURES;

type Answer = readonly [code: string, httpStatus: number];

interface Failure {
  readonly json: Answer;
  readonly query: Answer;
  readonly rest: Answer;
  readonly message: string;
}

const BAD_SIGNATURE = {
  json: ['InvalidSignatureException', 400],
  query: ['SignatureDoesNotMatch', 403],
  rest: ['SignatureDoesNotMatch', 403],
} as const;

const INCOMPLETE = {
  json: ['IncompleteSignatureException', 400],
  query: ['IncompleteSignature', 400],
  rest: ['AuthorizationHeaderMalformed', 400],
} as const;

/** Codes and status as each family of services gives them. */
const FAILURES = {
  unsigned: {
    json: ['MissingAuthenticationTokenException', 400],
    query: ['MissingAuthenticationToken', 403],
    rest: ['AccessDenied', 403],
    message: 'Missing Authentication Token',
  },
  malformed: { ...INCOMPLETE, message: 'The authorization is malformed' },
  malformedQuery: { ...INCOMPLETE, rest: ['AuthorizationQueryParametersError', 400], message: 'The authorization in the query is malformed' },
  scope: { ...BAD_SIGNATURE, rest: ['AuthorizationHeaderMalformed', 400], message: 'The credential is not scoped to this date, region and service' },
  unknownKey: {
    json: ['UnrecognizedClientException', 400],
    query: ['InvalidClientTokenId', 403],
    rest: ['InvalidAccessKeyId', 403],
    message: 'The AWS Access Key Id you provided does not exist in our records.',
  },
  badToken: {
    json: ['UnrecognizedClientException', 400],
    query: ['InvalidClientTokenId', 403],
    rest: ['InvalidToken', 400],
    message: 'The security token included in the request is invalid.',
  },
  expiredToken: {
    json: ['ExpiredTokenException', 400],
    query: ['ExpiredToken', 403],
    rest: ['ExpiredToken', 400],
    message: 'The security token included in the request is expired',
  },
  badSignature: {
    ...BAD_SIGNATURE,
    message: 'The request signature we calculated does not match the signature you provided. Check your key and signing method.',
  },
  unsignedHeaders: { ...BAD_SIGNATURE, rest: ['AccessDenied', 403], message: 'There were headers present in the request which were not signed' },
  skewed: {
    ...BAD_SIGNATURE,
    rest: ['RequestTimeTooSkewed', 403],
    message: 'The difference between the request time and the current time is too large.',
  },
  expiredLink: { ...BAD_SIGNATURE, rest: ['AccessDenied', 403], message: 'Request has expired' },
  notYetValid: { ...BAD_SIGNATURE, rest: ['AccessDenied', 403], message: 'Request is not valid yet' },
} as const satisfies Record<string, Failure>;

/** The error for it; a detail, such as the header at fault, is added to the message. */
export function authenticationFailure(reason: FailureReason, dialect: Dialect, detail?: string): ServiceError {
  const failure: Failure = FAILURES[reason];
  const [code, status] = failure[dialect];
  return new ServiceError(code, detail === undefined ? failure.message : `${failure.message}: ${detail}`, status);
}
