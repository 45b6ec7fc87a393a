import { readFileSync } from 'node:fs';
import { parse } from 'opentype.js';

/** Sizes of text, in pixels. */
export const TITLE = 13;
export const SMALL = 11;

/** Widths of Arial, which those of Helvetica and Liberation Sans equal. Whatever font a reader has, `textLength` makes each text as wide as it was measured. */
export type Measure = (text: string, size: number) => number;

export function measureArial(): Measure {
  const { buffer, byteOffset, byteLength } = readFileSync(require.resolve('@fontsource/arimo/files/arimo-latin-400-normal.woff'));
  const font = parse(buffer.slice(byteOffset, byteOffset + byteLength));
  return (text, size) => Math.ceil(font.getAdvanceWidth(text, size));
}

/** As few lines as are no wider than that, and of these the narrowest. A word that is wider stands alone. */
export function wrap(text: string, size: number, widest: number, measure: Measure): string[] {
  const few = greedy(text, size, widest, measure);
  for (let width = Math.ceil(measure(text, size) / few.length); width < widest; width++) {
    const lines = greedy(text, size, width, measure);
    if (lines.length <= few.length) return lines;
  }
  return few;
}

function greedy(text: string, size: number, widest: number, measure: Measure): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && measure(`${last} ${word}`, size) <= widest) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}
