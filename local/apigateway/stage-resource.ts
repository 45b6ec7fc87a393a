import { AccessLog, Deployment, RestApi, Stage } from './definition';
import { MethodThrottle } from './token-bucket';
import { unknownVariables } from './variables';
import { StrictProperties } from '../template/strict-properties';

/** Variables of an access log's format that the local cloud can fill. Those of a caller's identity print a hyphen when there is none. */
const LOG_VARIABLES = [
  'accountId', 'apiId', 'authorizer.principalId', 'domainName', 'domainPrefix', 'error.message', 'error.messageString', 'error.responseType', 'error.validationErrorString',
  'extendedRequestId', 'httpMethod', 'identity.accountId', 'identity.apiKeyId', 'identity.caller', 'identity.sourceIp', 'identity.user', 'identity.userAgent',
  'identity.userArn', 'operationName', 'path', 'protocol', 'requestId', 'requestTime', 'requestTimeEpoch', 'resourceId', 'resourcePath',
  'responseLength', 'stage', 'status',
].map((name) => `context.${name}`);

/** Reads the properties of AWS::ApiGateway::Stage. */
export function readStage(properties: StrictProperties, api: RestApi, accountHasLogRole: boolean): Stage {
  // Traces, documentation and tags do not touch requests.
  properties.notModelled('TracingEnabled', 'Description', 'DocumentationVersion', 'Tags');
  const deploymentId = properties.string('DeploymentId');
  const deployment = api.deployments.get(deploymentId);
  if (deployment === undefined) throw new Error(`Invalid Deployment identifier specified: ${deploymentId}`);
  const name = properties.string('StageName');
  if (!/^[A-Za-z0-9_]{1,128}$/.test(name)) throw new Error(`Stage name only allows a-zA-Z0-9_: ${name}`);
  return {
    name,
    deployment,
    variables: Object.fromEntries(properties.texts('Variables')),
    throttles: (properties.list('MethodSettings', (setting) => readMethodSetting(setting, deployment, accountHasLogRole)) ?? []).flat(),
    accessLog: properties.object('AccessLogSetting', (setting) => readAccessLog(setting, accountHasLogRole)),
  };
}

function readMethodSetting(setting: StrictProperties, deployment: Deployment, accountHasLogRole: boolean): MethodThrottle[] {
  // Metrics and the content of execution logs are not modelled; that logging needs the account's role is.
  setting.notModelled('MetricsEnabled', 'DataTraceEnabled');
  if ((setting.optionalString('LoggingLevel') ?? 'OFF') !== 'OFF') assertLogRole(accountHasLogRole);
  if (setting.boolean('CachingEnabled') === true) setting.unsupported('CachingEnabled', 'caching');
  const resourcePath = setting.string('ResourcePath').replaceAll('~1', '/').replace(/^\/\//, '/');
  const httpMethod = setting.string('HttpMethod');
  assertMethodExists(setting, deployment, resourcePath, httpMethod);
  const rateLimit = setting.number('ThrottlingRateLimit');
  const burstLimit = setting.number('ThrottlingBurstLimit');
  if (rateLimit === undefined && burstLimit === undefined) return [];
  if (rateLimit === undefined || burstLimit === undefined) {
    // The other one is the account's quota, which differs.
    throw new Error('The local cloud does not implement ThrottlingRateLimit without ThrottlingBurstLimit, or the other way round');
  }
  return [{ resourcePath, httpMethod, rateLimit, burstLimit }];
}

/** Settings of a method that is not there change nothing, and what API Gateway says to them is not documented. */
function assertMethodExists(setting: StrictProperties, { routes }: Deployment, path: string, verb: string): void {
  const exists = routes.some(({ resourcePath, method }) => [resourcePath, '/*'].includes(path) && [method.httpMethod, '*'].includes(verb));
  if (!exists) setting.unsupported('ResourcePath', `settings of a method that the deployment does not have (${verb} ${path})`);
}

function readAccessLog(setting: StrictProperties, accountHasLogRole: boolean): AccessLog {
  assertLogRole(accountHasLogRole);
  const format = setting.string('Format');
  const unknown = unknownVariables(format, LOG_VARIABLES);
  if (unknown.length > 0) setting.unsupported('Format', `the variables ${unknown.join(', ')}`);
  if (!format.includes('$context.requestId') && !format.includes('$context.extendedRequestId')) {
    throw new Error('Access log format must contain at least $context.requestId or $context.extendedRequestId');
  }
  return { destinationArn: setting.string('DestinationArn'), format };
}

function assertLogRole(accountHasLogRole: boolean): void {
  if (!accountHasLogRole) throw new Error('CloudWatch Logs role ARN must be set in account settings to enable logging');
}
