import { DuckDBResult, DuckDBType } from '@duckdb/node-api';
import { CatalogStatements, notImplemented } from './catalog-statements';
import { EngineSession, QueryParser } from './engine';
import { QueryExecution, ResultColumn } from './query-execution';
import { accessFailure, engineFailure, ErrorTypes, QueryFailure, semanticFailure } from './query-failure';
import { athenaType, csvLine, formatValue } from './result-format';
import { AnalysedQuery, analyseQuery, SemanticError } from './sql/analysis';
import { TableSource } from './table-source';
import { ResultEncryption } from './work-group';
import { CallContext, calledThrough } from '../aws/service';
import { Encryption } from '../s3/objects';
import { S3Service } from '../s3/s3-service';

const DEFAULT_DATABASE = 'default';

/** A query that ends as CANCELLED, with a reason. */
export class QueryCancelled extends Error {}

/** Runs a statement to its result in S3; throws QueryFailure or QueryCancelled. */
export class QueryRunner {
  constructor(
    private readonly parser: QueryParser,
    private readonly source: TableSource,
    private readonly statements: CatalogStatements,
    private readonly s3: S3Service,
  ) {}

  async run(query: QueryExecution): Promise<void> {
    const { statement, request, context: starter } = query.options;
    const context = calledThrough('athena.amazonaws.com', starter);
    const database = request.database ?? DEFAULT_DATABASE;
    if (request.catalog !== undefined && request.catalog.toLowerCase() !== 'awsdatacatalog') throw notImplemented(`the data catalog ${request.catalog}`);
    // Athena looks at Glue's default database as well, whatever the query is about.
    if (database !== DEFAULT_DATABASE) await this.source.database(DEFAULT_DATABASE, context);
    if (statement.subtype === 'SELECT') return this.select(query, database, context);
    if (statement.type !== 'UTILITY') throw notImplemented(statement.subtype);
    const lines = await this.statements.run(statement, database, context);
    return this.write(query, Buffer.from(lines.map((line) => `${line}\n`).join('')), context);
  }

  private async select(query: QueryExecution, database: string, context: CallContext): Promise<void> {
    const now = new Date(query.submittedAt);
    const analysis = await this.analyse(query, now);
    const { tables, bytes } = await this.source.tables(analysis.tables, database, context);
    this.countBytes(query, bytes);
    const csv = await this.execute(analysis, query, () => EngineSession.open(tables, database, now));
    query.stopping.signal.throwIfAborted();
    await this.write(query, csv, context);
  }

  private async analyse(query: QueryExecution, now: Date): Promise<AnalysedQuery> {
    const { text, tokens } = query.options.statement;
    const parsed = await this.parser.parse(text);
    if (!('tree' in parsed)) throw new QueryFailure(`SYNTAX_ERROR: ${parsed.reason}`, ErrorTypes.syntax);
    try {
      return analyseQuery(text, tokens, parsed.tree, now);
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
        query.columns = resultColumns(result, analysis.outputs);
        return toCsv(result, query.columns, signal);
      });
    } catch (error) {
      signal.throwIfAborted();
      throw error instanceof QueryFailure ? error : engineFailure(error, analysis.positionOfColumn);
    } finally {
      session?.close();
    }
  }

  private async write(query: QueryExecution, body: Buffer, context: CallContext): Promise<void> {
    const { bucket, key } = query.output;
    const { encryption, expectedBucketOwner: expectedOwner } = query.options.results;
    const target = { bucket, context, expectedOwner, encryption: encryption && objectEncryption(encryption) };
    const contentType = key.endsWith('.csv') ? 'text/csv' : 'text/plain';
    const info = Buffer.from(JSON.stringify({ columns: query.columns }));
    try {
      await this.s3.put({ ...target, key, body, headers: { 'content-type': contentType } });
      // Athena's own format of this file is not public; nobody but Athena reads it.
      await this.s3.put({ ...target, key: `${key}.metadata`, body: info, headers: { 'content-type': 'application/octet-stream' } });
    } catch (error) {
      throw accessFailure(error, `Access denied when writing output to url: s3://${bucket}/${key}. Please ensure you are allowed to access the S3 bucket. `
        + 'If you are encrypting query results with KMS key, please ensure you are allowed to access your KMS key');
    }
  }
}

function objectEncryption(encryption: ResultEncryption): Encryption {
  return encryption.option === 'SSE_S3' ? { algorithm: 'AES256' } : { algorithm: 'aws:kms', keyArn: encryption.keyArn };
}

/** Names as Athena gives them: an expression without a name is `_col` and its place. */
function resultColumns(result: DuckDBResult, outputs: AnalysedQuery['outputs']): ResultColumn[] {
  const names = result.columnNames();
  const stars = outputs.filter((name) => name === '*').length;
  const starWidth = names.length - (outputs.length - stars);
  if (stars > 1 && outputs.includes(undefined)) throw notImplemented('several stars beside expressions without a name');
  const unnamed = new Set(outputs.flatMap((name, index) => {
    const starBefore = stars === 1 && outputs.indexOf('*') < index;
    return name === undefined ? [starBefore ? index - 1 + starWidth : index] : [];
  }));
  return names.map((name, index) => {
    const type = result.columnType(index);
    return { name: unnamed.has(index) ? `_col${index}` : name, type: athenaType(type) ?? refuseType(type) };
  });
}

function refuseType(type: DuckDBType): never {
  throw notImplemented(`results of the type ${type.toString()}; cast them to varchar`);
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
