import { CATALOG, EngineTable } from './engine';
import { accessFailure, semanticFailure } from './query-failure';
import { splitLocation } from './query-request';
import { CallContext, ServiceError } from '../aws/service';
import { GlueCatalog, GlueTable } from '../glue/catalog';
import { LakeFormation } from '../glue/lake-formation';
import { S3Errors } from '../s3/errors';
import { StoredObject } from '../s3/objects';
import { S3Service } from '../s3/s3-service';
import { SemanticError, TableReference } from './sql/analysis';

/** Tables of a query and how many bytes their files hold. */
export interface TableSet {
  readonly tables: readonly EngineTable[];
  readonly bytes: number;
}

/** Finds the tables of a query in Glue and their files in S3, with the rights of the one who started it. */
export class TableSource {
  constructor(private readonly catalog: GlueCatalog, private readonly s3: S3Service, private readonly lakeFormation: LakeFormation) {}

  /** Athena looks at the database of the query even when no table needs it, so a query needs `glue:GetDatabase` at least. */
  async database(name: string, context: CallContext, where = 'line 1:1'): Promise<string> {
    return this.fromGlue(() => this.catalog.getDatabase(name, context), () => new SemanticError('SCHEMA_NOT_FOUND', `${where}: Schema '${name}' does not exist`));
  }

  async table(reference: TableReference, context: CallContext): Promise<GlueTable> {
    const { catalog, database = 'default', table, position } = reference;
    if (catalog !== undefined && catalog !== CATALOG) throw semanticFailure(new SemanticError('CATALOG_NOT_FOUND', `${position}: Catalog '${catalog}' does not exist`));
    return this.fromGlue(
      () => this.catalog.getTable(database, table, context),
      () => new SemanticError('TABLE_NOT_FOUND', `${position}: Table '${CATALOG}.${database}.${table}' does not exist`),
    );
  }

  async tables(references: readonly TableReference[], database: string, context: CallContext): Promise<TableSet> {
    await this.database(database, context);
    const distinct = new Map(references.map((reference) => {
      const located = { ...reference, database: reference.database ?? database };
      return [`${located.database}.${located.table}`, located] as const;
    }));
    const names = [...distinct.values()].map((located) => ({ database: located.database, name: located.table }));
    await this.fromGlue(() => this.catalog.requireBatch(names, context));
    const tables: EngineTable[] = [];
    let bytes = 0;
    for (const reference of distinct.values()) {
      if (reference.database !== database) await this.database(reference.database, context, reference.position);
      const table = await this.table(reference, context);
      const files = await this.files(table, context);
      tables.push({ table, files: files.map(({ file }) => file) });
      bytes += files.reduce((sum, { size }) => sum + size, 0);
    }
    return { tables, bytes };
  }

  /** Whether Lake Formation governs any of them. */
  anyGoverned(tables: readonly EngineTable[]): boolean {
    return tables.some(({ table }) => this.lakeFormation.governs(table));
  }

  private async fromGlue<T>(look: () => Promise<T>, missing?: () => SemanticError): Promise<T> {
    try {
      return await look();
    } catch (error) {
      if (missing !== undefined && error instanceof ServiceError && error.code === 'EntityNotFoundException') throw semanticFailure(missing());
      throw accessFailure(error, 'Error reading the catalog');
    }
  }

  /** Everything under the location, but what Hive hides: names that begin with `_` or a dot. */
  private async files(table: GlueTable, context: CallContext): Promise<StoredObject[]> {
    const { bucket, prefix } = splitLocation(table.location);
    try {
      const objects = this.lakeFormation.governs(table)
        ? await this.governedObjects(table, bucket, prefix, context)
        : await this.objects(bucket, prefix, context);
      return objects.filter(({ key, size }) => size > 0 && !/(^|\/)[._]/.test(key.slice(prefix.length)));
    } catch (error) {
      throw accessFailure(error, `Access denied when reading data from ${table.location}`);
    }
  }

  /** With the rights of Lake Formation: the caller needs none. */
  private async governedObjects(table: GlueTable, name: string, prefix: string, context: CallContext): Promise<StoredObject[]> {
    await this.lakeFormation.getDataAccess(table, context);
    const bucket = this.s3.store.bucket(name);
    if (bucket === undefined) throw S3Errors.noSuchBucket(name);
    return bucket.list(prefix);
  }

  /** With the rights of the caller. */
  private async objects(bucket: string, prefix: string, context: CallContext): Promise<StoredObject[]> {
    const objects: StoredObject[] = [];
    await this.s3.bucketLocation({ bucket, context });
    let continuationToken: string | undefined;
    do {
      const page = await this.s3.list({ bucket, context, prefix, continuationToken });
      for (const { key } of page.objects) objects.push(await this.s3.head({ bucket, key, context }));
      continuationToken = page.nextToken;
    } while (continuationToken !== undefined);
    return objects;
  }
}
