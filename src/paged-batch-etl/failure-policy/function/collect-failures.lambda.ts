import { collectFailures, CollectorServices } from './collect-failures';
import { readCollectorConfig } from './collector-config';
import { once } from '../../../private/runtime/once';
import { writeLine } from '../../../private/runtime/write-line';
import { CollectedPage } from '../../contracts/collect-failures';
import { PagedBatchEtlErrorName } from '../../contracts/error-names';
import { BucketTold } from '../../source-functions/page-object/s3-error';
import { bucketOpener } from '../../source-functions/page-object/s3-page-store';
import { InvocationContext } from '../../source-functions/time-left';

const USER = 'function that collects failures';

const LETTERS: BucketTold = {
  what: 'bucket of dead letters',
  thing: 'letters',
  user: USER,
  may: 'write and delete',
  unavailable: PagedBatchEtlErrorName.DEAD_LETTERS_UNAVAILABLE,
  refused: PagedBatchEtlErrorName.DEAD_LETTERS_REFUSED,
};

const PAGES: BucketTold = {
  what: 'bucket of pages',
  thing: 'a page',
  user: USER,
  may: 'read',
  unavailable: PagedBatchEtlErrorName.PAGE_BUCKET_UNAVAILABLE,
  refused: PagedBatchEtlErrorName.PAGE_BUCKET_REFUSED,
};

const services = once((): CollectorServices => ({
  config: readCollectorConfig(process.env), openLetters: bucketOpener(LETTERS), openPages: bucketOpener(PAGES), now: Date.now, log: writeLine,
}));

/** Entry point of the function that collects the failed items of a page. */
export async function handler(event: unknown, context: InvocationContext): Promise<CollectedPage> {
  return collectFailures(event, context, services());
}
