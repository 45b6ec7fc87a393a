import { TaskKnowledge } from './table';
import { isObject, JsonObject, JsonValue } from '../../json';
import { NotImplemented } from '../../not-implemented';
import { parseTaskResource } from '../interpreter/resource-arn';
import { isDistributed } from './tables/states';

/** What is valid on AWS and not implemented here: the one list. Each entry finds the places in a state that need it. */
const MISSING_IN_STATES: readonly ((state: JsonObject) => string | undefined)[] = [
  ({ ResultWriter: writer }) => {
    const empty = isObject(writer) && writer.Resource === undefined && writer.WriterConfig === undefined;
    return empty ? 'a ResultWriter without Resource and WriterConfig: AWS takes it, and what it makes of it is documented nowhere' : undefined;
  },
  ({ ResultWriter: writer }) => missingParameter(writer, ['Bucket', 'Prefix', 'ExpectedBucketOwner']),
  ({ ItemReader: reader }) => missingParameter(reader, ['Bucket', 'Key', 'VersionId', 'Prefix', 'StartAfter', 'ExpectedBucketOwner']),
  (state) => {
    const [field] = isDistributed(state) ? [] : ['ItemReader', 'ItemBatcher', 'ResultWriter'].filter((name) => state[name] !== undefined);
    return field === undefined ? undefined : `${field} in a Map that is not distributed: AWS takes it, and what it makes of it is documented nowhere`;
  },
];

function missingParameter(call: JsonValue | undefined, implemented: readonly string[]): string | undefined {
  const parameters = isObject(call) ? call.Parameters ?? call.Arguments : undefined;
  const names = isObject(parameters) ? Object.keys(parameters).map((name) => name.replace(/\.\$$/, '')) : [];
  const name = names.find((candidate) => !implemented.includes(candidate));
  return name === undefined ? undefined : `the parameter ${name} of a Map's call`;
}

/** Throws an error that names the first thing a definition needs that the local cloud does not implement. */
export function assertImplemented(machine: JsonObject, tasks: TaskKnowledge): void {
  if (machine.TimeoutSeconds === 0) fail('/TimeoutSeconds', 'a state machine without time: what AWS makes of it is documented nowhere');
  assertGraph(machine, '', tasks);
}

function assertGraph(graph: JsonObject, pointer: string, tasks: TaskKnowledge): void {
  for (const [name, state] of Object.entries(isObject(graph.States) ? graph.States : {})) {
    if (isObject(state)) assertState(state, `${pointer}/States/${name}`, tasks);
  }
}

function assertState(state: JsonObject, pointer: string, tasks: TaskKnowledge): void {
  for (const missing of MISSING_IN_STATES) {
    const found = missing(state);
    if (found !== undefined) fail(pointer, found);
  }
  if (typeof state.Resource === 'string') {
    const resource = parseTaskResource(state.Resource);
    if (resource === undefined || !tasks.supports(resource)) fail(pointer, `the Resource ${state.Resource}`);
    const missing = tasks.missingParameters?.(resource, state.Parameters ?? state.Arguments ?? {}) ?? [];
    if (missing.length > 0) fail(pointer, `${missing.join(', ')} of the Resource ${state.Resource}`);
  }
  const graphs = [...(Array.isArray(state.Branches) ? state.Branches.map((branch, index) => [`Branches[${index}]`, branch] as const) : []),
    ...['ItemProcessor', 'Iterator'].map((field) => [field, state[field]] as const)];
  for (const [field, graph] of graphs) if (isObject(graph)) assertGraph(graph, `${pointer}/${field}`, tasks);
}

function fail(pointer: string, what: string): never {
  throw new NotImplemented(pointer === '' ? 'the state machine' : pointer, what);
}
