import { QueryableDataBinding } from './binding';
import { glueTables } from './glue-tables';
import { GlueTablesOptions } from './queryable-data-options';

/**
 * What queries may read or write.
 *
 * Without any, queries can use no table. The rights hold only for calls that Athena makes (`aws:CalledVia`). Tables governed by Lake
 * Formation need its grants besides.
 */
export class QueryableData {
  /** Tables in the Glue Data Catalog, and their data in a bucket. */
  public static glueTables(options: GlueTablesOptions): QueryableData {
    return new QueryableData(glueTables(options));
  }

  /** @internal */
  public readonly _binding: QueryableDataBinding;

  private constructor(binding: QueryableDataBinding) {
    this._binding = binding;
  }
}
