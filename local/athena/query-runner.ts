import { DuckDBResult } from '@duckdb/node-api';
import { CatalogStatements, notImplemented } from './catalog-statements';
import { EngineSession, QueryParser } from './engine';
import { reusableQuery } from './former-result';
import { QueryExecution, ResultColumn } from './query-execution';
import { engineFailure, ErrorTypes, QueryFailure, semanticFailure } from './query-failure';
import { resultColumns } from './result-columns';
import { csvLine, formatValue } from './result-format';
import { ResultWriter } from './result-writer';
import { AnalysedQuery, analyseQuery, SemanticError } from './sql/analysis';
import { TableSource } from './table-source';
import { readUnloadFormat } from './unload/unload-format';
import { Unloader } from './unload/unloader';
import { CallContext, calledThrough } from '../aws/service';
import { S3Service } from '../s3/s3-service';

const DEFAULT_DATABASE = 'default';

/** A query that ends as CANCELLED, with a reason. */
export class QueryCancelled extends Error {}

/** What a runner works with. */
export interface RunnerOptions {
  readonly parser: QueryParser;
  readonly source: TableSource;
  readonly statements: CatalogStatements;
  readonly results: ResultWriter;
  readonly s3: S3Service;
  /** All queries there were, this one among them. */
  readonly queries: () => Iterable<QueryExecution>;
  readonly now: () => number;
  /** See the unloader. */
  readonly rowsPerFile?: number;
}

/** Runs a statement to its result in S3; throws QueryFailure or QueryCancelled. */
export class QueryRunner {
  private readonly unloader: Unloader;

  constructor(private readonly options: RunnerOptions) {
    this.unloader = new Unloader(options.s3, options.results, options.rowsPerFile);
  }

  async run(query: QueryExecution): Promise<void> {
    const { statement, request, context: starter } = query.options;
    const context = calledThrough('athena.amazonaws.com', starter);
    const database = request.database ?? DEFAULT_DATABASE;
    if (request.catalog !== undefined && request.catalog.toLowerCase() !== 'awsdatacatalog') throw notImplemented(`the data catalog ${request.catalog}`);
    // Athena looks at Glue's default database as well, whatever the query is about.
    if (database !== DEFAULT_DATABASE) await this.options.source.database(DEFAULT_DATABASE, context);
    if (statement.subtype === 'SELECT') return this.select(query, database, context);
    if (statement.subtype === 'UNLOAD') return this.unload(query, database, context);
    if (statement.type !== 'UTILITY') throw notImplemented(statement.subtype);
    const lines = await this.options.statements.run(statement, database, context);
    return this.options.results.writeResult(query, Buffer.from(lines.map((line) => `${line}\n`).join('')), context);
  }

  private async select(query: QueryExecution, database: string, context: CallContext): Promise<void> {
    const now = new Date(query.submittedAt);
    const analysis = await this.analyse(query);
    const { tables, bytes } = await this.options.source.tables(analysis.tables, database, context);
    if (analysis.isDeterministic && !this.options.source.anyGoverned(tables)) {
      const former = await reusableQuery(query, this.options.queries(), this.options.now(), this.options.s3, context);
      if (former !== undefined) return query.reuse(former);
    }
    this.countBytes(query, bytes);
    const csv = await this.execute(analysis, query, () => EngineSession.open(tables, database, now));
    query.stopping.signal.throwIfAborted();
    await this.options.results.writeResult(query, csv, context);
  }

  private async unload(query: QueryExecution, database: string, context: CallContext): Promise<void> {
    const format = readUnloadFormat(query.options.statement.unload?.properties ?? new Map());
    const analysis = await this.analyse(query);
    const { tables, bytes } = await this.options.source.tables(analysis.tables, database, context);
    this.countBytes(query, bytes);
    await this.unloader.run({ query, analysis, format, tables, database, context });
  }

  private async analyse(query: QueryExecution): Promise<AnalysedQuery> {
    const { statement } = query.options;
    const { text, tokens } = statement.query ?? statement;
    const parsed = await this.options.parser.parse(text);
    if (!('tree' in parsed)) throw new QueryFailure(`SYNTAX_ERROR: ${parsed.reason}`, ErrorTypes.syntax);
    try {
      return analyseQuery(text, tokens, parsed.tree, new Date(query.submittedAt));
    } catch (error) {
      throw error instanceof SemanticError ? semanticFailure(error) : error;
    }
  }

  /** Every file of every table counts in full: more than Athena counts for columnar files, never less. */
  private countBytes(query: QueryExecution, bytes: number): void {
    query.dataScannedBytes = bytes;
    const { bytesScannedCutoff } = query.options;
    if (bytesScannedCutoff !== undefined && bytes > bytesScannedCutoff) throw new QueryCancelled('Query cancelled! : Bytes scanned limit was exceeded');
  }

  private async execute(analysis: AnalysedQuery, query: QueryExecution, open: () => Promise<EngineSession>): Promise<Buffer> {
    const { signal } = query.stopping;
    let session: EngineSession | undefined;
    try {
      session = await open();
      return await session.run(analysis.engineSql, signal, async (result) => {
        const types = result.columnTypes();
        query.columns = resultColumns(result.columnNames().map((name, index) => ({ name, type: types[index] })), analysis.outputs);
        return toCsv(result, query.columns, signal);
      });
    } catch (error) {
      signal.throwIfAborted();
      throw error instanceof QueryFailure ? error : engineFailure(error, analysis.positionOfColumn);
    } finally {
      session?.close();
    }
  }
}

async function toCsv(result: DuckDBResult, columns: readonly ResultColumn[], signal: AbortSignal): Promise<Buffer> {
  const types = result.columnTypes();
  const chunks = [Buffer.from(csvLine(columns.map(({ name }) => name)))];
  for await (const rows of result.yieldRows()) {
    signal.throwIfAborted();
    chunks.push(Buffer.from(rows.map((row) => csvLine(row.map((value, index) => formatValue(value, types[index])))).join('')));
  }
  return Buffer.concat(chunks);
}
