import { Temporal } from '@js-temporal/polyfill';
import { RunScheduleError } from './run-schedule-error';
import { readReleased } from '../../../private/runtime/released-contracts';
import { exactly, flag, literal, matching, optional, Read, ShapeError } from '../../../private/shape/json-shape';
import { PLAN_RUN_CONTRACT, PlanRunEvent, RunScheduleErrorName } from '../../contracts/plan-run';

const INSTANT = 'a UTC instant in ISO 8601';
const instantText = matching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?Z$/, INSTANT);

/** Every contract ever released, and how its event is read. */
const CONTRACTS: ReadonlyMap<number, Read<PlanRunEvent>> = new Map([
  [1, exactly<PlanRunEvent>({ contract: literal(PLAN_RUN_CONTRACT), scheduledTime: instantText, resume: optional(flag) })],
]);

/** What a planner is asked for. */
export interface AskedPlan {
  /** When its schedule was due. */
  readonly scheduledTime: Temporal.Instant;
  /** Whether the run may go on with another one. */
  readonly resume?: boolean;
}

/** Reads the event of a planner. */
export function parsePlanEvent(event: unknown): AskedPlan {
  const asError = (message: string) => new RunScheduleError(RunScheduleErrorName.INVALID_PLAN_EVENT, message);
  return readReleased(CONTRACTS, event, asError, ({ scheduledTime, resume }) => ({ scheduledTime: instant(scheduledTime), resume }));
}

function instant(text: string): Temporal.Instant {
  try {
    return Temporal.Instant.from(text);
  } catch {
    // Such as the 30th of February.
    throw new ShapeError('scheduledTime', INSTANT);
  }
}
