import { JsonObject } from '../json';
import { EventInvokeSettings } from './asynchronous';
import { FunctionCode, FunctionConfiguration, LATEST, LogFormat, VpcConfiguration } from './function-configuration';
import { assertVariables } from './function-environment';
import { functionArn } from './function-names';
import { LambdaService } from './lambda-service';
import { LONGEST_TIMEOUT_SECONDS, MAX_VARIABLES_BYTES, RUNTIMES } from './limits';
import { CreatedResource, ResourceChanges, ResourceProvider, ResourceProviders, ResourceRequest } from '../template/resource';
import { StrictProperties } from '../template/strict-properties';

/** Settings that change nothing that can be seen here: each is reported by `LambdaService.notModelled`. */
const REPORTED = ['DeadLetterConfig', 'EphemeralStorage', 'KmsKeyArn'];

/** Functions, the permissions on them, and how their asynchronous invocations are tried, as CloudFormation makes them. */
export function lambdaResources(service: LambdaService): ResourceProviders {
  return {
    'AWS::Lambda::Function': functionProvider(service),
    'AWS::Lambda::EventInvokeConfig': eventInvokeConfigProvider(service),
    'AWS::Lambda::Permission': permissionProvider(service),
  };
}

/** What becomes of them in updates: later invocations run with what is new, those underway end as they began. */
export function lambdaChanges(service: LambdaService): ResourceChanges {
  const forget = (logicalId: string): void => {
    const others = service.notModelled.filter((entry) => !entry.startsWith(`${logicalId}.`));
    service.notModelled.splice(0, service.notModelled.length, ...others);
  };
  return {
    'AWS::Lambda::Function': {
      update: async (request) => {
        forget(request.logicalId);
        const configuration = readFunction(service, request);
        await service.changeFunction(configuration);
        return describeFunction(configuration);
      },
      remove: async ({ logicalId, current: { ref } }) => {
        forget(logicalId);
        await service.removeFunction(ref);
      },
    },
    'AWS::Lambda::EventInvokeConfig': {
      update: async (request) => {
        await service.reconfigureEventInvoke(request.properties.string('FunctionName'), readEventInvoke(request));
        return request.current;
      },
      remove: ({ properties }) => service.unconfigureEventInvoke(properties.string('FunctionName')),
    },
    // Every change replaces it.
    'AWS::Lambda::Permission': { remove: ({ properties, current: { ref } }) => service.removePermission(properties.string('FunctionName'), ref) },
  };
}

function functionProvider(service: LambdaService): ResourceProvider {
  return async (request) => {
    const configuration = readFunction(service, request);
    await service.createFunction(configuration);
    return describeFunction(configuration);
  };
}

function describeFunction({ functionName, functionArn: arn }: FunctionConfiguration): CreatedResource {
  return { ref: functionName, attributes: { Arn: arn } };
}

function permissionProvider(service: LambdaService): ResourceProvider {
  return ({ properties, identity, stackName }) => {
    const statementId = `${stackName}-${identity}`;
    const sourceArn = properties.optionalString('SourceArn');
    const sourceAccount = properties.optionalString('SourceAccount');
    const condition: JsonObject = {
      ...sourceArn !== undefined && { ArnLike: { 'AWS:SourceArn': sourceArn } },
      ...sourceAccount !== undefined && { StringEquals: { 'AWS:SourceAccount': sourceAccount } },
    };
    service.addPermission(properties.string('FunctionName'), {
      Sid: statementId,
      Effect: 'Allow',
      Principal: readPrincipal(properties.string('Principal')),
      Action: properties.string('Action'),
      ...Object.keys(condition).length > 0 && { Condition: condition },
    });
    return { ref: statementId, attributes: { Id: statementId } };
  };
}

function eventInvokeConfigProvider(service: LambdaService): ResourceProvider {
  return async (request) => {
    const { properties, stackName, identity } = request;
    await service.configureEventInvoke(properties.string('FunctionName'), readEventInvoke(request));
    return { ref: `${stackName}-${identity}` };
  };
}

function readEventInvoke({ properties }: ResourceRequest): EventInvokeSettings {
  const qualifier = properties.string('Qualifier');
  if (qualifier !== LATEST) properties.unsupported('Qualifier', 'a version or an alias');
  return {
    maximumRetryAttempts: readWhole(properties, 'MaximumRetryAttempts', 0, 2),
    maximumEventAgeSeconds: readWhole(properties, 'MaximumEventAgeInSeconds', 60, 21_600),
    onFailureArn: properties.object('DestinationConfig', (config) => config.object('OnFailure', (onFailure) => onFailure.string('Destination'))),
  };
}

function readFunction(service: LambdaService, request: ResourceRequest): FunctionConfiguration {
  const { properties, environment, logicalId } = request;
  const functionName = properties.optionalString('FunctionName') ?? request.physicalName(64);
  if (!/^[\w-]{1,64}$/.test(functionName)) properties.unsupported('FunctionName', 'a name that is not 1 to 64 letters, digits, hyphens and underscores');
  properties.object('EphemeralStorage', (storage) => readWhole(storage, 'Size', 512, 10_240) ?? storage.unsupported('Size', 'storage without a size'));
  const arn = functionArn(environment, functionName);
  const variables = readVariables(properties);
  assertVariables(variables, logicalId, MAX_VARIABLES_BYTES);
  assertArchitecture(properties);
  const logging = readLogging(properties);
  // Neither can be seen by a function or a caller of the operations here.
  properties.notModelled('Description', 'Tags');
  for (const name of REPORTED.filter((reported) => properties.has(reported))) {
    properties.notModelled(name);
    service.notModelled.push(`${logicalId}.${name}`);
  }
  return {
    functionName,
    functionArn: arn,
    handler: properties.string('Handler'),
    runtime: readRuntime(properties),
    roleArn: properties.string('Role'),
    timeoutSeconds: readWhole(properties, 'Timeout', 1, LONGEST_TIMEOUT_SECONDS) ?? 3,
    memoryMegabytes: readWhole(properties, 'MemorySize', 128, 10_240) ?? 128,
    variables,
    logGroup: logging.group ?? `/aws/lambda/${functionName}`,
    logFormat: logging.format,
    vpc: readVpc(service, request),
    traced: readTracing(service, request),
    reservedConcurrency: readWhole(properties, 'ReservedConcurrentExecutions', 0, 900),
    code: readCode(request),
  };
}

function readPrincipal(principal: string): string | JsonObject {
  if (principal === '*') return principal;
  return /^(\d{12}$|arn:)/.test(principal) ? { AWS: principal } : { Service: principal };
}

function readCode({ properties, asset }: ResourceRequest): FunctionCode {
  const code = properties.object('Code', (source): FunctionCode => {
    const inline = source.optionalString('ZipFile');
    if (inline !== undefined) return { inline };
    const bucket = source.string('S3Bucket');
    return { folder: asset(source.string('S3Key'), bucket) };
  });
  return code ?? properties.unsupported('Code', 'a function without code');
}

function readRuntime(properties: StrictProperties): string {
  const runtime = properties.string('Runtime');
  return RUNTIMES.includes(runtime) ? runtime : properties.unsupported('Runtime', `a runtime other than ${RUNTIMES.join(', ')}`);
}

function assertArchitecture(properties: StrictProperties): void {
  const architectures = properties.strings('Architectures') ?? ['x86_64'];
  if (architectures.length !== 1 || !['x86_64', 'arm64'].includes(architectures[0])) {
    properties.unsupported('Architectures', 'anything but one of x86_64 and arm64');
  }
}

function readTracing(service: LambdaService, { properties, logicalId }: ResourceRequest): boolean {
  const mode = properties.object('TracingConfig', (tracing) => tracing.string('Mode'));
  if (mode === 'Active') service.notModelled.push(`${logicalId}.TracingConfig`);
  else if (mode !== undefined && mode !== 'PassThrough') properties.unsupported('TracingConfig', `the mode ${mode}`);
  return mode === 'Active';
}

/** Which subnets and groups they are has no effect here, which is reported. */
function readVpc(service: LambdaService, { properties, logicalId }: ResourceRequest): VpcConfiguration | undefined {
  const vpc = properties.object('VpcConfig', (config) => {
    const ipv6 = config.boolean('Ipv6AllowedForDualStack');
    return { subnetIds: config.strings('SubnetIds') ?? [], securityGroupIds: config.strings('SecurityGroupIds') ?? [], ipv6 };
  });
  if (vpc === undefined) return undefined;
  const { subnetIds, securityGroupIds } = vpc;
  if ((subnetIds.length === 0) !== (securityGroupIds.length === 0)) throw new Error(`${logicalId}: SubnetIds and SecurityIds must coexist in VpcConfig.`);
  if (subnetIds.length === 0) return undefined;
  service.notModelled.push(`${logicalId}.VpcConfig`);
  return vpc;
}

function readLogging(properties: StrictProperties): { group?: string; format: LogFormat } {
  const logging = properties.object('LoggingConfig', (config): { group?: string; format: LogFormat } => {
    const group = config.optionalString('LogGroup');
    const format = config.optionalString('LogFormat') ?? 'Text';
    if (format !== 'Text' && format !== 'JSON') return config.unsupported('LogFormat', 'a format other than Text and JSON');
    return { group, format };
  });
  return logging ?? { format: 'Text' };
}

function readVariables(properties: StrictProperties): Record<string, string> {
  const variables = properties.object('Environment', (environment) => environment.texts('Variables'));
  return Object.fromEntries(variables ?? []);
}

function readWhole(properties: StrictProperties, name: string, least: number, most: number): number | undefined {
  const value = properties.number(name);
  if (value !== undefined && !(Number.isInteger(value) && value >= least && value <= most)) {
    return properties.unsupported(name, `a value other than a whole number from ${least} to ${most}`);
  }
  return value;
}
