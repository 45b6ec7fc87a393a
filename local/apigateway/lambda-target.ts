import { AwsEnvironment } from '../aws/service';
import { StrictProperties } from '../template/strict-properties';

const FUNCTION_URI = /^arn:([^:]+):apigateway:([^:]+):lambda:path\/2015-03-31\/functions\/(arn:[^:]+:lambda:[^:]+:\d{12}:function:[\w-]+)\/invocations$/;

/** A Lambda function that is invoked, and whose result is taken: for a method, the body for the response template. */
export interface LambdaTarget {
  readonly kind: 'lambda';
  readonly functionArn: string;
  /** Absent where the policy of the function lets API Gateway invoke it. */
  readonly roleArn?: string;
}

/** Names of the properties that say which function is invoked, and with which role. */
export interface TargetNames {
  readonly uri: string;
  readonly credentials: string;
}

/** The function that a resource names; undefined where its URI is of something else. */
export function readLambdaTarget(
  properties: StrictProperties, { uri, credentials }: TargetNames, environment: AwsEnvironment,
): LambdaTarget | undefined {
  const [, partition, region, functionArn] = FUNCTION_URI.exec(properties.string(uri)) ?? [];
  if (functionArn === undefined) return undefined;
  assertHere(properties, uri, { partition, region }, environment);
  const own = `arn:${environment.partition}:lambda:${environment.region}:${environment.accountId}:`;
  if (!functionArn.startsWith(own)) properties.unsupported(uri, 'a function of another account or region');
  return { kind: 'lambda', functionArn, roleArn: readRole(properties, credentials, environment) };
}

/** Refuses a service of another place. */
export function assertHere(
  properties: StrictProperties, name: string, { partition, region }: Pick<AwsEnvironment, 'partition' | 'region'>, environment: AwsEnvironment,
): void {
  if (partition !== environment.partition || region !== environment.region) properties.unsupported(name, 'a service of another region or partition');
}

/** The role to call with, if one is named. */
export function readRole(properties: StrictProperties, name: string, { partition, accountId }: AwsEnvironment): string | undefined {
  const roleArn = properties.optionalString(name);
  const isOwn = roleArn === undefined || roleArn.startsWith(`arn:${partition}:iam::${accountId}:role/`);
  return isOwn ? roleArn : properties.unsupported(name, 'anything but a role of this account');
}
