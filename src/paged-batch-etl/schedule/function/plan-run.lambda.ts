import { PlannerServices, planRun, PlanRunResult } from './plan-run';
import { readPlannerConfig } from './planner-config';
import { createStartRun } from './start-run';
import { once } from '../../../private/runtime/once';

const services = once((): PlannerServices => {
  const config = readPlannerConfig(process.env);
  return { config, startRun: createStartRun(config.stateMachineArn), log: console.log };
});

/** Entry point of the planner function of a schedule. */
export async function handler(event: unknown): Promise<PlanRunResult> {
  return planRun(event, services());
}
