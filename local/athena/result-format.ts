import {
  DuckDBArrayValue, DuckDBBlobValue, DuckDBListValue, DuckDBMapValue, DuckDBStructValue, DuckDBTimestampTZValue, DuckDBTimestampValue,
  DuckDBType, DuckDBTypeId, DuckDBValue,
} from '@duckdb/node-api';

/** Athena's names of the engine's types whose values are written as Athena writes them. */
const ATHENA_TYPES: Readonly<Partial<Record<DuckDBTypeId, string>>> = {
  [DuckDBTypeId.BOOLEAN]: 'boolean',
  [DuckDBTypeId.TINYINT]: 'tinyint',
  [DuckDBTypeId.SMALLINT]: 'smallint',
  [DuckDBTypeId.INTEGER]: 'integer',
  [DuckDBTypeId.BIGINT]: 'bigint',
  // The engine sums integers in 128 bits, Athena in 64.
  [DuckDBTypeId.HUGEINT]: 'bigint',
  [DuckDBTypeId.FLOAT]: 'float',
  [DuckDBTypeId.DOUBLE]: 'double',
  [DuckDBTypeId.DECIMAL]: 'decimal',
  [DuckDBTypeId.VARCHAR]: 'varchar',
  [DuckDBTypeId.BLOB]: 'varbinary',
  [DuckDBTypeId.DATE]: 'date',
  [DuckDBTypeId.TIMESTAMP]: 'timestamp',
  [DuckDBTypeId.TIMESTAMP_TZ]: 'timestamp with time zone',
  [DuckDBTypeId.LIST]: 'array',
  [DuckDBTypeId.ARRAY]: 'array',
  [DuckDBTypeId.MAP]: 'map',
  [DuckDBTypeId.STRUCT]: 'row',
  [DuckDBTypeId.SQLNULL]: 'unknown',
};

/** Athena's name of a type, as GetQueryResults gives it; undefined for a type whose values would not look like Athena's. */
export function athenaType(type: DuckDBType): string | undefined {
  return ATHENA_TYPES[type.typeId];
}

/** A value as text in Athena's results; undefined for null. */
export function formatValue(value: DuckDBValue, type?: DuckDBType): string | undefined {
  if (value === null) return undefined;
  if (typeof value === 'number') return type?.typeId === DuckDBTypeId.DOUBLE || type?.typeId === DuckDBTypeId.FLOAT ? formatDouble(value) : String(value);
  if (value instanceof DuckDBTimestampTZValue) return `${milliseconds(value.micros)} UTC`;
  if (value instanceof DuckDBTimestampValue) return milliseconds(value.micros);
  if (value instanceof DuckDBBlobValue) return [...value.bytes].map((byte) => byte.toString(16).padStart(2, '0')).join(' ');
  if (value instanceof DuckDBListValue || value instanceof DuckDBArrayValue) return `[${value.items.map(nested).join(', ')}]`;
  if (value instanceof DuckDBMapValue) return `{${value.entries.map(({ key, value: item }) => `${nested(key)}=${nested(item)}`).join(', ')}}`;
  if (value instanceof DuckDBStructValue) {
    return `{${Object.entries(value.entries).map(([name, item], index) => `${name === '' ? `field${index}` : name}=${nested(item)}`).join(', ')}}`;
  }
  return String(value);
}

function nested(value: DuckDBValue): string {
  return formatValue(value) ?? 'null';
}

function milliseconds(micros: bigint): string {
  // The date of JavaScript has just Athena's precision.
  return new Date(Math.floor(Number(micros) / 1_000)).toISOString().replace('T', ' ').replace('Z', '');
}

/** Java's spelling: `1.0`, `1.0E10`, `1.0E-4`. */
export function formatDouble(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? 'Infinity' : '-Infinity';
  const magnitude = Math.abs(value);
  if (magnitude === 0 || (magnitude >= 1e-3 && magnitude < 1e7)) {
    const text = Object.is(value, -0) ? '-0' : String(value);
    return text.includes('.') ? text : `${text}.0`;
  }
  const [mantissa, exponent] = value.toExponential().split('e');
  return `${mantissa.includes('.') ? mantissa : `${mantissa}.0`}E${Number(exponent)}`;
}

/** One line of Athena's CSV: every value in quotes, null without. So null and empty text differ. */
export function csvLine(values: readonly (string | undefined)[]): string {
  return `${values.map((value) => (value === undefined ? '' : `"${value.replaceAll('"', '""')}"`)).join(',')}\n`;
}

/** Reads what `csvLine` wrote. */
export function parseCsv(text: string): (string | undefined)[][] {
  const rows: (string | undefined)[][] = [];
  let row: (string | undefined)[] = [];
  const field = /(?:"((?:[^"]|"")*)")?([,\n])/gy;
  for (const [, quoted, end] of text.matchAll(field)) {
    row.push(quoted?.replaceAll('""', '"'));
    if (end !== '\n') continue;
    rows.push(row);
    row = [];
  }
  return rows;
}
