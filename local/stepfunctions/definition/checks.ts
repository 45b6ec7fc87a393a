import { checkChoices } from './choice-checks';
import { DefinitionFault, fault } from './fault';
import { distributedFields, machineFields, pathFields, pathOrIntrinsicFields, processorFields, referencePathFields, stateFields, templateFields } from './fields';
import { checkHandlers, checkMachineLimits, checkStateLimits, checkVariableNames, MAX_INTRINSIC_CALLS } from './limits';
import { isObject, JsonObject, JsonValue } from '../../json';
import { parseRootedPath } from '../interpreter/expressions';
import { parseTaskResource, TaskResource } from '../interpreter/resource-arn';
import { parseTimestamp } from '../interpreter/timestamp';
import { IntrinsicCall, looksLikeIntrinsic, parseIntrinsic } from '../intrinsics/parse';
import { PathSyntaxError } from '../paths/scanner';

/** What is asked about the Tasks of a definition. */
export interface TaskKnowledge {
  /** Whether a Resource has a handler. */
  supports(resource: TaskResource): boolean;
  /** What is wrong with the Parameters for a Resource. Default: nothing. */
  parametersProblem?(resource: TaskResource, parameters: JsonValue | undefined): string | undefined;
}

/** Input types of an ItemReader that are implemented; listObjectsV2 has none. */
const readerInputTypes: readonly JsonValue[] = ['CSV', 'JSON', 'JSONL'];

/**
 * What the schema of the validation package does not see: expressions that do not parse, rules about errors and time, variables of inner scopes
 * that hide outer ones. Throws a plain error for what the local cloud does not implement.
 */
export function checkMachine(machine: JsonObject, tasks: TaskKnowledge): DefinitionFault[] {
  refuseUnknownFields(machine, machineFields, 'the state machine');
  refuseJsonata(machine, 'the state machine');
  return [...checkMachineLimits(machine), ...checkGraph(machine, '', new Set(), tasks)];
}

function* checkGraph(graph: JsonObject, pointer: string, outer: ReadonlySet<string>, tasks: TaskKnowledge): Generator<DefinitionFault> {
  const states = Object.entries(isObject(graph.States) ? graph.States : {});
  const assigned = new Set(states.flatMap(([, state]) => assignedNames(state)));
  for (const name of assigned) {
    if (outer.has(name)) yield fault(`The variable '${name}' is already assigned in an outer scope`, `${pointer}/States`);
  }
  const scope = new Set([...outer, ...assigned]);
  for (const [name, state] of states) {
    if (isObject(state)) yield* checkState(name, state, `${pointer}/States/${name}`, scope, tasks);
  }
}

function* checkState(name: string, state: JsonObject, pointer: string, scope: ReadonlySet<string>, tasks: TaskKnowledge): Generator<DefinitionFault> {
  refuseJsonata(state, `state '${name}'`);
  const known = stateFields[String(state.Type)];
  if (known === undefined) return yield fault(`Unknown state type '${String(state.Type)}'`, `${pointer}/Type`);
  yield* checkExpressions(state, pointer);
  refuseUnknownFields(state, known, `state '${name}'`);
  if (typeof state.Timestamp === 'string' && parseTimestamp(state.Timestamp) === undefined) {
    yield fault('String does not match RFC3339 timestamp', `${pointer}/Timestamp`);
  }
  yield* checkStateLimits(state, pointer);
  yield* checkHandlers(state.Retry, `${pointer}/Retry`);
  yield* checkHandlers(state.Catch, `${pointer}/Catch`);
  if (state.Type === 'Choice') yield* checkChoices(state, pointer, isPath);
  if (state.Type === 'Task') yield* checkTask(state, pointer, tasks);
  yield* checkInnerGraphs(state, pointer, scope, tasks);
}

function* checkTask(state: JsonObject, pointer: string, tasks: TaskKnowledge): Generator<DefinitionFault> {
  const { Resource: arn, TimeoutSeconds: timeout, HeartbeatSeconds: heartbeat } = state;
  if (typeof timeout === 'number' && typeof heartbeat === 'number' && heartbeat >= timeout) {
    yield fault('HeartbeatSeconds must be smaller than TimeoutSeconds', `${pointer}/HeartbeatSeconds`);
  }
  if (typeof arn !== 'string') return;
  const resource = parseTaskResource(arn);
  if (resource === undefined || !tasks.supports(resource)) throw new Error(`${pointer}: the local cloud does not implement the Resource ${arn}`);
  const problem = tasks.parametersProblem?.(resource, state.Parameters);
  if (problem !== undefined) yield fault(problem, `${pointer}/Parameters`);
}

function* checkInnerGraphs(state: JsonObject, pointer: string, scope: ReadonlySet<string>, tasks: TaskKnowledge): Generator<DefinitionFault> {
  for (const [index, branch] of (Array.isArray(state.Branches) ? state.Branches : []).entries()) {
    if (isObject(branch)) yield* checkGraph(branch, `${pointer}/Branches[${index}]`, scope, tasks);
  }
  for (const field of ['ItemProcessor', 'Iterator']) {
    const processor = state[field];
    if (!isObject(processor)) continue;
    // Child executions of a distributed Map see no outer variables, so they may use the same names.
    const distributed = isObject(processor.ProcessorConfig) && processor.ProcessorConfig.Mode === 'DISTRIBUTED';
    refuseUnknownFields(processor, processorFields, `${field} of ${pointer}`);
    const [misplaced] = distributed ? [] : distributedFields.filter((name) => state[name] !== undefined);
    if (misplaced !== undefined) yield fault(`The field '${misplaced}' is for the processor mode DISTRIBUTED only`, `${pointer}/${misplaced}`);
    yield* checkGraph(processor, `${pointer}/${field}`, distributed ? new Set() : scope, tasks);
  }
  const config = isObject(state.ItemReader) ? state.ItemReader.ReaderConfig : undefined;
  if (isObject(config) && config.InputType !== undefined && !readerInputTypes.includes(config.InputType)) {
    throw new Error(`${pointer}: the local cloud does not implement the ItemReader InputType ${String(config.InputType)}`);
  }
}

function* checkExpressions(state: JsonObject, pointer: string): Generator<DefinitionFault> {
  for (const field of templateFields) yield* checkTemplate(state[field], `${pointer}/${field}`);
  for (const field of pathFields) {
    const path = state[field];
    if (typeof path === 'string' && !isPath(path)) yield fault('Value is not a valid JSONPath', `${pointer}/${field}`);
  }
  for (const field of referencePathFields) {
    const path = state[field];
    if (typeof path === 'string' && isPath(path) && !parseRootedPath(path).path.definite) yield fault('Value is not a Reference Path', `${pointer}/${field}`);
  }
  yield* checkVariableNames(state.Assign, `${pointer}/Assign`);
  yield* checkResultPath(state.ResultPath, `${pointer}/ResultPath`);
  for (const [index, catcher] of (Array.isArray(state.Catch) ? state.Catch : []).entries()) {
    if (!isObject(catcher)) continue;
    yield* checkResultPath(catcher.ResultPath, `${pointer}/Catch[${index}]/ResultPath`);
    yield* checkTemplate(catcher.Assign, `${pointer}/Catch[${index}]/Assign`);
    yield* checkVariableNames(catcher.Assign, `${pointer}/Catch[${index}]/Assign`);
  }
  for (const field of pathOrIntrinsicFields) {
    const expression = state[field];
    if (typeof expression === 'string' && !isExpression(expression)) {
      yield fault(`The value for the field '${field}' must be a valid JSONPath or a valid intrinsic function call`, pointer);
    }
  }
}

/** A result can only be put in one place of the state's input. */
function* checkResultPath(path: JsonValue | undefined, pointer: string): Generator<DefinitionFault> {
  if (typeof path !== 'string') return;
  if (!isPath(path)) return yield fault('Value is not a valid JSONPath', pointer);
  const { root, path: { definite } } = parseRootedPath(path);
  if (root !== 'input' || !definite) yield fault('Value is not a Reference Path', pointer);
}

function* checkTemplate(template: JsonValue | undefined, pointer: string): Generator<DefinitionFault> {
  if (Array.isArray(template)) for (const [index, item] of template.entries()) yield* checkTemplate(item, `${pointer}[${index}]`);
  if (!isObject(template)) return;
  for (const [name, value] of Object.entries(template)) {
    if (!name.endsWith('.$')) {
      yield* checkTemplate(value, `${pointer}/${name}`);
    } else if (typeof value !== 'string' || !isExpression(value)) {
      yield fault(`The value for the field '${name}' must be a valid JSONPath or a valid intrinsic function call`, pointer);
    }
  }
}

function assignedNames(state: JsonValue): string[] {
  if (!isObject(state)) return [];
  const handlers = [state, ...[state.Choices, state.Catch].flatMap((list) => (Array.isArray(list) ? list : []))];
  return handlers.flatMap((handler) => (isObject(handler) && isObject(handler.Assign) ? Object.keys(handler.Assign) : []))
    .map((name) => name.replace(/\.\$$/, ''));
}

function isPath(text: string): boolean {
  return text.startsWith('$') && parses(() => parseRootedPath(text));
}

function isExpression(text: string): boolean {
  return isPath(text) || (looksLikeIntrinsic(text) && parses(() => {
    if (checkCall(parseIntrinsic(text)) > MAX_INTRINSIC_CALLS) throw new PathSyntaxError(`more than ${MAX_INTRINSIC_CALLS} intrinsic functions in '${text}'`);
  }));
}

/** Parses the paths in a call and in the calls inside it; answers how many calls that are. */
function checkCall(call: IntrinsicCall): number {
  let calls = 1;
  for (const argument of call.arguments) {
    if (argument.kind === 'path') parseRootedPath(argument.path);
    if (argument.kind === 'call') calls += checkCall(argument.call);
  }
  return calls;
}

function parses(parse: () => unknown): boolean {
  try {
    parse();
    return true;
  } catch (error) {
    if (error instanceof PathSyntaxError) return false;
    throw error;
  }
}

function refuseJsonata(holder: JsonObject, where: string): void {
  if (holder.QueryLanguage !== undefined && holder.QueryLanguage !== 'JSONPath') {
    throw new Error(`${where}: the local cloud does not implement the QueryLanguage ${String(holder.QueryLanguage)}`);
  }
}

function refuseUnknownFields(holder: JsonObject, known: readonly string[], where: string): void {
  const unknown = Object.keys(holder).filter((field) => !known.includes(field));
  if (unknown.length > 0) throw new Error(`${where}: the local cloud does not implement ${unknown.join(', ')}`);
}
