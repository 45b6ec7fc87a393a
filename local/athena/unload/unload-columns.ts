import { notImplemented } from '../catalog-statements';
import { EngineColumn } from '../engine';
import { ErrorTypes, QueryFailure } from '../query-failure';
import { unnamedColumns } from '../result-columns';
import { athenaType } from '../result-format';
import { invalidProperty, UnloadFormat } from './unload-format';
import { AnalysedQuery } from '../sql/analysis';
import { quoteIdentifier } from '../sql/tokens';

/** A column of an UNLOAD, and where its values are kept meanwhile. */
export interface UnloadColumn {
  /** Lower case, as Athena's names are. */
  readonly name: string;
  /** Athena's name of its type. */
  readonly type: string;
  /** Its name in the engine's table: the same name cannot be there twice, whatever the query says. */
  readonly kept: string;
}

/** What is in the files, and by what they are parted. */
export interface UnloadColumns {
  readonly written: readonly UnloadColumn[];
  readonly partitions: readonly UnloadColumn[];
}

const PARTITION_TYPES = ['varchar', 'boolean', 'tinyint', 'smallint', 'integer', 'bigint', 'date'];
const NESTED_TYPES = ['array', 'map', 'row'];

/**
 * The columns of an UNLOAD, if Athena can write them: each has a name, no name comes twice, and those that part it are the last.
 * @param position where the query begins
 */
export function unloadColumns(
  columns: readonly EngineColumn[], outputs: AnalysedQuery['outputs'], { kind, partitionedBy }: UnloadFormat, position: string,
): UnloadColumns {
  const [unnamed] = unnamedColumns(columns.length, outputs);
  if (unnamed !== undefined) throw new QueryFailure(`MISSING_COLUMN_NAME: ${position}: Column name not specified at position ${unnamed + 1}`, ErrorTypes.syntax);
  const all = columns.map(({ name, type }, index) => {
    const known = athenaType(type);
    if (known === undefined) throw notImplemented(`UNLOAD of the type ${type.toString()}`);
    return { name: name.toLowerCase(), type: known, kept: `c${index}` };
  });
  const twice = all.find(({ name }, index) => all.findIndex((other) => other.name === name) < index);
  if (twice !== undefined) throw new QueryFailure(`DUPLICATE_COLUMN_NAME: ${position}: Column name '${twice.name}' specified more than once`, ErrorTypes.syntax);
  const missing = partitionedBy.find((name) => !all.some((column) => column.name === name));
  if (missing !== undefined) throw invalidProperty(`'partitioned_by' names the column ${missing}, which the query does not give`);
  const width = all.length - partitionedBy.length;
  if (width < 1) throw invalidProperty("'partitioned_by' names every column of the query");
  const partitions = all.slice(width);
  if (partitions.some(({ name }, index) => name !== partitionedBy[index])) {
    const reason = `Partition keys must be the last columns in the table and in the same order as the table properties: [${partitionedBy.join(', ')}]`;
    throw new QueryFailure(`HIVE_COLUMN_ORDER_MISMATCH: ${reason}`, ErrorTypes.invalidTableProperty);
  }
  const foreign = partitions.find(({ type }) => !PARTITION_TYPES.includes(type));
  if (foreign !== undefined) throw notImplemented(`UNLOAD partitioned by a column of the type ${foreign.type}`);
  const written = all.slice(0, width);
  for (const { type } of written) assertWritable(kind, type);
  return { written, partitions };
}

/** What Athena's Hive types lack, it refuses; what the engine would write otherwise than Athena, the local cloud does. */
function assertWritable(kind: UnloadFormat['kind'], type: string): void {
  if (type === 'timestamp with time zone') throw new QueryFailure('NOT_SUPPORTED: Unsupported Hive type: timestamp(3) with time zone', ErrorTypes.schema);
  if (kind === 'TEXTFILE' && NESTED_TYPES.includes(type)) throw notImplemented(`UNLOAD of the type ${type} to TEXTFILE`);
}

/** The expression that gives a column in the form in which the format has it. */
function writtenValue(kind: UnloadFormat['kind'], { type, kept }: UnloadColumn): string {
  // The engine sums integers in 128 bits, Athena in 64.
  if (type === 'bigint') return `CAST(${kept} AS BIGINT)`;
  if (kind === 'JSON' && type === 'timestamp') return `strftime(${kept}, '%Y-%m-%d %H:%M:%S.%g')`;
  if (kind !== 'PARQUET' && type === 'varbinary') return `base64(${kept})`;
  return kept;
}

export function selectList(kind: UnloadFormat['kind'], columns: readonly UnloadColumn[]): string {
  return columns.map((column) => `${writtenValue(kind, column)} AS ${quoteIdentifier(column.name)}`).join(', ');
}
