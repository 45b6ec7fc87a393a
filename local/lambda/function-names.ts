import { LATEST } from './function-configuration';
import { AwsEnvironment, ServiceError } from '../aws/service';

/** Which function an invocation means. */
export interface FunctionReference {
  readonly functionName: string;
  readonly qualifier?: string;
  /** ARN as it is authorised: with the qualifier, where one was given. */
  readonly arn: string;
}

const NAME = '[A-Za-z0-9-_]{1,64}';
const QUALIFIER = String.raw`\$LATEST|[A-Za-z0-9-_]{1,128}`;
const REFERENCE = new RegExp(
  `^(?:(?:arn:(?<partition>[a-z-]+):lambda:(?<region>[a-z0-9-]+):)?(?<account>\\d{12}):function:)?(?<name>${NAME})(?::(?<qualifier>${QUALIFIER}))?$`,
);

/** ARN of a function of this cloud. */
export function functionArn(environment: AwsEnvironment, functionName: string): string {
  return `arn:${environment.partition}:lambda:${environment.region}:${environment.accountId}:function:${functionName}`;
}

/** Reads a name, a partial ARN (`account:function:name`) or an ARN, each with or without a qualifier. */
export function parseFunctionReference(text: string, environment: AwsEnvironment, qualifier?: string): FunctionReference {
  const groups = REFERENCE.exec(text)?.groups;
  if (groups === undefined) {
    throw new ServiceError('ValidationException', `Value '${text}' at 'functionName' failed to satisfy constraint: not a function name or ARN`);
  }
  const { partition, region, account, name } = groups;
  if (qualifier !== undefined && groups.qualifier !== undefined && qualifier !== groups.qualifier) {
    throw new ServiceError('InvalidParameterValueException', 'The derived qualifier from the function name does not match the specified qualifier.');
  }
  const elsewhere = (partition ?? environment.partition) !== environment.partition
    || (region ?? environment.region) !== environment.region
    || (account ?? environment.accountId) !== environment.accountId;
  if (elsewhere) throw functionNotFound(text);
  const effective = qualifier ?? groups.qualifier;
  const arn = functionArn(environment, name);
  return { functionName: name, qualifier: effective, arn: effective === undefined ? arn : `${arn}:${effective}` };
}

/** Fails for a version or an alias: the local cloud has none. */
export function assertLatest(reference: FunctionReference): void {
  if ((reference.qualifier ?? LATEST) !== LATEST) throw functionNotFound(reference.arn);
}

export function functionNotFound(arn: string): ServiceError {
  return new ServiceError('ResourceNotFoundException', `Function not found: ${arn}`, 404, { Type: 'User' });
}
