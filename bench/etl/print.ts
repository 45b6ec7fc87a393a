/** A table of text: the first column to the left, all others to the right. */
export function printTable(title: string, header: readonly string[], rows: readonly (readonly string[])[]): void {
  const lines = [header, ...rows];
  const widths = header.map((_, column) => Math.max(...lines.map((cells) => cells[column].length)));
  console.log(`\n${title}`);
  for (const cells of lines) console.log(cells.map((cell, column) => (column === 0 ? cell.padEnd(widths[column]) : cell.padStart(widths[column]))).join('  '));
}

export function count(value: number): string {
  return Math.round(value).toLocaleString('en');
}

export function hours(milliseconds: number): string {
  return (milliseconds / 3_600_000).toFixed(2);
}

/** Dollars, with at least three digits that tell something. */
export function amount(dollars: number): string {
  return dollars >= 1 || dollars === 0 ? dollars.toFixed(2) : dollars.toFixed(4);
}
