import { RunScheduleError } from './run-schedule-error';
import { Environment, readEnvironment } from '../../../private/runtime/environment';
import { jsonOf, matching } from '../../../private/shape/json-shape';
import { PlannerEnvironment, RunScheduleErrorName, WindowConfig, windowConfig } from '../../contracts/plan-run';

/** What the construct tells a planner. */
export interface PlannerConfig {
  readonly stateMachineArn: string;
  readonly window: WindowConfig;
  readonly scheduleHash: string;
}

const stateMachineArn = matching(/^arn:[^:]+:states:[^:]+:\d{12}:stateMachine:.+$/, 'the ARN of a state machine');

export function readPlannerConfig(environment: Environment): PlannerConfig {
  return readEnvironment(environment, (variable) => ({
    stateMachineArn: variable(PlannerEnvironment.STATE_MACHINE_ARN, stateMachineArn),
    window: variable(PlannerEnvironment.WINDOW, jsonOf(windowConfig)),
    scheduleHash: variable(PlannerEnvironment.SCHEDULE_HASH, matching(/^[0-9a-f]{20}$/, '20 hexadecimal digits')),
  }), (message) => new RunScheduleError(RunScheduleErrorName.RUN_NOT_STARTED, message));
}
