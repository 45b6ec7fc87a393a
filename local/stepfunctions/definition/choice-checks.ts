import { DefinitionFault, fault } from './fault';
import { isObject, JsonObject, JsonValue } from '../../json';
import { parseTimestamp } from '../interpreter/timestamp';

type IsPath = (text: string) => boolean;

/** What the schema does not see of the rules of a Choice: paths that do not parse, timestamps that are none, targets of inner rules. */
export function* checkChoices(state: JsonObject, pointer: string, isPath: IsPath): Generator<DefinitionFault> {
  for (const [index, rule] of list(state.Choices).entries()) {
    if (isObject(rule)) yield* checkExpression(rule, `${pointer}/Choices[${index}]`, isPath);
  }
}

function* checkExpression(rule: JsonObject, pointer: string, isPath: IsPath): Generator<DefinitionFault> {
  for (const [field, value] of Object.entries(rule)) {
    if (typeof value !== 'string') continue;
    const path = field === 'Variable' || field.endsWith('Path');
    if (path && !isPath(value)) yield fault('Value is not a valid JSONPath', `${pointer}/${field}`);
    const timestamp = field.startsWith('Timestamp') && !path;
    if (timestamp && parseTimestamp(value) === undefined) yield fault('String does not match RFC3339 timestamp', `${pointer}/${field}`);
  }
  for (const [place, inner] of innerRules(rule)) {
    if (inner.Next !== undefined) yield fault('Next is for a rule of the state itself only', `${pointer}/${place}/Next`);
    yield* checkExpression(inner, `${pointer}/${place}`, isPath);
  }
}

function innerRules(rule: JsonObject): (readonly [string, JsonObject])[] {
  const combined = ['And', 'Or'].flatMap((field) => list(rule[field]).map((inner, index) => [`${field}[${index}]`, inner] as const));
  const negated = rule.Not === undefined ? [] : [['Not', rule.Not] as const];
  return [...combined, ...negated].flatMap(([place, inner]) => (isObject(inner) ? [[place, inner] as const] : []));
}

function list(value: JsonValue | undefined): readonly JsonValue[] {
  return Array.isArray(value) ? value : [];
}
