import { fault } from './fault';
import { isExpression, looksLikeExpression } from './jsonata/expression';
import { inside, Place, Rule, typeFault } from './table';
import { parseTimestamp } from '../interpreter/timestamp';

/** Largest number of seconds, and of retries. Recorded on AWS; also in the developer guide, "Task workflow state" and "Handling errors". */
export const MAX_COUNT = 99_999_999;

export const anything: Rule = () => [];

export const text: Rule = (value, place) => (typeof value === 'string' ? [] : [typeFault('[STRING]', place)]);

export const flag: Rule = (value, place) => (typeof value === 'boolean' ? [] : [typeFault('[BOOLEAN]', place)]);

/** A whole number. */
export function whole(least: number, most: number = Infinity): Rule {
  return function* checkWhole(value, place) {
    if (typeof value !== 'number' || !Number.isInteger(value)) yield typeFault('Integer', place);
    else if (value < least) yield fault(`Minimum value is ${least}`, place.pointer);
    else if (value > most) yield fault(`Maximum value is ${most}`, place.pointer);
  };
}

/** A number that need not be whole. */
export function decimal(least: number, most: number = Infinity): Rule {
  return function* checkDecimal(value, place) {
    if (typeof value !== 'number') yield typeFault('Double', place);
    else if (value < least) yield fault(`Minimum value is ${least.toFixed(1)}`, place.pointer);
    else if (value > most) yield fault(`Maximum value is ${most.toFixed(1)}`, place.pointer);
  };
}

/** One of some texts. */
export function oneOf(...allowed: readonly string[]): Rule {
  return function* checkOneOf(value, place) {
    if (typeof value !== 'string') yield typeFault('[STRING]', place);
    else if (!allowed.includes(value)) yield fault(`Value should be one of the following: [${allowed.join(', ')}]`, place.pointer);
  };
}

/** One of some texts, where AWS names the field. */
export function namedOneOf(name: string, ...allowed: readonly string[]): Rule {
  return function* checkNamedOneOf(value, place) {
    if (typeof value !== 'string') yield typeFault('[STRING]', place);
    else if (!allowed.includes(value)) yield fault(`The field '${name}' should have one of these values: [${allowed.join(', ')}]`, place.pointer);
  };
}

/** A list in which every item keeps to a rule. */
export function list(item: Rule, { mayBeEmpty = false }: { readonly mayBeEmpty?: boolean } = {}): Rule {
  return function* checkList(value, place) {
    if (!Array.isArray(value)) return yield typeFault('[ARRAY]', place);
    if (value.length === 0 && !mayBeEmpty) yield fault('Value cannot be empty', place.pointer);
    for (const [index, member] of value.entries()) yield* item(member, inside(place, index));
  };
}

export const timestamp: Rule = (value, place) => {
  if (typeof value !== 'string') return [typeFault('[STRING]', place)];
  return parseTimestamp(value) === undefined ? [fault('String does not match RFC3339 timestamp', place.pointer)] : [];
};

/** A state that is the last one says so. What AWS makes of `false` is not documented, so nobody needs to find out. */
export const end: Rule = (value, place) => (value === true ? [] : flagOrTrue(value, place));

function flagOrTrue(value: Parameters<Rule>[0], place: Place): ReturnType<Rule> {
  return typeof value === 'boolean' ? [fault('Value should be one of the following: [true]', place.pointer)] : flag(value, place);
}

/** In JSONata, an expression may stand in place of the value. */
export function orExpression(rule: Rule): Rule {
  return (value, place) => (place.language === 'JSONata' && looksLikeExpression(value) ? isExpression(value, place) : rule(value, place));
}
