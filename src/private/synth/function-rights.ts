/** Exact rights of the roles of our functions: what the grants of the CDK give is more. */
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { ILogGroup } from 'aws-cdk-lib/aws-logs';
import { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import { useKey } from './key-rights';

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
  return [read, useKey(secret.encryptionKey, ['kms:Decrypt'])];
}
