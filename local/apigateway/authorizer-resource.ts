import { RestApi } from './definition';
import { FunctionAuthorizer } from './function-authorizer';
import { readLambdaTarget } from './lambda-target';
import { ParameterSource, parseParameterSource } from './parameter-mapping';
import { TokenVerifier, UserPoolAuthorizer } from './user-pool-authorizer';
import { AwsEnvironment } from '../aws/service';
import { StrictProperties } from '../template/strict-properties';
import { javaRegex } from './vtl/java-regex';

/** The user pool with an ARN. */
export type FindPool = (arn: string) => TokenVerifier | undefined;

/** In seconds. Source: API reference of API Gateway, `authorizerResultTtlInSeconds`. */
const TTL = { default: 300, max: 3600 };

/** Reads the properties of AWS::ApiGateway::Authorizer and adds it to its API. */
export function addAuthorizer(id: string, properties: StrictProperties, api: RestApi, environment: AwsEnvironment, findPool: FindPool): void {
  // The authentication type is for definitions that are exported.
  properties.notModelled('Name', 'AuthType');
  const type = properties.string('Type');
  if (type === 'COGNITO_USER_POOLS') api.userPoolAuthorizers.set(id, readUserPoolAuthorizer(properties, findPool));
  else if (type === 'TOKEN' || type === 'REQUEST') api.functionAuthorizers.set(id, readFunctionAuthorizer(id, type, properties, environment));
  else properties.unsupported('Type', 'this type of authorizer');
}

function readUserPoolAuthorizer(properties: StrictProperties, findPool: FindPool): UserPoolAuthorizer {
  const pools = (properties.strings('ProviderARNs') ?? []).map((arn) => findPool(arn) ?? properties.unsupported('ProviderARNs', `the user pool ${arn}, which is not here`));
  if (pools.length === 0) throw new Error('Invalid authorizer: a COGNITO_USER_POOLS authorizer needs ProviderARNs');
  const header = /^method\.request\.header\.([\w-]+)$/.exec(properties.string('IdentitySource'))?.[1];
  return { pools, header: header?.toLowerCase() ?? properties.unsupported('IdentitySource', 'a source that is not one header') };
}

function readFunctionAuthorizer(
  id: string, type: FunctionAuthorizer['type'], properties: StrictProperties, environment: AwsEnvironment,
): FunctionAuthorizer {
  const target = readLambdaTarget(properties, { uri: 'AuthorizerUri', credentials: 'AuthorizerCredentials' }, environment)
    ?? properties.unsupported('AuthorizerUri', 'anything but a function of this account and region');
  const ttlSeconds = properties.number('AuthorizerResultTtlInSeconds') ?? TTL.default;
  if (!Number.isInteger(ttlSeconds) || ttlSeconds < 0 || ttlSeconds > TTL.max) {
    throw new Error(`Invalid authorizer: AuthorizerResultTtlInSeconds must be 0 to ${TTL.max}, got ${ttlSeconds}`);
  }
  const identitySources = readSources(properties, type, ttlSeconds);
  const validation = properties.optionalString('IdentityValidationExpression');
  if (validation === undefined || validation === '') return { id, type, target, identitySources, ttlSeconds };
  if (type === 'REQUEST') throw new Error('Invalid authorizer: IdentityValidationExpression is for TOKEN authorizers');
  javaRegex(validation);
  return { id, type, target, identitySources, ttlSeconds, validation };
}

function readSources(properties: StrictProperties, type: FunctionAuthorizer['type'], ttlSeconds: number): ParameterSource[] {
  const text = properties.optionalString('IdentitySource') ?? '';
  const sources = text.split(',').map((part) => part.trim()).filter((part) => part !== '').map((expression) => {
    const source = parseParameterSource(expression);
    if (source === undefined || !isIdentity(source, type)) throw new Error(`Invalid mapping expression specified: ${expression}`);
    return source;
  });
  if (type === 'TOKEN' && sources.length !== 1) throw new Error('Invalid authorizer: a TOKEN authorizer needs one header as its IdentitySource');
  if (type === 'REQUEST' && sources.length === 0 && ttlSeconds > 0) throw new Error('Invalid authorizer: a REQUEST authorizer with a cache needs IdentitySource');
  return sources;
}

/** Path parameters are no identity sources. Source: API Gateway developer guide, "Input to an API Gateway Lambda authorizer". */
function isIdentity(source: ParameterSource, type: FunctionAuthorizer['type']): boolean {
  if (source.kind === 'request') return source.place === 'header' || (type === 'REQUEST' && source.place === 'querystring');
  return type === 'REQUEST' && source.kind === 'variable';
}
