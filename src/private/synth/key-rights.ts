import { Arn, ArnFormat, Aws, Stack, Token } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { IAlias, IKey } from 'aws-cdk-lib/aws-kms';

/** A key as policies have to name it. */
export interface KeyInPolicies {
  /** ARN of the key, or of all keys of its account and Region. */
  readonly arn: string;
  /** Which of those it is, where only an alias is known. */
  readonly alias?: string;
}

/** Services that call KMS for whoever calls them. */
type KmsCaller = 's3' | 'dynamodb' | 'sqs' | 'sns';

/** What a key may be used for. */
export interface KeyUse {
  /** The service that makes the call to KMS, such as `s3`; absent: any, or the caller itself. */
  readonly via?: KmsCaller;
  /** Encryption context that the call must have. */
  readonly context?: Readonly<Record<string, string>>;
  /** The same, with wildcards. */
  readonly like?: Readonly<Record<string, string>>;
}

/**
 * Rights to use a key. IAM never matches a call to KMS by the ARN of an alias, so a key that is known by one is named by a condition instead. Source: IAM
 * service authorization reference, and the KMS developer guide, "Controlling access to aliases".
 */
export function useKey(key: IKey, actions: readonly string[], { via, context = {}, like = {} }: KeyUse = {}): PolicyStatement {
  const { arn, alias } = keyInPolicies(key);
  const equals = { ...(via !== undefined && callsVia(key, via)), ...contextKeys(context) };
  return new PolicyStatement({
    actions: [...actions],
    resources: [arn],
    conditions: {
      ...(alias !== undefined && { 'ForAnyValue:StringEquals': { 'kms:ResourceAliases': alias } }),
      ...(Object.keys(equals).length > 0 && { StringEquals: equals }),
      ...(Object.keys(like).length > 0 && { StringLike: contextKeys(like) }),
    },
  });
}

/** The condition that a service makes the call to KMS, in the Region of the key. */
export function callsVia(key: IKey, service: KmsCaller): Record<string, string> {
  return { 'kms:ViaService': `${service}.${key.env.region}.${Aws.URL_SUFFIX}` };
}

function contextKeys(context: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(context).map(([name, value]) => [`kms:EncryptionContext:${name}`, value]));
}

export function keyInPolicies(key: IKey): KeyInPolicies {
  const alias = aliasOf(key);
  if (alias === undefined) return { arn: key.keyArn };
  return { arn: Stack.of(key).formatArn({ service: 'kms', region: key.env.region, account: key.env.account, resource: 'key', resourceName: '*' }), alias };
}

/** Of an alias, new or imported, and of a key that was imported by the ARN of one. */
function aliasOf(key: IKey): string | undefined {
  if (isAlias(key)) return key.aliasName;
  if (Token.isUnresolved(key.keyArn)) return undefined;
  const { resource, resourceName } = Arn.split(key.keyArn, ArnFormat.SLASH_RESOURCE_NAME);
  return resource === 'alias' ? `alias/${resourceName}` : undefined;
}

function isAlias(key: IKey): key is IAlias {
  return 'aliasName' in key;
}
