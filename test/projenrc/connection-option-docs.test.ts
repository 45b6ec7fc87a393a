import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CONNECTION_OPTIONS_PAGE, withConnectionOptions } from '../../projenrc/tools/connection-option-docs';
import { ROOT } from '../../projenrc/tools/repository';
import { DRIVER_OPTIONS } from '../support/driver-strings';

const page = readFileSync(join(ROOT, CONNECTION_OPTIONS_PAGE), 'utf8');

test('the page tells of every option that the driver knows', () => {
  const firstCells = page.split('\n').filter((line) => line.startsWith('| `')).map((row) => row.split(' | ')[0]);
  const told = firstCells.flatMap((cell) => [...cell.matchAll(/`(\w+)`/g)].map(([, name]) => name));
  expect(told.sort()).toEqual([...DRIVER_OPTIONS, 'uuidRepresentation'].sort());
});

test('and what it tells are the rules: where this fails, run "npx projen docgen"', () => {
  expect(withConnectionOptions(page)).toBe(page);
});
