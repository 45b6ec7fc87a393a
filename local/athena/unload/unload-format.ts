import { notImplemented } from '../catalog-statements';
import { ErrorTypes, QueryFailure } from '../query-failure';
import { PropertyValue } from '../sql/unload';

/** How an UNLOAD writes its files. */
export interface UnloadFormat {
  readonly kind: 'PARQUET' | 'JSON' | 'TEXTFILE';
  /** Of Parquet: its codec in the engine's words. The others are always compressed by gzip. */
  readonly codec: string;
  /** Of TEXTFILE: one character. */
  readonly delimiter: string;
  readonly partitionedBy: readonly string[];
}

/** Codecs of Parquet in the engine's words. Source: Athena user guide, "Hive table compression support by file format". */
const PARQUET_CODECS: Readonly<Record<string, string>> = { GZIP: 'GZIP', NONE: 'UNCOMPRESSED', SNAPPY: 'SNAPPY', ZSTD: 'ZSTD' };

/** Those that Athena has too. The engine's LZ4 is another than Hive's. */
const OTHER_PARQUET_CODECS = ['LZ4', 'LZO'];

const PROPERTIES = ['format', 'compression', 'compression_level', 'field_delimiter', 'partitioned_by'];
const LEVELS = { lowest: 1, default: 3, highest: 22 };

/** What the properties of an UNLOAD ask for; throws QueryFailure. Which are allowed: Athena user guide, "UNLOAD"; of the messages only the names are Athena's. */
export function readUnloadFormat(properties: ReadonlyMap<string, PropertyValue>): UnloadFormat {
  for (const name of properties.keys()) {
    if (!PROPERTIES.includes(name)) throw invalidProperty(`'${name}' does not exist; UNLOAD has ${PROPERTIES.join(', ')}`);
  }
  const kind = readKind(properties);
  return { kind, codec: readCodec(kind, properties), delimiter: readDelimiter(kind, properties), partitionedBy: readPartitions(properties) };
}

function readKind(properties: ReadonlyMap<string, PropertyValue>): UnloadFormat['kind'] {
  const format = text(properties, 'format')?.toUpperCase();
  switch (format) {
    case 'PARQUET':
    case 'JSON':
    case 'TEXTFILE':
      return format;
    case 'ORC':
    case 'AVRO':
      throw notImplemented(`the format ${format} of UNLOAD`);
    case undefined:
      throw invalidProperty("'format' is required: ORC, PARQUET, AVRO, JSON or TEXTFILE");
    default:
      throw invalidProperty(`'format' must be ORC, PARQUET, AVRO, JSON or TEXTFILE, not ${format}`);
  }
}

function readCodec(kind: UnloadFormat['kind'], properties: ReadonlyMap<string, PropertyValue>): string {
  const compression = text(properties, 'compression')?.toUpperCase();
  const level = readLevel(compression, properties);
  if (kind !== 'PARQUET') {
    // The guide: the option is specific to ORC and Parquet, and Athena uses gzip for JSON and TEXTFILE. What it does with another is not said.
    if (compression === undefined || compression === 'GZIP') return 'GZIP';
    throw notImplemented(`the compression ${compression} of ${kind}: Athena documents gzip only`);
  }
  const codec = PARQUET_CODECS[compression ?? 'GZIP'];
  if (codec !== undefined) return level === undefined ? codec : `${codec}, COMPRESSION_LEVEL ${level}`;
  if (compression !== undefined && OTHER_PARQUET_CODECS.includes(compression)) throw notImplemented(`the compression ${compression} of Parquet`);
  throw invalidProperty(`'compression' of PARQUET must be one of ${[...Object.keys(PARQUET_CODECS), ...OTHER_PARQUET_CODECS].sort().join(', ')}, not ${String(compression)}`);
}

/** The guide writes the level as text, in every example. */
function readLevel(compression: string | undefined, properties: ReadonlyMap<string, PropertyValue>): number | undefined {
  const written = text(properties, 'compression_level');
  if (written === undefined) return compression === 'ZSTD' ? LEVELS.default : undefined;
  if (compression !== 'ZSTD') throw invalidProperty("'compression_level' is for the compression ZSTD only");
  const level = Number(written);
  if (!/^\d+$/.test(written) || level < LEVELS.lowest || level > LEVELS.highest) {
    throw invalidProperty(`'compression_level' must be from ${LEVELS.lowest} to ${LEVELS.highest}, not ${written}`);
  }
  return level;
}

function readDelimiter(kind: UnloadFormat['kind'], properties: ReadonlyMap<string, PropertyValue>): string {
  const delimiter = text(properties, 'field_delimiter');
  if (delimiter === undefined) return '\u0001';
  if (kind !== 'TEXTFILE') throw invalidProperty(`'field_delimiter' is for TEXTFILE only, not for ${kind}`);
  if (delimiter.length !== 1) throw invalidProperty(`'field_delimiter' must be a single character, not ${JSON.stringify(delimiter)}`);
  return delimiter;
}

function readPartitions(properties: ReadonlyMap<string, PropertyValue>): readonly string[] {
  const partitions = properties.get('partitioned_by');
  if (partitions === undefined) return [];
  if (typeof partitions !== 'object') throw invalidProperty("'partitioned_by' must be an ARRAY of column names");
  return partitions.map((name) => name.toLowerCase());
}

function text(properties: ReadonlyMap<string, PropertyValue>, name: string): string | undefined {
  const value = properties.get(name);
  if (value === undefined || typeof value === 'string') return value;
  throw invalidProperty(`'${name}' must be text in single quotes`);
}

export function invalidProperty(what: string): QueryFailure {
  return new QueryFailure(`INVALID_TABLE_PROPERTY: Property ${what}`, ErrorTypes.invalidTableProperty);
}
