import { RunScheduleError } from './run-schedule-error';
import { Environment, readEnvironment } from '../../../private/runtime/environment';
import { jsonOf, matching, optional } from '../../../private/shape/json-shape';
import { PlannerEnvironment, RunScheduleErrorName, ScheduleParameters, scheduleParameters, WindowConfig, windowConfig } from '../../contracts/plan-run';

/** What the construct tells a planner. */
export interface PlannerConfig {
  readonly stateMachineArn: string;
  readonly window: WindowConfig;
  /** The parameters of its runs that are the same in every window. */
  readonly parameters?: ScheduleParameters;
  readonly scheduleHash: string;
}

const stateMachineArn = matching(/^arn:[^:]+:states:[^:]+:\d{12}:stateMachine:.+$/, 'the ARN of a state machine');

export function readPlannerConfig(environment: Environment): PlannerConfig {
  return readEnvironment(environment, (variable) => ({
    stateMachineArn: variable(PlannerEnvironment.STATE_MACHINE_ARN, stateMachineArn),
    window: variable(PlannerEnvironment.WINDOW, jsonOf(windowConfig)),
    parameters: variable(PlannerEnvironment.PARAMETERS, optional(jsonOf(scheduleParameters))),
    scheduleHash: variable(PlannerEnvironment.SCHEDULE_HASH, matching(/^[0-9a-f]{20}$/, '20 hexadecimal digits')),
  }), (message) => new RunScheduleError(RunScheduleErrorName.RUN_NOT_STARTED, message));
}
