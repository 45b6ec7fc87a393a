import { PlannerServices, planRun, PlanRunResult } from './plan-run';
import { readPlannerConfig } from './planner-config';
import { createStartRun } from './start-run';
import { once } from '../../../private/runtime/once';
import { writeLine } from '../../../private/runtime/write-line';
import { createDynamoDbTable } from '../../run-ledger/function/dynamodb-table';
import { createDescribeExecution } from '../../run-ledger/function/executions';

const services = once((): PlannerServices => {
  const config = readPlannerConfig(process.env);
  const { watermark } = config;
  return {
    config,
    startRun: createStartRun(config.stateMachineArn),
    now: Date.now,
    log: console.log,
    ...watermark !== undefined && {
      watermark: {
        place: { ...watermark, table: createDynamoDbTable(watermark.tableName), describe: createDescribeExecution() },
        functionName: watermark.functionName,
        emit: writeLine,
      },
    },
  };
});

/** Entry point of the planner function of a schedule. */
export async function handler(event: unknown): Promise<PlanRunResult> {
  return planRun(event, services());
}
