import { EndedRun } from './metrics-stack';
import { EndedSegment, RunObserver } from './run-watch';
import { Clock } from '../../../local/clock';
import { showProgress } from '../progress';
import { elapsed, formatted, Terminal } from '../terminal';

export interface RunExtent {
  /** Documents that the run is to process. */
  readonly total: number;
  /** What it has processed already; default: nothing. */
  readonly from?: number;
}

/** Shows progress and segments while a run goes on, then time and price. */
export async function showRun(
  terminal: Terminal, clock: Clock, extent: RunExtent, run: (observer: RunObserver) => Promise<EndedRun>,
): Promise<EndedRun> {
  const [began, virtuallyBegan] = [performance.now(), clock.now()];
  const progress = showProgress(terminal, { ...extent, unit: 'documents' });
  const ended = await run({
    onItems: (done) => progress.advance(done),
    onSegment: (segment) => progress.line(`  ${terminal.dim(elapsed(segment.time - virtuallyBegan).padStart(14))}  ${describe(segment)}`),
  }).finally(() => progress.end());
  const seconds = ((performance.now() - began) / 1000).toFixed(1);
  terminal.line(`  ${elapsed(clock.now() - virtuallyBegan).slice(1)} of virtual time, in ${seconds} s; ${formatted(ended.transitions)} state transitions, `
    + `which AWS bills at $${ended.price.toFixed(4)} ($0.025 for 1,000; invocations of functions come on top)`);
  return ended;
}

function describe({ number, items, pages, failure, events }: EndedSegment): string {
  const reason = failure === undefined ? 'ended' : `was ended by ${failure}`;
  return `segment ${number} ${reason} after ${formatted(pages)} pages and ${formatted(items)} documents of the run, with ${formatted(events)} events of history`;
}
