import { MultiBar } from 'cli-progress';
import { duration, formatted, Terminal } from './terminal';

/** A log needs no more lines than this. */
const LEAST_MILLISECONDS_BETWEEN_LINES = 1_000;

/** Columns that the bar may have, and those of the words beside it: a line that wraps cannot be overwritten. */
const LEAST_BAR = 10;
const LARGEST_BAR = 30;
const WORDS = 68;

/** How far something is, with rate and time to go: a bar that moves in a terminal, a line for every tenth in a log, or fewer when it is fast. */
export interface Progress {
  advance(done: number): void;
  /** Prints a line above the bar. */
  line(text: string): void;
  end(): void;
}

export interface ProgressOptions {
  readonly total: number;
  /** What is done already; default: nothing. */
  readonly from?: number;
  /** What is counted, such as `documents`. */
  readonly unit: string;
}

export function showProgress(terminal: Terminal, options: ProgressOptions): Progress {
  return terminal.live ? new Bar(terminal, options) : new Log(terminal, options);
}

/** How fast it is, in real time since the beginning. */
class Pace {
  private readonly started = performance.now();

  constructor(private readonly total: number, private readonly from: number) {}

  /** Milliseconds since the beginning. */
  get elapsed(): number {
    return performance.now() - this.started;
  }

  /** Rate and time to go, in words. */
  at(done: number): { readonly rate: string; readonly toGo: string } {
    const rate = (done - this.from) / this.elapsed * 1_000;
    if (rate === 0) return { rate: '…', toGo: '…' };
    const seconds = Math.ceil((this.total - done) / rate);
    return { rate: formatted(Math.round(rate)), toGo: seconds < 60 ? `${seconds} s` : duration(seconds * 1_000) };
  }
}

class Bar implements Progress {
  private readonly pace: Pace;
  private readonly bars: MultiBar;
  private readonly bar: ReturnType<MultiBar['create']>;

  constructor(terminal: Terminal, { total, from = 0, unit }: ProgressOptions) {
    this.pace = new Pace(total, from);
    this.bars = new MultiBar({
      stream: terminal.output,
      format: `  {bar} {percentage} %  {value} of {total} ${unit}  {rate}/s  {toGo} to go`,
      barCompleteChar: '█',
      barIncompleteChar: '░',
      barsize: Math.max(LEAST_BAR, Math.min(LARGEST_BAR, terminal.output.columns - WORDS)),
      // An interrupted demo leaves the terminal as it was.
      linewrap: true,
      formatValue: (value, _options, type) => (type === 'value' || type === 'total' ? formatted(value) : String(value)),
    });
    this.bar = this.bars.create(total, from, this.pace.at(from));
  }

  advance(done: number): void {
    this.bar.update(done, this.pace.at(done));
  }

  line(text: string): void {
    this.bars.log(`${text}\n`);
  }

  end(): void {
    // It shows the lines that wait.
    this.bars.update();
    this.bars.stop();
  }
}

class Log implements Progress {
  private readonly pace: Pace;
  private tenths: number;
  private lastLine = 0;

  constructor(private readonly terminal: Terminal, private readonly options: ProgressOptions) {
    const { total, from = 0 } = options;
    this.pace = new Pace(total, from);
    this.tenths = this.tenthsOf(from);
  }

  advance(done: number): void {
    const tenths = this.tenthsOf(done);
    const { total, unit } = this.options;
    const { elapsed } = this.pace;
    if (tenths === this.tenths || (done < total && elapsed - this.lastLine < LEAST_MILLISECONDS_BETWEEN_LINES)) return;
    this.tenths = tenths;
    this.lastLine = elapsed;
    const { rate, toGo } = this.pace.at(done);
    this.line(`  ${String(tenths * 10).padStart(3)} %  ${formatted(done)} of ${formatted(total)} ${unit}  ${rate}/s  ${toGo} to go`);
  }

  line(text: string): void {
    this.terminal.line(text);
  }

  end(): void {
    // Everything is printed already.
  }

  private tenthsOf(done: number): number {
    return Math.floor(done / this.options.total * 10);
  }
}
