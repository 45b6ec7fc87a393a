import { PagedBatchEtlErrorName } from '../../contracts/error-names';
import { SourceError } from '../source-error';
import { idempotencyKeys } from './idempotency-key';
import { failureLine, pageLine, warningLine } from './page-log';
import { parseReadEvent } from './parse-read-event';
import { batchSizeOf, checkParameters, RunParameters } from './run-input';
import type { SourceConfig } from './source-config';
import { errorCode } from '../../../private/runtime/error-code';
import { Page, RunReference } from '../../contracts/read-page';
import { InvocationContext, TimeLeft } from '../time-left';

/** A page to be read, its input being checked. */
export interface PageRequest {
  readonly parameters: RunParameters;
  readonly cursor: string | null;
  readonly batchSize: number;
  readonly run: RunReference;
  readonly pageBytes: number;
  readonly time: TimeLeft;
  readonly idempotencyKeyOf: (itemIdentifier: string) => string;
  /** Says something in the log that does not fail the page. */
  readonly warn: (message: string) => void;
}

/** A page that was read. */
export interface PageRead {
  readonly page: Page;
  /** First sort key of the last item, where that is a date. */
  readonly lastKey?: Date;
}

/** Everything that reading a page needs of the world. */
export interface ReadServices {
  readonly config: SourceConfig;
  /** Reads a page from the source, or throws a `SourceError`. */
  readonly read: (request: PageRequest) => Promise<PageRead>;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** Takes one line of JSON. */
  readonly log: (line: string) => void;
}

/**
 * Reads one page: what all source functions have in common. One attempt, which ends in a page or in a `SourceError`; retrying is the
 * workflow's part. The input is checked for every page, which costs nothing, because any page can be the first of its execution.
 */
export async function readPage(input: unknown, context: InvocationContext, { config, read, now, log }: ReadServices): Promise<Page> {
  const startedAt = now();
  let run: RunReference | undefined;
  try {
    const event = parseReadEvent(input);
    const reference = event.run;
    run = reference;
    const { page, lastKey } = await read({
      parameters: checkParameters(event.parameters, config.rules),
      cursor: event.cursor,
      batchSize: batchSizeOf(event.batchSize, config.maxBatchSize),
      run: reference,
      pageBytes: config.pageBytes,
      time: new TimeLeft(context),
      idempotencyKeyOf: idempotencyKeys(reference.id),
      warn: (message) => log(warningLine(reference, message)),
    });
    const first = event.cursor === null && reference.page === 0;
    const refused = first && page.items.length === 0 && config.failEmptyRun;
    const outcome = refused ? PagedBatchEtlErrorName.EMPTY_RUN : 'Read';
    log(pageLine({ functionName: config.functionName, run: reference, page, first, outcome, lastKey, startedAt, now: now() }));
    if (!refused) return page;
  } catch (thrown) {
    const error = asSourceError(thrown);
    log(failureLine(run, error.name, now() - startedAt));
    throw error;
  }
  throw new SourceError(PagedBatchEtlErrorName.EMPTY_RUN, NOTHING);
}

const NOTHING = 'There is nothing to read: check the dates of the run, the filter, and the names of database and collection';

/** Nothing but our own errors is ever shown. What nobody has foreseen is final: it fails the same way when it is tried again. */
function asSourceError(error: unknown): SourceError {
  if (error instanceof SourceError) return error;
  return new SourceError(PagedBatchEtlErrorName.SOURCE_REFUSED, `The source function failed${errorCode(error)}`);
}
