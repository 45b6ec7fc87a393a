import { Cursor } from './cursor';
import { atReference, parseExpression, parseReference, refuseEscapedStart } from './expression-parser';
import { Expression, TemplateNode } from './syntax-tree';

const REST_OF_LINE = /[ \t]*\r?\n/y;
const BRANCH_END = ['elseif', 'else', 'end'];

/**
 * Reads a template in the subset of Apache Velocity 1.7 that the local cloud renders: text, comments, references, #set, #if, #foreach.
 * Everything else is refused by name. White space around directives goes where Velocity 1.7 leaves it.
 */
export function parseTemplate(text: string): TemplateNode[] {
  const cursor = new Cursor(text);
  const { nodes, stoppedAt } = parseNodes(cursor, []);
  if (stoppedAt !== undefined) cursor.fail(`#${stoppedAt} without its beginning`);
  return nodes;
}

/** Reads until the end or one of the directives in `stops`, which it takes. */
function parseNodes(cursor: Cursor, stops: readonly string[]): { nodes: TemplateNode[]; stoppedAt?: string } {
  const nodes: TemplateNode[] = [];
  let text = '';
  const flush = () => {
    if (text !== '') nodes.push({ kind: 'text', text });
    text = '';
  };
  while (!cursor.done) {
    refuseEscapedStart(cursor);
    if (atReference(cursor)) {
      flush();
      nodes.push(parseReference(cursor));
      // Found by comparison: what Velocity makes of these depends on what came before and comes after.
      if (cursor.peek(/[ \t]*(#\*|#\{?set)|-!/y) !== undefined) cursor.fail('a comment, #set or -! directly behind a reference is not implemented');
      cursor.behindReference = true;
    } else if (cursor.peek(/##|#\*/y) !== undefined) {
      flush();
      skipComment(cursor);
    } else if (cursor.peek(/#[a-zA-Z{]/y) !== undefined) {
      const directive = takeDirective(cursor);
      // Blanks between the last reference, directive or backslash and a #set vanish; behind other text they stay.
      if (directive === 'set') text = text.replace(/(^|\\)[ \t]+$/, '$1');
      if (directive === 'set' && /^[^\w\s]+[ \t]+$/.test(text)) cursor.fail('blanks between punctuation behind a reference and #set are not implemented');
      flush();
      if (stops.includes(directive)) return { nodes, stoppedAt: directive };
      if (BRANCH_END.includes(directive)) cursor.fail(`#${directive} without its beginning`);
      nodes.push(parseDirective(cursor, directive));
    } else {
      if (cursor.behindReference && cursor.peek(/[ \t.]*\[/y) !== undefined) cursor.fail('this [ is not implemented: Velocity takes it for an index');
      if (cursor.peek(/[ \t.]*[^ \t.$#]/y) !== undefined) cursor.behindReference = false;
      // Velocity drops some of them, depending on what follows.
      text += cursor.take(/[^$#\\]+|\\/y) ?? cursor.fail('a $ or # that begins no reference, directive or comment is not implemented');
    }
  }
  flush();
  if (stops.length > 0) cursor.fail('#end is missing');
  return { nodes };
}

function skipComment(cursor: Cursor): void {
  if (cursor.take(/##[^\r\n]*(\r?\n)?/y) !== undefined) return;
  cursor.expect(/#\*[^]*?\*#/y, '*# at the end of the comment');
}

function takeDirective(cursor: Cursor): string {
  const written = /#(\{[a-zA-Z]+\}|[a-zA-Z]+)/y;
  const name = cursor.peek(written)?.replace(/[#{}]/g, '') ?? cursor.fail('expected a directive');
  if (!['set', 'if', 'foreach', ...BRANCH_END].includes(name)) cursor.fail(`#${name} is not implemented`);
  cursor.take(written);
  if (name === 'else' || name === 'end') cursor.take(REST_OF_LINE);
  return name;
}

function parseDirective(cursor: Cursor, name: string): TemplateNode {
  if (name === 'if') return parseIf(cursor);
  if (name === 'foreach') return parseForEach(cursor);
  openParenthesis(cursor);
  const target = parseReference(cursor);
  cursor.expect(/[ \t]*=[ \t]*/y, '= in #set');
  const value = parseExpression(cursor);
  closeParenthesis(cursor);
  // Velocity takes it for an index in some places.
  if (cursor.peek(/\[/y) !== undefined) cursor.fail('[ directly behind #set is not implemented');
  return { kind: 'set', target, value };
}

function parseIf(cursor: Cursor): TemplateNode {
  const branches: Array<{ condition?: Expression; body: TemplateNode[] }> = [];
  let stoppedAt: string | undefined = 'if';
  while (stoppedAt === 'if' || stoppedAt === 'elseif') {
    openParenthesis(cursor);
    const condition = parseExpression(cursor);
    closeParenthesis(cursor);
    const branch = parseNodes(cursor, BRANCH_END);
    branches.push({ condition, body: branch.nodes });
    stoppedAt = branch.stoppedAt;
  }
  if (stoppedAt === 'else') branches.push({ body: parseNodes(cursor, ['end']).nodes });
  return { kind: 'if', branches };
}

function parseForEach(cursor: Cursor): TemplateNode {
  openParenthesis(cursor);
  const variable = parseReference(cursor);
  if (variable.steps.length > 0) cursor.fail('#foreach needs a plain variable');
  cursor.expect(/[ \t]+in[ \t]+/y, 'in');
  const items = parseExpression(cursor);
  closeParenthesis(cursor);
  return { kind: 'foreach', variable: variable.name, items, body: parseNodes(cursor, ['end']).nodes };
}

function openParenthesis(cursor: Cursor): void {
  cursor.expect(/[ \t]*\([ \t]*/y, '( behind the directive');
}

function closeParenthesis(cursor: Cursor): void {
  cursor.take(/[ \t]*/y);
  cursor.expect(/\)/y, ') at the end of the directive');
  cursor.take(REST_OF_LINE);
}
