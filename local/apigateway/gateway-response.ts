import { substitute, Variables } from './variables';

/** Answers that API Gateway gives itself: the status and the message unless the API says otherwise, and the error type sent in a header. */
const BUILT_IN = {
  ACCESS_DENIED: [403, 'Forbidden'],
  // No text: `"message":null`. Source: loige.co, "Debugging custom ApiGateway authorizers".
  AUTHORIZER_CONFIGURATION_ERROR: [500, null],
  AUTHORIZER_FAILURE: [500, null],
  API_CONFIGURATION_ERROR: [500, 'Internal server error'],
  BAD_REQUEST_BODY: [400, 'Invalid request body'],
  BAD_REQUEST_PARAMETERS: [400, 'Invalid request parameters'],
  EXPIRED_TOKEN: [403, 'The security token included in the request is expired'],
  INTEGRATION_FAILURE: [504, 'Internal server error'],
  INTEGRATION_TIMEOUT: [504, 'Endpoint request timed out'],
  INVALID_API_KEY: [403, 'Forbidden'],
  INVALID_SIGNATURE: [403, 'The request signature we calculated does not match the signature you provided.'],
  MISSING_AUTHENTICATION_TOKEN: [403, 'Missing Authentication Token'],
  QUOTA_EXCEEDED: [429, 'Limit Exceeded'],
  REQUEST_TOO_LARGE: [413, 'Request Too Long'],
  RESOURCE_NOT_FOUND: [404, 'Not Found'],
  THROTTLED: [429, 'Too Many Requests'],
  UNAUTHORIZED: [401, 'Unauthorized'],
  UNSUPPORTED_MEDIA_TYPE: [415, 'Unsupported Media Type'],
} as const satisfies Record<string, readonly [status: number, message: string | null]>;

export type GatewayResponseType = keyof typeof BUILT_IN;
export type CustomizableType = GatewayResponseType | 'DEFAULT_4XX' | 'DEFAULT_5XX';

const TYPES = new Set<string>([...Object.keys(BUILT_IN), 'DEFAULT_4XX', 'DEFAULT_5XX']);

/** A request that API Gateway itself answers. */
export class GatewayFailure extends Error {
  constructor(
    readonly type: GatewayResponseType,
    /** Instead of the built-in message. */
    readonly text: string | null = BUILT_IN[type][1],
    /** `$context.error.validationErrorString`. */
    readonly validationErrors?: string,
    /** Instead of the built-in status. */
    readonly statusCode: number = BUILT_IN[type][0],
  ) {
    super(text ?? type);
    this.name = 'GatewayFailure';
  }
}

/** What an API says about one type of response. */
export interface GatewayResponse {
  readonly statusCode?: number;
  /** Body, with simple variables. */
  readonly template?: string;
  /** Header values. */
  readonly headers: Readonly<Record<string, string>>;
}

export interface GatewayAnswer {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

const DEFAULT_TEMPLATE = '{"message":$context.error.messageString}';
/** Of a refusal by a policy, as clients show it: aws/chalice issue 1619. */
const DENIED_TEMPLATE = '{"Message":$context.error.messageString}';

export class GatewayResponses {
  constructor(private readonly responses: Map<CustomizableType, GatewayResponse> = new Map()) {}

  set(type: CustomizableType, response: GatewayResponse): void {
    this.responses.set(type, response);
  }

  delete(type: CustomizableType): void {
    this.responses.delete(type);
  }

  copy(): GatewayResponses {
    return new GatewayResponses(new Map(this.responses));
  }

  /** The answer to a failure: what the API says for its type, else for its class of status, else what is built in. */
  answer(failure: GatewayFailure, { context, stageVariables }: Variables): GatewayAnswer {
    const { statusCode: status } = failure;
    const response = this.responses.get(failure.type) ?? this.responses.get(status < 500 ? 'DEFAULT_4XX' : 'DEFAULT_5XX');
    const error = {
      message: failure.text ?? 'null',
      messageString: JSON.stringify(failure.text),
      responseType: failure.type,
      ...(failure.validationErrors === undefined ? {} : { validationErrorString: failure.validationErrors }),
    };
    return {
      statusCode: response?.statusCode ?? status,
      headers: { 'content-type': 'application/json', ...response?.headers },
      body: substitute(response?.template ?? (failure.type === 'ACCESS_DENIED' ? DENIED_TEMPLATE : DEFAULT_TEMPLATE), { context: { ...context, error }, stageVariables }, ''),
    };
  }
}

export function isGatewayResponseType(name: string): name is CustomizableType {
  return TYPES.has(name);
}
