/** What a run uses and how long it takes, computed from the synthesised machines, sizes and assumptions; the simulation of a run agrees with it. */
import { Document } from 'mongodb';
import { RunAssumptions, readingMilliseconds } from './etl-assumptions';
import { machineFacts, MachineFacts, machineOfPages, transitionsOfChild } from './etl-machines';
import { objectPage, REQUESTS_OF_A_FILE, writerUsage, writerWaits } from './etl-pages';
import { documentsInPage } from './etl-sample';
import { added, multiplied, NO_USAGE, Usage } from './etl-usage';
import { expressBill } from '../../../local/stepfunctions/api/billing';
import { PageTransport } from '../../../src';
import { inParallel, MOST_BATCHES } from '../../../src/paged-batch-etl/item-processor/batch-executions';
import { MAX_INLINE_CONCURRENCY } from '../../../src/paged-batch-etl/item-processor/concurrency';
import { PageState } from '../../../src/paged-batch-etl/workflow/page-states';
import { AslDistributedMap, isDistributed } from '../../../src/private/synth/asl';

export const TRANSPORTS = { inline: PageTransport.inline, s3: () => PageTransport.s3() } as const;

/** Functions are those of the app, so that they are called in executions of type EXPRESS. */
const PROCESSORS = { perItem: 'perItem', perBatch: 'perBatchOfApp', stateMachine: 'stateMachine' } as const;

/** No call is sure to end in such an execution. */
const WITHOUT_EXPRESS = { perItem: 'perSlowItem', perBatch: 'perBatch', stateMachine: 'stateMachine' } as const;

export interface RunKind {
  readonly transport: keyof typeof TRANSPORTS;
  readonly processor: keyof typeof PROCESSORS;
  /** Whether the time-out of the function is not known or too long, so that nothing is done in Express executions. */
  readonly withoutExpress?: boolean;
}

export interface RunEstimate {
  readonly usage: Usage;
  readonly pages: number;
  readonly segments: number;
  readonly milliseconds: number;
}

/** What a run is made of. */
export interface RunShape {
  readonly facts: MachineFacts;
  /** Documents of a full page, and bytes of each where it is an object. */
  readonly pageDocuments: number;
  readonly lineBytes: number;
  /** Where pages are objects: documents of a full batch, and of a call. */
  readonly batchDocuments: number;
  readonly callItems: number;
}

/** Files of the results of a Map Run without failures: those of the successes, and the list of files. */
const RESULT_FILES = 2;

/** A machine of the user is taken to have one state, which calls the processor. */
const TRANSITIONS_OF_A_MACHINE = 1;

/** Beside the loop over pages: in a segment and for it in the run, and around the segments. */
const TRANSITIONS_OF_A_SEGMENT = 4;
const TRANSITIONS_OF_A_RUN = 3;

export function runShape({ transport, processor, withoutExpress = false }: RunKind, document: Document): RunShape {
  const facts = machineFacts((withoutExpress ? WITHOUT_EXPRESS : PROCESSORS)[processor], { transport: TRANSPORTS[transport]() });
  if (transport === 'inline') {
    return { facts, pageDocuments: documentsInPage(document, facts.etl.batchSize, facts.pageBytes), lineBytes: 0, batchDocuments: 0, callItems: 0 };
  }
  const { documents, bytes, batchDocuments } = objectPage(document, facts);
  return { facts, pageDocuments: documents, lineBytes: bytes / documents, batchDocuments, callItems: processor === 'perItem' ? 1 : batchDocuments };
}

/** A run of that many documents, with pages as the shape says. */
export function estimateRun(kind: RunKind, { facts, ...shape }: RunShape, documents: number, assumed: RunAssumptions): RunEstimate {
  const page = (items: number): PageEstimate => (kind.transport === 'inline' ? inlinePage(kind, facts, items, assumed) : pageInS3(kind, { facts, ...shape }, items, assumed));
  const full = Math.floor(documents / shape.pageDocuments);
  const rest = documents % shape.pageDocuments;
  const last = rest === 0 ? { usage: NO_USAGE, milliseconds: 0 } : page(rest);
  const pages = full + (rest === 0 ? 0 : 1);
  const segments = Math.ceil(pages / facts.etl.pagesPerSegment);
  const each = page(shape.pageDocuments);
  const around = { transitions: segments * TRANSITIONS_OF_A_SEGMENT + TRANSITIONS_OF_A_RUN };
  return {
    usage: added(added(multiplied(each.usage, full), last.usage), around),
    pages,
    segments,
    milliseconds: full * each.milliseconds + last.milliseconds,
  };
}

interface PageEstimate {
  readonly usage: Usage;
  readonly milliseconds: number;
}

function inlinePage({ processor }: RunKind, facts: MachineFacts, items: number, assumed: RunAssumptions): PageEstimate {
  const reading = readingMilliseconds(assumed, items, 0);
  const common = { transitions: facts.transitionsOf(items) + ofMachines(processor, 1), readerCalls: 1, readerSeconds: reading / 1_000 };
  if (processor !== 'perItem') {
    const processing = assumed.batchMilliseconds;
    return { usage: added(NO_USAGE, { ...common, processorCalls: 1, processorSeconds: processing / 1_000 }), milliseconds: reading + processing };
  }
  const processing = Math.ceil(items / MAX_INLINE_CONCURRENCY) * assumed.itemMilliseconds;
  return {
    usage: added(NO_USAGE, {
      ...common,
      ...facts.etl.itemWorkflow !== undefined && express(1, processing, facts.pageBytes),
      processorCalls: items,
      processorSeconds: (items * assumed.itemMilliseconds) / 1_000,
    }),
    milliseconds: reading + processing,
  };
}

/** Transitions of the user's machine, where that is the processor. */
function ofMachines(processor: RunKind['processor'], calls: number): number {
  return processor === 'stateMachine' ? calls * TRANSITIONS_OF_A_MACHINE : 0;
}

function pageInS3({ processor }: RunKind, { facts, lineBytes, batchDocuments }: RunShape, items: number, assumed: RunAssumptions): PageEstimate {
  const map = mapOf(facts);
  const { ItemBatcher: batcher, ItemProcessor: { ProcessorConfig: { ExecutionType: type } } } = map;
  const bytes = lineBytes * items;
  const reading = readingMilliseconds(assumed, items, writerWaits(bytes));
  const batches = Math.ceil(items / batchDocuments);
  // With one call for each item, an execution has one batch; else it has several, and one call for each.
  const [calls, callsOfChild, call] = batcher === undefined
    ? [items, batchDocuments, assumed.itemMilliseconds] : [batches, batcher.MaxItemsPerBatch, assumed.batchMilliseconds];
  const parallel = inParallel(assumed.concurrency, batcher === undefined ? MAX_INLINE_CONCURRENCY : MOST_BATCHES);
  const children = Math.ceil(calls / callsOfChild);
  const { requestMilliseconds } = assumed;
  const childOf = (its: number): number => {
    const rounds = Math.ceil(its / parallel.calls);
    return batcher === undefined ? requestMilliseconds + rounds * call : rounds * (requestMilliseconds + call);
  };
  const lastCalls = calls - (children - 1) * callsOfChild;
  const [full, last] = [childOf(callsOfChild), childOf(lastCalls)];
  const childBytes = (batcher === undefined ? 1 : callsOfChild) * batchDocuments * lineBytes;
  const pace = { concurrency: parallel.executions, startsPerSecond: type === 'EXPRESS' ? assumed.expressStarts : assumed.standardStarts };
  const processing = assumed.mapRunMilliseconds + endOfAll(children, full, pace, last);
  const common = added(NO_USAGE, {
    transitions: facts.transitionsOf(items) + ofMachines(processor, calls),
    childStarts: children,
    readerCalls: 1,
    readerSeconds: reading / 1_000,
    processorCalls: calls,
    processorSeconds: (calls * call) / 1_000,
    ...writerUsage(bytes),
    mapReads: 1 + batches,
    mapWrites: RESULT_FILES * REQUESTS_OF_A_FILE,
  });
  const executions = type === 'EXPRESS'
    ? added(added(NO_USAGE, express(children - 1, full, childBytes)), express(1, last, childBytes))
    : added(NO_USAGE, { transitions: (children - 1) * transitionsOfChild(map, callsOfChild) + transitionsOfChild(map, lastCalls) });
  return { usage: added(common, executions), milliseconds: reading + processing };
}

function express(executions: number, milliseconds: number, dataBytes: number): Pick<Usage, 'expressRequests' | 'expressGigabyteSeconds'> {
  // With the definition of any of our machines it is far below the step of the price: 64 MB.
  return { expressRequests: executions, expressGigabyteSeconds: executions * expressBill(milliseconds, 0, dataBytes).gigabyteSeconds };
}

/** How many at once, and how many more in a second. */
interface Pace {
  readonly concurrency: number;
  readonly startsPerSecond: number;
}

/**
 * When all have ended, in milliseconds, if each begins as soon as there is room for it and Step Functions gets to it.
 *
 * @param last milliseconds of the one that begins last
 */
export function endOfAll(executions: number, milliseconds: number, { concurrency, startsPerSecond }: Pace, last: number = milliseconds): number {
  const starts: number[] = [];
  for (let index = 0; index < executions; index++) {
    const room = index < concurrency ? 0 : starts[index - concurrency] + milliseconds;
    const turn = index === 0 ? 0 : starts[index - 1] + 1_000 / startsPerSecond;
    starts.push(Math.max(room, turn));
  }
  return Math.max((starts.at(-1) ?? 0) + last, executions > 1 ? starts[executions - 2] + milliseconds : 0);
}

function mapOf({ template }: MachineFacts): AslDistributedMap {
  const state = machineOfPages(template()).States[PageState.PROCESS];
  if (state.Type !== 'Map' || !isDistributed(state)) throw new Error('pages are not processed by a Distributed Map');
  return state;
}
