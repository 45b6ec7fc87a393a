import { DocTable } from './doc-table';
import { WarningName } from '../../../src/private/synth/warning';

/** What each warning means. A warning without a row does not compile, unless it is the other construct's, whose pages tell it. */
const MEANINGS: Readonly<Record<Exclude<WarningName, 'announcementToAnotherAccount' | 'stsRoute'>, string>> = {
  databaseInCollection: 'the collection has the name of its database before it',
  dateTextInFilter: 'a date is written as a text under `$gt`, `$gte`, `$lt` or `$lte`, which matches no date',
  functionTimeout: 'the function of a processor or of a custom source has no time-out: Lambda ends each call after 3 seconds',
  functionOfAnotherAccount: 'that function is in another account, and must allow the role that calls it',
  secretsManagerRoute: 'the source function is in isolated subnets, and its VPC has no interface endpoint of Secrets Manager',
  s3Route: 'so it is, pages travel through S3 or letters could be replayed, and its VPC has no endpoint of S3',
  keyPolicy: '`encryptionKey` was not made in the app, so its policy is not completed: the warning says what it must allow',
  pageLifecycle: 'the bucket of `PageTransport.s3` is your own: nothing removes pages from it unless you add lifecycle rules',
  muchConcurrency: '`maxConcurrency`, times the workers of a run, times the runs of a backfill at the same time, is more than half of the calls that an account may make at once by default',
  ledgerExpiry: 'the table that `RunLedger.table` was given does not let items expire by `expiresAt`, so that items of runs stay for ever',
  scheduleWindow: 'the filter does not have the window of a schedule or a backfill under `$gte` and `$lt`',
  scheduleSkipped: 'a run of a schedule that `WhenLocked.SKIP` skips counts as succeeded, although the run that has its window may fail',
  scheduleGaps: 'the windows of a schedule do not meet, such as a weekly schedule of whole days',
};

/** Warnings at synthesis. */
export const ETL_WARNINGS: DocTable = {
  page: 'docs/paged-batch-etl/operations.md',
  name: 'Warnings',
  origin: 'their names',
  make: () => ({
    header: ['id, after `cdk-data-workflows:`', 'what is probably wrong'],
    rows: Object.entries(MEANINGS).map(([name, meaning]) => [`\`${name}\``, meaning]),
  }),
};
