import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';

/** Header and first rows of a CSV file, read by DuckDB. */
export async function firstRows(csv: string, count: number): Promise<string[][]> {
  const folder = mkdtempSync(join(tmpdir(), 'demo-'));
  try {
    const file = join(folder, 'result.csv');
    writeFileSync(file, csv);
    const connection = await (await DuckDBInstance.create()).connect();
    const reader = await connection.runAndReadAll('SELECT * FROM read_csv($file, header = true, all_varchar = true) LIMIT $count', { file, count });
    return [reader.columnNames(), ...reader.getRowsJson().map((row) => row.map((value) => (value === null ? '' : String(value))))];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
