import { JsonValue } from '../../../json';
import { itemProcessor, MapState } from '../definition';
import { DATA_LIMIT_EXCEEDED, RuntimeProblem, toStateFailure } from '../failure';
import { tooLarge, Visit } from '../visit';
import { ChildDispatcher } from './child-dispatcher';
import { batchItems } from './item-batcher';
import { readItems } from './item-reader';
import { MapFields } from './map-fields';
import { listItems, STATE_DATA } from './map-item';
import { ChildInput, isUnsuccessful, MapChild, MapRun } from './map-run';
import { resultTarget } from './result-writer';
import { readTolerance } from './tolerance';

/** A Map Run can be redriven this many times. Source: developer guide, "Redriving Map Runs". */
const MAX_REDRIVES = 1_000;

/** A Map in distributed mode: every item or batch is an execution of its own, of which nothing appears in this history. */
export async function runDistributedMap(visit: Visit<MapState>): Promise<JsonValue> {
  const { state, frame } = visit;
  const fields = new MapFields(visit);
  const earlier = frame.mapRun;
  if (earlier === undefined) {
    const given = state.ItemReader === undefined ? await fields.items() : [];
    visit.record('MapStateStarted', { length: given.length });
  } else {
    // What the run of an execution that was stopped still has to do, it does first.
    await visit.scope.race(earlier.finished);
  }
  const mapRun = earlier?.redrivable === true ? redrive(visit, earlier) : await start(visit);
  const work = complete(visit, fields, mapRun);
  mapRun.finished = work.then(() => undefined, () => undefined);
  return work;
}

/** From the items to the result. */
async function complete(visit: Visit<MapState>, fields: MapFields, mapRun: MapRun): Promise<JsonValue> {
  const { run, scope, frame } = visit;
  try {
    await scope.race(run.admitMapRun(mapRun));
    const target = await resultTarget(visit, fields);
    await target.prepare(mapRun);
    if (mapRun.children === undefined) mapRun.fill(await scope.race(childInputs(visit, fields)));
    const failed = await new ChildDispatcher(visit, mapRun, waitingChildren(mapRun)).run().then(() => undefined, (failure: Error) => ({ failure }));
    // Also a run that fails tells of what it has done; why it failed matters more than a failure to tell.
    const result = await target.write(mapRun).catch((problem) => {
      throw failed?.failure ?? problem;
    });
    if (failed !== undefined) throw failed.failure;
    visit.assertFits(result, true);
    mapRun.end('SUCCEEDED', run.clock.now());
    const succeeded = visit.note('MapRunSucceeded');
    // As recorded since November 2024: what follows the Map names MapRunStarted as its predecessor.
    run.history.append('MapStateSucceeded', succeeded, {});
    frame.mapRun = undefined;
    return result;
  } catch (thrown) {
    mapRun.end(scope.signal.aborted ? 'ABORTED' : 'FAILED', run.clock.now());
    scope.throwIfCancelled();
    const failure = toStateFailure(thrown, visit.place);
    mapRun.redrivable = failure.error !== DATA_LIMIT_EXCEEDED && failure.error !== 'States.Runtime';
    visit.record('MapRunFailed', { error: failure.error, cause: failure.failureCause });
    throw failure;
  }
}

async function start(visit: Visit<MapState>): Promise<MapRun> {
  const { run, state, frame } = visit;
  const { count, percentage } = await readTolerance(visit);
  const maxConcurrency = await visit.language.number(state, 'MaxConcurrency') ?? 0;
  if (maxConcurrency < 0) throw new RuntimeProblem('MaxConcurrency cannot be negative.');
  const label = state.Label ?? run.chance.uuid();
  const mapRunArn = `${run.identity.stateMachineArn.replace(':stateMachine:', ':mapRun:')}/${label}:${run.chance.uuid()}`;
  const type = itemProcessor(state).ProcessorConfig?.ExecutionType ?? 'STANDARD';
  const mapRun = new MapRun(mapRunArn, run.identity.executionArn, type, run.clock.now(), { maxConcurrency, count, percentage });
  visit.record('MapRunStarted', { mapRunArn });
  frame.mapRun = mapRun;
  run.onMapRun(mapRun);
  return mapRun;
}

function redrive(visit: Visit<MapState>, mapRun: MapRun): MapRun {
  if (mapRun.redriveCount >= MAX_REDRIVES) throw new RuntimeProblem(`A Map Run cannot be redriven more than ${MAX_REDRIVES} times.`);
  mapRun.redrive(visit.run.clock.now());
  visit.record('MapRunRedriven', { mapRunArn: mapRun.mapRunArn, redriveCount: mapRun.redriveCount });
  return mapRun;
}

/** Children to be started: all that have not begun, and all unsuccessful ones that can be redriven. */
function waitingChildren(mapRun: MapRun): readonly MapChild[] {
  const lost = new Set(mapRun.notRedrivable);
  return (mapRun.children ?? []).filter((child) => {
    if (isUnsuccessful(child.status) && !lost.has(child)) mapRun.move(child, 'pendingRedrive');
    return child.status === 'pending' || child.status === 'pendingRedrive';
  });
}

async function childInputs(visit: Visit<MapState>, fields: MapFields): Promise<readonly ChildInput[]> {
  const { ItemReader: reader } = visit.state;
  const items = reader === undefined ? listItems(await fields.items(), STATE_DATA) : await readItems(visit, fields, reader);
  const selected: JsonValue[] = [];
  for (const [index, item] of items.entries()) selected.push(await fields.selected(item, index));
  const inputs = await batchItems(visit, fields, selected);
  if (inputs.some(({ input }) => !visit.run.meter.fits(input))) throw tooLarge(visit.name, true);
  return inputs;
}
