import { ResponseType, RestApi } from 'aws-cdk-lib/aws-apigateway';
import { JSON_TYPE } from './submit-route';
import { MAX_CLIENT_REFERENCE_LENGTH, MAX_IDEMPOTENCY_KEY_LENGTH } from '../contracts/submit-query';
import { Header } from '../open-api/document';
import { DescribedRefusal } from '../open-api/refusals';
import { wholeNumber } from '../open-api/schema';
import { Refusal } from '../submit-access/binding';

/** What a request may have, for the answer to one that has something else. */
export interface RequestWords {
  /** What says what to run, in words. */
  readonly query: string;
  readonly choosesDatabase: boolean;
  readonly choosesFormat: boolean;
  readonly callbackOptional: boolean;
}

/** A request that is refused because of its rate can be sent again after this many seconds. */
const RETRY_AFTER_SECONDS = 1;

/** Statuses of what API Gateway answers itself, by type. Source: API Gateway developer guide, "Gateway response types for API Gateway". */
const STATUSES: Readonly<Record<string, DescribedRefusal['status']>> = {
  ACCESS_DENIED: 403,
  API_CONFIGURATION_ERROR: 500,
  AUTHORIZER_CONFIGURATION_ERROR: 500,
  AUTHORIZER_FAILURE: 500,
  BAD_REQUEST_BODY: 400,
  BAD_REQUEST_PARAMETERS: 400,
  EXPIRED_TOKEN: 403,
  INTEGRATION_FAILURE: 504,
  INTEGRATION_TIMEOUT: 504,
  INVALID_API_KEY: 403,
  INVALID_SIGNATURE: 403,
  MISSING_AUTHENTICATION_TOKEN: 403,
  QUOTA_EXCEEDED: 429,
  REQUEST_TOO_LARGE: 413,
  RESOURCE_NOT_FOUND: 404,
  THROTTLED: 429,
  UNAUTHORIZED: 401,
  UNSUPPORTED_MEDIA_TYPE: 415,
  WAF_FILTERED: 403,
  DEFAULT_4XX: '4XX',
  DEFAULT_5XX: '5XX',
};

/** Errors of API Gateway itself in the shape of our own: those of every API, and those of its way of access. */
export function gatewayAnswers(
  { query, choosesDatabase, choosesFormat, callbackOptional }: RequestWords, refusals: readonly Refusal[],
): Refusal[] {
  const callbackUrl = 'CallbackUrl, an allowed https URL on port 443 with a host name';
  const answers: [code: string, type: ResponseType, message: string][] = [
    ['BadRequestBody', ResponseType.BAD_REQUEST_BODY, `The body must be a JSON object with ${query}`
      + `${callbackOptional ? `. It may also have ${callbackUrl}, ` : `, and ${callbackUrl}. It may also have `}`
      + `ClientReference, a text of 1 to ${MAX_CLIENT_REFERENCE_LENGTH} characters, `
      + `and IdempotencyKey, 1 to ${MAX_IDEMPOTENCY_KEY_LENGTH} letters, digits and hyphens, `
      + `${choosesDatabase ? 'and Database, one of those that can be chosen, ' : ''}`
      + `${choosesFormat ? 'and ResultFormat, one of those that are offered, ' : ''}but no other member.`],
    ['UnsupportedMediaType', ResponseType.UNSUPPORTED_MEDIA_TYPE, 'The Content-Type must be application/json.'],
    ['RequestTooLarge', ResponseType.REQUEST_TOO_LARGE, 'The request is too large.'],
    ['AccessDenied', ResponseType.ACCESS_DENIED, 'The caller may not do this.'],
    ['Throttled', ResponseType.THROTTLED, 'Too many requests; try again later.'],
    ['Refused', ResponseType.DEFAULT_4XX, 'The request was refused: check its path, its method and its signature.'],
    ['Failed', ResponseType.DEFAULT_5XX, 'The request could not be processed; try again later.'],
  ];
  return [...answers.map(([code, type, message]) => ({ code, type, message })), ...refusals];
}

/** Gives errors of API Gateway itself the shape of our own. */
export function addGatewayResponses(restApi: RestApi, answers: readonly Refusal[]): void {
  for (const { code, type, message } of answers) {
    restApi.addGatewayResponse(code, {
      type,
      responseHeaders: type === ResponseType.THROTTLED ? { 'Retry-After': `'${RETRY_AFTER_SECONDS}'` } : undefined,
      templates: { [JSON_TYPE]: JSON.stringify({ Code: code, Message: message }) },
    });
  }
}

/** The same for a caller of a route, which has a body or not. */
export function describedGatewayAnswers(answers: readonly Refusal[], { withBody }: { readonly withBody: boolean }): DescribedRefusal[] {
  return answers
    .filter(({ type }) => withBody || type !== ResponseType.BAD_REQUEST_BODY)
    .map(({ code, type, message }) => ({
      status: statusOf(type),
      alsoAt: leftTo(type, answers),
      code,
      meaning: message,
      ...type === ResponseType.THROTTLED && { headers: { 'Retry-After': RETRY_AFTER } },
    }));
}

const RETRY_AFTER: Header = { description: 'With `Throttled`: send the request again after this many seconds.', schema: wholeNumber('Seconds.') };

/** The answer to a class of statuses is that to each type of them without an answer of its own. */
function leftTo(type: ResponseType, answers: readonly Refusal[]): number[] {
  const status = statusOf(type);
  if (typeof status === 'number') return [];
  const own = answers.map(({ type: { responseType } }) => responseType);
  const left = Object.entries(STATUSES).flatMap(([name, of]) => own.includes(name) || typeof of !== 'number' || `${of}`[0] !== status[0] ? [] : [of]);
  // What has no type: API Gateway is not there for a moment.
  return [...new Set(status === '5XX' ? [...left, 503] : left)];
}

function statusOf({ responseType }: ResponseType): DescribedRefusal['status'] {
  const status = STATUSES[responseType];
  if (status === undefined) throw new Error(`Nothing says which status ${responseType} has`);
  return status;
}
