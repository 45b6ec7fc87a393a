import { ScheduleExpression } from 'aws-cdk-lib/aws-scheduler';
import { DocTable } from './doc-table';
import { machineFacts, MachineFacts, ProcessorName } from './etl-machines';
import { documentsInPage, sampleDocument } from './etl-sample';
import { count, dollars, PRICES } from './prices';
import { PagedBatchEtl, RunContinuation, RunWindow } from '../../../src';
import { SourceMetric } from '../../../src/paged-batch-etl/contracts/source-metric';
import { DEFAULT_MEMORY_SIZE } from '../../../src/paged-batch-etl/page-source/document-source';

const PAGE = 'docs/paged-batch-etl/limits-and-costs.md';

const MILLION = 1_000_000;

/** What the tables call "30 million". */
export const BACKLOG = 30 * MILLION;

/** Assumed for a page: to read it and to process it. */
const SECONDS_A_PAGE = 1;

/** Assumed for reading a page. */
const SECONDS_OF_READING = 0.2;

/** Bytes of the documents in the table, as MongoDB stores them; none: `_id` alone. */
const SIZES = [undefined, 300, 1_000, 3_000, 10_000, 50_000] as const;

/** Rate and price of a run with `perBatch`, by the size of its documents. */
const BY_SIZE: DocTable = {
  page: PAGE,
  name: 'Price by document size',
  origin: 'the budget of a page and the states of the workflow',
  make: () => {
    const facts = machineFacts('perBatch');
    return {
      header: [
        'documents', 'in a page', 'pages for 30 million', `time at ${SECONDS_A_PAGE} s a page`, 'price for 30 million', 'price for a million', 'most documents in a run',
      ],
      rows: SIZES.map((bytes) => sizeRow(facts, bytes)),
    };
  },
};

/** Documents of that size in a page of `perBatch`. */
export function documentsOf({ etl, pageBytes }: MachineFacts, bytes: number | undefined): number {
  const { _id, ...rest } = sampleDocument(bytes ?? 300);
  return documentsInPage(bytes === undefined ? { _id } : { _id, ...rest }, etl.batchSize, pageBytes);
}

function sizeRow(facts: MachineFacts, bytes: number | undefined): string[] {
  const inPage = documentsOf(facts, bytes);
  const pages = (documents: number) => Math.ceil(documents / inPage);
  const price = (documents: number) => pages(documents) * facts.transitionsOf(inPage) * PRICES.stateTransition;
  return [
    bytes === undefined ? 'a projection to `_id`' : `${bytes < 1_000 ? `${bytes} bytes` : `${bytes / 1_000} KB`}`,
    count(inPage), count(pages(BACKLOG)), duration(pages(BACKLOG) * SECONDS_A_PAGE), dollars(price(BACKLOG)), dollars(price(MILLION)),
    count(pagesOfRun(facts) * inPage),
  ];
}

/** Pages that one run can walk. */
export function pagesOfRun({ etl }: MachineFacts): number {
  return (etl.maxItemsPerRun ?? Number.NaN) / etl.batchSize;
}

function duration(seconds: number): string {
  const hours = seconds / 3_600;
  return hours < 48 ? `${hours.toFixed(1)} hours` : `${(hours / 24).toFixed(1)} days`;
}

interface BudgetRow {
  readonly name: string;
  readonly processor: ProcessorName;
  readonly batchSize?: number;
  readonly continuation?: RunContinuation;
}

const BUDGETS: readonly BudgetRow[] = [
  { name: '`perBatch`', processor: 'perBatch' },
  { name: '`perBatch`', processor: 'perBatch', batchSize: 100 },
  { name: '`stateMachine`', processor: 'stateMachine' },
  { name: '`perItem`', processor: 'perItem' },
  { name: '`perItem`, in the segment', processor: 'perSlowItem' },
  { name: '`perItem`, in the segment', processor: 'perSlowItem', batchSize: 20 },
  { name: '`perBatch` and `selfRestart`', processor: 'perBatch', continuation: RunContinuation.selfRestart() },
  { name: '`perItem` and `selfRestart`', processor: 'perItem', batchSize: 50, continuation: RunContinuation.selfRestart() },
];

/** Pages of a segment, items of a run and prices, by processor. */
const BY_PROCESSOR: DocTable = {
  page: PAGE,
  name: 'Price by processor',
  origin: 'the history budget and the states of the workflow',
  make: () => ({
    header: ['processor', '`batchSize`', 'pages a segment', 'most items in a run', 'transitions a page', 'price for a million items'],
    rows: BUDGETS.map(({ name, processor, batchSize, continuation }) => {
      const { etl, transitionsOf } = machineFacts(processor, { batchSize, continuation });
      const transitions = transitionsOf(etl.batchSize);
      return [
        name, count(etl.batchSize), count(etl.pagesPerSegment), etl.maxItemsPerRun === undefined ? 'no limit but two billion' : count(etl.maxItemsPerRun),
        count(transitions), dollars((MILLION / etl.batchSize) * (transitions * PRICES.stateTransition + expressPrice(etl))),
      ];
    }),
  }),
};

/** What the Express execution of a page costs, if there is one. */
function expressPrice({ itemWorkflow }: PagedBatchEtl): number {
  if (itemWorkflow === undefined) return 0;
  return PRICES.expressRequest + SECONDS_A_PAGE * (PRICES.expressMegabytes / 1_024) * PRICES.expressGigabyteSecond;
}

/** What Step Functions charges for a million documents of that size, without retries. */
export function priceOfMillion(facts: MachineFacts, bytes: number): number {
  const inPage = documentsOf(facts, bytes);
  return Math.ceil(MILLION / inPage) * (facts.transitionsOf(inPage) * PRICES.stateTransition + expressPrice(facts.etl));
}

/** What pages cost, by service. */
const PER_PAGE: DocTable = {
  page: PAGE,
  name: 'Price of 100,000 pages',
  origin: 'the states of the workflow and the memory of the source function',
  make: () => {
    const { transitionsOf } = machineFacts('perBatch');
    const gigabytes = DEFAULT_MEMORY_SIZE / 1_024;
    const transitions = transitionsOf(1);
    const reading = PRICES.lambdaRequest + SECONDS_OF_READING * gigabytes * PRICES.lambdaGigabyteSecond;
    return {
      header: ['what', 'how much', 'price of 100,000 pages'],
      rows: [
        ['Step Functions', `${transitions} transitions a page with \`perBatch\``, dollars(100_000 * transitions * PRICES.stateTransition)],
        ['reading, AWS Lambda', `one call a page, assumed to take ${SECONDS_OF_READING} s with ${DEFAULT_MEMORY_SIZE} MiB`, dollars(100_000 * reading)],
        ['processing', 'your function: one call a page, or one an item', 'yours'],
      ],
    };
  },
};

/** What costs something though nothing runs. */
const FIXED: DocTable = {
  page: PAGE,
  name: 'Fixed costs',
  origin: 'the synthesised alarms and the metrics',
  make: () => {
    const own = alarmMetrics(machineFacts('perBatch'));
    const withSchedule = (alarmAfterEmptyRuns?: number) => alarmMetrics(machineFacts('perBatch', {
      schedule: (etl) => void etl.addSchedule('Nightly', {
        schedule: ScheduleExpression.cron({ hour: '4', minute: '0' }),
        window: RunWindow.previousDay({ begin: 'date_begin', end: 'date_end' }),
        alarmAfterEmptyRuns,
      }),
    })) - own;
    const custom = [SourceMetric.PAGES_READ, SourceMetric.ITEMS_READ, SourceMetric.EMPTY_RUNS, SourceMetric.LAG];
    return {
      header: ['what', 'how much', 'price of a month'],
      rows: [
        ['`failureAlarm`', `an alarm on ${own} metrics`, dollars(own * PRICES.alarmMetricMonth)],
        [
          'metrics of the source', `${custom.map((name) => `\`${name}\``).join(', ')}; billed for the hours in which runs read`,
          `at most ${dollars(custom.length * PRICES.customMetricMonth)}`,
        ],
        ['each schedule', 'its `failureAlarm`', dollars(withSchedule() * PRICES.alarmMetricMonth)],
        [
          'each schedule with `alarmAfterEmptyRuns`', `the \`emptyRunsAlarm\` too, and \`${SourceMetric.EMPTY_RUNS}\` of the schedule`,
          `at most ${dollars(withSchedule(3) * PRICES.alarmMetricMonth + PRICES.customMetricMonth)}`,
        ],
      ],
    };
  },
};

function alarmMetrics({ template }: MachineFacts): number {
  return Object.values(template().findResources('AWS::CloudWatch::Alarm')).reduce((sum, { Properties }) => sum + metricsOf(Properties), 0);
}

/** Metrics that an alarm reads; what it computes from them is none. */
function metricsOf(properties: { readonly Metrics?: readonly { readonly MetricStat?: unknown }[] }): number {
  return properties.Metrics?.filter(({ MetricStat }) => MetricStat !== undefined).length ?? 1;
}

export const ETL_COST_TABLES: readonly DocTable[] = [BY_SIZE, BY_PROCESSOR, PER_PAGE, FIXED];
