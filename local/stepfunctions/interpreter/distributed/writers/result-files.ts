import { writeJson } from '../../../../exact-json';
import { JsonValue } from '../../../../json';

/** Largest result file in bytes. Source: developer guide, "ResultWriter". */
export const MAX_FILE_BYTES = 5 * 1024 ** 3;

/** The texts of the files for some results: no file without results, and another one where the next result would not fit. */
export function fileTexts(results: readonly JsonValue[], outputType: 'JSON' | 'JSONL', maxBytes: number = MAX_FILE_BYTES): string[] {
  const files: string[][] = [];
  let bytes = 0;
  for (const result of results) {
    const text = writeJson(result);
    // With its comma or its newline; the brackets take the place of one comma, and one more byte.
    const size = Buffer.byteLength(text) + 1;
    const last = files.at(-1);
    if (last === undefined || bytes + size > maxBytes) {
      files.push([text]);
      bytes = size + 1;
    } else {
      last.push(text);
      bytes += size;
    }
  }
  return files.map((texts) => (outputType === 'JSON' ? `[${texts.join()}]` : texts.map((text) => `${text}\n`).join('')));
}
