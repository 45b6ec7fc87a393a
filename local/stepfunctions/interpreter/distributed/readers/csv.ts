import { readerFailed } from './reader-failure';
import { objectOf } from '../../../../exact-json';
import { JsonObject } from '../../../../json';
import { ReaderConfig } from '../../definition';

/** Largest header in bytes. Source: developer guide, "ItemReader". */
const MAX_HEADER_BYTES = 10_240;

const delimiters: Readonly<Record<string, string>> = { COMMA: ',', PIPE: '|', SEMICOLON: ';', SPACE: ' ', TAB: '\t' };

/** Each row as an object of strings; missing fields are empty, surplus ones are dropped. */
export function csvItems(text: string, config: ReaderConfig): JsonObject[] {
  const rows = parseCsv(text, delimiters[config.CSVDelimiter ?? 'COMMA']);
  const headers = config.CSVHeaderLocation === 'GIVEN' ? (config.CSVHeaders ?? []) : (rows.shift() ?? []);
  if (new Set(headers).size < headers.length) throw readerFailed('CSV headers cannot contain duplicates.');
  if (Buffer.byteLength(headers.join()) > MAX_HEADER_BYTES) throw readerFailed('CSV headers cannot exceed 10 KiB.');
  return rows.map((row) => objectOf(headers.map((header, column) => [header, row[column] ?? ''] as const)));
}

/**
 * Splits a text into rows of fields by the rules of the developer guide, "How Step Functions parses input CSV files", which no package has:
 * a quoted field holds delimiters and newlines, a doubled quote stands for one in any field, and a backslash escapes a backslash, a quote or
 * the delimiter; before anything else it is dropped. Empty lines are no rows.
 */
export function parseCsv(text: string, delimiter: string): string[][] {
  return new CsvParser(text, delimiter).rows();
}

class CsvParser {
  private at: number;

  constructor(private readonly text: string, private readonly delimiter: string) {
    this.at = text.startsWith('\ufeff') ? 1 : 0;
  }

  rows(): string[][] {
    const rows: string[][] = [];
    while (this.at < this.text.length) if (!this.endOfLine()) rows.push(this.row());
    return rows;
  }

  private row(): string[] {
    const fields: string[] = [];
    for (;;) {
      fields.push(this.field());
      if (this.take(this.delimiter)) continue;
      this.endOfLine();
      return fields;
    }
  }

  private field(): string {
    let field = this.take('"') ? this.quoted() : '';
    while (this.at < this.text.length && !this.atEndOfField()) field += this.character();
    return field;
  }

  /** Up to the quote that closes; without one, the rest of the text. */
  private quoted(): string {
    let field = '';
    while (this.at < this.text.length) {
      if (this.text[this.at] === '"' && this.text[this.at + 1] !== '"') {
        this.at++;
        break;
      }
      field += this.character();
    }
    return field;
  }

  private character(): string {
    const character = this.text[this.at++];
    const next = this.text[this.at];
    if (character === '"' && next === '"') this.at++;
    if (character !== '\\') return character;
    if (next !== '\\' && next !== '"' && next !== this.delimiter) return '';
    this.at++;
    return next;
  }

  private endOfLine(): boolean {
    return this.take('\r\n') || this.take('\n');
  }

  private atEndOfField(): boolean {
    const character = this.text[this.at];
    return character === this.delimiter || character === '\n' || (character === '\r' && this.text[this.at + 1] === '\n');
  }

  private take(expected: string): boolean {
    if (!this.text.startsWith(expected, this.at)) return false;
    this.at += expected.length;
    return true;
  }
}
