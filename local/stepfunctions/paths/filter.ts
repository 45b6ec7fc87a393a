import { isDeepStrictEqual } from 'node:util';
import { Filter, matchSteps, Step } from './match';
import { PathSyntaxError, Scanner } from './scanner';
import { JsonValue } from '../../json';

/** One side of a comparison; undefined where a path leads nowhere. */
type Operand = (item: JsonValue, root: JsonValue) => JsonValue | undefined;
type Comparison = (left: JsonValue | undefined, right: JsonValue | undefined) => boolean;

/** Longer symbols come before those they begin with. */
const comparisons: readonly (readonly [string, Comparison])[] = [
  ['==', (left, right) => isDeepStrictEqual(left, right)],
  ['!=', (left, right) => !isDeepStrictEqual(left, right)],
  ['<=', ordered((order) => order <= 0)],
  ['>=', ordered((order) => order >= 0)],
  ['<', ordered((order) => order < 0)],
  ['>', ordered((order) => order > 0)],
  ['in ', (left, right) => contains(right, left)],
  ['nin ', (left, right) => !contains(right, left)],
  ['contains ', (left, right) => (typeof left === 'string' && typeof right === 'string' ? left.includes(right) : contains(left, right))],
  ['size ', (left, right) => (Array.isArray(left) || typeof left === 'string') && left.length === right],
  ['empty ', (left, right) => (Array.isArray(left) || typeof left === 'string') && (left.length === 0) === right],
];

/**
 * Parses the `(…)` after the question mark: comparisons joined by `&&`, `||`, `!` and brackets.
 * `parseSteps` reads the paths inside; it is passed in because paths contain filters and filters contain paths.
 */
export function parseFilter(scanner: Scanner, parseSteps: (scanner: Scanner) => Step[]): Filter {
  return new FilterParser(scanner, parseSteps).parse();
}

class FilterParser {
  constructor(private readonly scanner: Scanner, private readonly parseSteps: (scanner: Scanner) => Step[]) {}

  parse(): Filter {
    this.scanner.skipSpace();
    this.expect('(');
    const filter = this.disjunction();
    this.expect(')');
    return filter;
  }

  private disjunction(): Filter {
    const first = this.conjunction();
    this.scanner.skipSpace();
    if (!this.scanner.take('||')) return first;
    const rest = this.disjunction();
    return (item, root) => first(item, root) || rest(item, root);
  }

  private conjunction(): Filter {
    const first = this.test();
    this.scanner.skipSpace();
    if (!this.scanner.take('&&')) return first;
    const rest = this.conjunction();
    return (item, root) => first(item, root) && rest(item, root);
  }

  private test(): Filter {
    this.scanner.skipSpace();
    if (this.scanner.take('!')) {
      const negated = this.test();
      return (item, root) => !negated(item, root);
    }
    return this.scanner.peek('(') ? this.parse() : this.comparison();
  }

  private comparison(): Filter {
    const left = this.operand();
    this.scanner.skipSpace();
    if (this.scanner.take('=~')) {
      const pattern = this.pattern();
      return (item, root) => {
        const value = left(item, root);
        return typeof value === 'string' && pattern.test(value);
      };
    }
    const operator = comparisons.find(([symbol]) => this.scanner.take(symbol));
    if (operator === undefined) return (item, root) => left(item, root) !== undefined;
    const [, compare] = operator;
    const right = this.operand();
    return (item, root) => compare(left(item, root), right(item, root));
  }

  private operand(): Operand {
    this.scanner.skipSpace();
    if (this.scanner.take('@')) return this.pathOperand((item) => item);
    if (this.scanner.take('$')) return this.pathOperand((_, root) => root);
    const literal = this.literal();
    return () => literal;
  }

  private pathOperand(start: (item: JsonValue, root: JsonValue) => JsonValue): Operand {
    const steps = this.parseSteps(this.scanner);
    const definite = steps.every((step) => step.kind === 'name' || step.kind === 'index');
    return (item, root) => {
      const found = matchSteps(steps, start(item, root), root);
      return definite ? found[0] : found;
    };
  }

  private literal(): JsonValue {
    this.scanner.skipSpace();
    if (this.scanner.peek('\'') || this.scanner.peek('"')) return this.scanner.quoted();
    if (this.scanner.take('[')) {
      const items = this.scanner.list(() => this.literal());
      this.expect(']');
      return items;
    }
    const word = this.scanner.match(/true|false|null|-?\d+(\.\d+)?([eE][+-]?\d+)?/y) ?? this.unexpected('a value');
    return JSON.parse(word);
  }

  private pattern(): RegExp {
    this.scanner.skipSpace();
    const literal = this.scanner.match(/\/(?:[^/\\]|\\[^])+\/[ims]*/y) ?? this.unexpected('a regular expression');
    const end = literal.lastIndexOf('/');
    // Jayway matches the whole string.
    return new RegExp(`^(?:${literal.slice(1, end)})$`, literal.slice(end + 1));
  }

  private expect(symbol: string): void {
    this.scanner.skipSpace();
    if (!this.scanner.take(symbol)) this.unexpected(`'${symbol}'`);
  }

  private unexpected(expected: string): never {
    throw new PathSyntaxError(`expected ${expected} at '${this.scanner.rest()}' in path '${this.scanner.text}'`);
  }
}

function ordered(accept: (order: number) => boolean): Comparison {
  return (left, right) => {
    if (typeof left === 'number' && typeof right === 'number') return accept(left - right);
    if (typeof left === 'string' && typeof right === 'string') return accept(left < right ? -1 : left > right ? 1 : 0);
    return false;
  };
}

function contains(list: JsonValue | undefined, value: JsonValue | undefined): boolean {
  return Array.isArray(list) && list.some((item) => isDeepStrictEqual(item, value));
}
