import { itemProcessor, MapState } from '../definition';
import { ExecutionResult } from '../execution-result';
import { Cancelled, StateFailure } from '../failure';
import { Visit } from '../visit';
import { childIdentity } from './child-identity';
import { ChildExecution, MapChild, MapRun, statusOf } from './map-run';
import { exceeds } from './tolerance';

/** A Map Run has at most this many child executions at once (AWS quota). */
const MAX_CHILDREN = 10_000;

/** Cause of a child that is stopped with its Map Run. */
const PARENT_STOPPED = 'The parent Map Run was stopped.';

/**
 * Starts children of a Map Run in order, as many at once as its settings allow at the time. When too many have failed, or the Map is called off,
 * it starts no more, stops those of type STANDARD and waits for those of type EXPRESS, which cannot be stopped.
 */
export class ChildDispatcher {
  private readonly running = new Set<MapChild>();
  private next = 0;
  private failure?: Error;
  private done?: () => void;

  constructor(private readonly visit: Visit<MapState>, private readonly mapRun: MapRun, private readonly queue: readonly MapChild[]) {}

  /** Resolves when every child has ended; rejects, when none runs any more, with what ended the Map Run early. */
  async run(): Promise<void> {
    const { scope: { signal } } = this.visit;
    const onAbort = () => this.giveUp(new Cancelled());
    signal.addEventListener('abort', onAbort, { once: true });
    this.mapRun.onUpdate = () => this.proceed();
    await new Promise<void>((resolve) => {
      this.done = resolve;
      if (signal.aborted) onAbort();
      this.proceed();
    });
    this.mapRun.onUpdate = undefined;
    signal.removeEventListener('abort', onAbort);
    if (this.failure !== undefined) throw this.failure;
  }

  private proceed(): void {
    const { mapRun, queue, running } = this;
    if (this.failure === undefined && exceeds(mapRun.items, mapRun.settings)) {
      this.giveUp(new StateFailure('States.ExceedToleratedFailureThreshold', 'The specified tolerated failure threshold was exceeded'));
    }
    const limit = mapRun.settings.maxConcurrency === 0 ? MAX_CHILDREN : Math.min(mapRun.settings.maxConcurrency, MAX_CHILDREN);
    while (this.failure === undefined && this.next < queue.length && running.size < limit) this.start(queue[this.next++]);
    if (running.size === 0 && (this.failure !== undefined || this.next === queue.length)) this.done?.();
  }

  private giveUp(failure: Error): void {
    this.failure ??= failure;
    if (this.mapRun.type === 'STANDARD') for (const { execution } of this.running) execution?.stop(undefined, PARENT_STOPPED);
    if (this.running.size === 0) this.done?.();
  }

  private start(child: MapChild): void {
    const { mapRun, visit: { run, state } } = this;
    const redriven = child.status === 'pendingRedrive' && mapRun.type === 'STANDARD' ? child.execution : undefined;
    const { input, itemCount } = child;
    const identity = child.execution?.identity ?? childIdentity(run, mapRun);
    const plan = { graph: itemProcessor(state), input, identity, mapRun, itemCount };
    const twin = mapRun.type === 'EXPRESS' && run.repeatsExpress(identity) ? run.newChild(plan) : undefined;
    const execution = redriven ?? run.newChild(plan);
    child.execution = execution;
    mapRun.move(child, 'running');
    this.running.add(child);
    void this.follow(child, execution, async () => {
      const [result] = await Promise.all([redriven === undefined ? execution.run() : execution.redrive(), twin?.run()]);
      return result;
    });
  }

  private async follow(child: MapChild, execution: ChildExecution, begin: () => Promise<ExecutionResult>): Promise<void> {
    try {
      const result = await this.visit.run.follow(execution, begin);
      this.mapRun.move(child, statusOf(result));
    } catch (fault) {
      // No failure of the child: a fault of the local cloud, which the parent must show.
      this.mapRun.move(child, 'failed');
      this.failure = fault instanceof Error ? fault : new Error(String(fault));
    }
    this.running.delete(child);
    this.proceed();
  }
}
