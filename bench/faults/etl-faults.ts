/** What fails in a run × policy × processor × transport × attempt → what becomes of it, in the local cloud. */
import { Duration } from 'aws-cdk-lib';
import { isObject, JsonObject, JsonValue, memberOf } from '../../local/json';
import { PageTransport, RunContinuation } from '../../src';
import { READ_TOLERANTLY_CONTRACT, WRITE_PAGE_CONTRACT, WRITE_TOLERANTLY_CONTRACT } from '../../src/paged-batch-etl/contracts/read-page';
import { Ended, EtlRig, EtlRigOptions } from '../../test/support/etl-rig';
import { EtlStackOptions, processors } from '../../test/support/etl-stack';
import { ImaginedPage } from '../../test/support/page-objects';

export const ITEMS = 25;
const PAGE = 10;
/** Letters of a whole page, and none of another one. */
const MAX_FAILED = 12;
/** The item that is broken. */
const BROKEN = 7;

type ProcessorName = 'perBatch' | 'perItem' | 'expressItems' | 'stateMachine';
const PROCESSORS: readonly ProcessorName[] = ['perBatch', 'perItem', 'expressItems', 'stateMachine'];
const POLICIES = ['failFast', 'tolerate'] as const;
const TRANSPORTS = ['inline', 's3'] as const;

/** What goes wrong, until it is corrected for a redrive. */
export interface Fault {
  readonly name: string;
  /** Whether it can happen with that processor, and that policy; default: always. */
  readonly happens?: (processor: ProcessorName, policy: typeof POLICIES[number]) => boolean;
  readonly trouble?: Pick<EtlRigOptions, 'answer' | 'fail'>;
  readonly unreadable?: boolean;
}

const takesBatches = (processor: ProcessorName) => processor === 'perBatch' || processor === 'stateMachine';
const isFor = (event: JsonObject, isOne: (number: number) => boolean) => itemsOf(event).some((item) => isOne(Number(memberOf(item, 'itemIdentifier'))));
const failingCall = (errorType: string, isOne: (number: number) => boolean): Pick<EtlRigOptions, 'fail'> => ({
  fail: (name, _call, event) => (name === 'handler' && isFor(event, isOne) ? { errorType, errorMessage: 'for a reason' } : undefined),
});

export const FAULTS: readonly Fault[] = [
  { name: 'nothing' },
  {
    name: 'an item that is named',
    happens: takesBatches,
    trouble: { answer: (event) => (isFor(event, (number) => number === BROKEN) ? { batchItemFailures: [{ itemIdentifier: `${BROKEN}` }] } : null) },
  },
  { name: 'a call, in all attempts', trouble: failingCall('Broken', (number) => number === BROKEN) },
  { name: 'every call', trouble: failingCall('Broken', () => true) },
  { name: 'an answer that is none', happens: takesBatches, trouble: { answer: () => 'done' } },
  // All that is known of a state machine of somebody else is that it failed.
  { name: 'Lambda, for long', happens: (processor) => processor !== 'stateMachine', trouble: failingCall('Lambda.TooManyRequestsException', () => true) },
  { name: 'a document that is unreadable', unreadable: true },
  {
    name: 'an item, and its letter',
    happens: (processor, policy) => policy === 'tolerate' && takesBatches(processor),
    trouble: {
      answer: (event) => (isFor(event, (number) => number === BROKEN) ? { batchItemFailures: [{ itemIdentifier: `${BROKEN}` }] } : null),
      fail: (name) => (name === 'collector' ? { errorType: 'DeadLettersRefused' } : undefined),
    },
  },
];

export interface FaultCell {
  readonly fault: Fault;
  readonly processor: ProcessorName;
  readonly policy: typeof POLICIES[number];
  readonly transport: typeof TRANSPORTS[number];
}

export const FAULT_CELLS: readonly FaultCell[] = FAULTS.flatMap((fault) => PROCESSORS.flatMap((processor) => POLICIES.flatMap((policy) => (
  fault.happens?.(processor, policy) === false ? [] : TRANSPORTS.map((transport): FaultCell => ({ fault, processor, policy, transport }))))));

/** How an attempt ended: a run, its redrive after the fault was corrected, or a replay of its letters. */
export interface FaultOutcome {
  readonly attempt: 'run' | 'redrive' | 'replay';
  readonly status: string;
  /** Name of the error. */
  readonly error?: string;
  readonly items?: number;
  readonly failed?: number;
  /** Identifiers in the letters of the run, or of the replay. */
  readonly letters: readonly string[];
  /** Items that the processor was called with and that did not fail, and their keys. */
  readonly processed: number;
  readonly keys: number;
}

const stacks = new Map<string, EtlStackOptions>();

function stackOf({ processor, policy, transport }: FaultCell): EtlStackOptions {
  const name = [processor, policy, transport].join();
  const stack = stacks.get(name) ?? {
    processor: processors[processor],
    continuation: RunContinuation.supervised({ outageTolerance: Duration.minutes(1) }),
    ...transport === 's3' ? { transport: () => PageTransport.s3() } : { batchSize: PAGE },
    ...policy === 'tolerate' && { tolerance: { items: MAX_FAILED } },
  };
  stacks.set(name, stack);
  return stack;
}

/** Runs a cell: first with its fault, and, if that fails the run, once more without it. What then has letters is replayed, without it. */
export async function runCell(cell: FaultCell): Promise<FaultOutcome[]> {
  const { fault: { trouble = {}, unreadable = false } } = cell;
  const stack = stackOf(cell);
  let isBroken = unreadable;
  const rig: EtlRig = await EtlRig.deploy({ ...stack, ...trouble, source: async (event) => readPage(rig, event, isBroken) }, stack);
  const run = await rig.start();
  const outcomes = [await outcomeOf(rig, cell, run, 'run', await rig.ended(run))];
  const correct = () => {
    isBroken = false;
    rig.again({ source: async (event) => readPage(rig, event, false), answer: () => null });
  };
  if (outcomes[0].status !== 'SUCCEEDED') {
    correct();
    outcomes.push(await outcomeOf(rig, cell, run, 'redrive', await rig.redrive(run)));
  }
  if (outcomes[outcomes.length - 1].letters.length === 0) return outcomes;
  correct();
  const replay = await rig.start({ replay: run });
  return [...outcomes, await outcomeOf(rig, cell, replay, 'replay', await rig.ended(replay))];
}

async function outcomeOf(
  rig: EtlRig, { policy }: FaultCell, run: string, attempt: FaultOutcome['attempt'], { status, output, error, cause = '' }: Ended,
): Promise<FaultOutcome> {
  const letters = policy === 'tolerate' ? (await rig.deadLetters.letters()).filter((letter) => letter.run === run) : [];
  const [items, failed] = [memberOf(output, 'items'), memberOf(output, 'failed')];
  return {
    attempt,
    status,
    ...error !== undefined && { error: error === 'States.TaskFailed' ? String(memberOf(parsed(cause), 'Error')) : error },
    ...items !== undefined && { items: Number(items) },
    ...failed !== undefined && { failed: Number(failed) },
    letters: letters.map(({ itemIdentifier }) => itemIdentifier),
    processed: new Set(rig.processed).size,
    keys: rig.keys.length,
  };
}

/** Items are numbers; the cursor is the number after the last one. */
async function readPage(rig: EtlRig, event: JsonObject, isBroken: boolean): Promise<JsonValue> {
  const { contract } = event;
  const first = Number(event.cursor ?? 0);
  if (first >= ITEMS) throw Object.assign(new Error(), { name: 'NoItemsLeft' });
  const end = Math.min(ITEMS, first + PAGE);
  const numbers = Array.from({ length: end - first }, (_, index) => first + index);
  const root = String(memberOf(event.run, 'id'));
  const itemOf = (number: number) => ({ itemIdentifier: `${number}`, idempotencyKey: `${root}/${number}`, item: { number } });
  const unreadable = isBroken && numbers.includes(BROKEN);
  const tolerates = contract === READ_TOLERANTLY_CONTRACT || contract === WRITE_TOLERANTLY_CONTRACT;
  if (unreadable && !tolerates) throw Object.assign(new Error(`Cannot read ${BROKEN}`), { name: 'DocumentUnreadable' });
  const { item: _item, ...broken } = itemOf(BROKEN);
  const failed = unreadable ? [{ ...broken, error: 'DocumentUnreadable', cause: `Cannot read ${BROKEN}` }] : [];
  const page: ImaginedPage = { items: numbers.filter((number) => !unreadable || number !== BROKEN).map(itemOf), cursor: `${end}`, done: end === ITEMS };
  const isWritten = contract === WRITE_PAGE_CONTRACT || contract === WRITE_TOLERANTLY_CONTRACT;
  const answer = isWritten ? await rig.pages.write(event, () => page) : page;
  return tolerates ? { ...Object(answer), failed } : answer;
}

function itemsOf(event: JsonObject): JsonObject[] {
  return Array.isArray(event.items) ? event.items.filter(isObject) : [event];
}

function parsed(text: string): JsonValue | undefined {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
