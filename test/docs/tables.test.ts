import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../../projenrc/tools/repository';
import { CONNECTION_OPTIONS } from '../../projenrc/tools/tables/connection-options';
import { DOC_TABLES, TABLE_PAGES, withTables } from '../../projenrc/tools/tables/doc-tables';
import { renderTable, withTable } from '../../projenrc/tools/tables/markdown-table';
import { DRIVER_OPTIONS } from '../support/driver-strings';

test.each(TABLE_PAGES)('the tables of %s are those of the code: where this fails, run "npx projen docgen"', (page) => {
  expect(readFileSync(join(ROOT, page), 'utf8')).toBe(withTables(page));
});

test.each(DOC_TABLES)('table "$name" of $page has no empty cell, and as many cells in each row', ({ make }) => {
  const { header, rows } = make();
  expect(rows.length).toBeGreaterThan(0);
  expect(rows.filter((row) => row.length !== header.length || row.some((cell) => cell.trim() === ''))).toEqual([]);
});

test('the page of connection strings tells of every option that the driver knows', () => {
  const told = CONNECTION_OPTIONS.make().rows.flatMap(([cell]) => [...cell.matchAll(/`(\w+)`/g)].map(([, name]) => name));
  expect(told.sort()).toEqual([...DRIVER_OPTIONS, 'uuidRepresentation'].sort());
});

test('a table replaces the one before, and nothing else of the page', () => {
  const page = '# Page\n\n<!-- Colours: written by "npx projen docgen" from the rainbow -->\n\n<!-- end of Colours -->\n\n| more |\n';
  const withText = (text: string, before = page) => withTable(before, 'Colours', text, 'the rainbow');
  expect(withText('| new |', withText('| old |'))).toBe(page.replace('-->\n\n<!--', '-->\n\n| new |\n\n<!--'));
  expect(() => withText('| new |', '# Page\n')).toThrow(/no place for Colours/);
  expect(renderTable({ header: ['a', 'b'], rows: [['1|2', '3']] })).toBe('| a | b |\n| --- | --- |\n| 1\\|2 | 3 |');
});
