import { Cursor } from './cursor';
import { BinaryOperator, Expression, Reference, ReferenceStep, TextNode } from './syntax-tree';

const BLANKS = /[ \t]*/y;
// In Velocity a hyphen belongs to the name: `$a-1` is the variable `a-1`.
const IDENTIFIER = /[a-zA-Z_][a-zA-Z0-9_-]*/y;
const REFERENCE_START = /\$!?\{?[a-zA-Z_]/y;

/** Binary operators by precedence, loosest first, each with its spellings. */
const PRECEDENCE: ReadonlyArray<ReadonlyArray<readonly [RegExp, BinaryOperator]>> = [
  [[/\|\||or\b/y, '||']],
  [[/&&|and\b/y, '&&']],
  [[/==|eq\b/y, '=='], [/!=|ne\b/y, '!=']],
  [[/<=|le\b/y, '<='], [/>=|ge\b/y, '>='], [/<|lt\b/y, '<'], [/>|gt\b/y, '>']],
  [[/\+/y, '+'], [/-/y, '-']],
  [[/\*/y, '*'], [/\//y, '/'], [/%/y, '%']],
];

/** Reads an expression; line breaks inside one are refused, because Velocity takes them in some places only. */
export function parseExpression(cursor: Cursor): Expression {
  return parseBinary(cursor, 0);
}

/** Whether a reference begins here. */
export function atReference(cursor: Cursor): boolean {
  return cursor.peek(REFERENCE_START) !== undefined;
}

export function parseReference(cursor: Cursor): Reference {
  const start = cursor.position;
  cursor.expect(/\$!?/y, 'a reference');
  const braced = cursor.take(/\{/y) !== undefined;
  const name = cursor.expect(IDENTIFIER, 'a variable name');
  const steps = parseSteps(cursor);
  if (braced) {
    cursor.expect(/\}/y, '} after the reference');
    if (cursor.peek(/\[/y) !== undefined) cursor.fail('[ behind a reference in braces is not implemented');
  } else if (cursor.peek(/[a-zA-Z_]/y) !== undefined) {
    // Velocity would go on in another way, and may even drop text.
    cursor.fail('a letter directly behind a method or an index is not implemented; put the reference in braces');
  }
  return { kind: 'reference', name, steps, source: cursor.text.slice(start, cursor.position) };
}

function parseSteps(cursor: Cursor): ReferenceStep[] {
  const steps: ReferenceStep[] = [];
  for (;;) {
    if (cursor.take(/\.(?=[a-zA-Z_])/y) !== undefined) {
      const name = cursor.expect(IDENTIFIER, 'a property or method');
      steps.push(cursor.peek(/\(/y) === undefined ? { kind: 'property', name } : { kind: 'method', name, arguments: parseArguments(cursor) });
    } else if (cursor.take(/\[/y) !== undefined) {
      cursor.take(BLANKS);
      const index = parseOperand(cursor);
      cursor.take(BLANKS);
      cursor.expect(/\]/y, '] after the index');
      steps.push({ kind: 'index', index });
    } else {
      return steps;
    }
  }
}

function parseArguments(cursor: Cursor): Expression[] {
  cursor.expect(/\([ \t]*/y, '(');
  // Velocity takes literals and references here, no operators.
  const values = parseItems(cursor, /\)/y, parseOperand);
  cursor.expect(/\)/y, ') after the arguments');
  return values;
}

function parseItems<T>(cursor: Cursor, end: RegExp, parseItem: (cursor: Cursor) => T): T[] {
  const items: T[] = [];
  while (cursor.peek(end) === undefined) {
    if (items.length > 0) cursor.expect(/,[ \t]*/y, 'a comma');
    items.push(parseItem(cursor));
    cursor.take(BLANKS);
  }
  return items;
}

function parseBinary(cursor: Cursor, level: number): Expression {
  if (level === PRECEDENCE.length) return parseUnary(cursor);
  let left = parseBinary(cursor, level + 1);
  for (;;) {
    cursor.take(BLANKS);
    // `$x -1` is no subtraction in Velocity but a syntax error: the hyphen belongs to the number.
    if (cursor.peek(/-[0-9]/y) !== undefined) cursor.fail('- directly before a digit is a negative number, no operator; write a blank between');
    const operator = PRECEDENCE[level].find(([spelling]) => cursor.take(spelling) !== undefined)?.[1];
    if (operator === undefined) return left;
    left = { kind: 'binary', operator, left, right: parseBinary(cursor, level + 1) };
  }
}

function parseUnary(cursor: Cursor): Expression {
  cursor.take(BLANKS);
  if (cursor.take(/!|not\b/y) !== undefined) return { kind: 'not', operand: parseUnary(cursor) };
  if (cursor.take(/\(/y) === undefined) return parseOperand(cursor);
  const inner = parseExpression(cursor);
  cursor.take(BLANKS);
  cursor.expect(/\)/y, ')');
  return inner;
}

function parseOperand(cursor: Cursor): Expression {
  if (cursor.peek(/\$/y) !== undefined) return parseReference(cursor);
  if (cursor.peek(/['"]/y) !== undefined) return parseString(cursor);
  if (cursor.peek(/-?[0-9]+\.[0-9]/y) !== undefined) cursor.fail('a number with decimals is not implemented');
  const integer = cursor.take(/-?[0-9]+/y);
  if (integer !== undefined) return { kind: 'literal', value: BigInt(integer) };
  const boolean = cursor.take(/(true|false)\b/y);
  if (boolean !== undefined) return { kind: 'literal', value: boolean === 'true' };
  if (cursor.take(/\[[ \t]*/y) !== undefined) return parseListOrRange(cursor);
  if (cursor.take(/\{[ \t]*/y) !== undefined) return parseMap(cursor);
  return cursor.fail('expected a value');
}

function parseListOrRange(cursor: Cursor): Expression {
  const items = parseItems(cursor, /\]|\.\./y, parseOperand);
  if (items.length === 1 && cursor.take(/\.\.[ \t]*/y) !== undefined) {
    const to = parseOperand(cursor);
    cursor.expect(/[ \t]*\]/y, ']');
    return { kind: 'range', from: items[0], to };
  }
  cursor.expect(/\]/y, ']');
  return { kind: 'list', items };
}

function parseMap(cursor: Cursor): Expression {
  const entries = parseItems(cursor, /\}/y, (place): readonly [Expression, Expression] => {
    const key = parseOperand(place);
    place.expect(/[ \t]*:[ \t]*/y, ': after the key');
    return [key, parseOperand(place)];
  });
  cursor.expect(/\}/y, '}');
  return { kind: 'map', entries };
}

/** A backslash escapes nothing in Velocity's strings; a quote is written twice. */
function parseString(cursor: Cursor): Expression {
  const source = cursor.take(/"(?:[^"\r\n]|"")*"|'(?:[^'\r\n]|'')*'/y) ?? cursor.fail('a string must end on the line it begins on');
  const quote = source[0];
  const text = source.slice(1, -1).replaceAll(quote + quote, quote);
  if (quote === '\'' || !/[$#\\]/.test(text)) return { kind: 'literal', value: text };
  if (/\\u/.test(text)) cursor.fail('\\u in a string in double quotes is not implemented; use single quotes');
  if (/#/.test(text)) cursor.fail('a # in a string in double quotes is not implemented; use single quotes');
  const parts = parseInterpolation(new Cursor(text));
  const [only, ...others] = parts;
  return others.length === 0 && only.kind === 'text' ? { kind: 'literal', value: only.text } : { kind: 'interpolation', parts };
}

function parseInterpolation(cursor: Cursor): Array<TextNode | Reference> {
  const parts: Array<TextNode | Reference> = [];
  let text = '';
  while (!cursor.done) {
    refuseEscapedStart(cursor);
    if (atReference(cursor)) {
      if (text !== '') parts.push({ kind: 'text', text });
      text = '';
      parts.push(parseReference(cursor));
    } else {
      // A path, as in "$.Query", a group of a replacement, "$1", or a dollar at the end: there Velocity takes it for text.
      text += cursor.take(/\$(?=[.[0-9]|$)|[^$]/y) ?? cursor.fail('a $ that begins no reference is not implemented; use single quotes');
    }
  }
  if (text !== '') parts.push({ kind: 'text', text });
  return parts;
}

/** A backslash directly before a reference or a directive escapes it in some cases and not in others: refused. */
export function refuseEscapedStart(cursor: Cursor): void {
  if (cursor.peek(/\\+(\$[!{a-zA-Z_]|#[a-zA-Z{#*[@])/y) !== undefined) {
    cursor.fail('a backslash before a reference or a directive is not implemented');
  }
}
