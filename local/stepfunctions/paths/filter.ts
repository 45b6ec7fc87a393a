import { compare } from './compare';
import { Inapplicable, Missing, PathSyntaxError } from './problems';
import { Filter } from './step';
import { JsonValue } from '../../json';
import { NotImplemented } from '../../not-implemented';
import { javaText } from '../java-text';

/** A path inside a filter, with the two starts that it can have. */
export interface FilterPath {
  /** Whether it can only lead to one place. */
  readonly definite: boolean;
  /** Its value; throws `Missing` or `Inapplicable`. */
  read(item: JsonValue, root: JsonValue): JsonValue;
}

type ParsePath = (text: string) => FilterPath;
/** One side of a comparison. A literal is always a text: `5` is the text "5". */
type Operand = FilterPath | string | RegExp;

/** In the order in which they are looked for. */
const OPERATORS = ['==', '>=', '<=', '!=', '<', '>', '=~'] as const;
type Operator = (typeof OPERATORS)[number];

/**
 * Parses the inside of `[?(…)]` as Jayway 2.0 does, which is what AWS runs: tests joined by `&&` and `||`, wherever these stand; other brackets
 * than those of paths mean nothing; the operators are those above, and no words.
 */
export function parseFilter(text: string, parsePath: ParsePath): Filter {
  const alternatives = text.split('||').map((part) => part.split('&&').map((test) => parseTest(withoutBrackets(test), parsePath)));
  // From the right, as Jayway does: it matters when a test cannot be made.
  alternatives.reverse();
  for (const tests of alternatives) tests.reverse();
  return (item, root) => alternatives.some((tests) => tests.every((test) => test(item, root)));
}

function withoutBrackets(test: string): string {
  const inner = test.replace(/^[[?( ]+/, '').replace(/[) ]+$/, '').trim();
  if (inner === '') throw new PathSyntaxError(`A test is missing in the filter '${test}'`);
  return inner;
}

function parseTest(text: string, parsePath: ParsePath): Filter {
  const operator = OPERATORS.find((candidate) => text.includes(candidate));
  if (operator === undefined) return existence(text, parsePath);
  const at = text.indexOf(operator);
  const [left, right] = [text.slice(0, at).trim(), text.slice(at + operator.length).trim()];
  if (right.startsWith('!@')) throw new PathSyntaxError('Invalid negation! Can only be used for existence check e.g [?(!@.foo)]');
  return comparison(operand(left.replace(/^!(?=@)/, ''), parsePath), operator, operand(right, parsePath));
}

/** `@.a` and `!@.a`; null is as good as nothing. */
function existence(text: string, parsePath: ParsePath): Filter {
  const negated = text.startsWith('!');
  const path = text.slice(negated ? 1 : 0);
  if (!isPath(path) || (negated && !path.startsWith('@'))) throw new PathSyntaxError(`CriteriaType  can not be parsed: ${text}`);
  const { read } = definitePath(path, parsePath);
  return (item, root) => (unlessMissing(() => read(item, root)) ?? null) !== null !== negated;
}

function comparison(left: Operand, operator: Operator, right: Operand): Filter {
  return (item, root) => unlessMissing(() => {
    // The left side is read first: where both fail, its failure is the one that shows.
    const model = valueOf(left, item, root);
    return holds(operator, valueOf(right, item, root), model);
  }) ?? false;
}

/** The sides are named as in Jayway: the one on the right is expected. */
function holds(operator: Operator, expected: JsonValue | RegExp, model: JsonValue | RegExp): boolean {
  if (operator === '=~') return matches(expected, model);
  if (expected instanceof RegExp || model instanceof RegExp) return false;
  const one = (expected === null) !== (model === null);
  if (one && operator !== '==' && operator !== '!=') return false;
  const order = compare(expected, model);
  if (order === undefined) return false;
  switch (operator) {
    case '==': return order === 0;
    case '!=': return order !== 0;
    case '>': return order < 0;
    case '>=': return order <= 0;
    case '<': return order > 0;
    case '<=': return order >= 0;
  }
}

function matches(expected: JsonValue | RegExp, model: JsonValue | RegExp): boolean {
  const [pattern, target] = model instanceof RegExp ? [model, expected] : [expected, model];
  if (!(pattern instanceof RegExp)) throw new Inapplicable('class java.lang.String cannot be cast to class java.util.regex.Pattern');
  if (target === null) return false;
  return pattern.test(target instanceof RegExp ? target.source : javaText(target));
}

function valueOf(side: Operand, item: JsonValue, root: JsonValue): JsonValue | RegExp {
  return typeof side === 'string' || side instanceof RegExp ? side : side.read(item, root);
}

function operand(text: string, parsePath: ParsePath): Operand {
  if (isPath(text)) return definitePath(text, parsePath);
  if (text.startsWith('\'') && text.endsWith('\'')) return text.length > 1 ? text.slice(1, -1) : refuse(text);
  if (/^\/.*\/i?$/s.test(text) || text === '/' || text === '/i') return regularExpression(text);
  return text;
}

function definitePath(text: string, parsePath: ParsePath): FilterPath {
  const path = parsePath(text);
  if (!path.definite) throw new PathSyntaxError(`the predicate path: ${text} is not definite`);
  return path;
}

/** What Java reads otherwise than JavaScript without either of them complaining: some escapes, and classes within classes. */
const onlyInJava = /\\[AZzGhHQERXvVpPNkae0]|\[[^\]]*\[/;

/** Jayway matches the whole text. The expression is one of Java, but for most purposes JavaScript has the same. */
function regularExpression(text: string): RegExp {
  const end = text.lastIndexOf('/');
  if (end === 0) refuse(text);
  const source = text.slice(1, end);
  try {
    if (onlyInJava.test(source.replaceAll('\\\\', ''))) throw new SyntaxError('an expression of Java');
    return new RegExp(`^(?:${source})$`, text.endsWith('i') ? 'i' : '');
  } catch (error) {
    if (error instanceof SyntaxError) throw new NotImplemented('a path', `the regular expression ${text}`);
    throw error;
  }
}

function isPath(text: string): boolean {
  return text.startsWith('$') || text.startsWith('@');
}

function unlessMissing<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof Missing) return undefined;
    throw error;
  }
}

function refuse(text: string): never {
  throw new PathSyntaxError(`Could not analyze '${text}' in a filter`);
}
