import { JsonValue } from '../../../json';
import { recordAbortedStates } from '../abort';
import { CancellationScope } from '../cancellation';
import { itemProcessor, MapState } from '../definition';
import { runDistributedMap } from '../distributed/distributed-map';
import { withErrorHandling } from '../error-handling';
import { EvaluationFailure, RuntimeProblem } from '../failure';
import { Frame } from '../frame';
import { runTogether } from '../together';
import { Transition } from '../transition';
import { Visit } from '../visit';
import { iterationInput } from './map-items';

/** An inline Map runs at most this many iterations at once (AWS quota). */
const MAX_INLINE_CONCURRENCY = 40;

/** Map: its processor once for every item, inline or as executions of their own. */
export async function runMap(visit: Visit<MapState>): Promise<Transition> {
  const attempt = async () => {
    const distributed = itemProcessor(visit.state).ProcessorConfig?.Mode === 'DISTRIBUTED';
    const result = distributed ? await runDistributedMap(visit) : await runInline(visit);
    return visit.language.leaveWith(visit.state, result);
  };
  // In JSONPath, a failure before the Map has started leaves no event of its own.
  return withErrorHandling(visit, visit.state, attempt, (failure) => {
    const { children, mapRun } = visit.frame;
    if (children !== undefined || mapRun !== undefined || failure instanceof EvaluationFailure) visit.record('MapStateFailed');
  });
}

async function runInline(visit: Visit<MapState>): Promise<JsonValue> {
  const { frame, language, state } = visit;
  const iterations = new Iterations(visit, await language.items(state));
  const concurrency = await language.number(state, 'MaxConcurrency') ?? 0;
  if (concurrency < 0) throw new RuntimeProblem('MaxConcurrency cannot be negative.');
  const result = await iterations.run(concurrency === 0 ? MAX_INLINE_CONCURRENCY : Math.min(concurrency, MAX_INLINE_CONCURRENCY));
  visit.assertFits(result, true);
  visit.note('MapStateSucceeded');
  frame.dropChildren();
  return result;
}

/** The iterations of one attempt of an inline Map. */
class Iterations {
  constructor(private readonly visit: Visit<MapState>, private readonly items: readonly JsonValue[]) {}

  async run(concurrency: number): Promise<JsonValue> {
    const { frame, scope, run } = this.visit;
    const frames = frame.children ?? this.start();
    frame.children = frames;
    /** The event each lane goes on from: the start of the Map, then the end of the iteration before. */
    const lanes: number[] = Array.from({ length: concurrency }, () => frame.previousEventId);
    let last = frame.previousEventId;
    await runTogether(scope, this.items.length, concurrency, async (index, iterationScope, lane) => {
      if (frames[index]?.done !== undefined) return;
      const iteration = frames[index] ?? await this.startIteration(index, lanes[lane], iterationScope);
      frames[index] = iteration;
      last = await this.runIteration(iteration, index, iterationScope);
      lanes[lane] = iteration.previousEventId;
    }).catch((failure) => {
      scope.throwIfCancelled();
      for (const [index, sibling] of frames.entries()) {
        if (sibling === undefined || sibling.done !== undefined || sibling.failed) continue;
        recordAbortedStates(run, sibling, frame.previousEventId);
        run.history.append('MapIterationAborted', frame.previousEventId, { state: this.visit.name, index });
      }
      for (const failed of frames) if (failed?.failed) recordAbortedStates(run, failed, frame.previousEventId);
      throw failure;
    });
    frame.previousEventId = last;
    return frames.map((iteration) => iteration?.done?.output ?? null);
  }

  private start(): (Frame | undefined)[] {
    this.visit.record('MapStateStarted', { length: this.items.length });
    return this.items.map(() => undefined);
  }

  private async startIteration(index: number, after: number, scope: CancellationScope): Promise<Frame> {
    const { frame, name, run, state } = this.visit;
    const map = { Item: { Index: index, Value: this.items[index] } };
    const input = await iterationInput(this.visit, map.Item);
    scope.throwIfCancelled();
    this.visit.assertFits(input, true);
    const started = run.history.append('MapIterationStarted', after, { state: name, index });
    return new Frame(itemProcessor(state), input, started.id, map, frame.variables);
  }

  /** Answers the id of the event that ended the iteration. */
  private async runIteration(iteration: Frame, index: number, scope: CancellationScope): Promise<number> {
    const { frame, name, run } = this.visit;
    try {
      await run.runGraph(iteration, scope);
      scope.throwIfCancelled();
      return run.history.append('MapIterationSucceeded', iteration.previousEventId, { state: name, index }).id;
    } catch (failure) {
      scope.throwIfCancelled();
      run.history.append('MapIterationFailed', iteration.previousEventId, { state: name, index });
      frame.previousEventId = iteration.previousEventId;
      throw failure;
    }
  }
}
