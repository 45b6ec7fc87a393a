import { Duration, Names } from 'aws-cdk-lib';
import { ITable } from 'aws-cdk-lib/aws-dynamodb';
import { Policy, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { ILogGroup } from 'aws-cdk-lib/aws-logs';
import { RunLedgerBindOptions, RunLedgerCalls } from './binding';
import { checkEnvironment } from '../../private/synth/environment-size';
import { HandlerFunction } from '../../private/synth/handler-function';
import { useKey } from '../../private/synth/key-rights';
import { LedgerEnvironment } from '../contracts/run-ledger';
import { executionsOf } from '../workflow/nested-executions';

/** It looks at up to ten executions of each range. */
export const LEDGER_TIMEOUT = Duration.minutes(1);

export interface LedgerFunctionOptions extends RunLedgerBindOptions {
  readonly table: ITable;
  readonly waitSeconds: number;
  readonly takeOverAfter: Duration;
  readonly retention: Duration;
}

export interface LedgerFunction {
  readonly lambdaFunction: LambdaFunction;
  readonly logGroup: ILogGroup;
  readonly prefix: string;
  readonly mayDescribe: RunLedgerCalls['mayDescribe'];
}

/** The function that keeps the ledger. */
export function createLedgerFunction(options: LedgerFunctionOptions): LedgerFunction {
  const { scope, parameters, table, waitSeconds, takeOverAfter, retention } = options;
  // Constructs that share a table have stacks or paths of their own.
  const prefix = Names.uniqueResourceName(scope, { maxLength: 100 });
  const environment = {
    [LedgerEnvironment.TABLE]: table.tableName,
    [LedgerEnvironment.PREFIX]: prefix,
    [LedgerEnvironment.PARAMETERS]: JSON.stringify(Object.fromEntries(Object.entries(parameters).map(([name, { rule }]) => [name, rule]))),
    [LedgerEnvironment.WAIT_SECONDS]: `${waitSeconds}`,
    [LedgerEnvironment.TAKE_OVER_SECONDS]: `${takeOverAfter.toSeconds()}`,
    [LedgerEnvironment.RETENTION_SECONDS]: `${retention.toSeconds()}`,
  };
  checkEnvironment(scope, 'parameters', environment, 'give them shorter names, or have fewer of them');
  const { lambdaFunction, logGroup, role } = new HandlerFunction(scope, 'LedgerKeeper', {
    handler: 'paged-batch-etl/run-ledger/function/keep-ledger',
    description: 'Keeps the ledger of runs',
    roleDescription: 'Keeps the ledger of runs',
    runtime: options.runtime,
    timeout: LEDGER_TIMEOUT,
    memorySize: 256,
    environment,
    statements: [
      new PolicyStatement({
        actions: ['dynamodb:GetItem', 'dynamodb:UpdateItem', 'dynamodb:Query'],
        resources: [table.tableArn],
        conditions: { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': [`${prefix}#*`] } },
      }),
      ...table.encryptionKey === undefined ? [] : [useKey(table.encryptionKey, ['kms:Decrypt'], { via: 'dynamodb' })],
    ],
    logRetention: options.logRetention,
    removalPolicy: options.removalPolicy,
    encryptionKey: options.encryptionKey,
    tracing: options.tracing,
  });
  return {
    lambdaFunction,
    logGroup,
    prefix,
    // A policy of its own: the machines depend on the function.
    mayDescribe: (machines) => new Policy(scope, 'LedgerExecutions', {
      roles: [role],
      statements: [new PolicyStatement({ actions: ['states:DescribeExecution'], resources: machines.map((machine) => `${executionsOf(scope, machine)}:*`) })],
    }),
  };
}
