import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../../projenrc/tools/repository';
import { errorTable, readErrorDocs } from '../../projenrc/tools/tables/error-docs';
import { ERROR_CLASSES } from '../../projenrc/tools/tables/error-tables';
import { renderTable } from '../../projenrc/tools/tables/markdown-table';
import { AsyncAthenaQueryApiErrors, BackfillErrors, PagedBatchEtlErrors, RunScheduleErrors } from '../../src';

const read = (file: string) => readFileSync(join(ROOT, file), 'utf8');

const NAMES = { OUT_OF_PAPER: 'OutOfPaper' };

function classWith(docstring: string): string {
  return `export class Errors {\n  /**\n   * ${docstring.split('\n').join('\n   * ')}\n   */\n  public static readonly OUT_OF_PAPER = Names.OUT_OF_PAPER;\n}\n`;
}

describe('our errors', () => {
  test.each(ERROR_CLASSES)('$className tells of every error its cause, what to do and how to go on, and $page has it in one row', ({ className, names, source, page }) => {
    const firstCells = read(page).split('\n').filter((line) => line.startsWith('|')).map((row) => row.split('|')[1].trim());
    const told = readErrorDocs(read(source), className, names);
    expect(told.map(({ name }) => name)).toEqual(Object.values(names));
    expect(told.filter(({ cause, action, then }) => [cause, action, then].some((part) => !/^\S.*\.$/.test(part)))).toEqual([]);
    expect(told.filter(({ name }) => firstCells.filter((cell) => cell.includes(`\`${name}\``)).length !== 1)).toEqual([]);
  });

  test('have the names that the handlers give them', () => {
    const classes: Record<string, object> = { AsyncAthenaQueryApiErrors, BackfillErrors, PagedBatchEtlErrors, RunScheduleErrors };
    for (const { className, names } of ERROR_CLASSES) expect({ ...classes[className] }).toEqual(names);
  });
});

describe('the table of a class', () => {
  const told = readErrorDocs(classWith('The paper `A4|A5`\nis used up.\n\nBuy some.\n\nThen deploy and redrive.'), 'Errors', NAMES);

  test('has a row for each error', () => {
    expect(renderTable(errorTable(told)).split('\n').slice(2)).toEqual(['| `OutOfPaper` | The paper `A4\\|A5` is used up. | Buy some. | Deploy and redrive. |']);
  });

  test.each([
    ['no docstring', 'export class Errors {\n  public static readonly OUT_OF_PAPER = Names.OUT_OF_PAPER;\n}\n'],
    ['another class', 'export class OtherErrors {}\n'],
    ['no way to go on', classWith('The paper is used up.\n\nBuy some.')],
    ['a way to go on that is none', classWith('The paper is used up.\n\nBuy some.\n\nThen go home.')],
    ['more after the end', classWith('The paper is used up.\n\nBuy some.\n\nThen redrive.\n\nOr go home.')],
  ])('is refused if there is %s', (_, source) => {
    expect(() => readErrorDocs(source, 'Errors', NAMES)).toThrow(/OUT_OF_PAPER must have three paragraphs/);
  });
});
