import { holdOf } from './hold';
import { LedgerError } from './ledger-error';
import { runKey, windowKey, windowOf } from './ledger-keys';
import { expiry, instantOf, LedgerServices, Run, Window } from './ledger-services';
import { Item, numberOf, textOf } from './ledger-table';
import { forgetNamesake } from './namesake';
import { RunStart, writePlan } from './plan-run';
import { assertLeft, findResumed, isBehind, KnownRun, leftOf } from './resumed-run';
import { scheduledMove } from './scheduled-move';
import { memberOf } from '../../../private/runtime/member-of';
import { PagedBatchEtlErrorName } from '../../contracts/error-names';
import {
  Estimate, mostWindowWaits, nextLockWait, TakenWindow, TakeWindowEvent, WatermarkMove, windowOfSchedule,
  WindowOutcome, WindowWaits,
} from '../../contracts/run-ledger';

const UNKNOWN: Estimate = { items: null };

/** Of a run that does not have its window. */
const NOTHING = { estimate: UNKNOWN, resumed: null } as const;

/** How often it looks at a window that others changed meanwhile. */
const LOOKS = 3;

/**
 * Takes the window of a run, unless another run has it and may still process it. The item of a window has a version that every write raises. It is read first, then
 * the executions are looked at, and the window is taken only if its version is still the same: so no segment has begun in between.
 */
export async function takeWindow(event: TakeWindowEvent, services: LedgerServices): Promise<TakenWindow> {
  const { config, table } = services;
  await forgetNamesake(event, services);
  const known = await findResumed(event, services);
  const watermark = known?.watermark ?? scheduledMove(event, config);
  const claim: Claim = {
    ...event,
    known,
    watermark,
    parameters: known?.parameters ?? event.parameters,
    window: watermark === undefined ? known?.window ?? windowOf(config.parameters, event.parameters) : windowOfSchedule(watermark.schedule),
  };
  const key = windowKey(config.prefix, claim.window);
  let owner = event.run;
  for (let look = 0; look < LOOKS; look++) {
    const item = await table.get(key);
    owner = textOf(item, Window.OWNER) ?? event.run;
    const isOwner = textOf(item, Window.OWNER) === event.run;
    if (!isOwner && known !== undefined) assertLeft(known, item);
    if (!isOwner && isBehind(watermark, item)) return done(claim, owner);
    if (owner !== event.run) {
      const hold = await holdOf(owner, item, services);
      if (hold !== undefined && hold.seconds === undefined) return locked(claim, services, owner);
      if (hold?.seconds !== undefined) return retryAfter(claim, services, owner, hold.seconds);
    }
    if (isOwner || await take(claim, services, item)) return owned(claim, services);
  }
  // Others take it and give it back all the time.
  return retryAfter(claim, services, owner, 1);
}

/** A run that asks for a window. */
interface Claim extends TakeWindowEvent {
  readonly window: string;
  /** The run that it goes on with. */
  readonly known: KnownRun | undefined;
  /** Present where it is a run of a schedule that goes by a watermark. */
  readonly watermark: WatermarkMove | undefined;
}

/** The run has its window: what it needs, and what another run would need to go on with it. */
async function owned(claim: Claim, services: LedgerServices): Promise<TakenWindow> {
  const { run, window, waits, known } = claim;
  const left = known && await leftOf(known, claim, services);
  const start = left?.resumed ?? startOf(claim);
  if (start !== undefined) await writePlan(run, start, services);
  await describeRun(claim, services);
  if (known !== undefined) await handOver(known.arn, run, services);
  return {
    outcome: left === undefined ? WindowOutcome.OWNED : WindowOutcome.RESUMED,
    window,
    owner: run,
    seconds: 0,
    waits,
    estimate: left?.estimate ?? UNKNOWN,
    resumed: left?.resumed ?? null,
  };
}

/** Where a run begins that is given the progress of another one, which is none of several ranges; undefined for others. */
function startOf({ parameters: { progress } }: Claim): RunStart | undefined {
  const [root, cursor] = [memberOf(progress, 'root'), memberOf(progress, 'cursor')];
  // Null is where a run stood whose first page failed.
  if (typeof root !== 'string' || (typeof cursor !== 'string' && cursor !== null)) return undefined;
  return { root, ranges: [{ number: 0, cursor }] };
}

/** Nobody else goes on with that run. */
async function handOver(arn: string, by: string, { config, table, now }: LedgerServices): Promise<void> {
  await table.change({ key: runKey(config.prefix, arn), set: { [Run.STATUS]: 'RESUMED', [Run.RESUMED_BY]: by, updatedAt: instantOf(now()) } });
}

async function take({ run, window, parameters, known }: Claim, services: LedgerServices, item: Item | undefined): Promise<boolean> {
  const { config, table, now } = services;
  const version = numberOf(item, Window.VERSION);
  return table.change({
    key: windowKey(config.prefix, window),
    set: {
      [Window.OWNER]: run,
      [Window.SINCE]: instantOf(now()),
      [Window.STATUS]: 'RUNNING',
      [Window.PARAMETERS]: parametersText(config.parameters, parameters),
      [Window.VERSION]: (version ?? 0) + 1,
      ...known !== undefined && { [Window.RESUMES]: known.arn },
    },
    remove: known === undefined ? [Window.RESUMES] : [],
    ...version === undefined
      ? { condition: `attribute_not_exists(#${Window.VERSION})` }
      : { condition: `#${Window.VERSION} = :seen`, values: { seen: version } },
  });
}

async function describeRun({ run, startTime, window, parameters, known, watermark }: Claim, services: LedgerServices): Promise<void> {
  const { config, table, now } = services;
  const at = instantOf(now());
  // False after a retry: it was written before.
  await table.change({
    key: runKey(config.prefix, run),
    set: {
      [Run.START_TIME]: startTime,
      [Run.WINDOW]: window,
      [Run.PARAMETERS]: parametersText(config.parameters, parameters),
      [Run.STATUS]: 'RUNNING',
      startedAt: at,
      updatedAt: at,
      items: 0,
      pages: 0,
      segments: 0,
      [Run.EXPIRES]: expiry(services),
      ...known !== undefined && { [Run.RESUMES]: known.arn },
      ...watermark !== undefined && { [Run.WATERMARK]: JSON.stringify(watermark) },
      ...parameters.replay !== undefined && { [Run.REPLAY]: 'true' },
    },
    condition: 'attribute_not_exists(#startedAt)',
  });
}

/** What is declared, with the batch size; what else the input has is refused by the reader. */
function parametersText(rules: LedgerServices['config']['parameters'], parameters: Readonly<Record<string, unknown>>): string {
  const names = [...Object.keys(rules).sort(), 'batch_size'];
  return JSON.stringify(Object.fromEntries(names.filter((name) => Object.hasOwn(parameters, name)).map((name) => [name, parameters[name]])));
}

/** Nothing is left for the run: the next one of its schedule begins where the watermark is. */
function done({ window, waits }: Claim, owner: string): TakenWindow {
  return { outcome: WindowOutcome.DONE, window, owner, seconds: 0, waits, ...NOTHING };
}

/** Another run is underway: whether this one waits for it is up to the user. */
function locked(claim: Claim, services: LedgerServices, owner: string): TakenWindow {
  const { waits } = claim;
  const seconds = nextLockWait(waits.seconds, services.config.waitSeconds);
  const after = { count: waits.count + 1, seconds: waits.seconds + seconds };
  return seconds > 0 ? wait(claim, services, owner, seconds, after) : notOwned(claim, owner, seconds, after);
}

function retryAfter(claim: Claim, services: LedgerServices, owner: string, seconds: number): TakenWindow {
  const { waits } = claim;
  return wait(claim, services, owner, seconds, { count: waits.count + 1, seconds: waits.seconds });
}

/** @param after the waits with this one */
function wait(claim: Claim, { config }: LedgerServices, owner: string, seconds: number, after: WindowWaits): TakenWindow {
  const { window, waits } = claim;
  if (waits.count >= mostWindowWaits(config.waitSeconds)) return notOwned(claim, owner, seconds, after);
  return { outcome: WindowOutcome.WAIT, window, owner, seconds, waits: after, ...NOTHING };
}

/** @throws LedgerError `RunLocked` */
function notOwned({ window, skips }: Claim, owner: string, seconds: number, waits: WindowWaits): TakenWindow {
  if (!skips) throw new LedgerError(PagedBatchEtlErrorName.RUN_LOCKED, `The window of the run belongs to ${owner}`);
  return { outcome: WindowOutcome.LOCKED, window, owner, seconds, waits, ...NOTHING };
}
