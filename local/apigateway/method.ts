import { FunctionAuthorizer } from './function-authorizer';
import { LambdaTarget } from './lambda-target';
import { ParameterSource } from './parameter-mapping';
import { RequestModel } from './request-model';
import { UserPoolAuthorizer } from './user-pool-authorizer';
import { MappingTemplate } from './vtl/mapping-template';

export type PassthroughBehavior = 'WHEN_NO_MATCH' | 'WHEN_NO_TEMPLATES' | 'NEVER';

/** What a request validator asks for. */
export interface RequestValidator {
  readonly body: boolean;
  readonly parameters: boolean;
}

/** What a method asks of callers, beside an API key. */
export type Authorization = { readonly type: 'NONE' | 'AWS_IAM' } | UserPoolAuthorization | FunctionAuthorization;

export interface FunctionAuthorization {
  readonly type: 'CUSTOM';
  readonly authorizer: FunctionAuthorizer;
}

export interface UserPoolAuthorization {
  readonly type: 'COGNITO_USER_POOLS';
  readonly authorizer: UserPoolAuthorizer;
  /** One of which an access token must have; without any, it must be an identity token. */
  readonly scopes: readonly string[];
}

export interface MethodDefinition {
  /** `POST`, or `ANY`. */
  readonly httpMethod: string;
  readonly authorization: Authorization;
  /** Whether a request needs an API key, whatever else it needs. */
  readonly apiKeyRequired: boolean;
  readonly operationName?: string;
  /** `querystring.page` and the like: whether it is required. */
  readonly requestParameters: ReadonlyMap<string, boolean>;
  /** By content type. */
  readonly requestModels: ReadonlyMap<string, RequestModel>;
  readonly validator?: RequestValidator;
  readonly integration: Integration;
}

/** An action of an AWS service, called with a role. */
export interface AwsAction {
  readonly kind: 'aws';
  /** As in the integration's URI: `states`. */
  readonly service: string;
  readonly action: string;
  readonly roleArn: string;
}

export interface Integration {
  readonly target: AwsAction | LambdaTarget | { readonly kind: 'mock' };
  /** How long a target may take, in milliseconds of virtual time; the action of a service answers at once. */
  readonly timeoutMilliseconds: number;
  readonly passthrough: PassthroughBehavior;
  /** By content type. */
  readonly requestTemplates: ReadonlyMap<string, MappingTemplate>;
  /** Headers of the integration request. */
  readonly requestHeaders: ReadonlyMap<string, ParameterSource>;
  readonly responses: readonly IntegrationResponse[];
}

export interface IntegrationResponse {
  readonly statusCode: number;
  /**
   * Java regular expression that the whole HTTP status of the service, or the whole error message of the function, must match; the response
   * without one is the default.
   */
  readonly selectionPattern?: string;
  /** For the body; without one the body goes through as it is. */
  readonly template?: MappingTemplate;
  readonly headers: ReadonlyMap<string, ParameterSource>;
}
