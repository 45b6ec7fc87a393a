import { AuthorizationRequest, Authorize, AwsEnvironment, CallContext, ServiceError } from '../aws/service';

export interface GlueColumn {
  readonly name: string;
  /** Hive type as written in the catalog: `bigint`, `array<string>`. */
  readonly type: string;
  readonly comment?: string;
}

/** How the files of a table are read. */
export type TableFormat =
  | { readonly kind: 'parquet' }
  | { readonly kind: 'json' }
  | { readonly kind: 'csv'; readonly delimiter: string; readonly quote?: string; readonly escape?: string; readonly skipLines: number };

export interface GlueTable {
  readonly database: string;
  readonly name: string;
  readonly columns: readonly GlueColumn[];
  /** `s3://bucket/prefix/`. */
  readonly location: string;
  readonly format: TableFormat;
}

/** The Glue data catalog of the account. Names are lower case, as Glue stores them. */
export class GlueCatalog {
  private readonly databases = new Map<string, Map<string, GlueTable>>();

  constructor(private readonly environment: AwsEnvironment, private readonly authorize: Authorize) {}

  createDatabase(name: string): void {
    if (this.databases.has(name.toLowerCase())) throw new Error(`Glue database ${name} exists already`);
    this.databases.set(name.toLowerCase(), new Map());
  }

  /** Deletes a database with its tables. */
  removeDatabase(name: string): void {
    this.databases.delete(name.toLowerCase());
  }

  /** Changes a table: queries that start from now on see the new one. */
  changeTable(table: GlueTable): void {
    this.databases.get(table.database)?.set(table.name, table);
  }

  removeTable(database: string, name: string): void {
    this.databases.get(database)?.delete(name);
  }

  createTable(table: GlueTable): void {
    const tables = this.databases.get(table.database);
    if (tables === undefined) throw new Error(`Glue database ${table.database} of the table ${table.name} does not exist`);
    if (tables.has(table.name)) throw new Error(`Glue table ${table.database}.${table.name} exists already`);
    tables.set(table.name, table);
  }

  /** Throws AccessDeniedException or EntityNotFoundException. */
  async getDatabase(name: string, context: CallContext): Promise<string> {
    await this.require('glue:GetDatabase', ['catalog', `database/${name}`], context);
    // Every account answers for `default`, whether or not it was ever created.
    if (name !== 'default' && !this.databases.has(name)) throw notFound(`Database ${name} not found.`);
    return name;
  }

  async getDatabases(context: CallContext): Promise<string[]> {
    await this.require('glue:GetDatabases', ['catalog', 'database/*'], context);
    return [...new Set(['default', ...this.databases.keys()])].sort();
  }

  async getTable(database: string, name: string, context: CallContext): Promise<GlueTable> {
    await this.require('glue:GetTable', ['catalog', `database/${database}`, `table/${database}/${name}`], context);
    const table = this.databases.get(database)?.get(name);
    if (table === undefined) throw notFound(`Table ${name} not found.`);
    return table;
  }

  /** Asks for the rights to look at several tables at once, as Athena does before it looks at each. Throws AccessDeniedException. */
  async requireBatch(tables: readonly Pick<GlueTable, 'database' | 'name'>[], context: CallContext): Promise<void> {
    for (const { database, name } of tables) {
      await this.require('glue:BatchGetTable', ['catalog', `database/${database}`, `table/${database}/${name}`], context);
    }
  }

  async getTables(database: string, context: CallContext): Promise<GlueTable[]> {
    await this.require('glue:GetTables', ['catalog', `database/${database}`, `table/${database}/*`], context);
    const tables = this.databases.get(database) ?? (database === 'default' ? new Map<string, GlueTable>() : undefined);
    if (tables === undefined) throw notFound(`Database ${database} not found.`);
    return [...tables.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  /** Glue asks for the action on everything along the way: the catalog, the database, the table. */
  private async require(action: string, resources: readonly string[], context: CallContext): Promise<void> {
    const { partition, region, accountId } = this.environment;
    for (const resource of resources) {
      const request: AuthorizationRequest = { action, resource: `arn:${partition}:glue:${region}:${accountId}:${resource}` };
      await this.authorize(request, context);
    }
  }
}

function notFound(message: string): ServiceError {
  return new ServiceError('EntityNotFoundException', message);
}
