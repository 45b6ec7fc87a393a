import { DuckDBConnection, DuckDBInstance, DuckDBResult, DuckDBType } from '@duckdb/node-api';
import { ErrorTypes, QueryFailure } from './query-failure';
import { GlueTable } from '../glue/catalog';
import { duckdbType } from '../glue/hive-types';
import { MACROS } from './sql/functions';
import { isNode, Node, nodes, text } from './sql/syntax-tree';
import { quoteIdentifier, quoteString } from './sql/tokens';

/** A table with the files that hold its rows. */
export interface EngineTable {
  readonly table: GlueTable;
  readonly files: readonly string[];
}

/** A column that a query gives. */
export interface EngineColumn {
  readonly name: string;
  readonly type: DuckDBType;
}

export const CATALOG = 'awsdatacatalog';

/** How often a running query is told to stop: an interrupt that comes between two steps of the engine is lost. */
const INTERRUPT_EVERY_MILLISECONDS = 20;

/** Reads queries into syntax trees. */
export class QueryParser {
  private connection?: Promise<DuckDBConnection>;

  /** The tree of one query, or where and why it is none. */
  async parse(sql: string): Promise<{ readonly tree: Node } | { readonly character: number; readonly reason: string }> {
    const connection = await (this.connection ??= DuckDBInstance.create(':memory:').then((instance) => instance.connect()));
    const reader = await connection.runAndReadAll('SELECT json_serialize_sql($1::VARCHAR)', [sql]);
    const answer: unknown = JSON.parse(String(reader.getRowsJson()[0][0]));
    if (!isNode(answer)) throw new Error('The engine gave no syntax tree');
    if (answer.error === true) return { character: Number(answer.position ?? 0), reason: text(answer, 'error_message') };
    const [statement] = nodes(answer, 'statements');
    const tree = statement?.node;
    if (!isNode(tree)) throw new Error('The engine gave no syntax tree');
    return { tree };
  }

  async close(): Promise<void> {
    (await this.connection)?.closeSync();
    this.connection = undefined;
  }
}

/** An engine of its own for each query: it can read the files of the query's tables and nothing else. */
export class EngineSession {
  /** @param folder where it may write files; default: nowhere */
  static async open(tables: readonly EngineTable[], database: string, now: Date, folder?: string): Promise<EngineSession> {
    const instance = await DuckDBInstance.create(':memory:', { threads: '2', memory_limit: '2GB' });
    const session = new EngineSession(instance, await instance.connect());
    try {
      await session.prepare(tables, database, now, folder);
      return session;
    } catch (error) {
      session.close();
      throw error;
    }
  }

  private constructor(private readonly instance: DuckDBInstance, private readonly connection: DuckDBConnection) {}

  /** Runs a query and hands over its result while it streams; rejects when the signal aborts. */
  async run<T>(sql: string, signal: AbortSignal, consume: (result: DuckDBResult) => Promise<T>): Promise<T> {
    return this.interruptible(signal, async () => consume(await this.connection.stream(sql)));
  }

  /** What a query gives, without running it: names as they stand in it, so one can come twice. */
  async outputs(sql: string): Promise<EngineColumn[]> {
    const prepared = await this.connection.prepare(sql);
    try {
      return Array.from({ length: prepared.columnCount }, (_, index) => ({ name: prepared.columnName(index), type: prepared.columnType(index) }));
    } finally {
      prepared.destroySync();
    }
  }

  /** Runs a query into a table of the session, whose columns get the names that are given. */
  async keep(sql: string, table: string, columns: readonly string[], signal: AbortSignal): Promise<void> {
    await this.interruptible(signal, () => this.connection.run(`CREATE TABLE ${table} (${columns.join(', ')}) AS (\n${sql}\n)`));
  }

  /** Writes the rows of a query to a file in the folder of the session. */
  async copy(sql: string, file: string, format: string, signal: AbortSignal): Promise<void> {
    await this.interruptible(signal, () => this.connection.run(`COPY (${sql}) TO ${quoteString(file)} (${format})`));
  }

  close(): void {
    this.connection.closeSync();
    this.instance.closeSync();
  }

  private async interruptible<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    const interrupter = setInterval(() => {
      if (signal.aborted) this.connection.interrupt();
    }, INTERRUPT_EVERY_MILLISECONDS);
    try {
      signal.throwIfAborted();
      return await work();
    } finally {
      clearInterval(interrupter);
    }
  }

  private async prepare(tables: readonly EngineTable[], database: string, now: Date, folder?: string): Promise<void> {
    const databases = new Set([database, ...tables.map(({ table }) => table.database)]);
    const files = tables.flatMap((table) => table.files).map(quoteString);
    await this.connection.run([
      `ATTACH ':memory:' AS ${CATALOG}`,
      ...[...databases].map((name) => `CREATE SCHEMA IF NOT EXISTS ${CATALOG}.${quoteIdentifier(name)}`),
      `SET allowed_paths = [${files.join(', ')}]`,
      ...folder === undefined ? [] : [`SET allowed_directories = [${quoteString(`${folder}/`)}]`],
      'SET enable_external_access = false',
      'SET autoinstall_known_extensions = false',
      'SET autoload_known_extensions = false',
      "SET TimeZone = 'UTC'",
      // Dividing two integers gives an integer in Athena.
      'SET integer_division = true',
      ...MACROS.map((macro) => `CREATE MACRO memory.main.${macro}`),
      `CREATE MACRO memory.main.now() AS CAST('${now.toISOString()}' AS TIMESTAMPTZ)`,
    ].join(';\n'));
    for (const table of tables) await this.createView(table);
    await this.connection.run([
      `SET search_path = ${quoteString(`${CATALOG}.${quoteIdentifier(database)},memory.main`)}`,
      'SET lock_configuration = true',
    ].join(';\n'));
  }

  private async createView({ table, files }: EngineTable): Promise<void> {
    const present = files.length > 0 && table.format.kind === 'parquet' ? await this.parquetTypes(files) : undefined;
    const columns = table.columns.map(({ name, type }) => `${columnValue(table, name, type, present)} AS ${quoteIdentifier(name)}`);
    const source = files.length === 0 ? '(SELECT 1) WHERE false' : readFunction(table, files);
    await this.connection.run(`CREATE VIEW ${CATALOG}.${quoteIdentifier(table.database)}.${quoteIdentifier(table.name)} AS SELECT ${columns.join(', ')} FROM ${source}`);
  }

  private async parquetTypes(files: readonly string[]): Promise<ReadonlyMap<string, string>> {
    const reader = await this.connection.runAndReadAll(`DESCRIBE SELECT * FROM ${parquet(files)}`);
    return new Map(reader.getRowsJson().map(([name, type]) => [String(name).toLowerCase(), String(type)]));
  }
}

function parquet(files: readonly string[]): string {
  return `read_parquet([${files.map(quoteString).join(', ')}], union_by_name = true)`;
}

function readFunction({ columns, format }: GlueTable, files: readonly string[]): string {
  const list = `[${files.map(quoteString).join(', ')}]`;
  const schema = (typeOf: (type: string) => string) => (
    `columns = {${columns.map(({ name, type }) => `${quoteString(name)}: ${quoteString(typeOf(type))}`).join(', ')}}`
  );
  switch (format.kind) {
    case 'parquet':
      return parquet(files);
    case 'json':
      return `read_json(${list}, format = 'newline_delimited', ${schema(duckdbType)})`;
    case 'csv': {
      // Only LazySimpleSerDe, the one without quotes, has a mark for null; the other never reads null.
      const nullMark = format.quote === undefined ? '\\N' : '\u0001null\u0001';
      const quoting = `quote = ${quoteString(format.quote ?? '')}, escape = ${quoteString(format.escape ?? '')}`;
      return `read_csv(${list}, auto_detect = false, header = false, skip = ${format.skipLines}, delim = ${quoteString(format.delimiter)}, ${quoting},
        nullstr = ${quoteString(nullMark)}, null_padding = true, ${schema(() => 'VARCHAR')})`;
    }
  }
}

/** The expression for a column of the catalog over the columns of the files. */
function columnValue({ format, name: table }: GlueTable, name: string, hiveType: string, present?: ReadonlyMap<string, string>): string {
  const type = duckdbType(hiveType);
  const column = quoteIdentifier(name);
  if (format.kind === 'csv' && type !== 'VARCHAR') return `${format.quote === undefined ? 'TRY_CAST' : 'CAST'}(NULLIF(${column}, '') AS ${type})`;
  if (present === undefined) return format.kind === 'parquet' ? `CAST(NULL AS ${type})` : column;
  const found = present.get(name);
  if (found === undefined) return `CAST(NULL AS ${type})`;
  if (!isReadableAs(found, type)) {
    const reason = `HIVE_BAD_DATA: Field ${name}'s type ${found} in parquet file of ${table} is incompatible with type ${hiveType} defined in table schema`;
    throw new QueryFailure(reason, ErrorTypes.data);
  }
  return `CAST(${column} AS ${type})`;
}

const INTEGERS = ['TINYINT', 'SMALLINT', 'INTEGER', 'BIGINT'];

/** Athena widens integers and floating-point numbers of a file, and takes any timestamp; every other type must be what the table says. */
function isReadableAs(found: string, declared: string): boolean {
  if (found === declared) return true;
  if (INTEGERS.includes(found)) return INTEGERS.indexOf(declared) > INTEGERS.indexOf(found);
  if (found === 'FLOAT') return declared === 'DOUBLE';
  return declared === 'TIMESTAMP' && found.startsWith('TIMESTAMP');
}
