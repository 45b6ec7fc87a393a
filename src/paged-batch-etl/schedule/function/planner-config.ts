import { RunScheduleError } from './run-schedule-error';
import { anyObject, exactly, finiteNumber, jsonOf, literal, matching, Read, ShapeError, text } from '../../../private/runtime/json-shape';
import { LastHoursConfig, PlannerEnvironment, PreviousDayConfig, RunScheduleErrorName, WindowConfig } from '../../contracts/plan-run';

/** What the construct tells a planner. */
export interface PlannerConfig {
  readonly stateMachineArn: string;
  readonly window: WindowConfig;
  readonly scheduleHash: string;
}

const previousDay = exactly<PreviousDayConfig>({ kind: literal('previousDay'), begin: text, end: text, timeZone: text });
const lastHours = exactly<LastHoursConfig>({ kind: literal('lastHours'), begin: text, end: text, hours: finiteNumber });
const window: Read<WindowConfig> = (value, place) => (anyObject(value, place).kind === 'lastHours' ? lastHours(value, place) : previousDay(value, place));

/** Reads the environment of the function; a variable that is missing or wrong fails every plan, naming the variable. */
export function readPlannerConfig(environment: Readonly<Record<string, string | undefined>>): PlannerConfig {
  const variable = <T>(name: string, read: Read<T>): T => read(environment[name], name);
  try {
    return {
      stateMachineArn: variable(PlannerEnvironment.STATE_MACHINE_ARN, matching(/^arn:[^:]+:states:[^:]+:\d{12}:stateMachine:.+$/, 'the ARN of a state machine')),
      window: variable(PlannerEnvironment.WINDOW, jsonOf(window)),
      scheduleHash: variable(PlannerEnvironment.SCHEDULE_HASH, matching(/^[0-9a-f]{20}$/, '20 hexadecimal digits')),
    };
  } catch (error) {
    if (!(error instanceof ShapeError)) throw error;
    throw new RunScheduleError(RunScheduleErrorName.RUN_NOT_STARTED, `The function is not configured: ${error.message}`);
  }
}
