/** Writes the tables of errors in `docs/operations*.md` from the docstrings of the classes that users have, and that of the connection options. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CONNECTION_OPTIONS_PAGE, withConnectionOptions } from './connection-option-docs';
import { ERROR_CLASSES } from './error-classes';
import { readErrorDocs, renderTable, withTable } from './error-docs';
import { fail, ROOT } from './repository';

try {
  for (const { className, names, source, page } of ERROR_CLASSES) {
    const file = join(ROOT, page);
    const table = renderTable(readErrorDocs(readFileSync(join(ROOT, source), 'utf8'), className, names));
    writeFileSync(file, withTable(readFileSync(file, 'utf8'), className, table));
  }
  const page = join(ROOT, CONNECTION_OPTIONS_PAGE);
  writeFileSync(page, withConnectionOptions(readFileSync(page, 'utf8')));
} catch (error) {
  fail(error);
}
