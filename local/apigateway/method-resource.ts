import { mediaType } from './content-type';
import { RestApi } from './definition';
import { assertHere, readLambdaTarget, readRole } from './lambda-target';
import { Authorization, AwsAction, Integration, IntegrationResponse, MethodDefinition, PassthroughBehavior, RequestValidator } from './method';
import { ParameterSource, parseParameterSource } from './parameter-mapping';
import { RequestModel } from './request-model';
import { AwsEnvironment } from '../aws/service';
import { StrictProperties } from '../template/strict-properties';
import { javaRegex, matchesWhole } from './vtl/java-regex';
import { MappingTemplate } from './vtl/mapping-template';

/** Longest integration time-out, in milliseconds, that needs no raised quota. */
const MAX_TIMEOUT = 29_000;
const PASSTHROUGH: readonly PassthroughBehavior[] = ['WHEN_NO_MATCH', 'WHEN_NO_TEMPLATES', 'NEVER'];
/** Every API has these two models, and both let anything through. */
const BUILT_IN_MODELS = ['Empty', 'Error'];

const ACTION_URI = /^arn:([^:]+):apigateway:([^:]+):([^:]+):action\/([A-Za-z]+)$/;

/** Parameters that a method declares, `path.id`, and whether each is required. */
type RequestParameters = ReadonlyMap<string, boolean>;

/** Headers that a method response declares, by status: an integration response may set no other. */
type MethodResponses = ReadonlyMap<number, ReadonlySet<string>>;

/** Reads the properties of AWS::ApiGateway::Method. */
export function readMethod(properties: StrictProperties, api: RestApi, environment: AwsEnvironment): MethodDefinition {
  const responses: MethodResponses = new Map(properties.list('MethodResponses', readMethodResponse) ?? []);
  const requestParameters = readRequestParameters(properties.texts('RequestParameters'));
  const validatorId = properties.optionalString('RequestValidatorId');
  return {
    httpMethod: properties.string('HttpMethod'),
    authorization: readAuthorization(properties, api),
    apiKeyRequired: properties.boolean('ApiKeyRequired') ?? false,
    operationName: properties.optionalString('OperationName'),
    requestParameters,
    requestModels: readModels(properties.texts('RequestModels'), api),
    validator: validatorId === undefined ? undefined : validatorOf(api, validatorId),
    integration: properties.object('Integration', (integration) => readIntegration(integration, requestParameters, responses, environment))
      ?? properties.unsupported('Integration', 'a method without an integration'),
  };
}

function readAuthorization(properties: StrictProperties, api: RestApi): Authorization {
  const type = properties.optionalString('AuthorizationType') ?? 'NONE';
  const authorizerId = properties.optionalString('AuthorizerId');
  const scopes = properties.strings('AuthorizationScopes') ?? [];
  const noAuthorizer = `Invalid authorizer ID specified: ${authorizerId}`;
  if (type === 'COGNITO_USER_POOLS') return { type, scopes, authorizer: required(api.userPoolAuthorizers.get(authorizerId ?? ''), noAuthorizer) };
  if (type === 'CUSTOM') {
    if (scopes.length > 0) properties.unsupported('AuthorizationScopes', 'scopes of a method with a function as its authorizer');
    return { type, authorizer: required(api.functionAuthorizers.get(authorizerId ?? ''), noAuthorizer) };
  }
  if (type !== 'NONE' && type !== 'AWS_IAM') return properties.unsupported('AuthorizationType', 'this kind of authorization');
  if (authorizerId !== undefined) properties.unsupported('AuthorizerId', `an authorizer of a method whose authorization is ${type}`);
  if (scopes.length > 0) properties.unsupported('AuthorizationScopes', `scopes of a method whose authorization is ${type}`);
  return { type };
}

function validatorOf(api: RestApi, id: string): RequestValidator {
  return required(api.validators.get(id), `Invalid Request Validator identifier specified: ${id}`);
}

function readMethodResponse(response: StrictProperties): [number, ReadonlySet<string>] {
  // Models of responses are documentation.
  response.notModelled('ResponseModels');
  const headers = [...response.texts('ResponseParameters').keys()].map((name) => headerName(name, 'method.response.header.'));
  return [Number(response.string('StatusCode')), new Set(headers)];
}

function readRequestParameters(parameters: Map<string, string>): Map<string, boolean> {
  return new Map([...parameters].map(([name, isRequired]) => {
    const place = /^method\.request\.((?:path|querystring|header)\..+)$/.exec(name)?.[1];
    return [required(place, `Invalid mapping expression specified: ${name}`), isRequired === 'true'];
  }));
}

function readModels(models: Map<string, string>, api: RestApi): Map<string, RequestModel> {
  return new Map([...models].map(([contentType, name]) => {
    const builtIn = BUILT_IN_MODELS.includes(name) ? new RequestModel(name, contentType, {}) : undefined;
    return [mediaType(contentType), required(api.models.get(name) ?? builtIn, `Invalid model name specified: ${name}`)];
  }));
}

function readIntegration(
  integration: StrictProperties, parameters: RequestParameters, responses: MethodResponses, environment: AwsEnvironment,
): Integration {
  const passthrough = PASSTHROUGH.find((behavior) => behavior === (integration.optionalString('PassthroughBehavior') ?? 'WHEN_NO_MATCH'));
  const timeout = integration.number('TimeoutInMillis') ?? MAX_TIMEOUT;
  if (timeout < 50 || timeout > MAX_TIMEOUT) throw new Error('Timeout should be between 50 ms and 29000 ms');
  const read: Integration = {
    target: readTarget(integration, environment),
    timeoutMilliseconds: timeout,
    passthrough: passthrough ?? integration.unsupported('PassthroughBehavior', 'this behavior'),
    requestTemplates: readTemplates(integration.texts('RequestTemplates')),
    requestHeaders: readHeaders(integration.texts('RequestParameters'), 'integration.request.header.', (source) => fitsRequest(source, parameters)),
    responses: integration.list('IntegrationResponses', (response) => readIntegrationResponse(response, responses)) ?? [],
  };
  if (read.target.kind === 'lambda') assertForFunction(integration, read);
  return read;
}

/** What API Gateway makes of these for a function is not documented, or not implemented here. */
function assertForFunction(integration: StrictProperties, { requestHeaders, responses }: Integration): void {
  if (requestHeaders.size > 0) integration.unsupported('RequestParameters', 'headers of the invocation of a function');
  const patterns = responses.flatMap(({ selectionPattern }) => selectionPattern ?? []);
  const empty = patterns.find((pattern) => matchesWhole(pattern, ''));
  if (empty !== undefined) integration.unsupported('IntegrationResponses', `the pattern ${empty} of a function, which also matches no error message`);
}

function readTarget(integration: StrictProperties, environment: AwsEnvironment): Integration['target'] {
  const type = integration.string('Type');
  if (type === 'MOCK') {
    integration.notModelled('IntegrationHttpMethod');
    return { kind: 'mock' };
  }
  if (type !== 'AWS') integration.unsupported('Type', 'this kind of integration');
  const target = readLambdaTarget(integration, { uri: 'Uri', credentials: 'Credentials' }, environment) ?? readAction(integration, environment);
  if (integration.string('IntegrationHttpMethod') !== 'POST') integration.unsupported('IntegrationHttpMethod', 'a target that is not called with POST');
  return target;
}

function readAction(integration: StrictProperties, environment: AwsEnvironment): AwsAction {
  const [, partition, region, service, action] = ACTION_URI.exec(integration.string('Uri')) ?? [];
  if (action === undefined) integration.unsupported('Uri', 'anything but a function, or the action of a service, not of the form arn:…:service:action/Action');
  assertHere(integration, 'Uri', { partition, region }, environment);
  return { kind: 'aws', service, action, roleArn: readRole(integration, 'Credentials', environment) ?? integration.unsupported('Credentials', 'an integration without a role') };
}

function readTemplates(templates: Map<string, string>): Map<string, MappingTemplate> {
  return new Map([...templates].map(([contentType, template]) => [mediaType(contentType), new MappingTemplate(template)]));
}

function readIntegrationResponse(response: StrictProperties, methodResponses: MethodResponses): IntegrationResponse {
  const statusCode = Number(response.string('StatusCode'));
  const declared = required(methodResponses.get(statusCode), `No method response exists for status ${statusCode}`);
  const headers = readHeaders(response.texts('ResponseParameters'), 'method.response.header.', ({ kind }) => kind !== 'request');
  for (const name of headers.keys()) {
    if (!declared.has(name)) throw new Error(`Invalid mapping expression parameter specified: method.response.header.${name}`);
  }
  const templates = readTemplates(response.texts('ResponseTemplates'));
  const others = [...templates.keys()].filter((contentType) => contentType !== 'application/json');
  // How API Gateway chooses among several is not fully documented.
  if (others.length > 0) response.unsupported('ResponseTemplates', `a response template for ${others.join(', ')}`);
  const selectionPattern = response.optionalString('SelectionPattern');
  if (selectionPattern !== undefined) javaRegex(selectionPattern);
  // An empty pattern is none.
  const pattern = selectionPattern === '' ? undefined : selectionPattern;
  return { statusCode, headers, template: templates.get('application/json'), selectionPattern: pattern };
}

function readHeaders(parameters: Map<string, string>, prefix: string, fits: (source: ParameterSource) => boolean): Map<string, ParameterSource> {
  return new Map([...parameters].map(([name, expression]) => {
    const problem = `Invalid mapping expression specified: ${expression}, or one that the local cloud does not implement`;
    const source = required(parseParameterSource(expression), problem);
    if (!fits(source)) throw new Error(`Invalid mapping expression parameter specified: ${expression}`);
    return [headerName(name, prefix), source];
  }));
}

/** A request knows only the parameters that its method declares, and no response. */
function fitsRequest(source: ParameterSource, parameters: RequestParameters): boolean {
  return source.kind === 'request' ? parameters.has(`${source.place}.${source.name}`) : source.kind !== 'responseHeader';
}

function headerName(name: string, prefix: string): string {
  if (!name.startsWith(prefix)) throw new Error(`The local cloud does not implement the parameter ${name}`);
  return name.slice(prefix.length);
}

function required<T>(value: T | undefined, problem: string): T {
  if (value === undefined) throw new Error(problem);
  return value;
}
