import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBResult } from '@duckdb/node-api';
import { EngineSession } from '../../../local/athena/engine';

const folder = mkdtempSync(join(tmpdir(), 'engine-'));
const own = join(folder, 'own.json');
const other = join(folder, 'other.json');
const { signal } = new AbortController();
let session: EngineSession;

const rows = (result: DuckDBResult) => result.getRowsJson();

beforeAll(async () => {
  writeFileSync(own, '{"id":1}\n');
  writeFileSync(other, '{"id":2}\n');
  const table = { database: 'db', name: 't', location: 's3://b/t/', columns: [{ name: 'id', type: 'int' }], format: { kind: 'json' } } as const;
  session = await EngineSession.open([{ table, files: [own] }], 'db', new Date('2030-01-01T00:00:00Z'));
});

afterAll(() => {
  session.close();
  rmSync(folder, { recursive: true });
});

test('a session reads the files of its tables, at the time of its query', async () => {
  expect(await session.run('SELECT id FROM t', signal, rows)).toEqual([[1]]);
  expect(await session.run('SELECT CAST(now() AS varchar)', signal, rows)).toEqual([['2030-01-01 00:00:00+00']]);
});

// The analysis of a query refuses these before they get here: this is the second wall.
test.each([
  `SELECT * FROM read_json('${other}')`, `SELECT * FROM '${other}'`, "SELECT * FROM read_text('/etc/hostname')", `SELECT * FROM glob('${folder}/*')`,
  `COPY (SELECT 1) TO '${join(folder, 'new.csv')}'`, `ATTACH '${join(folder, 'new.db')}'`, 'INSTALL httpfs', 'SET enable_external_access = true',
  "SET allowed_paths = ['/etc/hostname']", 'RESET lock_configuration',
])('and nothing else: %s', async (sql) => {
  await expect(session.run(sql, signal, rows)).rejects.toThrow(/Permission Error|locked|does not exist|cannot be|Cannot/);
});

test('an aborted query does not run', async () => {
  await expect(session.run('SELECT 1', AbortSignal.abort(new Error('stopped')), rows)).rejects.toThrow('stopped');
});
