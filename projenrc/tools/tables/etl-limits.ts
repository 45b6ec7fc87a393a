import { Duration } from 'aws-cdk-lib';
import { DocTable } from './doc-table';
import { pagesOfRun } from './etl-costs';
import { HANDLER_TIMEOUT, machineFacts } from './etl-machines';
import { count } from './prices';
import { PageTransport } from '../../../src';
import { mostWindows } from '../../../src/paged-batch-etl/backfill/backfill-machine';
import { MAX_CURSOR_BYTES, MAX_PAGE_ITEMS } from '../../../src/paged-batch-etl/contracts/read-page';
import { MAX_PARAMETER_BYTES } from '../../../src/paged-batch-etl/contracts/run-input';
import { MAX_CONCURRENCY, MAX_INLINE_CONCURRENCY } from '../../../src/paged-batch-etl/item-processor/concurrency';
import { MAX_RETRY_ATTEMPTS } from '../../../src/paged-batch-etl/item-processor/processor-function';
import { LONGEST_CUSTOM_READ } from '../../../src/paged-batch-etl/page-source/custom';
import { MAX_BATCH_SIZE } from '../../../src/paged-batch-etl/run-continuation/history-budget';
import { LONGEST_TOLERANCE, MAX_WAITS } from '../../../src/paged-batch-etl/run-continuation/outage';
import { MOST_HOURS } from '../../../src/paged-batch-etl/schedule/last-hours';
import { LONGEST_EVALUATION } from '../../../src/private/synth/alarm-limits';
import { MAX_ENVIRONMENT_BYTES } from '../../../src/private/synth/environment-size';
import { MAX_HISTORY_EVENTS } from '../../../src/private/synth/history';
import { LONGEST_INVOCATION } from '../../../src/private/synth/lambda-limits';

/** What cannot be exceeded, and what happens then. */
export const ETL_LIMITS: DocTable = {
  page: 'docs/paged-batch-etl/limits-and-costs.md',
  name: 'Limits',
  origin: 'the constants of the code',
  make: () => {
    const [perBatch, perItem, perSlowItem, stateMachine] = [
      machineFacts('perBatch'), machineFacts('perItem'), machineFacts('perSlowItem'), machineFacts('stateMachine'),
    ];
    // With either transport, the run has as many segments.
    const segments = pagesOfRun(perBatch) / perBatch.etl.pagesPerSegment;
    const pagesInS3 = segments * machineFacts('perBatch', { transport: PageTransport.s3() }).etl.pagesPerSegment;
    return {
      header: ['what', 'at most', 'beyond it'],
      rows: [
        [
          'a page, as JSON',
          `${kibibytes(perBatch.pageBytes)}; ${kibibytes(stateMachine.pageBytes)} with \`stateMachine\`; ${kibibytes(perItem.pageBytes)} with \`perItem\`, ${kibibytes(perSlowItem.pageBytes)} in the segment; \`maxPageBytes\` with \`PageTransport.s3\``,
          'the page has fewer items',
        ],
        ['one item, as JSON', 'as a page; with `PageTransport.s3` any that MongoDB can store', 'the run fails with `ItemTooLarge`, after all items before it'],
        [
          '`batchSize`: items in a page, with `PageTransport.s3` in a call', `${count(MAX_BATCH_SIZE)}; ${count(perSlowItem.etl.largestSafeBatchSize)} with \`perItem\` in the segment`, 'error at synthesis',
        ],
        ['items in a page of `PageTransport.s3`', count(MAX_PAGE_ITEMS), 'the page has fewer items'],
        [
          'items of an inline page in an Express execution', `${perItem.etl.largestSafeBatchSize} with a function of ${time(HANDLER_TIMEOUT)}, fewer with a slower one`,
          'the items are processed in the segment',
        ],
        ['parameters of a run, as JSON', kibibytes(MAX_PARAMETER_BYTES), 'the run fails with `ParametersTooLarge`'],
        ['the cursor: the sort fields of one item', kibibytes(MAX_CURSOR_BYTES), 'the run fails with `CursorTooLarge`'],
        ['filter, projection, sort and parameters together', `${count(MAX_ENVIRONMENT_BYTES)} bytes`, 'error at synthesis'],
        ['history of an execution', `${count(MAX_HISTORY_EVENTS)} events`, 'never reached: a segment ends before'],
        [
          'pages of a run',
          `${count(pagesOfRun(perBatch))} with \`perBatch\`; ${count(pagesOfRun(perItem))} with \`perItem\`, ${count(pagesOfRun(perSlowItem))} in the segment; `
            + `${count(pagesOfRun(stateMachine))} with \`stateMachine\`; ${count(pagesInS3)} with \`PageTransport.s3\`; and never more than two billion items`,
          '`RunTooLong`, with the `progress` to go on with',
        ],
        ['reading a page (`timeout`)', `${time(LONGEST_INVOCATION)}; ${time(LONGEST_CUSTOM_READ)} with \`PageSource.custom\``, 'error at synthesis'],
        ['one call of your function', time(LONGEST_INVOCATION), 'AWS Lambda ends it, and it is retried'],
        ['calls at the same time (`maxConcurrency`)', `${MAX_INLINE_CONCURRENCY}; ${count(MAX_CONCURRENCY)} with \`PageTransport.s3\``, 'error at synthesis'],
        ['`retryAttempts`', `${MAX_RETRY_ATTEMPTS}`, 'error at synthesis'],
        ['`outageTolerance`', time(LONGEST_TOLERANCE), 'error at synthesis'],
        ['waits for the end of outages in one run', `${MAX_WAITS}`, 'the run fails with the error of the outage, and can be redriven'],
        ['windows of `alarmAfterEmptyRuns` together', time(LONGEST_EVALUATION), 'error at synthesis'],
        ['windows of a backfill', count(mostWindows()), 'error at synthesis'],
        ['`hours` of `RunWindow.lastHours`', count(MOST_HOURS), 'error at synthesis'],
      ],
    };
  },
};

function kibibytes(bytes: number): string {
  return `${bytes / 1_024} KiB`;
}

function time(duration: Duration): string {
  return duration.toHumanString();
}
