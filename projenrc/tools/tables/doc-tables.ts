/** All tables in the docs that are made from code. A new one: a file beside this one, a line here, and its two comments in the page. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CONNECTION_OPTIONS } from './connection-options';
import { DELIVERY_METRICS } from './delivery-metrics';
import { DocTable } from './doc-table';
import { ERROR_TABLES } from './error-tables';
import { ETL_COST_TABLES } from './etl-costs';
import { ETL_LIMITS } from './etl-limits';
import { ETL_TRANSPORT_TABLES } from './etl-transport-costs';
import { ETL_WARNINGS } from './etl-warnings';
import { INSTALLATION_TABLES } from './installation';
import { LOCAL_RESOURCES } from './local-resources';
import { renderTable, withTable } from './markdown-table';
import { QUERY_REFUSALS } from './query-refusals';
import { QUERY_TABLES } from './query-tables';
import { ED25519_VECTOR_TABLE, TEST_VECTOR_TABLE } from './test-vector';
import { ROOT } from '../repository';

export const DOC_TABLES: readonly DocTable[] = [
  ...ERROR_TABLES, ...INSTALLATION_TABLES, LOCAL_RESOURCES,
  ...QUERY_TABLES, QUERY_REFUSALS, DELIVERY_METRICS, TEST_VECTOR_TABLE, ED25519_VECTOR_TABLE,
  CONNECTION_OPTIONS, ...ETL_COST_TABLES, ...ETL_TRANSPORT_TABLES, ETL_LIMITS, ETL_WARNINGS,
];

/** Pages that have such tables. */
export const TABLE_PAGES: readonly string[] = [...new Set(DOC_TABLES.map(({ page }) => page))];

/** The text of a page with its tables as the code has them now. */
export function withTables(page: string): string {
  return DOC_TABLES.filter((table) => table.page === page).reduce(
    (text, { name, origin, make }) => withTable(text, name, renderTable(make()), origin), readFileSync(join(ROOT, page), 'utf8'),
  );
}
