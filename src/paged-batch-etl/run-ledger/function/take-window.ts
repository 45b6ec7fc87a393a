import { RANGES, runKey, windowKey, windowOf } from './ledger-keys';
import { expiry, instantOf, LedgerServices, Window } from './ledger-services';
import { Item, numberOf, textOf } from './ledger-table';
import { readSegments } from './segments';
import { Estimate, mostWindowWaits, nextLockWait, TakenWindow, TakeWindowEvent, TAKE_OVER_SECONDS, WindowOutcome } from '../../contracts/run-ledger';

const UNKNOWN: Estimate = { items: null };

/** So often it looks again at a window that others changed meanwhile. */
const LOOKS = 3;

/**
 * Takes the window of a run, unless another run has it and may still process it. The item of a window has a version that every write raises. It is read first, then
 * the executions are looked at, and the window is taken only if its version is still the same: so no segment has begun in between.
 */
export async function takeWindow(event: TakeWindowEvent, services: LedgerServices): Promise<TakenWindow> {
  const { config, table } = services;
  const window = windowOf(config.parameters, event.parameters);
  const key = windowKey(config.prefix, window);
  let owner = event.run;
  for (let look = 0; look < LOOKS; look++) {
    const item = await table.get(key);
    owner = textOf(item, Window.OWNER) ?? event.run;
    if (owner !== event.run) {
      const hold = await holdOf(owner, services);
      if (hold !== undefined && hold.seconds === undefined) return locked(event, services, window, owner);
      if (hold?.seconds !== undefined) return retryAfter(event, services, window, owner, hold.seconds);
    }
    if (textOf(item, Window.OWNER) === event.run || await take(event, services, window, item)) {
      await describeRun(event, services, window);
      return { outcome: WindowOutcome.OWNED, window, owner: event.run, seconds: 0, waits: event.waits, estimate: UNKNOWN };
    }
  }
  // Others take it and give it back all the time.
  return retryAfter(event, services, window, owner, 1);
}

/** Why a window cannot be taken over; with `seconds` if it can be after so long. */
interface Hold {
  readonly seconds?: number;
}

async function holdOf(owner: string, { config, table, describe, now }: LedgerServices): Promise<Hold | undefined> {
  const execution = await describe(owner);
  if (execution.running) return {};
  // A run that was stopped may leave segments behind that go on.
  for (const range of await table.list(runKey(config.prefix, owner).pk, RANGES)) {
    for (const segment of readSegments(range)) if ((await describe(segment)).running) return {};
  }
  const left = Math.ceil((execution.endedAt - now()) / 1_000) + TAKE_OVER_SECONDS;
  return left > 0 ? { seconds: left } : undefined;
}

async function take({ run, parameters }: TakeWindowEvent, services: LedgerServices, window: string, item: Item | undefined): Promise<boolean> {
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
    },
    ...version === undefined
      ? { condition: `attribute_not_exists(#${Window.VERSION})` }
      : { condition: `#${Window.VERSION} = :seen`, values: { seen: version } },
  });
}

async function describeRun({ run, parameters }: TakeWindowEvent, services: LedgerServices, window: string): Promise<void> {
  const { config, table, now } = services;
  const at = instantOf(now());
  // False after a retry: it was written before.
  await table.change({
    key: runKey(config.prefix, run),
    set: {
      window, parameters: parametersText(config.parameters, parameters), status: 'RUNNING', startedAt: at, updatedAt: at, items: 0, pages: 0, segments: 0, expiresAt: expiry(services),
    },
    condition: 'attribute_not_exists(#startedAt)',
  });
}

/** What is declared, with the batch size; what else the input has is refused by the reader. */
function parametersText(rules: LedgerServices['config']['parameters'], parameters: Readonly<Record<string, unknown>>): string {
  const names = [...Object.keys(rules).sort(), 'batch_size'];
  return JSON.stringify(Object.fromEntries(names.filter((name) => Object.hasOwn(parameters, name)).map((name) => [name, parameters[name]])));
}

/** Another run is underway: whether this one waits for it is up to the user. */
function locked({ waits }: TakeWindowEvent, { config }: LedgerServices, window: string, owner: string): TakenWindow {
  const seconds = nextLockWait(waits.seconds, config.waitSeconds);
  const outcome = seconds > 0 && waits.count < mostWindowWaits(config.waitSeconds) ? WindowOutcome.WAIT : WindowOutcome.LOCKED;
  return { outcome, window, owner, seconds, waits: { count: waits.count + 1, seconds: waits.seconds + seconds }, estimate: UNKNOWN };
}

function retryAfter({ waits }: TakeWindowEvent, { config }: LedgerServices, window: string, owner: string, seconds: number): TakenWindow {
  const outcome = waits.count < mostWindowWaits(config.waitSeconds) ? WindowOutcome.WAIT : WindowOutcome.LOCKED;
  return { outcome, window, owner, seconds, waits: { count: waits.count + 1, seconds: waits.seconds }, estimate: UNKNOWN };
}
