import { RuntimeProblem } from './failure';
import { parseInstant } from './timestamp';
import { JsonValue } from '../../json';
import { literally } from '../../regular-expression';

/** Compares a variable with the value a rule gives; values of the wrong type never match. */
export type ChoiceOperator = (variable: JsonValue, value: JsonValue) => boolean;

const orders: Readonly<Record<string, (order: number) => boolean>> = {
  Equals: (order) => order === 0,
  LessThan: (order) => order < 0,
  GreaterThan: (order) => order > 0,
  LessThanEquals: (order) => order <= 0,
  GreaterThanEquals: (order) => order >= 0,
};

/** What makes two values of a type comparable; undefined for a value of another type. */
const comparables: Readonly<Record<string, (value: JsonValue) => string | number | bigint | undefined>> = {
  String: (value) => (typeof value === 'string' ? value : undefined),
  Numeric: (value) => (typeof value === 'number' ? value : undefined),
  Timestamp: (value) => (typeof value === 'string' ? parseInstant(value) : undefined),
};

const typeTests: Readonly<Record<string, (value: JsonValue) => boolean>> = {
  IsNull: (value) => value === null,
  IsString: (value) => typeof value === 'string',
  IsNumeric: (value) => typeof value === 'number',
  IsBoolean: (value) => typeof value === 'boolean',
  IsTimestamp: (value) => typeof value === 'string' && parseInstant(value) !== undefined,
};

/** All operators with a value but `IsPresent`, by name; each comparison also exists with a `Path` at the end of its name. */
export const choiceOperators: ReadonlyMap<string, ChoiceOperator> = new Map<string, ChoiceOperator>([
  ...Object.entries(comparables).flatMap(([type, comparable]) => Object.entries(orders).map(([name, accept]) => [`${type}${name}`, comparison(comparable, accept)] as const)),
  ['BooleanEquals', (variable, value) => typeof variable === 'boolean' && variable === value],
  ['StringMatches', (variable, value) => typeof variable === 'string' && typeof value === 'string' && matchesWildcards(variable, value)],
  ...Object.entries(typeTests).map(([name, test]) => [name, (variable: JsonValue, value: JsonValue) => test(variable) === value] as const),
]);

function comparison(comparable: (value: JsonValue) => string | number | bigint | undefined, accept: (order: number) => boolean): ChoiceOperator {
  return (variable, value) => {
    const [left, right] = [comparable(variable), comparable(value)];
    if (left === undefined || right === undefined) return false;
    return accept(left < right ? -1 : left > right ? 1 : 0);
  };
}

/** `*` stands for any characters; a backslash takes `*` or a backslash as it is, and nothing else: Amazon States Language, "Data-test expression". */
function matchesWildcards(text: string, pattern: string): boolean {
  const source = pattern.replace(/\\([\\*])|(\*)|[^]/g, (piece, escaped?: string, star?: string) => {
    if (piece === '\\') throw new RuntimeProblem(`Invalid StringMatches pattern '${pattern}': a backslash must be followed by '*' or another backslash`);
    return star === undefined ? literally(escaped ?? piece) : '[^]*';
  });
  return new RegExp(`^${source}$`).test(text);
}
