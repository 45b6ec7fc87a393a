/** What nobody can read off the code: the assumptions with which tables and benchmarks compute times and prices of a run. */
import { DEFAULT_CONCURRENCY } from '../../../src/paged-batch-etl/item-processor/concurrency';
import { DEFAULT_MEMORY_SIZE } from '../../../src/paged-batch-etl/page-source/document-source';
import { DEFAULTS } from '../../../src/paged-batch-etl/page-transport/s3-options-check';

export interface RunAssumptions {
  /** Milliseconds until the server answers with the first documents of a page. */
  readonly queryMilliseconds: number;
  /** Documents of 1 KB that the source function reads and writes as JSON in a second. */
  readonly documentsPerSecond: number;
  /** Milliseconds of a request to S3 that somebody waits for. */
  readonly requestMilliseconds: number;
  /** Milliseconds of a call of the processor: with one item, and with many. */
  readonly itemMilliseconds: number;
  readonly batchMilliseconds: number;
  /** Milliseconds from the state that starts a Map Run until its first execution begins. */
  readonly mapRunMilliseconds: number;
  /** Executions that a Map Run starts in a second. */
  readonly expressStarts: number;
  readonly standardStarts: number;
  /** Calls of the processor at once where pages are objects. Inline, it is 40. */
  readonly concurrency: number;
  /** MiB. */
  readonly readerMemory: number;
  readonly processorMemory: number;
  /** Days for which pages are kept. */
  readonly storedDays: number;
}

export const ASSUMED: RunAssumptions = {
  queryMilliseconds: 20,
  documentsPerSecond: 20_000,
  requestMilliseconds: 30,
  itemMilliseconds: 50,
  batchMilliseconds: 250,
  // A Map Run of 100 items took about 7 seconds in all, as somebody measured: https://repost.aws/questions/QUn5oKgcnjRTemt39V9hdtyw/.
  mapRunMilliseconds: 3_000,
  // Source: Step Functions quotas, child executions of a Distributed Map.
  expressStarts: 1_000,
  standardStarts: 100,
  concurrency: DEFAULT_CONCURRENCY,
  readerMemory: DEFAULT_MEMORY_SIZE,
  processorMemory: 512,
  storedDays: DEFAULTS.retention.toDays(),
};

type Reading = Pick<RunAssumptions, 'queryMilliseconds' | 'documentsPerSecond' | 'requestMilliseconds'>;

/**
 * How long it takes to read a page.
 *
 * @param requests to S3 that come one after another
 */
export function readingMilliseconds(assumed: Reading, documents: number, requests: number): number {
  const { queryMilliseconds, documentsPerSecond, requestMilliseconds } = assumed;
  return queryMilliseconds + Math.ceil((documents / documentsPerSecond) * 1_000) + requests * requestMilliseconds;
}
