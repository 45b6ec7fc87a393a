import { isObject, JsonObject, JsonValue } from '../../json';
import { expressionIn } from '../jsonata/template';
import { variablesOf } from '../jsonata/variables';

/** Fields of a state that hold other states, or values that are taken as they are. */
const NOT_EVALUATED: readonly string[] = ['Branches', 'ItemProcessor', 'Iterator', 'Result', 'Comment'];

/** Fields that hold templates: any JSON with expressions in it. */
const PAYLOADS: readonly string[] = ['Arguments', 'Assign', 'BatchInput', 'ItemSelector', 'Items', 'Output', 'Parameters', 'ResultSelector'];

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
  const used = [...new Set(variablesOfField('', Object.fromEntries(evaluated), isJsonata, false))].sort();
  const inner = [state.ItemProcessor, state.Iterator, ...Array.isArray(state.Branches) ? state.Branches : []];
  return Object.assign(used.length === 0 ? {} : { [name]: used }, ...inner.map((graph) => variableReferences(graph ?? null, outerLanguage)));
}

/** The variables in a field; without JSONata its name says whether it holds an expression. `inPayload`: in a template, where only `.$` says so. */
function variablesOfField(field: string, value: JsonValue, isJsonata: boolean, inPayload: boolean): string[] {
  if (Array.isArray(value)) return value.flatMap((item) => variablesOfField(field, item, isJsonata, inPayload));
  if (isObject(value)) {
    return Object.entries(value).filter(([name]) => inPayload || name !== 'Comment')
      .flatMap(([name, item]) => variablesOfField(name, item, isJsonata, inPayload || PAYLOADS.includes(name)));
  }
  if (typeof value !== 'string') return [];
  if (isJsonata) return variablesOf(expressionIn(value) ?? '""');
  return (inPayload ? /\.\$$/ : /(\.\$|Path|^Variable)$/).test(field) ? variablesOfPath(value) : [];
}

/** Names after a dollar sign in a path or an intrinsic function, outside of its texts. */
function variablesOfPath(expression: string): string[] {
  const code = expression.replace(/'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"/gs, '""');
  return [...code.matchAll(/(?<![$\p{ID_Continue}])\$([\p{ID_Start}_]\p{ID_Continue}*)/gu)].map(([, name]) => name);
}
