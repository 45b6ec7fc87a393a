import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { duration, etlSubjects, OutageSubject, survivorsInPercent } from '../../bench/outage';
import { ROOT } from '../../projenrc/tools/repository';
import { renderTable } from '../../projenrc/tools/tables/markdown-table';

/** Seconds. */
const OUTAGES = [10, 60, 120, 300, 1_800];

/** As the page names them, and as "npm run bench -- outage" does. */
const ROWS: readonly [string, string][] = [
  ['`supervised`: the server cannot be reached', 'supervised: the server cannot be reached'],
  ['`selfRestart`: the server cannot be reached', 'selfRestart: the server cannot be reached'],
  ['`selfRestart`: your function is not ready', 'selfRestart: the processor is not ready'],
];

test('the page on long runs says which runs survive an outage', async () => {
  const rows: string[][] = [];
  for (const [told, name] of ROWS) rows.push([told, ...await sharesOf(subject(name))]);
  const page = readFileSync(join(ROOT, 'docs/paged-batch-etl/long-runs.md'), 'utf8');
  const [, table] = /<!-- Outages: .*? -->\n\n(.*?)\n\n<!-- end of Outages -->/s.exec(page) ?? [];
  expect(table).toBe(renderTable({ header: ['an outage of', ...OUTAGES.map(duration)], rows }));
});

async function sharesOf(found: OutageSubject): Promise<string[]> {
  const shares: string[] = [];
  for (const seconds of OUTAGES) shares.push(`${await survivorsInPercent(found, seconds)}%`);
  return shares;
}

function subject(wanted: string): OutageSubject {
  const found = etlSubjects().find(({ name }) => name === wanted);
  if (found === undefined) throw new Error(`the benchmark has nothing called ${wanted}`);
  return found;
}
