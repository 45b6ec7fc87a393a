import { QueryableDataBinding } from './binding';
import { glueTables } from './glue-tables';
import { lakeFormation } from './lake-formation';
import { GLUE_TABLES_KINDS, LAKE_FORMATION_KINDS } from './option-kinds';
import { GlueTablesOptions, LakeFormationOptions } from './queryable-data-options';
import { checkOptions } from '../../private/synth/option-kinds';

/**
 * What queries may read or write.
 *
 * Without any, queries can use no table. The rights hold only for calls that Athena makes (`aws:CalledVia`), and those to KMS only for calls that S3
 * makes (`kms:ViaService`).
 */
export class QueryableData {
  /**
   * Tables in the Glue Data Catalog, and their data in a bucket.
   *
   * Choose this where IAM decides who may read the bucket, which is so unless Lake Formation was set up. `SHOW DATABASES` would need `glue:GetDatabases`
   * on all databases, so it is not allowed: grant it to the construct if callers may see the names of all.
   *
   * @example
   * declare const sales: s3.IBucket;
   *
   * new AsyncAthenaQueryApi(this, 'Queries', {
   *   queryableData: [QueryableData.glueTables({ database: 'sales', tables: ['orders'], bucket: sales, prefix: 'orders/' })],
   * });
   */
  public static glueTables(options: GlueTablesOptions): QueryableData {
    return new QueryableData(glueTables(checkOptions('QueryableData.glueTables', options, GLUE_TABLES_KINDS)));
  }

  /**
   * Tables in the Glue Data Catalog whose data is governed by AWS Lake Formation. Queries may only read.
   *
   * Choose this where the location of the data is registered with Lake Formation: it then gives Athena access to the data, and the role needs no right to
   * the bucket. Grant the role `SELECT` on the tables and `DESCRIBE` on the database there, as `queryRole` of the construct.
   *
   * @example
   * new AsyncAthenaQueryApi(this, 'Queries', { queryableData: [QueryableData.lakeFormation({ database: 'sales' })] });
   */
  public static lakeFormation(options: LakeFormationOptions): QueryableData {
    return new QueryableData(lakeFormation(checkOptions('QueryableData.lakeFormation', options, LAKE_FORMATION_KINDS)));
  }

  /** @internal */
  public readonly _binding: QueryableDataBinding;

  private constructor(binding: QueryableDataBinding) {
    this._binding = binding;
  }
}
