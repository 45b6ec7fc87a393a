import { sdkMetadata } from './answers';
import { ErrorNaming, optimizedFailure } from './error-names';
import { Integration } from './integration';
import { CallContext, ServiceError } from '../../aws/service';
import { readJson, writeJson } from '../../exact-json';
import { isObject, JsonObject, JsonValue } from '../../json';
import { TaskFailure } from '../interpreter/failure';
import { TaskResource } from '../interpreter/resource-arn';
import { TaskCall } from '../interpreter/task';

/** Invokes Lambda functions; throws `ServiceError` where the service refuses. */
export interface LambdaInvoker {
  invokeFunction(functionNameOrArn: string, payloadJson: string, context: CallContext): Promise<LambdaInvocation>;
}

/** The answer of an invocation. */
export interface LambdaInvocation {
  readonly statusCode: number;
  /** Set when the function itself failed; the payload then tells the error. */
  readonly functionError?: string;
  /** JSON text. */
  readonly payload: string;
  readonly executedVersion: string;
}

/** Errors of the Invoke operation, from its API reference. */
const naming: ErrorNaming = {
  prefix: 'Lambda',
  label: 'AWSLambda',
  listed: [
    'EC2AccessDenied', 'EC2Throttled', 'EC2Unexpected', 'EFSIO', 'EFSMountConnectivity', 'EFSMountFailure', 'EFSMountTimeout', 'ENILimitReached',
    'InvalidParameterValue', 'InvalidRequestContent', 'InvalidRuntime', 'InvalidSecurityGroupID', 'InvalidSubnetID', 'InvalidZipFile',
    'KMSAccessDenied', 'KMSDisabled', 'KMSInvalidState', 'KMSNotFound', 'RecursiveInvocation', 'RequestTooLarge', 'ResourceConflict',
    'ResourceNotFound', 'ResourceNotReady', 'Service', 'SnapStart', 'SnapStartNotReady', 'SnapStartTimeout', 'SubnetIPAddressLimitReached',
    'TooManyRequests', 'UnsupportedMediaType',
  ],
};

/** `lambda:invoke`, with and without task token, and Resources that are function ARNs. */
export class LambdaIntegration implements Integration {
  constructor(private readonly lambda: LambdaInvoker) {}

  supports(resource: TaskResource): boolean {
    if (resource.kind === 'lambda') return true;
    return resource.service === 'lambda' && resource.action === 'invoke' && (resource.pattern ?? 'waitForTaskToken') === 'waitForTaskToken';
  }

  missingParameters(parameters: JsonValue): readonly string[] {
    const { InvocationType: type = 'RequestResponse', ...others }: JsonObject = isObject(parameters) ? parameters : {};
    const known = ['FunctionName', 'Payload', 'Qualifier'].flatMap((name) => [name, `${name}.$`]);
    const missing = Object.keys(others).filter((name) => !known.includes(name));
    return type === 'RequestResponse' ? missing : [...missing, `InvocationType ${JSON.stringify(type)}`];
  }

  async call({ resource, input }: TaskCall, context: CallContext): Promise<JsonValue> {
    if (resource.kind === 'lambda') return parsePayload(await this.invoke(resource.arn, input, context));
    const { functionName, payload } = readInvokeInput(input);
    const invocation = await this.invoke(functionName, payload, context);
    const { executedVersion, statusCode } = invocation;
    return { ExecutedVersion: executedVersion, Payload: parsePayload(invocation), ...sdkMetadata(statusCode), StatusCode: statusCode };
  }

  private async invoke(functionName: string, payload: JsonValue, context: CallContext): Promise<LambdaInvocation> {
    try {
      const invocation = await this.lambda.invokeFunction(functionName, writeJson(payload), context);
      if (invocation.functionError !== undefined) throw functionFailure(invocation.payload);
      return invocation;
    } catch (error) {
      if (error instanceof ServiceError) throw optimizedFailure(error, naming);
      throw error;
    }
  }
}

function readInvokeInput(input: JsonValue): { functionName: string; payload: JsonValue } {
  const { FunctionName, Payload = {}, Qualifier, InvocationType = 'RequestResponse', ...rest }: JsonObject = isObject(input) ? input : {};
  const unsupported = Object.keys(rest);
  if (InvocationType !== 'RequestResponse') unsupported.push(`InvocationType ${JSON.stringify(InvocationType)}`);
  if (unsupported.length > 0) throw new Error(`lambda:invoke: the local cloud does not implement ${unsupported.join(', ')}`);
  if (typeof FunctionName !== 'string') throw new TaskFailure('States.Runtime', 'lambda:invoke needs a FunctionName');
  return { functionName: typeof Qualifier === 'string' ? `${FunctionName}:${Qualifier}` : FunctionName, payload: Payload };
}

function parsePayload({ payload }: LambdaInvocation): JsonValue {
  return payload === '' ? null : readJson(payload);
}

/** The error name is that of the exception; the cause is the whole error object. */
function functionFailure(payload: string): TaskFailure {
  const error = readJson(payload);
  const type = isObject(error) && typeof error.errorType === 'string' ? error.errorType : 'Lambda.Unknown';
  return new TaskFailure(type, writeJson(error));
}
