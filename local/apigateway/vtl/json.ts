import { TemplateError } from './template-error';
import { JavaDecimal, JavaList, JavaValue, typeName } from './values';

/**
 * JSON as Jackson reads it: integers keep every digit, members keep their order, of members with the same name the last one counts.
 * Returns undefined for text that is not JSON.
 */
export function parseJson(text: string): JavaValue | undefined {
  try {
    JSON.parse(text);
  } catch {
    return undefined;
  }
  const parsed: unknown = JSON.parse(mark(text));
  return unmark(parsed);
}

/** A letter before each string, and each number as a string with a letter of its own: so JSON.parse rounds and reorders nothing. */
function mark(json: string): string {
  const stringOrNumber = /"|-?[0-9][0-9.eE+-]*/g;
  let marked = '';
  let from = 0;
  for (let match = stringOrNumber.exec(json); match !== null; match = stringOrNumber.exec(json)) {
    marked += json.slice(from, match.index);
    from = match[0] === '"' ? endOfString(json, match.index) : stringOrNumber.lastIndex;
    marked += match[0] === '"' ? `"s${json.slice(match.index + 1, from)}` : `"n${match[0]}"`;
    stringOrNumber.lastIndex = from;
  }
  return marked + json.slice(from);
}

/** Behind the closing quote. A loop, because a regular expression would run out of stack on long texts. */
function endOfString(json: string, start: number): number {
  let position = start + 1;
  while (json[position] !== '"') position += json[position] === '\\' ? 2 : 1;
  return position + 1;
}

function unmark(value: unknown): JavaValue {
  if (typeof value === 'string') return value.startsWith('s') ? value.slice(1) : number(value.slice(1));
  if (Array.isArray(value)) return new JavaList(value.map(unmark));
  if (typeof value === 'object' && value !== null) return new Map(Object.entries(value).map(([key, item]) => [key.slice(1), unmark(item)]));
  return typeof value === 'boolean' ? value : null;
}

function number(text: string): JavaValue {
  return /^-?[0-9]+$/.test(text) ? BigInt(text) : new JavaDecimal(text);
}

/** Compact JSON as Jackson writes it: nothing outside ASCII is escaped, control characters in capitals. */
export function writeJson(value: JavaValue): string {
  if (typeof value === 'string') return `"${value.replace(/["\\\u0000-\u001f]/g, escapeCharacter)}"`;
  if (value === null || typeof value === 'boolean' || typeof value === 'bigint') return String(value);
  if (value instanceof JavaDecimal) return value.text;
  if (value instanceof JavaList) return `[${value.items.map(writeJson).join(',')}]`;
  if (value instanceof Map) return `{${[...value].map(([key, item]) => `${writeJson(key)}:${writeJson(item)}`).join(',')}}`;
  throw new TemplateError(`JSON of a ${typeName(value)} is not implemented`);
}

const SHORT_ESCAPES: ReadonlyMap<string, string> = new Map([
  ['"', '\\"'], ['\\', '\\\\'], ['\b', '\\b'], ['\t', '\\t'], ['\n', '\\n'], ['\f', '\\f'], ['\r', '\\r'],
]);

function escapeCharacter(character: string): string {
  return SHORT_ESCAPES.get(character) ?? unicodeEscape(character);
}

/** `\u001F`. */
export function unicodeEscape(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`;
}
