import { JsonObject, JsonValue } from '../json';
import { QueryExecution } from './query-execution';
import { parseCsv } from './result-format';

/** A row as GetQueryResults counts them: the header of a CSV is the first. */
export type ResultRow = readonly (string | undefined)[];

export function resultRows(query: QueryExecution, body: string): ResultRow[] {
  if (query.options.statement.subtype === 'SELECT') return parseCsv(body);
  return body.split('\n').slice(0, -1).map((line) => [line]);
}

export function resultSet({ columns }: QueryExecution, rows: readonly ResultRow[]): JsonObject {
  return {
    Rows: rows.map((row) => ({ Data: row.map(cell) })),
    ResultSetMetadata: {
      ColumnInfo: columns.map(({ name, type }) => ({
        CatalogName: 'hive',
        SchemaName: '',
        TableName: '',
        Name: name,
        Label: name,
        Type: type,
        Precision: 0,
        Scale: 0,
        Nullable: 'UNKNOWN',
        CaseSensitive: type === 'varchar',
      })),
    },
  };
}

/** Null is a cell without a value. */
function cell(value: string | undefined): JsonValue {
  return value === undefined ? {} : { VarCharValue: value };
}
