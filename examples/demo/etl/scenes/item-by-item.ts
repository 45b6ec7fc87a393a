import { dollars } from '../../../../projenrc/tools/tables/prices';
import { idempotencyKey } from '../../../../src/paged-batch-etl/source-functions/reader/idempotency-key';
import { formatted } from '../../terminal';
import { MetricDocument } from '../analytics';
import { Bill, priceOf } from '../bill';
import { Window } from '../flights';
import { answered, EndedRun, WorkflowName } from '../metrics-stack';
import { publishedDesign } from '../published-design';
import { EtlStage } from '../stage';

const ITEMS = 400;
const MILLION = 1_000_000;

/** The published design costs at least as many times as much as pages in Express executions. */
const LEAST_SAVING = 5;

/** Items for each execution, and for each transition, where pages travel through S3. */
const LEAST_ITEMS = 5;

/** More than a page inline, or the event of a function, can hold. */
const LARGE = 300 * 1_024;

interface Played {
  readonly run: EndedRun;
  readonly written: readonly MetricDocument[];
}

/** A function for every document, with pages that travel in the state of the workflow and with pages that travel through S3. */
export async function itemByItem(stage: EtlStage): Promise<void> {
  const { flights, terminal } = stage;
  terminal.title('A small window, an item at a time: once with pages in the state of the workflow, once with pages in S3');
  const window = await stage.window(ITEMS);
  const items = await flights.count(window);
  const inline = await play(stage, 'MetricsPerItem', window, items);
  const byReference = await play(stage, 'MetricsPerItemS3', window, items);
  expectTheSame(stage, inline, byReference);
  comparePrices(stage, inline.run, byReference.run, items);
  await largeDocument(stage, byReference, window);
}

async function play(stage: EtlStage, workflow: WorkflowName, window: Window, items: number): Promise<Played> {
  stage.terminal.line(`  ${workflow}:`);
  const run = await stage.run(workflow, 'item-by-item', window);
  stage.expectSuccess(run, items);
  await stage.expectMetrics(run, window);
  return { run, written: await stage.analytics.metricsWrittenBy(run.arn) };
}

function expectTheSame(stage: EtlStage, inline: Played, byReference: Played): void {
  const [one, other] = [inline, byReference].map(({ written }) => written.map(({ _id, run, ...metric }) => JSON.stringify(metric)));
  const same = one.filter((metric, index) => metric === other[index]);
  stage.expect(
    same.length === one.length && same.length === other.length,
    `both called the function for the same documents: ${formatted(same.length)} of ${formatted(one.length)} metrics are the same`,
  );
  const metrics = [...inline.written, ...byReference.written];
  const stable = metrics.filter(({ _id, run, job }) => _id === idempotencyKey(run, job));
  stage.expect(
    stable.length === metrics.length,
    `${formatted(stable.length)} of ${formatted(metrics.length)} idempotency keys follow from the run and the document alone: the same if it is processed again`,
  );
}

function comparePrices(stage: EtlStage, inline: EndedRun, byReference: EndedRun, items: number): void {
  const { terminal } = stage;
  const published = publishedDesign(items);
  terminal.line('  What AWS would bill, and for a million documents at this rate:');
  terminal.table([
    ['pages', 'number', 'transitions', 'Express executions', 'GB-seconds', 'S3 requests', 'this run', 'a million'],
    row('inline', answered(inline, 'pages'), inline.bill, items),
    row('through S3', answered(byReference, 'pages'), byReference.bill, items),
    row('as first published (calculated)', published.pages, published.bill, items),
  ]);
  for (const line of EXPLANATION) terminal.line(`  ${line}`);
  stage.expect(
    inline.bill.expressExecutions === answered(inline, 'pages'),
    'inline, each page is one Express execution, whose items cost no transitions',
  );
  stage.expect(
    byReference.bill.expressExecutions * LEAST_ITEMS <= items && byReference.bill.transitions * LEAST_ITEMS <= items,
    'through S3, an Express execution has many items, and its start costs a transition',
  );
  const saving = priceOf(published.bill) / priceOf(inline.bill);
  stage.expect(saving >= LEAST_SAVING, `inline, an item costs ${saving.toFixed(1)} times less than as first published`);
}

/** One more run through S3, over a window of its own: inline, that document would be refused. */
async function largeDocument(stage: EtlStage, { written }: Played, window: Window): Promise<void> {
  const { analytics, terminal } = stage;
  const own = stage.windowBeforeAll();
  const original = await analytics.addLargeCopy(window, own.begin, LARGE);
  terminal.line(`  A document of ${LARGE / 1_024} KiB is in the collection now, a copy of a flight with long remarks:`);
  const run = await stage.run('MetricsPerItemS3', 'large-document', own, undefined, 1);
  stage.expectSuccess(run, 1);
  const ofOriginal = written.filter(({ job }) => job === original).map(factsOf);
  const ofCopy = (await analytics.metricsWrittenBy(run.arn)).map(factsOf);
  stage.expect(
    ofCopy.length === 1 && ofCopy[0] === ofOriginal[0],
    'the function got `itemAt` in place of the item, read it from S3, and its metrics are those of the flight',
  );
}

function factsOf({ state, late, minutesLate, interstate }: MetricDocument): string {
  return JSON.stringify({ state, late, minutesLate, interstate });
}

const EXPLANATION = [
  'As first published, a Map in the history of the workflow processes pages of 20: a transition for each item.',
  'Inline, a page has 20 items here, too, because 10 calls go on at once. With 40, the default, it has 80, and an item costs a quarter.',
  'Through S3, a Distributed Map takes large pages, large documents and up to 1,000 calls at once. Each of its executions reads a batch.',
  'It has 10 items here, because 10 calls go on at once and the function may take 12 seconds. With 40 and 3 seconds it has 120.',
  'Invocations of functions come on top, as many in each row. GB-seconds are those of this machine.',
  'Prices are those of US East (N. Virginia).',
];

function row(name: string, pages: number, bill: Bill, items: number): string[] {
  const { transitions, expressExecutions, gigabyteSeconds, s3Reads, s3Writes } = bill;
  return [
    name,
    ...[pages, transitions, expressExecutions].map(formatted),
    gigabyteSeconds.toFixed(2),
    formatted(s3Reads + s3Writes),
    `$${priceOf(bill).toFixed(4)}`,
    dollars(priceOf(bill) / items * MILLION),
  ];
}
