/** Runs one machine with every retry of every Task and every Map Run used before it succeeds, and tells how long its history became. */
import { VirtualClock } from '../../local/clock';
import { JsonObject, JsonValue } from '../../local/json';
import { parseDefinition } from '../../local/stepfunctions/definition/validate';
import { ObjectStorage } from '../../local/stepfunctions/interpreter/distributed/object-storage';
import { Execution } from '../../local/stepfunctions/interpreter/execution';
import { TaskFailure } from '../../local/stepfunctions/interpreter/failure';
import { AslDistributedMap, AslGraph, AslState, isDistributed } from '../../src/private/synth/asl';

export interface WorstExecutionOptions {
  readonly input: JsonObject;
  /** Answer of a Task, once its retries are used; may throw `TaskFailure`. */
  readonly answer: (state: string, parameters: JsonObject) => JsonValue;
  /** Virtual milliseconds that an attempt takes. Default: nothing. */
  readonly delay?: (state: string, parameters: JsonObject) => number;
  /** Where a Map reads its items and writes what became of them. Default: there is no such Map. */
  readonly storage?: ObjectStorage;
  /** Default: the middle of what is drawn from. */
  readonly random?: () => number;
  readonly clock?: VirtualClock;
  /** Variables that the first states assign, and what they assign instead. */
  readonly assign?: Readonly<Record<string, number>>;
}

export function worstExecution(machine: AslGraph, options: WorstExecutionOptions): Execution {
  const { input, answer, delay = () => 0, storage, random = () => 0.5, clock = new VirtualClock(0), assign = {} } = options;
  const text = Object.entries(assign).reduce((definition, [name, value]) => definition.replace(new RegExp(`"${name}":\\d+`), `"${name}":${value}`), JSON.stringify(machine));
  const attempts = new Map<string, number>();
  return new Execution({
    definition: parseDefinition(text, () => true),
    clock,
    input,
    random,
    storage: storage && tryingStorage(storage, graphsOf(machine).flatMap(distributedMaps)),
    task: async (call) => {
      if (typeof call.input !== 'object' || call.input === null || Array.isArray(call.input)) throw new Error('a Task needs an object');
      const failures = everyFailure(stateNamed(machine, call.stateName));
      // Iterations of a Map run side by side: their calls differ in what they are called with.
      const key = `${call.stateName} ${JSON.stringify(call.input)}`;
      const attempt = attempts.get(key) ?? 0;
      // What is called off begins from the start after a redrive.
      attempts.delete(key);
      await call.clock.sleep(delay(call.stateName, call.input), call.signal);
      if (attempt < failures.length) {
        attempts.set(key, attempt + 1);
        throw new TaskFailure(failures[attempt]);
      }
      if (call.token !== undefined) call.submitted({});
      return answer(call.stateName, call.input);
    },
  });
}

/** Storage that fails as often as the Map which uses it has retries: first to be written to, then to be read. */
function tryingStorage(storage: ObjectStorage, maps: readonly AslDistributedMap[]): ObjectStorage {
  if (maps.length > 1) throw new Error('it is not known which Map uses the storage');
  const retriers = maps.flatMap(({ Retry = [] }) => Retry);
  const retriesAfter = (error: string) => (
    retriers.filter(({ ErrorEquals }) => ErrorEquals.includes(error)).reduce((sum, { MaxAttempts }) => sum + MaxAttempts, 0));
  const [writing, reading] = [retriesAfter('States.ResultWriterFailed'), retriesAfter('States.ItemReaderFailed')];
  let [checks, reads] = [0, 0];
  const busy = () => new TaskFailure('S3.S3Exception', 'Please reduce your request rate.');
  return {
    ...storage,
    assertWritable: async (...asked) => {
      if (checks++ % (writing + reading + 1) < writing) throw busy();
      return storage.assertWritable(...asked);
    },
    getObject: async (...asked) => {
      if (reads++ % (reading + 1) < reading) throw busy();
      return storage.getObject(...asked);
    },
  };
}

/** The Maps of a graph itself whose iterations are executions of their own. */
function distributedMaps({ States }: AslGraph): AslDistributedMap[] {
  return Object.values(States).filter((state): state is AslDistributedMap => state.Type === 'Map' && isDistributed(state));
}

/** An error for each retry that the state may make, in the order of its retriers. */
function everyFailure(state: AslState): string[] {
  if (state.Type !== 'Task') throw new Error(`${state.Type} is no Task`);
  return (state.Retry ?? []).flatMap(({ ErrorEquals: [name], MaxAttempts }) => Array.from({ length: MaxAttempts }, () => (name === 'States.ALL' ? 'Oops' : name)));
}

function stateNamed(graph: AslGraph, name: string): AslState {
  const holder = graphsOf(graph).find(({ States }) => name in States);
  if (holder === undefined) throw new Error(`there is no state ${name}`);
  return holder.States[name];
}

/** The states of a machine, and those of its Maps, however deep. */
function graphsOf(graph: AslGraph): AslGraph[] {
  return [graph, ...Object.values(graph.States).flatMap((state) => (state.Type === 'Map' ? graphsOf(state.ItemProcessor) : []))];
}
