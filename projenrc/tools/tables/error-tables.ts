import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DocTable } from './doc-table';
import { errorTable, readErrorDocs } from './error-docs';
import { DeliveryErrorName } from '../../../src/async-athena-query-api/contracts/error-names';
import { BackfillErrorName } from '../../../src/paged-batch-etl/backfill/backfill-errors';
import { PagedBatchEtlErrorName } from '../../../src/paged-batch-etl/contracts/error-names';
import { RunScheduleErrorName } from '../../../src/paged-batch-etl/contracts/plan-run';
import { ROOT } from '../repository';

/** A class whose docstrings tell of errors, and the page that tells it again to whoever is on call. */
export interface ErrorClass {
  readonly className: string;
  /** All errors, by the name of their constant. */
  readonly names: Readonly<Record<string, string>>;
  readonly source: string;
  readonly page: string;
}

export const ERROR_CLASSES: readonly ErrorClass[] = [
  {
    className: 'AsyncAthenaQueryApiErrors',
    names: DeliveryErrorName,
    source: 'src/async-athena-query-api/errors.ts',
    page: 'docs/async-athena-query-api/operations.md',
  },
  {
    className: 'PagedBatchEtlErrors',
    names: PagedBatchEtlErrorName,
    source: 'src/paged-batch-etl/errors.ts',
    page: 'docs/paged-batch-etl/operations.md',
  },
  {
    className: 'RunScheduleErrors',
    names: RunScheduleErrorName,
    source: 'src/paged-batch-etl/schedule/run-schedule-errors.ts',
    page: 'docs/paged-batch-etl/operations.md',
  },
  {
    className: 'BackfillErrors',
    names: BackfillErrorName,
    source: 'src/paged-batch-etl/backfill/backfill-errors.ts',
    page: 'docs/paged-batch-etl/operations.md',
  },
];

export const ERROR_TABLES: readonly DocTable[] = ERROR_CLASSES.map(({ className, names, source, page }) => ({
  page, name: className, origin: 'its docstrings', make: () => errorTable(readErrorDocs(readFileSync(join(ROOT, source), 'utf8'), className, names)),
}));
