import { DefinitionFault, fault } from './fault';
import { inside, Place, Rule, typeFault } from './table';
import { isObject, JsonValue } from '../../json';
import { parseRootedPath, RootedPath } from '../interpreter/expressions';
import { fitsArity } from '../intrinsics/functions';
import { IntrinsicCall, looksLikeIntrinsic, parseIntrinsic } from '../intrinsics/parse';
import { PathSyntaxError } from '../paths/scanner';

/** Intrinsic functions that one field may hold. Source: Step Functions developer guide, "Intrinsic functions". */
const MAX_INTRINSIC_CALLS = 10;

/** A path, or null for the empty object. */
export const pathOrNull: Rule = (value, place) => (value === null ? [] : path(value, place));

export const path: Rule = function* checkPath(value, place) {
  if (typeof value !== 'string') yield typeFault('[STRING]', place);
  else if (parsed(value) === undefined) yield fault('Value must be a valid JSONPath.', place.pointer);
};

/** A path in a rule of a Choice. */
export const variable: Rule = function* checkVariable(value, place) {
  if (typeof value !== 'string') yield typeFault('[STRING]', place);
  else if (!value.startsWith('$')) yield fault('Value is not a Reference Path: Reference path didn\'t start with \'$\'', place.pointer);
  else if (parsed(value) === undefined) yield fault('Value is not a Reference Path', place.pointer);
};

/** A path to one place of the input or of a variable; some fields take the context object too. */
export function referencePath(...roots: readonly RootedPath['root'][]): Rule {
  return function* checkReferencePath(value, place) {
    if (typeof value !== 'string') return yield typeFault('[STRING]', place);
    if (!value.startsWith('$')) return yield fault('Value is not a Reference Path: Reference path didn\'t start with \'$\'', place.pointer);
    const found = parsed(value);
    if (found === undefined || !found.path.definite || !roots.includes(found.root)) yield fault('Value is not a Reference Path', place.pointer);
  };
}

/** Where a result goes: one place of the input, or null for nowhere. */
export const resultPath: Rule = (value, place) => (value === null ? [] : referencePath('input')(value, place));

/** A path, or a call of an intrinsic function. */
export function pathOrIntrinsic(field: string): Rule {
  return function* checkPathOrIntrinsic(value, place) {
    if (typeof value !== 'string') yield typeFault('[STRING]', place);
    else if (!isExpression(value)) yield expressionFault(field, place.pointer);
  };
}

/** JSON in which the values of fields named `….$` are read from paths and functions. */
export const template: Rule = (value, place) => checkTemplate(value, place);

/** A payload template that is an object. */
export const objectTemplate: Rule = (value, place) => (isObject(value) ? checkTemplate(value, place) : [typeFault('[OBJECT]', place)]);

function* checkTemplate(value: JsonValue, place: Place): Generator<DefinitionFault> {
  if (Array.isArray(value)) for (const [index, item] of value.entries()) yield* checkTemplate(item, inside(place, index));
  if (!isObject(value)) return;
  for (const [name, item] of Object.entries(value)) {
    if (!name.endsWith('.$')) yield* checkTemplate(item, inside(place, name));
    else if (typeof item !== 'string' || !isExpression(item)) yield expressionFault(name, place.pointer);
  }
}

function expressionFault(field: string, pointer: string): DefinitionFault {
  return fault(`The value for the field '${field}' must be a valid JSONPath or a valid intrinsic function call`, pointer);
}

function isExpression(text: string): boolean {
  if (!looksLikeIntrinsic(text)) return parsed(text) !== undefined;
  return (unlessMalformed(() => countCalls(parseIntrinsic(text))) ?? Infinity) <= MAX_INTRINSIC_CALLS;
}

/** How many calls are in a call, itself among them; infinitely many if one has too few or too many arguments. Parses the paths. */
function countCalls({ name, arguments: args }: IntrinsicCall): number {
  let calls = fitsArity(name, args.length) ? 1 : Infinity;
  for (const argument of args) {
    if (argument.kind === 'path') parseRootedPath(argument.path);
    if (argument.kind === 'call') calls += countCalls(argument.call);
  }
  return calls;
}

function parsed(text: string): RootedPath | undefined {
  return text.startsWith('$') ? unlessMalformed(() => parseRootedPath(text)) : undefined;
}

function unlessMalformed<T>(parse: () => T): T | undefined {
  try {
    return parse();
  } catch (error) {
    if (error instanceof PathSyntaxError) return undefined;
    throw error;
  }
}
