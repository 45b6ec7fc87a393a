import { PlannerServices, planRun, PlanRunResult } from './schedule/plan-run.lambda-shared';
import { readPlannerConfig } from './schedule/planner-config.lambda-shared';
import { createStartRun } from './schedule/start-run.lambda-shared';
import { once } from '../private/runtime/once.lambda-shared';

const services = once((): PlannerServices => {
  const config = readPlannerConfig(process.env);
  return { config, startRun: createStartRun(config.stateMachineArn), log: console.log };
});

/** Entry point of the planner function of a schedule. */
export async function handler(event: unknown): Promise<PlanRunResult> {
  return planRun(event, services());
}
