import { LedgerConfig } from './ledger-config';
import { LedgerError } from './ledger-error';
import { meaningOf } from './ledger-keys';
import { ShapeError } from '../../../private/shape/json-shape';
import { PagedBatchEtlErrorName } from '../../contracts/error-names';
import { scheduledRunName } from '../../contracts/plan-run';
import { WATERMARK_KEY } from '../../contracts/run-input';
import { TakeWindowEvent, WatermarkMove, watermarkMove } from '../../contracts/run-ledger';

/**
 * What a run moves the watermark of its schedule by, from its input; undefined for a run that moves none. The console copies the input of a run, and a run whose dates somebody
 * has changed must not move the watermark past what it does not read. So the execution must be the one that the planner of the schedule starts for that time, and be for that time.
 *
 * @throws LedgerError `InvalidWatermark`
 */
export function scheduledMove({ run, parameters }: TakeWindowEvent, { parameters: rules }: Pick<LedgerConfig, 'parameters'>): WatermarkMove | undefined {
  const { [WATERMARK_KEY]: given } = parameters;
  if (given === undefined) return undefined;
  const move = read(given);
  if (run.split(':').at(-1) !== scheduledRunName(move.schedule, move.begin, move.end)) throw invalid('The run was not started by the schedule');
  const dates = Object.entries(rules).filter(([, { type }]) => type === 'date');
  for (const moment of [move.begin, move.end]) {
    // Which of its dates they are, only the schedule knows.
    const isGiven = dates.some(([name, rule]) => JSON.stringify(meaningOf(parameters[name], rule)) === JSON.stringify(meaningOf(moment, rule)));
    if (!isGiven) throw invalid(`No date parameter of the run is ${moment}`);
  }
  return move;
}

function read(given: unknown): WatermarkMove {
  try {
    return watermarkMove(given, WATERMARK_KEY);
  } catch (error) {
    if (error instanceof ShapeError) throw invalid(error.message);
    throw error;
  }
}

function invalid(message: string): LedgerError {
  return new LedgerError(
    PagedBatchEtlErrorName.INVALID_WATERMARK,
    `${message}. Only schedules may give ${WATERMARK_KEY}: leave it out, or, to go on with a run of the schedule, start one with nothing but its ARN as resume`,
  );
}
