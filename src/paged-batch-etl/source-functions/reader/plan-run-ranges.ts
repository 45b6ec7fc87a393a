import { emptyRun } from './empty-run';
import { failureLine, rangesLine, warningLine } from './page-log';
import { runReference } from './parse-read-event';
import type { ReadServices } from './read-page';
import { checkParameters } from './run-input';
import { memberOf } from '../../../private/runtime/member-of';
import { readReleased } from '../../../private/runtime/released-contracts';
import { anyObject, exactly, literal, Read } from '../../../private/shape/json-shape';
import { PagedBatchEtlErrorName } from '../../contracts/error-names';
import { PLAN_RANGES_CONTRACT, PlannedRanges, PlanRangesEvent, partitionRule } from '../../contracts/plan-ranges';
import { RunReference } from '../../contracts/read-page';
import { REPLAY_KEY } from '../../contracts/run-input';
import { beginningOfLetters, replayedRun } from '../letters/replay';
import { asSourceError, SourceError } from '../source-error';
import { InvocationContext, TimeLeft } from '../time-left';

/** Every contract ever released. */
const CONTRACTS: ReadonlyMap<number, Read<PlanRangesEvent>> = new Map([
  [PLAN_RANGES_CONTRACT, exactly<PlanRangesEvent>({
    contract: literal(PLAN_RANGES_CONTRACT), parameters: anyObject, run: runReference, partitions: partitionRule,
  })],
]);

/** Whether an event asks for the ranges of a run, and not for a page. */
export function asksForRanges(event: unknown): boolean {
  const contract = memberOf(event, 'contract');
  return typeof contract === 'number' && CONTRACTS.has(contract);
}

/** Divides a run into ranges: one attempt, as for a page. A run that has nothing to read has none. */
export async function planRunRanges(input: unknown, context: InvocationContext, services: ReadServices): Promise<PlannedRanges> {
  const { config, now, log } = services;
  const startedAt = now();
  let run: RunReference | undefined;
  try {
    const event = readReleased(CONTRACTS, input, (message) => new SourceError(PagedBatchEtlErrorName.INVALID_READ_EVENT, message), (read) => read);
    run = event.run;
    const cursors = await cursorsFor(event, new TimeLeft(context), services);
    const refused = cursors.length === 0 && config.failEmptyRun;
    log(rangesLine({
      functionName: config.functionName, run, ranges: cursors.length, outcome: refused ? PagedBatchEtlErrorName.EMPTY_RUN : 'Planned', startedAt, now: now(),
    }));
    if (!refused) return { ranges: cursors.map((cursor, number) => ({ number, cursor, pages: 0, items: 0, failed: 0, segments: 0 })) };
  } catch (thrown) {
    const error = asSourceError(thrown);
    log(failureLine(run, error.name, now() - startedAt));
    throw error;
  }
  throw emptyRun();
}

async function cursorsFor(
  { parameters, run, partitions }: PlanRangesEvent, time: TimeLeft, { config, planRanges, log }: ReadServices,
): Promise<readonly string[]> {
  const replayed = config.letters && replayedRun(parameters, run.id, config);
  if (replayed !== undefined) {
    checkParameters(parameters, config.rules, [REPLAY_KEY]);
    return [beginningOfLetters(replayed.run)];
  }
  if (planRanges === undefined) {
    throw new SourceError(PagedBatchEtlErrorName.SOURCE_CHANGED, 'The source is a function of its own now, which has no ranges. Deploy the old source and redrive');
  }
  return planRanges({ parameters: checkParameters(parameters, config.rules), time, warn: (message) => log(warningLine(run, message)) }, partitions);
}
