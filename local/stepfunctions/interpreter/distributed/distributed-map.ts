import { JsonValue, memberOf, printJson } from '../../../json';
import { itemProcessor, MapState } from '../definition';
import { RuntimeProblem, StateFailure } from '../failure';
import { MapRunCounts, MapRunRecord } from '../run';
import { iterationInput, itemsOf } from '../states/map-items';
import { runTogether } from '../together';
import { Visit } from '../visit';
import { batchItems } from './item-batcher';
import { readItems } from './item-reader';

/** A Map Run has at most this many child executions at once (AWS quota). */
const MAX_CHILDREN = 10_000;

/** How many items may fail without failing the Map. */
interface Tolerance {
  readonly count: number;
  readonly percentage: number;
}

/** A Map in distributed mode: every item or batch is an execution of its own, of which nothing appears in this history. */
export async function runDistributedMap(visit: Visit<MapState>): Promise<JsonValue> {
  const { state, frame, run } = visit;
  if (frame.children !== undefined) throw new Error('the local cloud does not implement the redrive of a distributed Map');
  const input = visit.selectInput(state);
  const given = state.ItemReader === undefined ? itemsOf(visit, input) : [];
  visit.record('MapStateStarted', { length: given.length });
  const tolerance = readTolerance(visit, input);
  const mapRun = startMapRun(visit, tolerance, input);
  try {
    const items = state.ItemReader === undefined ? given : await visit.scope.race(readItems(visit, state.ItemReader, input));
    const result = await runChildren(visit, mapRun, items, input, tolerance);
    visit.assertFits(result, true);
    endMapRun(visit, mapRun, 'SUCCEEDED');
    const succeeded = visit.note('MapRunSucceeded');
    // As recorded since November 2024: what follows the Map names MapRunStarted as its predecessor.
    run.history.append('MapStateSucceeded', succeeded, {});
    frame.children = undefined;
    return result;
  } catch (failure) {
    endMapRun(visit, mapRun, visit.scope.signal.aborted ? 'ABORTED' : 'FAILED');
    visit.scope.throwIfCancelled();
    if (failure instanceof StateFailure) visit.record('MapRunFailed', { error: failure.error, cause: failure.failureCause });
    throw failure;
  }
}

async function runChildren(
  visit: Visit<MapState>, mapRun: MapRunRecord, items: readonly JsonValue[], input: JsonValue, tolerance: Tolerance,
): Promise<JsonValue> {
  const { state, run } = visit;
  const selected = items.map((value, index) => iterationInput(visit, input, { Item: { Index: index, Value: value } }));
  const inputs = batchItems(visit, selected, input);
  const weights = inputs.map((child) => (state.ItemBatcher === undefined ? 1 : batchSize(child)));
  const outputs: (JsonValue | undefined)[] = inputs.map(() => undefined);
  mapRun.items.total = mapRun.items.pending = items.length;
  mapRun.executions.total = mapRun.executions.pending = inputs.length;

  await runTogether(visit.scope, inputs.length, mapRun.maxConcurrency === 0 ? MAX_CHILDREN : mapRun.maxConcurrency, async (index, scope) => {
    move(mapRun, weights[index], 'pending', 'running');
    const child = { graph: itemProcessor(state), input: inputs[index], identity: childIdentity(visit, mapRun) };
    const ended = await run.runChild(child, scope);
    move(mapRun, weights[index], 'running', ended.status === 'SUCCEEDED' ? 'succeeded' : ended.status === 'TIMED_OUT' ? 'timedOut' : 'failed');
    if (ended.status === 'SUCCEEDED') {
      outputs[index] = ended.output;
    } else if (exceeds(mapRun.items, tolerance)) {
      throw new StateFailure('States.ExceedToleratedFailureThreshold', 'The specified tolerated failure threshold was exceeded');
    }
  });
  return outputs.filter((output) => output !== undefined);
}

function startMapRun(visit: Visit<MapState>, tolerance: Tolerance, input: JsonValue): MapRunRecord {
  const { run, state, frame } = visit;
  const label = state.Label ?? run.chance.uuid();
  const mapRun: MapRunRecord = {
    mapRunArn: `${run.identity.stateMachineArn.replace(':stateMachine:', ':mapRun:')}/${label}:${run.chance.uuid()}`,
    maxConcurrency: visit.integer('MaxConcurrencyPath', state.MaxConcurrency, state.MaxConcurrencyPath, visit.data(input)) ?? 0,
    toleratedFailureCount: tolerance.count,
    toleratedFailurePercentage: tolerance.percentage,
    startTime: run.clock.now(),
    status: 'RUNNING',
    items: noCounts(),
    executions: noCounts(),
  };
  visit.record('MapRunStarted', { mapRunArn: mapRun.mapRunArn });
  frame.children = [];
  run.onMapRun(mapRun);
  return mapRun;
}

function endMapRun(visit: Visit<MapState>, mapRun: MapRunRecord, status: MapRunRecord['status']): void {
  mapRun.status = status;
  mapRun.stopTime = visit.run.clock.now();
}

function childIdentity(visit: Visit<MapState>, { mapRunArn }: MapRunRecord) {
  const { identity, chance } = visit.run;
  const machine = mapRunArn.slice(mapRunArn.indexOf(':mapRun:') + ':mapRun:'.length, mapRunArn.lastIndexOf(':'));
  const arn = (kind: string) => `${mapRunArn.slice(0, mapRunArn.indexOf(':mapRun:'))}:${kind}:${machine}`;
  const name = chance.uuid();
  return { ...identity, executionName: name, executionArn: `${arn('execution')}:${name}`, stateMachineArn: arn('stateMachine'), stateMachineName: machine };
}

function readTolerance(visit: Visit<MapState>, input: JsonValue): Tolerance {
  const { state } = visit;
  const data = visit.data(input);
  const count = visit.integer('ToleratedFailureCountPath', state.ToleratedFailureCount, state.ToleratedFailureCountPath, data) ?? 0;
  if (count < 0) throw new RuntimeProblem('ToleratedFailureCount cannot be negative.');
  const percentage = toleratedPercentage(visit, input);
  if (percentage < 0 || percentage > 100) throw new RuntimeProblem('ToleratedFailurePercentage must be between 0 and 100.');
  return { count, percentage };
}

function toleratedPercentage(visit: Visit<MapState>, input: JsonValue): number {
  const { state, run } = visit;
  const path = state.ToleratedFailurePercentagePath;
  if (path === undefined) return state.ToleratedFailurePercentage ?? 0;
  const value = run.expressions.readField(path, visit.data(input));
  if (typeof value === 'number') return value;
  throw new RuntimeProblem(`The ToleratedFailurePercentagePath field refers to value "${printJson(value)}" which is not a valid float: ${path}`);
}

/** With no tolerance given, the first failure is one too many. */
function exceeds({ failed, timedOut, total }: MapRunCounts, { count, percentage }: Tolerance): boolean {
  const failures = failed + timedOut;
  if (count === 0 && percentage === 0) return true;
  return (count > 0 && failures > count) || (percentage > 0 && (failures * 100) / total > percentage);
}

function move(mapRun: MapRunRecord, items: number, from: keyof MapRunCounts, to: keyof MapRunCounts): void {
  mapRun.items[from] -= items;
  mapRun.items[to] += items;
  mapRun.executions[from]--;
  mapRun.executions[to]++;
}

function batchSize(batch: JsonValue): number {
  const items = memberOf(batch, 'Items');
  return Array.isArray(items) ? items.length : 1;
}

function noCounts(): MapRunCounts {
  return { total: 0, pending: 0, running: 0, succeeded: 0, failed: 0, aborted: 0, timedOut: 0 };
}
