import { randomUUID } from 'node:crypto';
import { mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { CallContext } from '../../aws/service';
import { S3Service } from '../../s3/s3-service';
import { EngineSession, EngineTable } from '../engine';
import { QueryExecution } from '../query-execution';
import { accessFailure, engineFailure, ErrorTypes, QueryFailure } from '../query-failure';
import { splitLocation } from '../query-request';
import { formatValue } from '../result-format';
import { ResultWriter } from '../result-writer';
import { partitionOf, PartitionValues } from './partition-path';
import { selectList, UnloadColumns, unloadColumns } from './unload-columns';
import { UnloadFormat } from './unload-format';
import { AnalysedQuery } from '../sql/analysis';
import { position } from '../sql/tokens';

/** Most values of the partitions of one UNLOAD. Source: Athena user guide, "UNLOAD". */
const MOST_PARTITIONS = 100;

/** Of one partition. Athena writes as many as it has writers; how many is not documented. */
export const MOST_FILES = 10;

const DEFAULT_ROWS_PER_FILE = 1_000;

/** Where the engine keeps the rows until they are written. */
const KEPT = 'memory.main.unloaded';

/** What an UNLOAD of a query is about. */
export interface Unload {
  readonly query: QueryExecution;
  readonly analysis: AnalysedQuery;
  readonly format: UnloadFormat;
  readonly tables: readonly EngineTable[];
  readonly database: string;
  /** Its caller is the one who started the query, through Athena. */
  readonly context: CallContext;
}

interface PlannedFile {
  readonly key: string;
  /** Select the rows of its partition. */
  readonly conditions: readonly string[];
  /** How many files share these rows. */
  readonly files: number;
  /** Which of them it is, from zero: it gets the rows whose number, divided by `files`, leaves this. */
  readonly index: number;
}

/** Runs UNLOAD: the rows of a query, in files under a location of their own. */
export class Unloader {
  constructor(private readonly s3: S3Service, private readonly results: ResultWriter, private readonly rowsPerFile = DEFAULT_ROWS_PER_FILE) {}

  /** What is written before a failure stays, as in Athena; so the manifest is written first and tells of it. */
  async run(unload: Unload): Promise<void> {
    const { query, analysis, context } = unload;
    const { signal } = query.stopping;
    const target = splitLocation(clausesOf(query).target);
    const folder = realpathSync(mkdtempSync(join(tmpdir(), 'local-athena-')));
    let session: EngineSession | undefined;
    try {
      session = await EngineSession.open(unload.tables, unload.database, new Date(query.submittedAt), folder);
      const columns = await this.columns(session, unload);
      await this.assertTarget(unload, target);
      const { written, partitions } = columns;
      await session.keep(analysis.engineSql, KEPT, [...written, ...partitions].map(({ kept }) => kept), signal);
      const files = await this.plan(session, unload, columns, target.prefix);
      if (files.length > 0) await this.results.writeManifest(query, files.map(({ key }) => `s3://${target.bucket}/${key}`), context);
      for (const file of files) {
        const body = await this.render(session, unload, columns, file, folder);
        signal.throwIfAborted();
        await this.results.writeFile(query, target.bucket, file.key, body, context);
      }
      await this.results.writeMetadata(query, context);
    } catch (error) {
      signal.throwIfAborted();
      throw error instanceof QueryFailure ? error : engineFailure(error, analysis.positionOfColumn);
    } finally {
      session?.close();
      rmSync(folder, { recursive: true, force: true });
    }
  }

  private async columns(session: EngineSession, { query, analysis, format }: Unload): Promise<UnloadColumns> {
    const { text, tokens } = clausesOf(query).query;
    return unloadColumns(await session.outputs(analysis.engineSql), analysis.outputs, format, position(text, tokens[0].start));
  }

  /** The target must be there and, unless the files go to partitions, empty. */
  private async assertTarget({ query, format, database, context }: Unload, { bucket, prefix }: ReturnType<typeof splitLocation>): Promise<void> {
    const { target } = clausesOf(query);
    try {
      await this.s3.bucketLocation({ bucket, context });
      if (format.partitionedBy.length > 0) return;
      const { objects } = await this.s3.list({ bucket, prefix, context, maxKeys: 1 });
      if (objects.length === 0) return;
    } catch (error) {
      throw accessFailure(error, `Access denied when looking at ${target}`);
    }
    const { id } = query.options;
    const { bucket: resultBucket, key } = query.output;
    // How Athena names the table that an UNLOAD has none of is not documented.
    throw new QueryFailure(
      `HIVE_PATH_ALREADY_EXISTS: Target directory for table '${database}.unload_${id.replaceAll('-', '_')}' already exists: ${target}. You may need to manually clean the data at `
      + `location 's3://${resultBucket}/${key}' before retrying. Athena will not delete data in your account.`,
      ErrorTypes.data,
    );
  }

  /** Rows go to the files of their partition in turn: each file is in the order of the query, all of them together are not. */
  private async plan(session: EngineSession, { query, format }: Unload, { partitions }: UnloadColumns, prefix: string): Promise<PlannedFile[]> {
    const found = await this.partitions(session, query, partitions.map(({ kept }) => kept));
    if (partitions.length > 0 && found.length > MOST_PARTITIONS) {
      throw new QueryFailure(`HIVE_TOO_MANY_OPEN_PARTITIONS: Exceeded limit of ${MOST_PARTITIONS} open writers for partitions`, ErrorTypes.data);
    }
    const extension = format.kind === 'PARQUET' ? '' : '.gz';
    return found.flatMap(({ rows, values }) => {
      const files = Math.min(Math.ceil(rows / this.rowsPerFile), MOST_FILES);
      const { path, conditions } = partitionOf(partitions, values);
      return Array.from({ length: files }, (_, index) => ({
        key: `${prefix}${path}${fileName(query)}${extension}`,
        conditions,
        files,
        index,
      }));
    });
  }

  /** The values of the partitions, with the number of their rows. Without partitions: one without values, or none if there are no rows. */
  private async partitions(
    session: EngineSession, query: QueryExecution, kept: readonly string[],
  ): Promise<{ rows: number; values: PartitionValues }[]> {
    const names = kept.map((name) => `CAST(${name} AS VARCHAR)`);
    const sql = `SELECT count(*)${names.map((name) => `, ${name}`).join('')} FROM ${KEPT} GROUP BY ALL ORDER BY ALL`;
    const found = await session.run(sql, query.stopping.signal, (result) => result.getRowsJS());
    return found.map(([rows, ...values]) => ({ rows: Number(rows), values: values.map((value) => (value === null ? undefined : String(value))) }))
      .filter(({ rows }) => rows > 0);
  }

  private async render(
    session: EngineSession, { query, format }: Unload, columns: UnloadColumns, planned: PlannedFile, folder: string,
  ): Promise<Buffer> {
    const { signal } = query.stopping;
    const { conditions, files, index } = planned;
    // Rows are numbered from zero; those of a partition have gaps between them, so they are numbered again.
    const chosen = conditions.length === 0 ? `WHERE rowid % ${files} = ${index}`
      : `WHERE ${conditions.join(' AND ')} QUALIFY (row_number() OVER (ORDER BY rowid) - 1) % ${files} = ${index}`;
    const rows = `FROM ${KEPT} ${chosen} ORDER BY rowid`;
    const sql = `SELECT ${selectList(format.kind, columns.written)} ${rows}`;
    if (format.kind === 'TEXTFILE') return gzipSync(await session.run(sql, signal, (result) => toText(result, format.delimiter)));
    const file = join(folder, 'file');
    await session.copy(sql, file, format.kind === 'PARQUET' ? `FORMAT parquet, COMPRESSION ${format.codec}` : 'FORMAT json, COMPRESSION gzip', signal);
    const body = readFileSync(file);
    rmSync(file);
    return body;
  }
}

function clausesOf({ options: { statement } }: QueryExecution): NonNullable<QueryExecution['options']['statement']['unload']> {
  if (statement.unload === undefined) throw new Error(`${statement.subtype} is no UNLOAD`);
  return statement.unload;
}

/** As LazySimpleSerDe has them: no quotes, no escapes, `\N` for null. */
async function toText(result: Parameters<Parameters<EngineSession['run']>[2]>[0], delimiter: string): Promise<string> {
  const types = result.columnTypes();
  const lines: string[] = [];
  for await (const rows of result.yieldRows()) {
    for (const row of rows) lines.push(`${row.map((value, index) => formatValue(value, types[index]) ?? '\\N').join(delimiter)}\n`);
  }
  return lines.join('');
}

/** Like the names that Trino gives: when, which query, and something that no other file has. */
function fileName({ submittedAt, options: { id } }: QueryExecution): string {
  const [day, time] = new Date(submittedAt).toISOString().replaceAll(/[-:]|\..*/g, '').split('T');
  return `${day}_${time}_00000_${id.slice(0, 5)}_${randomUUID()}`;
}
