/** A table of Markdown. */
export interface Table {
  readonly header: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

export function renderTable({ header, rows }: Table): string {
  const lines = [header, header.map(() => '---'), ...rows];
  return lines.map((cells) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`).join('\n');
}

/**
 * The page with a text between the two comments that belong to it.
 *
 * @param name of the table, in these comments
 * @param origin what the text is made from, in words
 */
export function withTable(page: string, name: string, text: string, origin: string): string {
  const begin = `<!-- ${name}: written by "npx projen docgen" from ${origin} -->\n`;
  const end = `\n<!-- end of ${name} -->`;
  const from = page.indexOf(begin);
  const to = page.indexOf(end, from);
  if (from < 0 || to < 0) throw new Error(`The page has no place for ${name}, between these lines:\n${begin}${end}`);
  return `${page.slice(0, from)}${begin}\n${text}\n${page.slice(to)}`;
}
