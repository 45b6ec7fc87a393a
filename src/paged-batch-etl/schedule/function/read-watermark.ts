import { Watermark, WindowOwner } from './since-watermark';
import { windowOfSchedule } from '../../contracts/run-ledger';
import { DescribeExecution } from '../../run-ledger/function/executions';
import { runKey, windowKey } from '../../run-ledger/function/ledger-keys';
import { Run, Window } from '../../run-ledger/function/ledger-services';
import { Item, LedgerTable, numberOf, textOf } from '../../run-ledger/function/ledger-table';

/** Where the watermark of a schedule is, and in whose hands its window. */
export interface WatermarkPlace {
  readonly table: Pick<LedgerTable, 'get'>;
  /** What the keys of the items begin with. */
  readonly prefix: string;
  readonly describe: DescribeExecution;
  /** How long ago a run must have ended before another one gets its window. */
  readonly takeOverSeconds: number;
}

/** Looks at the ledger. */
export async function readWatermark(place: WatermarkPlace, schedule: string, now: number): Promise<Watermark> {
  const item = await place.table.get(windowKey(place.prefix, windowOfSchedule(schedule)));
  const arn = textOf(item, Window.OWNER);
  const at = textOf(item, Window.WATERMARK);
  return { at, owner: arn === undefined ? undefined : await ownerOf(arn, item, place, now) };
}

/**
 * A run that has ended keeps its window for a while, so that it can be redriven: another one would only wait for that. Step Functions may answer what was true some
 * seconds ago: that there is no such execution, or that it failed, where it began or was redriven just now. So what the ledger heard from the run counts too.
 */
async function ownerOf(arn: string, window: Item | undefined, place: WatermarkPlace, now: number): Promise<WindowOwner> {
  const { table, prefix, describe, takeOverSeconds } = place;
  const execution = await describe(arn);
  if (execution.running) return { arn, state: 'Underway' };
  const run = await table.get(runKey(prefix, arn));
  const heard = [textOf(window, Window.SINCE), textOf(run, 'updatedAt')].filter((time) => time !== undefined).map((time) => Date.parse(time));
  const last = Math.max(execution.endedAt, ...heard);
  if (last + takeOverSeconds * 1_000 > now) return { arn, state: 'Underway' };
  if (isResumable(run, now)) return { arn, state: 'Resumable' };
  const resumed = run === undefined ? textOf(window, Window.RESUMES) : undefined;
  // It died before it was written down what it goes on with, so that is still to be done.
  if (resumed !== undefined && isResumable(await table.get(runKey(prefix, resumed)), now)) return { arn: resumed, state: 'Resumable' };
  return { arn, state: 'Over' };
}

/** Whether another run can go on with it: the ledger knows it, it had begun to read, or went on with another one that had, and nobody goes on with it. */
function isResumable(run: Item | undefined, now: number): boolean {
  const isKnown = (numberOf(run, Run.EXPIRES) ?? 0) * 1_000 > now;
  const hasBegun = (numberOf(run, 'segments') ?? 0) > 0 || numberOf(run, Run.RANGES) !== undefined || textOf(run, Run.RESUMES) !== undefined;
  return isKnown && hasBegun && textOf(run, Run.STATUS) === 'RUNNING' && textOf(run, Run.REPLAY) === undefined;
}
