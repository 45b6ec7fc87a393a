import { DefinitionFault } from './fault';
import { isDistributed } from './tables/states';
import { isObject, JsonObject, JsonValue } from '../../json';

/** Longest label of a distributed Map. Source: developer guide, "Distributed Map fields". */
const MAX_LABEL_LENGTH = 40;
/** What no label may hold. Source: as above; the same characters as in names of executions. */
const notInLabels = /[\s<>{}[\]?*"#%\\^|~`$&,;:/\u0000-\u001f\u007f-\u009f]/;

/** What a definition names more than once, or not at all. */
interface Names {
  readonly states: Set<string>;
  readonly labels: Set<string>;
}

/** Whether the states of a well-formed definition lead to each other, and have names of their own. */
export function* checkGraphs(machine: JsonObject): Generator<DefinitionFault> {
  yield* checkGraph(machine, '', new Set(), { states: new Set(), labels: new Set() });
}

function* checkGraph(graph: JsonObject, pointer: string, outer: ReadonlySet<string>, names: Names): Generator<DefinitionFault> {
  const states = statesOf(graph);
  const assigned = new Set(states.flatMap(([, state]) => assignedNames(state)));
  for (const name of assigned) {
    if (outer.has(name)) yield { code: 'SCHEMA_VALIDATION_FAILED', message: `The variable '${name}' is already assigned in an outer scope`, pointer: `${pointer}/States` };
  }
  const scope = new Set([...outer, ...assigned]);
  for (const [name, state] of states) {
    const place = `${pointer}/States/${name}`;
    if (names.states.has(name)) yield { code: 'DUPLICATE_STATE_NAME', message: `Duplicate State name: ${name}`, pointer: place };
    names.states.add(name);
    yield* checkLabel(state.Label, `${place}/Label`, names.labels);
    for (const [field, target] of transitions(state)) {
      if (!states.some(([other]) => other === target)) yield missingTarget(target, `${place}/${field}`);
    }
    yield* checkInnerGraphs(state, place, scope, names);
  }
  yield* checkReachable(graph, states, pointer);
}

function* checkInnerGraphs(state: JsonObject, place: string, scope: ReadonlySet<string>, names: Names): Generator<DefinitionFault> {
  for (const [index, branch] of list(state.Branches).entries()) {
    if (isObject(branch)) yield* checkGraph(branch, `${place}/Branches[${index}]`, scope, names);
  }
  for (const field of ['ItemProcessor', 'Iterator']) {
    const processor = state[field];
    // Child executions of a distributed Map see no outer variables, so they may use the same names.
    if (isObject(processor)) yield* checkGraph(processor, `${place}/${field}`, isDistributed(state) ? new Set() : scope, names);
  }
}

/** AWS asks for a last state of the machine only, and where there is none it does not look for states that nothing leads to. */
function* checkReachable(graph: JsonObject, states: readonly NamedState[], pointer: string): Generator<DefinitionFault> {
  if (pointer === '' && !states.some(([, state]) => isLast(state))) {
    return yield { code: 'MISSING_END_STATE', message: 'Workflow has no terminal state' };
  }
  const { StartAt: start } = graph;
  const byName = new Map(states);
  if (typeof start !== 'string') return;
  if (!byName.has(start)) yield missingTarget(start, `${pointer}/StartAt`);
  const reached = new Set<string>();
  const open = [start];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    const state = byName.get(name);
    if (state === undefined || reached.has(name)) continue;
    reached.add(name);
    open.push(...transitions(state).map(([, target]) => target));
  }
  for (const [name] of states) {
    if (!reached.has(name)) yield { code: 'MISSING_TRANSITION_TARGET', message: `State "${name}" is not reachable.`, pointer: `${pointer}/States/${name}` };
  }
}

function* checkLabel(label: JsonValue | undefined, pointer: string, known: Set<string>): Generator<DefinitionFault> {
  if (typeof label !== 'string') return;
  if (label.length > MAX_LABEL_LENGTH) {
    const message = `Invalid Label name: Label '${label}' exceeds the ${MAX_LABEL_LENGTH}-character limit allowed by the service`;
    yield { code: 'INVALID_LABEL_NAME', message, pointer };
  } else if (label === '' || notInLabels.test(label)) {
    yield { code: 'INVALID_LABEL_NAME', message: `Invalid Label name: Label '${label}' contains invalid characters`, pointer };
  }
  if (known.has(label)) yield { code: 'DUPLICATE_LABEL_NAME', message: `Duplicate Label name: ${label}`, pointer };
  known.add(label);
}

type NamedState = readonly [string, JsonObject];

function statesOf(graph: JsonObject): NamedState[] {
  return Object.entries(isObject(graph.States) ? graph.States : {}).flatMap(([name, state]) => (isObject(state) ? [[name, state] as const] : []));
}

/** Where a state leads, with the field that says so. */
function transitions(state: JsonObject): (readonly [string, string])[] {
  const inLists = ['Choices', 'Catch'].flatMap((field) => list(state[field]).map((entry, index) => [`${field}[${index}]/Next`, isObject(entry) ? entry.Next : undefined] as const));
  const all = [['Next', state.Next] as const, ...inLists, ['Default', state.Default] as const];
  return all.flatMap(([field, target]) => (typeof target === 'string' ? [[field, target] as const] : []));
}

function isLast(state: JsonObject): boolean {
  return state.End === true || state.Type === 'Succeed' || state.Type === 'Fail';
}

/** AWS calls the field `Next` wherever it is. */
function missingTarget(target: string, pointer: string): DefinitionFault {
  return { code: 'MISSING_TRANSITION_TARGET', message: `Missing 'Next' target: ${target}`, pointer };
}

function assignedNames(state: JsonObject): string[] {
  const holders = [state, ...list(state.Choices), ...list(state.Catch)];
  return holders.flatMap((holder) => (isObject(holder) && isObject(holder.Assign) ? Object.keys(holder.Assign) : []))
    .map((name) => name.replace(/\.\$$/, ''));
}

function list(value: JsonValue | undefined): readonly JsonValue[] {
  return Array.isArray(value) ? value : [];
}
