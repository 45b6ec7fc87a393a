import { CATALOG, EngineTable } from './engine';
import { accessFailure, semanticFailure } from './query-failure';
import { splitLocation } from './query-request';
import { CallContext, ServiceError } from '../aws/service';
import { GlueCatalog, GlueTable } from '../glue/catalog';
import { S3Service } from '../s3/s3-service';
import { SemanticError, TableReference } from './sql/analysis';

/** Tables of a query and how many bytes their files hold. */
export interface TableSet {
  readonly tables: readonly EngineTable[];
  readonly bytes: number;
}

/** Finds the tables of a query in Glue and their files in S3, with the rights of the one who started it. */
export class TableSource {
  constructor(private readonly catalog: GlueCatalog, private readonly s3: S3Service) {}

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
    const tables: EngineTable[] = [];
    let bytes = 0;
    for (const reference of distinct.values()) {
      if (reference.database !== database) await this.database(reference.database, context, reference.position);
      const table = await this.table(reference, context);
      const files = await this.files(table.location, context);
      tables.push({ table, files: files.map(({ file }) => file) });
      bytes += files.reduce((sum, { size }) => sum + size, 0);
    }
    return { tables, bytes };
  }

  private async fromGlue<T>(look: () => Promise<T>, missing: () => SemanticError): Promise<T> {
    try {
      return await look();
    } catch (error) {
      if (error instanceof ServiceError && error.code === 'EntityNotFoundException') throw semanticFailure(missing());
      throw accessFailure(error, 'Error reading the catalog');
    }
  }

  /** Everything under the location, but what Hive hides: names that begin with `_` or a dot. */
  private async files(location: string, context: CallContext): Promise<{ file: string; size: number }[]> {
    const { bucket, prefix } = splitLocation(location);
    const files: { file: string; size: number }[] = [];
    try {
      await this.s3.bucketLocation({ bucket, context });
      let continuationToken: string | undefined;
      do {
        const page = await this.s3.list({ bucket, context, prefix, continuationToken });
        for (const { key, size } of page.objects) {
          if (size === 0 || /(^|\/)[._]/.test(key.slice(prefix.length))) continue;
          files.push({ file: (await this.s3.head({ bucket, key, context })).file, size });
        }
        continuationToken = page.nextToken;
      } while (continuationToken !== undefined);
    } catch (error) {
      throw accessFailure(error, `Access denied when reading data from ${location}`);
    }
    return files;
  }
}
