import { JsonObject, JsonValue } from '../aws/service';

/** What a field of an event must be like: one of the alternatives in the list. */
type Matcher = (value: JsonValue | undefined) => boolean;

/**
 * Whether an event fits a pattern: every field that the pattern names must match one of its alternatives. Source: the EventBridge user guide,
 * "Comparison operators". Throws for an operator that is not implemented.
 */
export function matchesPattern(pattern: JsonObject, event: JsonObject): boolean {
  return Object.entries(pattern).every(([name, wanted]) => {
    if (name === '$or') return alternatives(wanted, '$or').some((part) => matchesPattern(objectOf(part, '$or'), event));
    if (Array.isArray(wanted)) return wanted.map((rule) => matcher(rule, name)).some((matches) => matches(event[name]));
    const inner = event[name];
    return matchesPattern(objectOf(wanted, name), isObject(inner) ? inner : {});
  });
}

function matcher(rule: JsonValue, name: string): Matcher {
  if (!isObject(rule)) return anyOf((value) => value === rule);
  const [[operator, operand], ...more] = Object.entries(rule);
  if (more.length > 0) throw new Error(`${name}: one operator at a time, got ${JSON.stringify(rule)}`);
  switch (operator) {
    case 'exists': return (value) => (value !== undefined) === operand;
    case 'prefix': return anyText((text) => text.startsWith(textOf(operand, operator)));
    case 'suffix': return anyText((text) => text.endsWith(textOf(operand, operator)));
    case 'equals-ignore-case': return anyText((text) => text.toLowerCase() === textOf(operand, operator).toLowerCase());
    case 'anything-but': return anythingBut(operand);
    case 'numeric': return numeric(alternatives(operand, operator));
    default: throw new Error(`Event patterns: the local cloud does not implement ${operator}`);
  }
}

function anythingBut(operand: JsonValue): Matcher {
  const refused = Array.isArray(operand) ? operand : [operand];
  const matchers = refused.map((rule) => (isObject(rule) ? matcher(rule, 'anything-but') : (value: JsonValue | undefined) => value === rule));
  return anyOf((value) => value !== undefined && !matchers.some((matches) => matches(value)));
}

const COMPARISONS: Readonly<Record<string, (a: number, b: number) => boolean>> = {
  '=': (a, b) => a === b,
  '<': (a, b) => a < b,
  '<=': (a, b) => a <= b,
  '>': (a, b) => a > b,
  '>=': (a, b) => a >= b,
};

function numeric(terms: readonly JsonValue[]): Matcher {
  const bounds = Array.from({ length: terms.length / 2 }, (_, index) => {
    const compare = COMPARISONS[textOf(terms[2 * index], 'numeric')];
    const bound = terms[2 * index + 1];
    if (compare === undefined || typeof bound !== 'number') throw new Error(`numeric: not a comparison: ${JSON.stringify(terms)}`);
    return (value: number) => compare(value, bound);
  });
  return anyOf((value) => typeof value === 'number' && bounds.every((holds) => holds(value)));
}

/** A field that is a list matches when one of its items does. */
function anyOf(matches: Matcher): Matcher {
  return (value) => (Array.isArray(value) ? value.some(matches) : value !== undefined && matches(value));
}

function anyText(matches: (text: string) => boolean): Matcher {
  return anyOf((value) => typeof value === 'string' && matches(value));
}

function alternatives(value: JsonValue, name: string): readonly JsonValue[] {
  if (!Array.isArray(value)) throw new Error(`Event patterns: ${name} takes a list, got ${JSON.stringify(value)}`);
  return value;
}

function objectOf(value: JsonValue, name: string): JsonObject {
  if (!isObject(value)) throw new Error(`Event patterns: ${name} takes a list or an object, got ${JSON.stringify(value)}`);
  return value;
}

function textOf(value: JsonValue, operator: string): string {
  if (typeof value !== 'string') throw new Error(`Event patterns: the local cloud implements ${operator} for texts only, got ${JSON.stringify(value)}`);
  return value;
}

function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
