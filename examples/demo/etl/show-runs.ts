import { Bill, priceOf, sumOf } from './bill';
import { EndedRun } from './metrics-stack';
import { EndedSegment, RunObserver } from './run-watch';
import { Clock } from '../../../local/clock';
import { showProgress } from '../progress';
import { duration, elapsed, formatted, Terminal } from '../terminal';

export interface RunsExtent {
  /** Documents that the runs are to process. */
  readonly total: number;
  /** What is processed already; default: nothing. */
  readonly from?: number;
}

export interface ShownRun {
  /** What tells it from the other runs; default: nothing, because there are none. */
  readonly name?: string;
  readonly play: (observer: RunObserver) => Promise<EndedRun>;
}

/** Plays runs one after another; shows progress and segments while they go on, then time and price. */
export async function showRuns(terminal: Terminal, clock: Clock, { total, from }: RunsExtent, runs: readonly ShownRun[]): Promise<EndedRun[]> {
  const [began, virtuallyBegan] = [performance.now(), clock.now()];
  const progress = showProgress(terminal, { total, from, unit: 'documents' });
  const ended: EndedRun[] = [];
  let before = 0;
  try {
    for (const { name, play } of runs) {
      let done = 0;
      ended.push(await play({
        onItems: (items) => {
          done = items;
          progress.advance(before + done);
        },
        onSegment: (segment) => {
          const time = terminal.dim(elapsed(segment.time - virtuallyBegan).padStart(14));
          progress.line(`  ${time}  ${name === undefined ? '' : `${name}  `}${describe(segment)}`);
        },
      }));
      before += done;
    }
  } finally {
    progress.end();
  }
  const [virtual, real] = [duration(clock.now() - virtuallyBegan), duration(performance.now() - began)];
  terminal.line(`  It took ${virtual} of virtual time, ${real} on this machine`);
  terminal.line(`  AWS would bill ${inWords(sumOf(ended.map(({ bill }) => bill)))} (invocations of functions come on top)`);
  return ended;
}

function inWords(bill: Bill): string {
  const { transitions, expressExecutions, s3Reads, s3Writes } = bill;
  const parts = [
    `${formatted(transitions)} state transitions`,
    ...expressExecutions > 0 ? [`${formatted(expressExecutions)} Express ${expressExecutions === 1 ? 'execution' : 'executions'}`] : [],
    ...s3Reads + s3Writes > 0 ? [`${formatted(s3Reads + s3Writes)} requests to S3`] : [],
  ];
  return `$${priceOf(bill).toFixed(4)} for ${new Intl.ListFormat('en').format(parts)}`;
}

function describe({ number, items, pages, failure, events }: EndedSegment): string {
  const end = failure === undefined ? 'ended' : `was ended by ${failure}`;
  const place = `page ${formatted(pages)}, document ${formatted(items)}`;
  return `segment ${number} ${end}: the run is at ${place}; its history has ${formatted(events)} events`;
}
