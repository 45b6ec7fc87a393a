import { RunScheduleError } from './run-schedule-error';
import { Environment, readEnvironment, wholeNumberText } from '../../../private/runtime/environment';
import { jsonOf, matching, optional, text } from '../../../private/shape/json-shape';
import { PlannerEnvironment, RunScheduleErrorName, ScheduleParameters, scheduleParameters, WindowConfig, windowConfig } from '../../contracts/plan-run';

/** What the construct tells a planner. */
export interface PlannerConfig {
  readonly stateMachineArn: string;
  readonly window: WindowConfig;
  /** The parameters of its runs that are the same in every window. */
  readonly parameters?: ScheduleParameters;
  readonly scheduleHash: string;
  /** Where the watermark is; absent where the window needs none. */
  readonly watermark?: WatermarkConfig;
}

export interface WatermarkConfig {
  readonly tableName: string;
  /** What the keys of its items begin with. */
  readonly prefix: string;
  /** How long ago a run must have ended before another one gets its window. */
  readonly takeOverSeconds: number;
  /** Of the planner. */
  readonly functionName: string;
}

const stateMachineArn = matching(/^arn:[^:]+:states:[^:]+:\d{12}:stateMachine:.+$/, 'the ARN of a state machine');

export function readPlannerConfig(environment: Environment): PlannerConfig {
  return readEnvironment(environment, (variable) => {
    const always = {
      stateMachineArn: variable(PlannerEnvironment.STATE_MACHINE_ARN, stateMachineArn),
      window: variable(PlannerEnvironment.WINDOW, jsonOf(windowConfig)),
      parameters: variable(PlannerEnvironment.PARAMETERS, optional(jsonOf(scheduleParameters))),
      scheduleHash: variable(PlannerEnvironment.SCHEDULE_HASH, matching(/^[0-9a-f]{20}$/, '20 hexadecimal digits')),
    };
    if (always.window.kind !== 'sinceWatermark') return always;
    const watermark = {
      tableName: variable(PlannerEnvironment.TABLE, text),
      prefix: variable(PlannerEnvironment.PREFIX, text),
      takeOverSeconds: variable(PlannerEnvironment.TAKE_OVER_SECONDS, wholeNumberText({ least: 0, most: 2 ** 31 })),
      functionName: variable('AWS_LAMBDA_FUNCTION_NAME', text),
    };
    return { ...always, watermark };
  }, (message) => new RunScheduleError(RunScheduleErrorName.RUN_NOT_STARTED, message));
}
