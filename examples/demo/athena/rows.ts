import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBConnection, DuckDBInstance, listValue } from '@duckdb/node-api';

/** Header and first rows of a CSV file, read by DuckDB. */
export async function firstRows(csv: string, count: number): Promise<string[][]> {
  return withFiles([Buffer.from(csv)], async ([file], connection) => {
    const reader = await connection.runAndReadAll(
      'SELECT * FROM read_csv($file, header = true, all_varchar = true) LIMIT $count', { file, count },
    );
    return [reader.columnNames(), ...reader.getRowsJson().map((row) => row.map((value) => (value === null ? '' : String(value))))];
  });
}

/** How many rows Parquet files have together that fit a condition in SQL, counted by DuckDB. */
export async function countRows(files: readonly Uint8Array[], condition: string = 'true'): Promise<number> {
  return withFiles(files, async (paths, connection) => {
    const reader = await connection.runAndReadAll(`SELECT count(*) FROM read_parquet($paths) WHERE ${condition}`, { paths: listValue([...paths]) });
    return Number(reader.getRowsJson()[0][0]);
  });
}

async function withFiles<T>(
  contents: readonly Uint8Array[], use: (paths: readonly string[], connection: DuckDBConnection) => Promise<T>,
): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'demo-'));
  try {
    const paths = contents.map((content, index) => {
      const path = join(folder, String(index));
      writeFileSync(path, content);
      return path;
    });
    return await use(paths, await (await DuckDBInstance.create()).connect());
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
