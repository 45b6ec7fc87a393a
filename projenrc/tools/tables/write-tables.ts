/** Writes the tables in the docs that are made from code. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { TABLE_PAGES, withTables } from './doc-tables';
import { fail, ROOT } from '../repository';

try {
  for (const page of TABLE_PAGES) writeFileSync(join(ROOT, page), withTables(page));
} catch (error) {
  fail(error);
}
