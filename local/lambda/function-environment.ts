import { FunctionConfiguration, FunctionCredentials, LATEST } from './function-configuration';
import { AwsEnvironment } from '../aws/service';

/** Variables that Lambda sets itself, so that a function's configuration must not; from the environment variables page of its guide. */
const RESERVED = [
  '_HANDLER', '_X_AMZN_TRACE_ID', 'AWS_DEFAULT_REGION', 'AWS_REGION', 'AWS_EXECUTION_ENV', 'AWS_LAMBDA_FUNCTION_NAME',
  'AWS_LAMBDA_FUNCTION_MEMORY_SIZE', 'AWS_LAMBDA_FUNCTION_VERSION', 'AWS_LAMBDA_INITIALIZATION_TYPE', 'AWS_LAMBDA_LOG_GROUP_NAME',
  'AWS_LAMBDA_LOG_STREAM_NAME', 'AWS_ACCESS_KEY', 'AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN', 'AWS_LAMBDA_RUNTIME_API',
  'LAMBDA_TASK_ROOT', 'LAMBDA_RUNTIME_DIR',
];

export interface FunctionEnvironmentOptions {
  readonly environment: AwsEnvironment;
  readonly configuration: FunctionConfiguration;
  readonly credentials: FunctionCredentials;
  readonly taskRoot: string;
  readonly logStreamName: string;
  /** What leads the function to the local services. */
  readonly extra: Readonly<Record<string, string>>;
}

/** Every environment variable of a function's process; nothing of the host's own gets in. */
export function functionEnvironment(options: FunctionEnvironmentOptions): Record<string, string> {
  const { environment, configuration, credentials } = options;
  return {
    LANG: 'en_US.UTF-8',
    TZ: ':UTC',
    ...configuration.variables,
    _HANDLER: configuration.handler,
    AWS_REGION: environment.region,
    AWS_DEFAULT_REGION: environment.region,
    AWS_EXECUTION_ENV: `AWS_Lambda_${configuration.runtime}`,
    AWS_LAMBDA_FUNCTION_NAME: configuration.functionName,
    AWS_LAMBDA_FUNCTION_VERSION: LATEST,
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(configuration.memoryMegabytes),
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    AWS_LAMBDA_LOG_GROUP_NAME: configuration.logGroup,
    AWS_LAMBDA_LOG_STREAM_NAME: options.logStreamName,
    LAMBDA_TASK_ROOT: options.taskRoot,
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    AWS_SESSION_TOKEN: credentials.sessionToken,
    // There is no instance to ask; without this the SDK would try.
    AWS_EC2_METADATA_DISABLED: 'true',
    ...options.extra,
  };
}

/** Fails for variables that Lambda would not take. */
export function assertVariables(variables: Readonly<Record<string, string>>, path: string, maxBytes: number): void {
  const names = Object.keys(variables);
  const reserved = names.filter((name) => RESERVED.includes(name));
  if (reserved.length > 0) throw new Error(`${path}: reserved keys used in the environment variables: ${reserved.join(', ')}`);
  const malformed = names.filter((name) => !/^[a-zA-Z][a-zA-Z0-9_]+$/.test(name));
  if (malformed.length > 0) throw new Error(`${path}: not names of environment variables: ${malformed.join(', ')}`);
  const bytes = Buffer.byteLength(JSON.stringify(variables));
  if (bytes > maxBytes) throw new Error(`${path}: the environment variables have ${bytes} bytes, Lambda takes at most ${maxBytes}`);
}
