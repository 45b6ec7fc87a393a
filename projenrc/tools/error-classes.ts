import { DeliveryErrorName } from '../../src/async-athena-query-api/contracts/error-names';
import { PagedBatchEtlErrorName } from '../../src/paged-batch-etl/contracts/error-names';
import { RunScheduleErrorName } from '../../src/paged-batch-etl/contracts/plan-run';

/** A class whose docstrings tell of errors, and the page that tells it again to whoever is called at night. */
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
    page: 'docs/operations.md',
  },
  {
    className: 'PagedBatchEtlErrors',
    names: PagedBatchEtlErrorName,
    source: 'src/paged-batch-etl/errors.ts',
    page: 'docs/operations-paged-batch-etl.md',
  },
  {
    className: 'RunScheduleErrors',
    names: RunScheduleErrorName,
    source: 'src/paged-batch-etl/schedule/run-schedule-errors.ts',
    page: 'docs/operations-paged-batch-etl.md',
  },
];
