import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { IStateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { useKey } from '../../private/synth/key-rights';
import { PlannerEnvironment } from '../contracts/plan-run';
import { runPartition, windowOfSchedule, windowPartition } from '../contracts/run-ledger';
import { LedgerParts } from '../run-ledger/binding';
import { executionsOf } from '../workflow/nested-executions';

/** What a planner is told of the watermark of its schedule, and may do: read that item and those of runs, and see whether the run that has the window is underway. */
export function readWatermark(
  scope: Construct, { table, prefix, takeOverAfter }: Pick<LedgerParts, 'table' | 'prefix' | 'takeOverAfter'>, { workflow, schedule }: { readonly workflow: IStateMachine; readonly schedule: string },
): { readonly environment: Readonly<Record<string, string>>; readonly statements: PolicyStatement[] } {
  const executions = executionsOf(scope, workflow);
  return {
    environment: {
      [PlannerEnvironment.TABLE]: table.tableName, [PlannerEnvironment.PREFIX]: prefix, [PlannerEnvironment.TAKE_OVER_SECONDS]: `${takeOverAfter.toSeconds()}`,
    },
    statements: [
      new PolicyStatement({
        actions: ['dynamodb:GetItem'],
        resources: [table.tableArn],
        conditions: {
          'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': [windowPartition(prefix, windowOfSchedule(schedule)), runPartition(prefix, `${executions}:*`)] },
        },
      }),
      ...table.encryptionKey === undefined ? [] : [useKey(table.encryptionKey, ['kms:Decrypt'], { via: 'dynamodb' })],
      new PolicyStatement({ actions: ['states:DescribeExecution'], resources: [`${executions}:*`] }),
    ],
  };
}
