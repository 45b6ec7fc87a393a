import { Analytics } from './analytics';
import { Window } from './flights';
import { WorkersRange } from './workers-watch';
import { Progress, showParts } from '../progress';
import { Terminal } from '../terminal';

/** A bar for each of the ranges that are processed at the same time, once all of them have begun. */
export class WorkerBars {
  private readonly ranges: WorkersRange[] = [];
  private readonly done = new Map<number, number>();
  private shown?: Promise<void>;
  private progress?: Progress;

  /** @param workers how many ranges there are */
  constructor(
    private readonly terminal: Terminal, private readonly analytics: Analytics, private readonly window: Window, private readonly workers: number,
  ) {}

  begin(range: WorkersRange): void {
    this.ranges.push(range);
    if (this.ranges.length === this.workers) this.shown = this.show();
  }

  advance(range: number, items: number): void {
    this.done.set(range, items);
    this.progress?.advance(items, this.ranges.findIndex(({ number }) => number === range));
  }

  /** Prints a line above the bars. */
  line(text: string): void {
    if (this.progress === undefined) this.terminal.line(text);
    else this.progress.line(text);
  }

  async end(): Promise<void> {
    await this.shown;
    this.progress?.end();
  }

  private async show(): Promise<void> {
    this.ranges.sort((one, other) => one.number - other.number);
    const totals = await Promise.all(this.ranges.map(async (range) => this.analytics.countJobs(this.window, range)));
    this.progress = showParts(this.terminal, 'documents', this.ranges.map(({ number }, index) => ({ name: `worker ${number + 1}`, total: totals[index] })));
    for (const [range, items] of this.done) this.advance(range, items);
  }
}
