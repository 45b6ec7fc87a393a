/** What makes a filter unfit for the parameters or the sort that it is used with. */
import { constrainedFields } from './structure/constrained-fields';
import { JsonObject, JsonValue } from './structure/json-value';
import { comparedFields, describeFields, MOST_POINTS, pointsOfFields } from './structure/points';
import { findLocalVariables, findVariables, SYSTEM_VARIABLES } from './structure/variables';
import { closest } from '../../private/shape/closest';
import { InvalidPropError } from '../../private/synth/validation';

/** Every variable of the filter has to be a parameter, and no parameter may be hidden by a variable that MongoDB knows. */
export function checkVariables(filter: JsonObject, parameters: readonly string[]): void {
  for (const name of findVariables(filter)) {
    if (parameters.includes(name)) continue;
    const meant = closest(name, parameters);
    throw new InvalidPropError(
      'every variable of the filter', `$$${name}`, 'a parameter of the run',
      meant === undefined ? `declare ${name} in parameters` : `declare ${name} in parameters, or write $$${meant} if that was meant`,
    );
  }
  checkTexts(filter, parameters);
  const taken = [...SYSTEM_VARIABLES, ...findLocalVariables(filter)];
  for (const name of parameters.filter((parameter) => taken.includes(parameter))) {
    throw new InvalidPropError('every name in parameters', name, 'another one than the variables of $expr', `in this filter $$${name} means something else`);
  }
}

/** A text that looks as if it were to be bound, and would be compared as it stands: such a run would find nothing, and succeed. */
function checkTexts(value: JsonValue, parameters: readonly string[]): void {
  if (typeof value === 'string') {
    const name = parameters.find((parameter) => value === `$${parameter}` || (value !== `$$${parameter}` && value.includes(`$$${parameter}`)));
    if (name === undefined) return;
    throw new InvalidPropError(
      'every text in the filter', value, `a variable as a whole, such as $$${name}, or a text without one`, `nothing is spliced into texts: pass ${value} as a parameter`,
    );
  }
  if (typeof value !== 'object' || value === null) return;
  // In $expr, `$name` is a field.
  for (const [key, member] of Object.entries(value)) if (key !== '$expr') checkTexts(member, parameters);
}

/**
 * Whatever the filter does not compare for equality has to be what pages are walked by, from the first field on: only then one index finds the
 * documents and has them in order.
 */
export function checkIndexable(filter: JsonObject, sort: readonly string[], accepted: readonly string[]): void {
  const { equality, other } = constrainedFields(filter);
  const unconstrained = sort.findIndex((field) => !equality.includes(field) && !other.includes(field));
  const walked = unconstrained === -1 ? sort : sort.slice(0, unconstrained);
  const outside = other.filter((field) => !walked.includes(field) && !accepted.includes(field));
  if (outside.length === 0) return;
  throw new InvalidPropError(
    'every field that the filter does not compare for equality', outside.join(', '), `among the first of sort (${sort.join(', ')})`,
    `set sort: ${list(betterSort(sort, walked, outside))} and have an index that ends in these; or, if these conditions leave out few documents, `
      + `unindexedFilterFields: ${list([...accepted, ...outside])}`,
  );
}

/** Lists of values that no index can have in order, so that the first page of every run would fail. */
export function checkPoints(filter: JsonObject, sort: readonly string[]): void {
  const fields = comparedFields(filter, sort);
  const points = pointsOfFields(fields);
  if (points <= MOST_POINTS) return;
  throw new InvalidPropError(
    'the combinations of values that the filter compares fields with', `${points} (${describeFields(fields)})`, `at most ${MOST_POINTS}`,
    `MongoDB reads no more in the order of an index: put ${fields[0].field} first in sort, let several runs share the values, or set indexCheck: false to have `
      + 'every page sort all that is left',
  );
}

/** What is walked by already, then the fields of the filter, then the rest of the old order. */
function betterSort(sort: readonly string[], walked: readonly string[], outside: readonly string[]): string[] {
  const front = [...walked, ...outside].filter((field) => field !== '_id');
  return [...front, ...(outside.includes('_id') ? ['_id'] : sort.filter((field) => !front.includes(field)))];
}

function list(fields: readonly string[]): string {
  return `[${fields.map((field) => `'${field}'`).join(', ')}]`;
}
