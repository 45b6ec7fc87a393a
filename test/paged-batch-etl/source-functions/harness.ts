import { ParameterRules } from '../../../src/paged-batch-etl/contracts/run-input';
import { MongoSourceConfig } from '../../../src/paged-batch-etl/contracts/source-function';
import { PageRequest, ReadServices } from '../../../src/paged-batch-etl/source-functions/reader/read-page';
import { SourceError } from '../../../src/paged-batch-etl/source-functions/source-error';
import { InvocationContext, TimeLeft } from '../../../src/paged-batch-etl/source-functions/time-left';

export const RUN_ID = 'arn:aws:states:eu-west-1:111122223333:execution:metrics-run:2026-11-24';

export const SECRET_ARN = 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:mongo-AbCdEf';

export const RULES: ParameterRules = {
  date_begin: { type: 'date' },
  date_end: { type: 'date', timeZone: 'Europe/Berlin' },
  kind: { type: 'text' },
  amount: { type: 'integer' },
  owner: { type: 'objectId' },
};

/** Parameters as those rules have them. */
export const INPUT = {
  date_begin: '2026-11-23T00:00:00Z', date_end: '2026-11-24', kind: 'daily', amount: 7, owner: '5f00000000000000000000ab',
};

export const SOURCE: MongoSourceConfig = {
  engine: 'mongo',
  tls: true,
  database: 'analytics',
  collection: 'jobs',
  sort: ['_id'],
  readPreference: 'primary',
  indexCheck: true,
  mixedIdTypes: false,
  itemFormat: 'relaxed',
};

/** What a source function has that reads no letters. */
export const NO_LETTERS: Pick<ReadServices, 'letterItems' | 'openLetters'> = { letterItems: { values: noLetters, texts: noLetters }, openLetters: noLetters };

function noLetters(): never {
  throw new Error('no letters are read');
}

/** What the workflow sends. */
export function readEvent(changes: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  return { contract: 1, parameters: INPUT, cursor: null, batchSize: 3, run: { id: RUN_ID, page: 0 }, ...changes };
}

/** An invocation that has as much time left, whenever it is asked. */
export function withTimeLeft(milliseconds = 60_000): InvocationContext {
  return { getRemainingTimeInMillis: () => milliseconds };
}

/** A request as `readPage` hands it to a source. */
export function pageRequest(changes: Partial<PageRequest> = {}): PageRequest {
  return {
    parameters: { given: {}, typed: new Map() },
    cursor: null,
    batchSize: 3,
    run: { id: RUN_ID, page: 0 },
    pageBytes: 1_000,
    time: new TimeLeft(withTimeLeft()),
    keyScope: RUN_ID,
    idempotencyKeyOf: (itemIdentifier) => `key of ${itemIdentifier}`,
    passesOver: false,
    warn: () => undefined,
    ...changes,
  };
}

/** An error as the SDK throws it. */
export function serviceError(name: string, httpStatusCode: number | undefined, message = 'Told by the service'): Error {
  return Object.assign(new Error(message), { name, $metadata: { httpStatusCode } });
}

/** How something ended: the name and message of its error, or `Done`. */
export async function outcomeOf(work: () => unknown): Promise<{ readonly name: string; readonly message: string }> {
  try {
    await work();
    return { name: 'Done', message: '' };
  } catch (error) {
    return error instanceof SourceError ? { name: error.name, message: error.message } : { name: 'NotOurs', message: String(error) };
  }
}
