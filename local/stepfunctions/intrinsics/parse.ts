import { functionNames } from './functions';
import { readJson } from '../../exact-json';
import { JsonValue } from '../../json';
import { PathSyntaxError, Scanner } from '../paths/scanner';

/** A call such as `States.Format('{}', $.name)`, taken apart. */
export interface IntrinsicCall {
  readonly text: string;
  readonly name: string;
  readonly arguments: readonly IntrinsicArgument[];
}

export type IntrinsicArgument =
  | { readonly kind: 'call'; readonly call: IntrinsicCall }
  /** A path as written, beginning with `$`. */
  | { readonly kind: 'path'; readonly path: string }
  /** `template` is the text of a string with its escapes, which `States.Format` still has to see. */
  | { readonly kind: 'literal'; readonly value: JsonValue; readonly template?: string };

/** Whether a text is meant as a call of an intrinsic function. */
export function looksLikeIntrinsic(text: string): boolean {
  return text.startsWith('States.');
}

/** Parses a call; throws `PathSyntaxError` for anything else, for unknown functions and for illegal escapes. */
export function parseIntrinsic(text: string): IntrinsicCall {
  const scanner = new Scanner(text);
  const call = parseCall(scanner);
  scanner.skipSpace();
  if (!scanner.atEnd) throw new PathSyntaxError(`unexpected '${scanner.rest()}' in '${text}'`);
  return call;
}

function parseCall(scanner: Scanner): IntrinsicCall {
  const before = scanner.rest();
  const name = scanner.match(/States\.[A-Za-z0-9]+/y) ?? '';
  if (!functionNames.includes(name)) throw new PathSyntaxError(`unknown intrinsic function '${name}' in '${scanner.text}'`);
  scanner.skipSpace();
  if (!scanner.take('(')) throw new PathSyntaxError(`expected '(' after '${name}' in '${scanner.text}'`);
  scanner.skipSpace();
  const empty = scanner.take(')');
  const args = empty ? [] : scanner.list(() => parseArgument(scanner));
  if (!empty && !scanner.take(')')) throw new PathSyntaxError(`expected ')' at '${scanner.rest()}' in '${scanner.text}'`);
  return { text: before.slice(0, before.length - scanner.rest().length), name, arguments: args };
}

function parseArgument(scanner: Scanner): IntrinsicArgument {
  if (scanner.peek('States.')) return { kind: 'call', call: parseCall(scanner) };
  if (scanner.peek('$')) return { kind: 'path', path: pathText(scanner) };
  if (scanner.peek('\'')) return stringLiteral(scanner);
  const word = scanner.match(/true|false|null|-?\d+(\.\d+)?([eE][+-]?\d+)?/y);
  if (word === undefined) throw new PathSyntaxError(`expected an argument at '${scanner.rest()}' in '${scanner.text}'`);
  return { kind: 'literal', value: readJson(word) };
}

/** A path ends at the comma or bracket of the call; those in its own brackets and strings belong to it. */
function pathText(scanner: Scanner): string {
  let text = '';
  for (let depth = 0; !scanner.atEnd;) {
    if (depth === 0 && (scanner.peek(',') || scanner.peek(')'))) break;
    const piece = scanner.match(/'(?:[^'\\]|\\[^])*'|"(?:[^"\\]|\\[^])*"|[^]/y) ?? '';
    if (piece === '[' || piece === '(') depth++;
    if (piece === ']' || piece === ')') depth--;
    text += piece;
  }
  return text.trim();
}

/** Only the quote, the braces and the backslash may be escaped. */
function stringLiteral(scanner: Scanner): IntrinsicArgument {
  const raw = scanner.match(/'(?:[^'\\]|\\['{}\\])*'/y);
  if (raw === undefined) throw new PathSyntaxError(`malformed string at '${scanner.rest()}' in '${scanner.text}'`);
  const template = raw.slice(1, -1);
  return { kind: 'literal', value: unescape(template), template };
}

/** Takes the backslashes off escaped characters. */
export function unescape(template: string): string {
  return template.replace(/\\(['{}\\])/g, '$1');
}
