/** Splits a CSV text into rows of fields. A field may be quoted; a quote inside is doubled. Empty lines are no rows. */
export function parseCsv(text: string, delimiter: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let field = '';
  let quoted = false;
  const endRow = () => {
    row.push(field);
    if (row.length > 1 || field !== '') rows.push(row);
    [row, field] = [[], ''];
  };
  for (let at = 0; at < text.length; at++) {
    const character = text[at];
    if (quoted && character === '"' && text[at + 1] === '"') {
      field += character;
      at++;
    } else if (character === '"' && (quoted || field === '')) {
      quoted = !quoted;
    } else if (!quoted && character === delimiter) {
      row.push(field);
      field = '';
    } else if (!quoted && character === '\n') {
      endRow();
    } else if (quoted || character !== '\r') {
      field += character;
    }
  }
  endRow();
  return rows;
}
