import { isObject, JsonValue } from '../json';
import { literally } from '../regular-expression';

/** Whether the values of one field fit: none for a field that is not there, several for a list. */
export type FieldMatcher = (values: readonly JsonValue[]) => boolean;

type ValueMatcher = (value: JsonValue) => boolean;

/** The alternatives that a pattern gives for a field; one of them must match. */
export function compileFieldMatchers(field: string, alternatives: readonly JsonValue[]): FieldMatcher {
  if (alternatives.length === 0) throw invalid(field, 'empty lists are not allowed');
  const matchers = alternatives.map((alternative) => compileAlternative(field, alternative));
  return (values) => matchers.some((matches) => matches(values));
}

function compileAlternative(field: string, alternative: JsonValue): FieldMatcher {
  if (Array.isArray(alternative)) throw invalid(field, 'a list in a list is not allowed');
  if (!isObject(alternative)) return (values) => values.includes(alternative);
  const [operator, operand] = onlyEntry(field, alternative);
  if (operator === 'exists') {
    if (typeof operand !== 'boolean') throw invalid(field, 'exists takes true or false');
    return (values) => (values.length > 0) === operand;
  }
  const matches = operator === 'anything-but' ? compileAnythingBut(field, operand) : compileOperator(field, operator, operand);
  return (values) => values.some(matches);
}

function compileOperator(field: string, operator: string, operand: JsonValue): ValueMatcher {
  switch (operator) {
    case 'prefix': return compileEnd(field, operator, operand, (text, end) => text.startsWith(end));
    case 'suffix': return compileEnd(field, operator, operand, (text, end) => text.endsWith(end));
    case 'equals-ignore-case': return textMatcher(fold(textOf(field, operator, operand)), fold, (text, wanted) => text === wanted);
    case 'wildcard': return compileWildcard(field, operand);
    case 'numeric': return compileNumeric(field, operand);
    default: throw new Error(`Event patterns: the local cloud does not implement ${operator}`);
  }
}

/** A prefix or suffix: a text, or `{ "equals-ignore-case": text }`. */
function compileEnd(field: string, operator: string, operand: JsonValue, matches: (text: string, end: string) => boolean): ValueMatcher {
  if (!isObject(operand)) {
    return textMatcher(textOf(field, operator, operand), (text) => text, matches);
  }
  const [inner, text] = onlyEntry(field, operand);
  if (inner !== 'equals-ignore-case') throw invalid(field, `${operator} takes a text or equals-ignore-case, got ${inner}`);
  return textMatcher(fold(textOf(field, inner, text)), fold, matches);
}

const NEGATABLE = ['prefix', 'suffix', 'equals-ignore-case', 'wildcard'];

/** Anything but a value, a list of values of one type, or what an operator with a text or a list of texts matches. */
function compileAnythingBut(field: string, operand: JsonValue): ValueMatcher {
  if (isObject(operand)) {
    const [operator, texts] = onlyEntry(field, operand);
    if (!NEGATABLE.includes(operator)) throw invalid(field, `anything-but does not take ${operator}`);
    const matchers = listOf(field, texts).map((text) => {
      if (textOf(field, operator, text) === '' && operator !== 'wildcard') throw invalid(field, `${operator} in anything-but must not be empty`);
      return compileOperator(field, operator, text);
    });
    return (value) => !matchers.some((matches) => matches(value));
  }
  const values = listOf(field, operand);
  const types = new Set(values.map((value) => typeof value));
  if (types.size !== 1 || !(types.has('string') || types.has('number'))) throw invalid(field, 'anything-but takes texts or numbers of one type');
  return (value) => !values.includes(value);
}

/** `*` stands for any text, `\*` for itself. */
function compileWildcard(field: string, operand: JsonValue): ValueMatcher {
  const pattern = textOf(field, 'wildcard', operand);
  if (!/^(?:[^\\]|\\[\\*])*$/su.test(pattern)) throw invalid(field, 'in a wildcard, only \\ and * can be escaped');
  const parts = pattern.match(/\\[\\*]|[^\\]/gsu) ?? [];
  if (parts.some((part, index) => part === '*' && parts[index + 1] === '*')) throw invalid(field, 'a wildcard must not hold two * in a row');
  const expression = new RegExp(`^${parts.map((part) => (part === '*' ? '.*' : escaped(part.slice(-1), part))).join('')}$`, 'su');
  return (value) => typeof value === 'string' && expression.test(value);
}

/** An escaped character stands for itself; a character outside the basic plane is two units long and never escaped. */
function escaped(last: string, part: string): string {
  return literally(part.startsWith('\\') ? last : part);
}

const COMPARISONS: Readonly<Record<string, (a: number, b: number) => boolean>> = {
  '=': (a, b) => a === b,
  '<': (a, b) => a < b,
  '<=': (a, b) => a <= b,
  '>': (a, b) => a > b,
  '>=': (a, b) => a >= b,
};

/** One comparison, or a lower and an upper bound. */
function compileNumeric(field: string, operand: JsonValue): ValueMatcher {
  const terms = listOf(field, operand);
  if (terms.length !== 2 && terms.length !== 4) throw invalid(field, `numeric takes one or two comparisons, got ${JSON.stringify(operand)}`);
  const bounds = Array.from({ length: terms.length / 2 }, (_, index) => {
    const compare = COMPARISONS[String(terms[2 * index])];
    const bound = terms[2 * index + 1];
    if (compare === undefined || typeof bound !== 'number') throw invalid(field, `numeric: not a comparison: ${JSON.stringify(operand)}`);
    return { direction: String(terms[2 * index])[0], bound, holds: (value: number) => compare(value, bound) };
  });
  const [lower, upper] = bounds;
  if (upper !== undefined && !(lower.direction === '>' && upper.direction === '<' && lower.bound < upper.bound)) {
    throw invalid(field, `numeric: a range has a lower and then a higher bound, got ${JSON.stringify(operand)}`);
  }
  return (value) => typeof value === 'number' && bounds.every(({ holds }) => holds(value));
}

function textMatcher(wanted: string, normalize: (text: string) => string, matches: (text: string, wanted: string) => boolean): ValueMatcher {
  return (value) => typeof value === 'string' && matches(normalize(value), wanted);
}

function fold(text: string): string {
  return text.toLowerCase();
}

function onlyEntry(field: string, rule: { [operator: string]: JsonValue }): [string, JsonValue] {
  const [entry, ...more] = Object.entries(rule);
  if (entry === undefined || more.length > 0) throw invalid(field, `one operator at a time, got ${JSON.stringify(rule)}`);
  return entry;
}

function listOf(field: string, operand: JsonValue): readonly JsonValue[] {
  const list = Array.isArray(operand) ? operand : [operand];
  if (list.length === 0) throw invalid(field, 'empty lists are not allowed');
  return list;
}

function textOf(field: string, operator: string, value: JsonValue): string {
  if (typeof value !== 'string') throw invalid(field, `${operator} takes a text, got ${JSON.stringify(value)}`);
  return value;
}

function invalid(field: string, reason: string): Error {
  return invalidPattern(`${field}: ${reason}`);
}

/** What EventBridge says of a pattern that it refuses. */
export function invalidPattern(reason: string): Error {
  return new Error(`Event pattern is not valid. Reason: ${reason}`);
}
