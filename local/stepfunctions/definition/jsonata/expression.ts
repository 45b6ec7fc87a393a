import jsonata from 'jsonata';
import { unsupportedReferences } from './references';
import { isObject, JsonValue } from '../../../json';
import { expressionIn } from '../../jsonata/template';
import { DefinitionFault, fault } from '../fault';
import { inside, Place, Rule, typeFault } from '../table';

/** What `$states` offers everywhere. Source: developer guide, "Transforming data with JSONata", reserved variable. */
const ALWAYS = ['input', 'context'];

/** Whether a value is meant as a JSONata expression. */
export function looksLikeExpression(value: JsonValue): value is string {
  return typeof value === 'string' && value.startsWith('{%');
}

/** What AWS has against an expression; `offers` names what `$states` has here beyond the input and the context. */
export function* isExpression(value: JsonValue, place: Place, offers: readonly string[] = []): Generator<DefinitionFault> {
  const source = typeof value === 'string' ? expressionIn(value) : undefined;
  if (source === undefined) return yield fault('JSONata string must start with {% and end with %}', place.pointer);
  const parsed = parse(source);
  if ('fault' in parsed) return yield { code: 'INVALID_JSONATA_EXPRESSION', message: parsed.fault, pointer: place.pointer };
  for (const message of unsupportedReferences(parsed.ast, [...ALWAYS, ...offers])) {
    yield { code: 'UNSUPPORTED_JSONATA_EXPRESSION', message, pointer: place.pointer };
  }
}

/** Any JSON, with expressions anywhere in it. */
export function payload(...offers: readonly string[]): Rule {
  return (value, place) => checkPayload(value, place, offers);
}

/** An object with expressions anywhere in it, or an expression that gives one. */
export const payloadObject: Rule = (value, place) => (
  isObject(value) || looksLikeExpression(value) ? checkPayload(value, place, []) : [typeFault('[OBJECT]', place)]
);

/** One expression. */
export const expression: Rule = (value, place) => isExpression(value, place);

function* checkPayload(value: JsonValue, place: Place, offers: readonly string[]): Generator<DefinitionFault> {
  if (looksLikeExpression(value)) return yield* isExpression(value, place, offers);
  for (const [name, item] of entriesOf(value)) yield* checkPayload(item, inside(place, name), offers);
}

function entriesOf(value: JsonValue): Iterable<readonly [string | number, JsonValue]> {
  if (Array.isArray(value)) return value.entries();
  return isObject(value) ? Object.entries(value) : [];
}

function parse(text: string): { readonly ast: jsonata.ExprNode } | { readonly fault: string } {
  try {
    return { ast: jsonata(text).ast() };
  } catch (error) {
    // The parser throws plain objects.
    const message = typeof error === 'object' && error !== null && 'message' in error ? error.message : error;
    return { fault: String(message) };
  }
}

