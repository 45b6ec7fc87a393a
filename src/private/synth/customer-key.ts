/** What it takes to encrypt executions and logs with a key of the user's. */
import { ArnFormat, Aws, Stack } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { IKey } from 'aws-cdk-lib/aws-kms';
import { CfnStateMachine, StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { keyInPolicies, useKey } from './key-rights';
import { checkRegion } from './place';
import { warn } from './warning';

/** What CloudWatch Logs does with a key. Source: CloudWatch Logs user guide, "Encrypt log data in CloudWatch Logs using AWS KMS". */
const LOGS_ACTIONS = [
  'kms:Decrypt', 'kms:DescribeKey', 'kms:Encrypt', 'kms:GenerateDataKey', 'kms:GenerateDataKeyWithoutPlaintext', 'kms:ReEncryptFrom', 'kms:ReEncryptTo',
];

/** Lets the services use the key that use it by themselves; warns if its policy cannot be changed here. */
export function letLogsUse(scope: Construct, key: IKey): void {
  checkRegion('encryptionKey', scope, key, 'Step Functions and CloudWatch Logs use keys of their own Region only');
  // An alias is named by its text, which makes nothing wait for it.
  if (keyInPolicies(key).alias !== undefined) scope.node.addDependency(key);
  const logs = `logs.${Aws.REGION}.${Aws.URL_SUFFIX}`;
  const delivery = 'delivery.logs.amazonaws.com';
  // In a key's own policy, `*` is that key.
  const added = [
    new PolicyStatement({
      principals: [new ServicePrincipal(logs)],
      actions: LOGS_ACTIONS,
      resources: ['*'],
      conditions: { ArnLike: { 'kms:EncryptionContext:aws:logs:arn': allLogs(scope) } },
    }),
    // What an encrypted state machine logs is encrypted on its way to the log group.
    new PolicyStatement({ principals: [new ServicePrincipal(delivery)], actions: ['kms:Decrypt'], resources: ['*'] }),
  ].map((statement) => key.addToResourcePolicy(statement).statementAdded);
  if (added.every(Boolean)) return;
  warn(
    scope, 'keyPolicy',
    `encryptionKey was not made in this app, so its policy stays as it is. It must let logs.<Region>.amazonaws.com use ${LOGS_ACTIONS.join(', ')} for `
      + `the log groups of this account (ArnLike on kms:EncryptionContext:aws:logs:arn), without which the deployment fails; let ${delivery} use kms:Decrypt, `
      + 'without which the workflow has no log; and let the account decide by its IAM policies about all else. Acknowledge this warning when it does',
  );
}

/**
 * Rights of the role of an encrypted state machine, which calls KMS itself: no condition on the service can hold. Source: Step Functions developer guide,
 * "Data at rest encryption in Step Functions".
 */
export function encryptedMachineRights(scope: Construct, key: IKey): PolicyStatement[] {
  const stack = Stack.of(scope);
  const machines = stack.formatArn({ service: 'states', resource: 'stateMachine', resourceName: '*', arnFormat: ArnFormat.COLON_RESOURCE_NAME });
  return [
    // The ARN is not known before the machine is there, and a machine that is there before its role may use the key fails every execution in the meantime.
    useKey(key, ['kms:Decrypt', 'kms:GenerateDataKey'], { like: { 'aws:states:stateMachineArn': machines } }),
    useKey(key, ['kms:GenerateDataKey'], { context: { SourceArn: allLogs(scope) } }),
  ];
}

/** Everything of CloudWatch Logs in the account and Region. */
function allLogs(scope: Construct): string {
  return Stack.of(scope).formatArn({ service: 'logs', resource: '*', arnFormat: ArnFormat.NO_RESOURCE_NAME });
}

/**
 * Encrypts a state machine. `encryptionConfiguration` of the CDK's own class would add rights for a machine whose name is known, and for a key whose ARN is
 * that of an alias: none of them would hold.
 */
export function encryptMachine(machine: StateMachine, key: IKey): void {
  const resource = machine.node.defaultChild;
  if (!(resource instanceof CfnStateMachine)) throw new Error('StateMachine of aws-cdk-lib has no CfnStateMachine');
  resource.encryptionConfiguration = { type: 'CUSTOMER_MANAGED_KMS_KEY', kmsKeyId: key.keyArn };
}
