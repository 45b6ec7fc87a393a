/** All tables in the docs that are made from code. A new one: a file beside this one, a line here, and its two comments in the page. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CONNECTION_OPTIONS } from './connection-options';
import { DocTable } from './doc-table';
import { ERROR_TABLES } from './error-tables';
import { renderTable, withTable } from './markdown-table';
import { QUERY_TABLES } from './query-tables';
import { TEST_VECTOR_TABLE } from './test-vector';
import { ROOT } from '../repository';

export const DOC_TABLES: readonly DocTable[] = [...ERROR_TABLES, ...QUERY_TABLES, TEST_VECTOR_TABLE, CONNECTION_OPTIONS];

/** Pages that have such tables. */
export const TABLE_PAGES: readonly string[] = [...new Set(DOC_TABLES.map(({ page }) => page))];

/** The text of a page with its tables as the code has them now. */
export function withTables(page: string): string {
  return DOC_TABLES.filter((table) => table.page === page).reduce(
    (text, { name, origin, make }) => withTable(text, name, renderTable(make()), origin), readFileSync(join(ROOT, page), 'utf8'),
  );
}
