import { Temporal } from '@js-temporal/polyfill';
import { Duration } from 'aws-cdk-lib';
import { ObjectId } from 'mongodb';
import { count, inWords, listed, SOURCES, ToldNumbers } from './told';
import { OLDEST_VERSION } from '../../../local/mongodb/mongod-binary';
import { MAX_CAUSE_LENGTH } from '../../../local/stepfunctions/interpreter/failure';
import { MAX_PAYLOAD_BYTES } from '../../../local/stepfunctions/interpreter/payload';
import { ASSUMED } from '../../../projenrc/tools/tables/etl-assumptions';
import { priceOfMillion } from '../../../projenrc/tools/tables/etl-costs';
import { RunKind, runShape } from '../../../projenrc/tools/tables/etl-estimate';
import { machineFacts, MachineFacts, machineOfPages } from '../../../projenrc/tools/tables/etl-machines';
import { sampleDocument } from '../../../projenrc/tools/tables/etl-sample';
import { costsOf, MEASURED_BYTES } from '../../../projenrc/tools/tables/etl-transport-costs';
import { dollars, PRICES } from '../../../projenrc/tools/tables/prices';
import { PageTransport, RunContinuation } from '../../../src';
import { MAX_BACKFILL_CONCURRENCY } from '../../../src/paged-batch-etl/backfill/backfill';
import { mostWindows } from '../../../src/paged-batch-etl/backfill/backfill-machine';
import { LEAST_ITEMS_FOR_PERCENTAGE } from '../../../src/paged-batch-etl/contracts/collect-failures';
import { MAX_PAGE_ITEMS, MAX_PASSED_OVER_BYTES, MAX_RANGES } from '../../../src/paged-batch-etl/contracts/read-page';
import { MOST_CAUSE_CHARACTERS } from '../../../src/paged-batch-etl/failure-policy/function/whose-failure';
import { DEFAULTS as FAILURE_DEFAULTS } from '../../../src/paged-batch-etl/failure-policy/tolerate';
import { inParallel, MOST_BATCHES } from '../../../src/paged-batch-etl/item-processor/batch-executions';
import { DEFAULT_CONCURRENCY, MAX_CONCURRENCY, MAX_INLINE_CONCURRENCY, MUCH_CONCURRENCY } from '../../../src/paged-batch-etl/item-processor/concurrency';
import { CAUSE_CHARACTERS } from '../../../src/paged-batch-etl/item-processor/failed-items';
import { roomInExpress } from '../../../src/paged-batch-etl/item-processor/failure-room';
import { LEAST_DEFAULT_SIZE } from '../../../src/paged-batch-etl/item-processor/item-execution';
import { MAX_CHILD_PAGE_BYTES, MAX_PAGE_BYTES, retryAttemptsOf } from '../../../src/paged-batch-etl/item-processor/processor-function';
import { LONGEST_READ_SECONDS, MAX_BATCH_BYTES, MAX_BATCH_TEXT_BYTES } from '../../../src/paged-batch-etl/item-processor/read-batch';
import { MAX_INPUT_BYTES, MAX_MACHINE_BATCH_BYTES } from '../../../src/paged-batch-etl/item-processor/state-machine-by-reference';
import { MOST_POINTS } from '../../../src/paged-batch-etl/mongo-filter/structure/points';
import { DEFAULT_TIMEOUT as SOURCE_TIMEOUT } from '../../../src/paged-batch-etl/page-source/document-source';
import { DEFAULTS } from '../../../src/paged-batch-etl/page-transport/s3-options-check';
import { DEFAULT_SLICES } from '../../../src/paged-batch-etl/partitions/equal-parts';
import { MAX_WORKERS } from '../../../src/paged-batch-etl/partitions/partitions-check';
import { MAX_COUNT } from '../../../src/paged-batch-etl/run-continuation/history-budget';
import { LONGEST_TOLERANCE, MAX_WAITS, outageWaits } from '../../../src/paged-batch-etl/run-continuation/outage';
import { READ_ATTEMPTS } from '../../../src/paged-batch-etl/run-continuation/segment-states';
import { REDRIVES } from '../../../src/paged-batch-etl/run-continuation/self-restart';
import { READ_ATTEMPTS as SELF_RESTART_READ_ATTEMPTS } from '../../../src/paged-batch-etl/run-continuation/self-restart-states';
import { EVENTS_BESIDE_LOOP } from '../../../src/paged-batch-etl/run-continuation/supervised';
import { DEFAULT_RETENTION, SHORTEST_TAKE_OVER } from '../../../src/paged-batch-etl/run-ledger/table';
import { windowOf } from '../../../src/paged-batch-etl/schedule/function/window';
import { CLIENT_LIMITS } from '../../../src/paged-batch-etl/source-functions/connection/connection-options';
import { MOST_OBJECTS } from '../../../src/paged-batch-etl/source-functions/letters/letters-walk';
import { READING_SHARE } from '../../../src/paged-batch-etl/source-functions/page-time';
import { MAX_IDENTIFIER_LENGTH } from '../../../src/paged-batch-etl/source-functions/reader/custom-page';
import { idempotencyKey } from '../../../src/paged-batch-etl/source-functions/reader/idempotency-key';
import { COMPUTED_SECONDS, EXPRESS_SECONDS, longestExpressTimeout, mostCalls } from '../../../src/paged-batch-etl/workflow/express-fit';
import { PageState } from '../../../src/paged-batch-etl/workflow/page-states';
import { functionRetries, LAMBDA_SERVICE_ERRORS } from '../../../src/paged-batch-etl/workflow/task-retry';
import { LONGEST_EVALUATION } from '../../../src/private/synth/alarm-limits';
import { MAX_HISTORY_EVENTS, worstCaseEvents } from '../../../src/private/synth/history';
import { DEFAULT_TIMEOUT, invocationTaskTimeout, LONGEST_INVOCATION } from '../../../src/private/synth/lambda-limits';
import { longestWalk } from '../../../src/private/synth/longest-walk';
import { REDRIVE_WINDOW } from '../../../src/private/synth/redrive-window';

const folder = 'docs/paged-batch-etl';
const kibibytes = (bytes: number) => `${bytes / 1_024} KiB`;
const redriveDays = REDRIVE_WINDOW.toDays();
const minutes = (seconds: readonly number[]) => seconds.map((wait) => wait / 60);
const lambdaDefault = `Lambda's own is ${DEFAULT_TIMEOUT.toSeconds()} seconds`;

/** What a run waits in a long outage, up to the wait that is repeated. */
const waitsOfADay = minutes(outageWaits(LONGEST_TOLERANCE));
const waits = waitsOfADay.slice(0, waitsOfADay.findIndex((wait, index) => wait === waitsOfADay[index - 1]));
const tolerance = minutes(outageWaits()).reduce((sum, wait) => sum + wait, 0);
const serviceRetries = functionRetries({ attempts: 0 }).find(({ ErrorEquals }) => ErrorEquals.includes(LAMBDA_SERVICE_ERRORS[0]));

/** The clocks of Berlin changed on 29 March and 25 October 2026. */
function hoursOfDayBefore(date: string): number {
  const due = Temporal.Instant.from(`${date}T12:00:00Z`);
  const { begin, end } = windowOf(due, { kind: 'previousDay', timeZone: 'Europe/Berlin', begin: 'from', end: 'to' });
  return begin.until(end).total('hours');
}

const { etl } = machineFacts('perBatch');
const [kept, deleted] = [false, true].map((deletePages) => machineFacts('perBatch', { transport: PageTransport.s3({ deletePages }) }));
const { pageDocuments } = runShape({ transport: 's3', processor: 'perBatch' }, sampleDocument(MEASURED_BYTES));

/** Events of a page without retries. */
function eventsOfPage({ template }: MachineFacts): number {
  return longestWalk(machineOfPages(template()), PageState.READ, (state) => worstCaseEvents('Retry' in state ? { ...state, Retry: [] } : state), { to: PageState.READ });
}

/** Dollars for a million documents of 1 KB, for all but the function. */
function allOf(transport: RunKind['transport'], processor: RunKind['processor'], withoutExpress = false): string {
  return dollars(costsOf({ transport, processor, withoutExpress }, MEASURED_BYTES).all);
}

/** Dollars that single batches cost in place of several in an execution, for a million documents of 1 KB. */
function singleBatches(): string {
  const { shape, starts } = costsOf({ transport: 's3', processor: 'perBatch' }, MEASURED_BYTES);
  const executions = 1_000_000 / shape.pageDocuments * Math.ceil(shape.pageDocuments / shape.batchDocuments);
  return dollars((executions - starts) * PRICES.stateTransition);
}

const pagesOfSelfRestart = (batchSize: number) => machineFacts('perItem', { batchSize, continuation: RunContinuation.selfRestart() }).etl.pagesPerSegment;

const items = machineFacts('perItem');
const itemRetries = functionRetries({ attempts: retryAttemptsOf('ItemProcessor.perItem'), delays: 'short' });

/** Most items of a page in an Express execution, with a function of that many seconds and defaults for all else. */
function largestOf(seconds: number): number {
  return mostCalls({ concurrency: MAX_INLINE_CONCURRENCY, timeout: Duration.seconds(seconds), attempts: retryAttemptsOf('ItemProcessor.perItem') });
}

/** Most items of an execution, with a function of 3 seconds and defaults for all else. */
const batchOfItems = mostCalls({
  concurrency: MAX_INLINE_CONCURRENCY, timeout: Duration.seconds(3), attempts: retryAttemptsOf('ItemProcessor.perItem'), secondsOnce: LONGEST_READ_SECONDS,
});

const longestFitting = longestExpressTimeout(retryAttemptsOf('ItemProcessor.perItem'));
const quickDelays = [itemRetries[1].IntervalSeconds, itemRetries[1].MaxDelaySeconds].join(' to ');

export const ETL_NUMBERS: readonly ToldNumbers[] = [
  {
    page: 'docs/paged-batch-etl/failures.md',
    fromCode: [
      `More of them than ${MAX_PASSED_OVER_BYTES / 1024} KiB of letters in one answer fail the run`,
      `A cause is cut off after ${count(MOST_CAUSE_CHARACTERS)} characters; of an item that was called by itself after ${CAUSE_CHARACTERS} or fewer`,
      `at most ${count(FAILURE_DEFAULTS.maxItems)} items and ${FAILURE_DEFAULTS.maxPercentage} % of them may fail`,
      `The share is looked at when ${count(LEAST_ITEMS_FOR_PERCENTAGE)} items are read`,
      `it is taken as if ${count(LEAST_ITEMS_FOR_PERCENTAGE)} items had been read: ${LEAST_ITEMS_FOR_PERCENTAGE / 2} failures then end a run whose \`maxPercentage\` is 50`,
      `a page of the replay ends after ${MOST_OBJECTS} of them`,
      `of up to ${count(MAX_PAGE_ITEMS)} items, has one transition`,
      `with \`perBatch\` about ${singleBatches()} more for a million documents of ${MEASURED_BYTES / 1_000} KB`,
      `has up to ${Math.floor(roomInExpress(100).maxPageBytes / 1024)} KiB in place of ${MAX_CHILD_PAGE_BYTES / 1024} KiB`,
      `a page of \`perBatch\` ${MAX_CHILD_PAGE_BYTES / 1024} KiB in place of ${MAX_PAGE_BYTES / 1024} KiB`,
    ],
    fromOutside: {},
  },
  {
    page: `${folder}/limits-and-costs.md`,
    fromCode: [
      `With \`ItemProcessor.perBatch\` and a \`batchSize\` of ${count(etl.batchSize)}`,
      `can be redriven within ${redriveDays} days`,
      `one for each page, of one second and ${PRICES.expressMegabytes} MB`,
      `A million documents of 1 KB, of which fewer fit into a page, cost ${dollars(priceOfMillion(machineFacts('perItem'), 1_000))}`,
      `Documents of ${MEASURED_BYTES / 1_000} KB:`,
      `takes ${ASSUMED.itemMilliseconds} ms with \`perItem\` and ${ASSUMED.batchMilliseconds} ms with \`perBatch\`, ${ASSUMED.concurrency} calls at once`,
      `up to ${DEFAULT_CONCURRENCY} calls at once`,
      `With ${DEFAULT_CONCURRENCY} calls at once, that is enough`,
      `The server answers after ${ASSUMED.queryMilliseconds} ms`,
      `has ${count(ASSUMED.readerMemory)} MiB and gets through ${count(ASSUMED.documentsPerSecond)} documents of ${MEASURED_BYTES / 1_000} KB a second`,
      `A Map Run begins after ${ASSUMED.mapRunMilliseconds / 1_000} seconds`,
      `stays in S3 for ${DEFAULTS.retention.toDays()} days`,
    ],
    fromOutside: {
      'people saw 1 to 7': 'https://repost.aws/questions/QUn5oKgcnjRTemt39V9hdtyw/',
      'It starts 1,000 executions of type EXPRESS a second': SOURCES.stepFunctionsQuotas,
      'only 100 start in a second': SOURCES.stepFunctionsQuotas,
      'A run may take up to a year': SOURCES.stepFunctionsQuotas,
      '`mixedIdTypes` needs MongoDB 5.0': 'src/paged-batch-etl/source-functions/mongo/read-mongo-page.ts',
    },
  },
  {
    page: `${folder}/long-runs.md`,
    fromCode: [
      `whose history has ${count(MAX_HISTORY_EVENTS)} events`,
      `items read in each ${etl.metricItemsRead().period.toMinutes()} minutes`,
      `within ${redriveDays} days, redrive the run`,
      `up to ${etl.pagesPerSegment} pages with \`perBatch\`, and with \`PageTransport.s3\` up to ${kept.etl.pagesPerSegment} pages of up to ${count(MAX_PAGE_ITEMS)} items`,
      `After ${redriveDays} days, a redrive is refused`,
      `It waits ${listed(waits, 'and then')} minutes at a time`,
      `\`outageTolerance\` (${tolerance} minutes by default)`,
      `up to ${inWords(Math.floor(MAX_COUNT / 1_000_000_000))} billion items`,
      `for ${inWords(REDRIVES)} redrives. With \`perItem\` there is room left for ${pagesOfSelfRestart(50)} pages of 50 items, but only for ${pagesOfSelfRestart(100)} page of 100, the default \`batchSize\``,
      'choose one of at most 50',
    ],
    fromOutside: {},
  },
  {
    page: `${folder}/partitions.md`,
    fromCode: [
      `up to ${MAX_WORKERS} workers do so side by side`,
      `There are ${DEFAULT_SLICES} ranges for each worker, up to ${MAX_RANGES} in all`,
      `\`slices\` changes the ${DEFAULT_SLICES}`,
      `at most ${CLIENT_LIMITS.maxPoolSize} connections to each member`,
      `With 16 workers, that is at most ${16 * CLIENT_LIMITS.maxPoolSize} connections for pages`,
      `16 workers with ${DEFAULT_CONCURRENCY} calls are ${16 * DEFAULT_CONCURRENCY} at the same time`,
      `From ${MUCH_CONCURRENCY} calls on, synthesis warns`,
      `A cause is cut off after ${MAX_CAUSE_LENGTH / 1_024} KiB`,
    ],
    fromOutside: { 'A run of 100 million documents of 1 KB': 'bench/etl/workers.ts', 'takes 0.6 hours with 16 workers, in place of 9': 'bench/etl/workers.ts', 'An account runs 1,000 calls of all functions': 'https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html' },
  },
  {
    page: `${folder}/operations.md`,
    fromCode: [
      `cuts off a \`cause\` after ${MAX_CAUSE_LENGTH / 1_024} KiB`,
      `larger than ${MAX_PAYLOAD_BYTES / 1_024} KiB`,
      `again after ${listed(waits, 'and then every')} minutes`,
      `it has waited ${MAX_WAITS} times`,
      `within ${redriveDays} days of the failure`,
      `keeps ${count(EVENTS_BESIDE_LOOP)} events free for waits and redrives: enough for ${MAX_WAITS} waits`,
      `After ${redriveDays} days, go on with another run`,
    ],
    fromOutside: { 'and about 30 redrives': 'test/paged-batch-etl/run-continuation/outage.test.ts: an outage at every page' },
  },
  {
    page: `${folder}/page-transport.md`,
    fromCode: [
      `for documents of more than ${kibibytes(MAX_PAGE_BYTES)} (or ${kibibytes(MAX_INPUT_BYTES)}, where`,
      `${kibibytes(MAX_PAGE_BYTES)}; ${kibibytes(MAX_INPUT_BYTES)} with \`ItemProcessor.stateMachine\`, and with \`perItem\` in an [Express execution]`,
      `may go on for up to ${EXPRESS_SECONDS / 60} minutes, or for the time-out`,
      `${eventsOfPage(machineFacts('perBatch'))} events with \`perBatch\`; with \`perItem\` in the segment, more for each item | ${eventsOfPage(kept)} events, or ${eventsOfPage(deleted)} with \`deletePages\``,
      `${etl.pagesPerSegment} with \`perBatch\`; others in`,
      `${kept.etl.pagesPerSegment}, or ${deleted.etl.pagesPerSegment} with \`deletePages\``,
      `that can be ${kept.etl.pagesPerSegment} pages of up to ${count(MAX_PAGE_ITEMS)} items, such as ${count(kept.etl.pagesPerSegment * pageDocuments)} documents of ${MEASURED_BYTES / 1_000} KB`,
      `That is ${SOURCE_TIMEOUT.toMinutes()} minute unless you say more`,
      `For a million documents of ${MEASURED_BYTES / 1_000} KB, all but your function then costs ${allOf('s3', 'perBatch', true)} with \`perBatch\`, in place of ${allOf('s3', 'perBatch')}, which is more than the `
        + `${allOf('inline', 'perBatch')} of \`inline\`. With \`perItem\` it is ${allOf('s3', 'perItem', true)}, in place of ${allOf('s3', 'perItem')}`,
      `\`maxPageBytes\` (${DEFAULTS.maxPageBytes.toMebibytes()} MiB), or ${count(MAX_PAGE_ITEMS)} items`,
      `up to \`batchSize\` items, and ${kibibytes(MAX_BATCH_BYTES)} of them; ${kibibytes(MAX_MACHINE_BATCH_BYTES)} with \`stateMachine\``,
      `a page; up to ${MAX_INLINE_CONCURRENCY} items with \`perItem\``,
      `${DEFAULT_CONCURRENCY} unless you say more, at most ${count(MAX_CONCURRENCY)}`,
      `when ${READING_SHARE * 100} % of the \`timeout\``,
      `after \`retention\`, ${DEFAULTS.retention.toDays()} days: a failed run can be redriven for ${redriveDays} days`,
      `and ${redriveDays} days for each time that the run fails at it. With ${DEFAULTS.retention.toDays()} days and one failure, a page may take ${DEFAULTS.retention.toDays() - redriveDays} days`,
      `more than ${kibibytes(MAX_BATCH_BYTES)} as JSON (${kibibytes(MAX_MACHINE_BATCH_BYTES)} with \`ItemProcessor.stateMachine\`), or more than ${kibibytes(MAX_BATCH_TEXT_BYTES)} as a JSON string`,
      `| up to ${MOST_BATCHES} batches | for each of them, ${MOST_BATCHES} at the same time |`,
      `| up to ${MOST_BATCHES} batches | starts your machine for each of them, ${MOST_BATCHES} at the same time |`,
      `a batch of up to ${batchOfItems} items | for each of them, ${MAX_INLINE_CONCURRENCY} at the same time |`,
      `with ${DEFAULT_CONCURRENCY} of \`perBatch\`, ${inWords(inParallel(DEFAULT_CONCURRENCY, MOST_BATCHES).executions)} executions with ${inWords(inParallel(DEFAULT_CONCURRENCY, MOST_BATCHES).calls)} calls each`,
      `into the ${EXPRESS_SECONDS / 60} minutes that such an execution may take`,
      `fits into ${COMPUTED_SECONDS} seconds`,
      `(timeout of your function + ${invocationTaskTimeout(Duration.seconds(0))} seconds) + delays`,
      `(${LONGEST_READ_SECONDS} seconds to read a batch + one call)`,
      `${LONGEST_READ_SECONDS} seconds to read the batch + ⌈`,
      `The ${batchOfItems} items above are those of a function with a \`timeout\` of 3 seconds`,
      `With the default of ${inWords(retryAttemptsOf('ItemProcessor.perBatch'))} retries, one call fits with a \`timeout\` of up to `
        + `${longestExpressTimeout(retryAttemptsOf('ItemProcessor.perBatch'), LONGEST_READ_SECONDS)} seconds`,
    ],
    fromOutside: {
      'stand in their histories for 90 days': SOURCES.stepFunctionsQuotas,
      'with the AWS SDK 2': 'https://docs.aws.amazon.com/sdk-for-java/latest/developer-guide/home.html',
      'starts about 100 of these a second': SOURCES.stepFunctionsQuotas,
    },
  },
  {
    page: `${folder}/processors.md`,
    fromCode: [
      `up to ${MAX_INLINE_CONCURRENCY} at the same time`,
      lambdaDefault,
      `${idempotencyKey('run', 'item').length} characters, the same`,
      `(${retryAttemptsOf('ItemProcessor.perBatch')} by default)`,
      `${inWords(serviceRetries?.MaxAttempts ?? 0)} retries of their own`,
      `costs ${items.transitionsOf(items.etl.batchSize)} state transitions`,
      `has room for ${items.etl.pagesPerSegment} pages`,
      `ends after ${EXPRESS_SECONDS / 60} minutes`,
      `fit into ${COMPUTED_SECONDS} seconds`,
      `(timeout of your function + ${invocationTaskTimeout(Duration.seconds(0))} seconds)`,
      `are one, ${inWords(serviceRetries?.MaxAttempts ?? 0)} for failures of Lambda, and`,
      `a \`timeout\` of 3 seconds, ${largestOf(3)} items fit. With 10 seconds it is ${largestOf(10)}, with 30 seconds ${largestOf(30)}, and with more than ${longestFitting} seconds none`,
      `they are ${quickDelays} seconds`,
      `but fewer items do, at least ${LEAST_DEFAULT_SIZE}`,
      `and fewer than ${LEAST_DEFAULT_SIZE} do`,
      `up to ${items.etl.batchSize} items`,
      `A page may then have ${machineFacts('perSlowItem').pageBytes / 1_024} KiB`,
      `With an Express execution it has at most ${items.pageBytes / 1_024} KiB`,
      `for ${EXPRESS_SECONDS / 60} minutes at most`,
    ],
    fromOutside: {
      'in the run, from 0': 'src/paged-batch-etl/run-continuation/outage.ts: pages are counted from 0',
      'an int64 of 5': 'test/docs/etl-json.test.ts',
      'at least 7 events': 'test/paged-batch-etl/workflow/workflow.test.ts: a page of N items has 11 + 7N',
    },
  },
  {
    page: `${folder}/run-input.md`,
    fromCode: [`${new ObjectId().toHexString().length} hexadecimal digits`],
    fromOutside: {
      'in a call, from 1': 'src/paged-batch-etl/contracts/run-input.ts',
      'an ISO 8601 date': 'https://www.iso.org/iso-8601-date-and-time-format.html',
      'seen in the last 90 days': SOURCES.stepFunctionsQuotas,
    },
  },
  {
    page: `${folder}/backfills.md`,
    fromCode: [
      `${listed(['2026-03-30', '2026-10-26'].map(hoursOfDayBefore), 'or')} hours long where clocks change`,
      `There are at most ${mostWindows()} windows`,
      `up to ${MAX_BACKFILL_CONCURRENCY}.`,
    ],
    fromOutside: {
      'Any multiple of 24 hours': 'src/paged-batch-etl/backfill/windows.ts',
      'redriven for 14 days after it failed': SOURCES.stepFunctionsQuotas,
      'a name for 90 days after': SOURCES.stepFunctionsQuotas,
      'costs 2 state transitions beside those of its run, and 4 if': 'test/paged-batch-etl/backfill/backfill.test.ts: transitions',
    },
  },
  {
    page: `${folder}/run-ledger.md`,
    fromCode: [
      `by default ${DEFAULT_RETENTION.toDays()} days`,
      `and ${invocationTaskTimeout(Duration.seconds(0))} seconds for its start, but at least ${inWords(SHORTEST_TAKE_OVER.toMinutes())} minutes`,
      `It is ${LONGEST_INVOCATION.toMinutes()} minutes and ${invocationTaskTimeout() - LONGEST_INVOCATION.toSeconds()} seconds where`,
      `for a thousand pages, which are up to ${MAX_PAGE_ITEMS / 1_000} million items`,
    ],
    fromOutside: {
      'Within 14 days, prefer a redrive': SOURCES.stepFunctionsQuotas,
      // A transition is $0.025 of it, and the rest is for an invocation, five write units and a few read units.
      'about $0.03': 'https://aws.amazon.com/dynamodb/pricing/on-demand/',
    },
  },
  {
    page: `${folder}/schedules.md`,
    fromCode: [
      `in a time zone: ${listed(['2026-03-30', '2026-06-30', '2026-10-26'].map(hoursOfDayBefore), 'or')} hours`,
      `together at most ${LONGEST_EVALUATION.toDays()} days long`,
      `whole hours, up to ${LONGEST_EVALUATION.toDays()} days`,
    ],
    fromOutside: { 'a name again after 90 days': SOURCES.stepFunctionsQuotas },
  },
  {
    page: `${folder}/security.md`,
    fromCode: [],
    fromOutside: { 'in the history of the executions for 90 days': SOURCES.stepFunctionsQuotas },
  },
  {
    page: `${folder}/sources-and-indexes.md`,
    fromCode: [
      `MongoDB ${OLDEST_VERSION.join('.')} or newer`,
      `up to ${MOST_POINTS} combinations`,
      `have 1 to ${count(MAX_IDENTIFIER_LENGTH)} characters`,
      `or at ${count(MAX_PAGE_ITEMS)} documents, and`,
      `called again up to ${READ_ATTEMPTS.attempts} times (${SELF_RESTART_READ_ATTEMPTS.attempts} times with \`RunContinuation.selfRestart()\`)`,
      lambdaDefault,
    ],
    fromOutside: {
      'Amazon DocumentDB 5.0 or newer': 'src/paged-batch-etl/page-source/page-source.ts',
      '(MongoDB 5.0 or newer)': 'src/paged-batch-etl/source-functions/mongo/read-mongo-page.ts',
      'TCP port 27017': SOURCES.portOfMongo,
      'TCP ports 1024 to 65535': SOURCES.portsOfAtlas,
      'opens TCP 1024 to 65535': SOURCES.portsOfAtlas,
    },
  },
];
