import { Temporal } from '@js-temporal/polyfill';
import { RunScheduleError } from './run-schedule-error';
import { anyObject, exactly, literal, matching, Read, ShapeError } from '../../../private/runtime/json-shape';
import { PLAN_RUN_CONTRACT, PlanRunEvent, RunScheduleErrorName } from '../../contracts/plan-run';

const INSTANT = 'a UTC instant in ISO 8601';
const instantText = matching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?Z$/, INSTANT);

/** Every contract ever released, and how its event is read. Entries are added, never changed or removed. */
const CONTRACTS: ReadonlyMap<unknown, Read<PlanRunEvent>> = new Map([
  [1, exactly<PlanRunEvent>({ contract: literal(PLAN_RUN_CONTRACT), scheduledTime: instantText })],
]);

/** Reads the event of a planner: when its schedule was due. */
export function parsePlanEvent(event: unknown): Temporal.Instant {
  try {
    const read = CONTRACTS.get(anyObject(event, '').contract);
    if (read === undefined) throw new ShapeError('contract', `one of ${[...CONTRACTS.keys()].join(', ')}`);
    return instant(read(event, '').scheduledTime);
  } catch (error) {
    if (!(error instanceof ShapeError)) throw error;
    throw new RunScheduleError(RunScheduleErrorName.INVALID_PLAN_EVENT, error.message);
  }
}

function instant(text: string): Temporal.Instant {
  try {
    return Temporal.Instant.from(text);
  } catch {
    // Such as the 30th of February.
    throw new ShapeError('scheduledTime', INSTANT);
  }
}
