import { isObject, JsonObject, JsonValue } from '../../json';

/** Fields of a state that hold other states, or values that are taken as they are. */
const NOT_EVALUATED: readonly string[] = ['Branches', 'ItemProcessor', 'Iterator', 'Result', 'Comment'];

/** The variables that states use, by state, as DescribeStateMachine tells them; states without any are left out. */
export function variableReferences(graph: JsonValue, outerLanguage: JsonValue = 'JSONPath'): Record<string, string[]> {
  if (!isObject(graph)) return {};
  const language = graph.QueryLanguage ?? outerLanguage;
  const states = Object.entries(isObject(graph.States) ? graph.States : {});
  return Object.assign({}, ...states.map(([name, state]) => (isObject(state) ? referencesOf(name, state, language) : {})));
}

function referencesOf(name: string, state: JsonObject, outerLanguage: JsonValue): Record<string, string[]> {
  const isJsonata = (state.QueryLanguage ?? outerLanguage) === 'JSONata';
  const evaluated = Object.entries(state).filter(([field]) => !NOT_EVALUATED.includes(field));
  const used = [...new Set(evaluated.flatMap(([field, value]) => expressionsIn(field, value, isJsonata)).flatMap(variablesIn))].sort();
  const inner = [state.ItemProcessor, state.Iterator, ...Array.isArray(state.Branches) ? state.Branches : []];
  return Object.assign(used.length === 0 ? {} : { [name]: used }, ...inner.map((graph) => variableReferences(graph ?? null, outerLanguage)));
}

/** All expressions in a field; without JSONata its name says whether it holds one. */
function expressionsIn(field: string, value: JsonValue, isJsonata: boolean): string[] {
  if (Array.isArray(value)) return value.flatMap((item) => expressionsIn(field, item, isJsonata));
  if (isObject(value)) return Object.entries(value).flatMap(([name, item]) => expressionsIn(name, item, isJsonata));
  if (typeof value !== 'string') return [];
  return (isJsonata ? /^\{%.*%\}$/s.test(value) : /(\.\$|Path|^Variable)$/.test(field)) ? [value] : [];
}

/** Names after a dollar sign, but for those of functions, of `$states`, and of what a JSONata expression itself defines. */
function variablesIn(expression: string): string[] {
  const code = expression.replace(/'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"/gs, '""');
  const defined = [...code.matchAll(/\$(\w+)\s*:=/g), ...code.matchAll(/(?:function|λ)\s*\(([^)]*)\)/g)].flatMap(([, names]) => names.split(/[\s,$]+/));
  return [...code.matchAll(/(?<![$\w])\$([A-Za-z_]\w*)(?!\w|\s*\()/g)].map(([, name]) => name).filter((name) => name !== 'states' && !defined.includes(name));
}
