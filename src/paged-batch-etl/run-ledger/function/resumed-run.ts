import { LedgerError } from './ledger-error';
import { planKey, RANGES, runKey } from './ledger-keys';
import { LedgerServices, Run, Window } from './ledger-services';
import { Item, numberOf, textOf } from './ledger-table';
import { RunStart } from './plan-run';
import { anyObject, jsonOf, listOf, text, wholeNumber } from '../../../private/shape/json-shape';
import { PagedBatchEtlErrorName } from '../../contracts/error-names';
import { Estimate, RangeStart, ResumedRun, TakeWindowEvent, WatermarkMove, watermarkMove } from '../../contracts/run-ledger';

/** A run that another one is to go on with. */
export interface KnownRun {
  readonly arn: string;
  readonly window: string;
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly watermark: WatermarkMove | undefined;
  /** When it had its window for the first time. */
  readonly startedAt: string;
}

/** What is left of it. */
export interface LeftOver {
  readonly resumed: ResumedRun;
  readonly estimate: Estimate;
}

const EXECUTION = /^arn:[\w-]+:states:[\w-]+:\d{12}:execution:[^:]{1,80}:[^:]{1,80}$/;

const RESUME = 'resume';

/** The one key that may be beside it: pages that are too large for something may be the reason why the run failed. */
const BATCH_SIZE = 'batch_size';

/** A key that the console of Step Functions adds. */
const ADDED = 'AWS_STEP_FUNCTIONS_STARTED_BY_EXECUTION_ID';

/**
 * The run that another one is to go on with; undefined where it does not ask for that.
 *
 * @throws LedgerError InvalidResume, UnknownRun or RunNotResumable
 */
export async function findResumed({ run, parameters }: TakeWindowEvent, services: LedgerServices): Promise<KnownRun | undefined> {
  const { [RESUME]: resume, ...given } = parameters;
  if (resume === undefined) return undefined;
  const others = Object.keys(parameters).filter((name) => ![RESUME, BATCH_SIZE, ADDED].includes(name));
  if (typeof resume !== 'string' || !EXECUTION.test(resume)) throw invalid('resume must be the ARN of an execution of the workflow');
  if (others.length > 0) throw invalid(`Beside resume there may be batch_size and nothing else, got ${others.slice(0, 10).join(', ')}`);
  const item = await resumable(resume, run, services);
  return {
    arn: resume,
    window: textOf(item, Run.WINDOW) ?? '',
    parameters: { ...parametersOf(item), ...Object.hasOwn(given, BATCH_SIZE) && { [BATCH_SIZE]: given[BATCH_SIZE] } },
    watermark: watermarkOf(item),
    startedAt: textOf(item, 'startedAt') ?? '',
  };
}

/**
 * A run that lost its window cannot be gone on with after another one has processed it.
 *
 * @param window its item
 * @throws LedgerError RunNotResumable
 */
export function assertLeft({ arn, watermark, startedAt }: KnownRun, window: Item | undefined): void {
  const success = textOf(window, Window.LAST_SUCCESS);
  // Of a schedule, whose runs have one window with other dates, only the watermark says it.
  const isProcessed = watermark === undefined ? success !== undefined && Date.parse(success) > Date.parse(startedAt) : isBehind(watermark, window);
  if (isProcessed) throw notResumable(`${textOf(window, Window.LAST_RUN) ?? 'Another run'} has processed the window of ${arn} since`);
}

/** Whether a run of a schedule begins before the watermark, so that another one has processed what it begins with. */
export function isBehind(move: WatermarkMove | undefined, window: Item | undefined): boolean {
  const watermark = textOf(window, Window.WATERMARK);
  return move !== undefined && watermark !== undefined && Date.parse(move.begin) < Date.parse(watermark);
}

/** What is left of a run, once nobody processes it any more: the window that it had belongs to the run that goes on with it. */
export async function leftOf({ arn, parameters }: KnownRun, { run, divided }: TakeWindowEvent, services: LedgerServices): Promise<LeftOver> {
  const { config, table } = services;
  const item = await resumable(arn, run, services);
  const written = (await table.list(runKey(config.prefix, arn).pk, RANGES)).filter(isOfThisRun);
  const begun = new Map(written.map((range) => [numberOfRange(range), range]));
  const plan = await planOf(arn, item, services);
  if (plan === undefined && divided && begun.size === 0) throw notResumable(`${arn} had not begun to read: start another run with its parameters`);
  const starts = plan?.ranges ?? [{ number: 0, cursor: null }];
  const left = starts.filter(({ number }) => textOf(begun.get(number), 'finishedAt') === undefined);
  if (!divided && (left.length !== 1 || starts.length > 1)) throw invalid(`${arn} was divided into ${starts.length} ranges, and runs of the workflow are not divided`);
  const ranges = left.map(({ number, cursor }) => ({ number, cursor: textOf(begun.get(number), 'cursor') ?? cursor, pages: 0, items: 0, failed: 0, segments: 0 }));
  const [root] = [...begun.values()].map((range) => textOf(range, 'root'));
  return { resumed: { parameters, root: root ?? plan?.root ?? arn, ranges }, estimate: { items: estimateOf(item, [...begun.values()]) } };
}

async function resumable(arn: string, by: string, { config, table, now }: LedgerServices): Promise<Item> {
  const item = await table.get(runKey(config.prefix, arn));
  // DynamoDB removes items some time after they have expired.
  if (item === undefined || (numberOf(item, Run.EXPIRES) ?? 0) * 1_000 <= now()) throw unknown(arn);
  if (textOf(item, Run.STATUS) === 'SUCCEEDED') throw notResumable(`${arn} succeeded`);
  if (textOf(item, Run.REPLAY) !== undefined) throw notResumable(`${arn} is a replay of letters: start it again`);
  const other = textOf(item, Run.RESUMED_BY);
  if (other !== undefined && other !== by) throw notResumable(`${other} goes on with ${arn}`);
  return item;
}

const ranges = jsonOf(listOf((value, place): RangeStart => {
  const { number, cursor } = anyObject(value, place);
  return { number: wholeNumber(number, place), cursor: cursor === null ? null : text(cursor, place) };
}));

async function planOf(arn: string, item: Item, { config, table }: LedgerServices): Promise<RunStart | undefined> {
  const plan = await table.get(planKey(config.prefix, arn));
  const starts = textOf(plan, 'ranges');
  if (starts !== undefined) return { root: textOf(plan, 'root') ?? arn, ranges: ranges(starts, 'ranges') };
  // It expired before the rest: nobody knows of ranges that had not begun.
  if (numberOf(item, Run.RANGES) !== undefined) throw unknown(arn);
  return undefined;
}

/** How many items are left of those that the run was expected to have. */
function estimateOf(item: Item, begun: readonly Item[]): number | null {
  const expected = numberOf(item, Run.EXPECTED);
  if (expected === undefined) return null;
  const done = begun.reduce((sum, range) => sum + (numberOf(range, 'items') ?? 0) + (numberOf(range, 'failed') ?? 0), 0);
  return Math.max(0, expected - done);
}

/** Of an older run with the same ARN there are empty items. */
function isOfThisRun(range: Item): boolean {
  return range.updatedAt !== undefined;
}

function numberOfRange(range: Item): number {
  return Number((textOf(range, 'sk') ?? '').slice(RANGES.length));
}

function parametersOf(item: Item): Readonly<Record<string, unknown>> {
  return jsonOf(anyObject)(textOf(item, Run.PARAMETERS) ?? '{}', Run.PARAMETERS);
}

/** What a run moves the watermark of its schedule by, from its item. */
export function watermarkOf(item: Item | undefined): WatermarkMove | undefined {
  const written = textOf(item, Run.WATERMARK);
  return written === undefined ? undefined : jsonOf(watermarkMove)(written, Run.WATERMARK);
}

function invalid(message: string): LedgerError {
  return new LedgerError(PagedBatchEtlErrorName.INVALID_RESUME, message);
}

function unknown(arn: string): LedgerError {
  return new LedgerError(PagedBatchEtlErrorName.UNKNOWN_RUN, `The ledger does not know ${arn}`);
}

function notResumable(message: string): LedgerError {
  return new LedgerError(PagedBatchEtlErrorName.RUN_NOT_RESUMABLE, message);
}
