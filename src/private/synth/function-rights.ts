/** Exact rights of the roles of our functions: what the grants of the CDK give is more. */
import { Stack } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { IAlias, IKey } from 'aws-cdk-lib/aws-kms';
import { ILogGroup } from 'aws-cdk-lib/aws-logs';
import { ISecret } from 'aws-cdk-lib/aws-secretsmanager';

/** A function writes its log. */
export function writeLogs(logGroup: ILogGroup): PolicyStatement {
  return new PolicyStatement({ actions: ['logs:CreateLogStream', 'logs:PutLogEvents'], resources: [logGroup.logGroupArn] });
}

/** A function reads a secret, with the customer key that encrypts it, if any. */
export function readSecret(secret: ISecret): PolicyStatement[] {
  const read = new PolicyStatement({
    actions: ['secretsmanager:GetSecretValue'],
    // Secrets Manager appends a hyphen and six characters to the name of a secret.
    resources: [secret.secretFullArn ?? `${secret.secretArn}-??????`],
  });
  if (secret.encryptionKey === undefined) return [read];
  return [read, decrypt(secret.encryptionKey)];
}

function decrypt(key: IKey): PolicyStatement {
  const actions = ['kms:Decrypt'];
  if (!isAlias(key)) return new PolicyStatement({ actions, resources: [key.keyArn] });
  return new PolicyStatement({
    actions,
    // Rights are on keys; which key an alias stands for is known to KMS alone.
    resources: [Stack.of(key).formatArn({ service: 'kms', resource: 'key', resourceName: '*' })],
    conditions: { 'ForAnyValue:StringEquals': { 'kms:ResourceAliases': key.aliasName } },
  });
}

function isAlias(key: IKey): key is IAlias {
  return 'aliasName' in key;
}
