import { MultiBar } from 'cli-progress';
import { duration, formatted, Terminal } from './terminal';

/** A log needs no more lines than this. */
const LEAST_MILLISECONDS_BETWEEN_LINES = 1_000;

/** Columns that the bar may have, and those of the words beside it: a line that wraps cannot be overwritten. */
const LEAST_BAR = 10;
const LARGEST_BAR = 30;
const WORDS = 68;

/** How far something is, with rate and time to go: bars that move in a terminal, a line for every tenth in a log, or fewer when it is fast. */
export interface Progress {
  /** @param part which part has done so much; default: the first */
  advance(done: number, part?: number): void;
  /** Prints a line above the bars. */
  line(text: string): void;
  end(): void;
}

export interface ProgressPart {
  /** What tells it from the other parts; default: nothing, because there are none. */
  readonly name?: string;
  readonly total: number;
  /** What is done already; default: nothing. */
  readonly from?: number;
}

export interface ProgressOptions extends ProgressPart {
  /** What is counted, such as `documents`. */
  readonly unit: string;
}

export function showProgress(terminal: Terminal, { unit, ...part }: ProgressOptions): Progress {
  return showParts(terminal, unit, [part]);
}

/** How far several parts are that go on at the same time: a bar for each. */
export function showParts(terminal: Terminal, unit: string, parts: readonly ProgressPart[]): Progress {
  return terminal.live ? new Bars(terminal, unit, parts) : new Log(terminal, unit, parts);
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

class Bars implements Progress {
  private readonly paces: readonly Pace[];
  private readonly bars: MultiBar;
  private readonly barOf: readonly ReturnType<MultiBar['create']>[];

  constructor(terminal: Terminal, unit: string, parts: readonly ProgressPart[]) {
    const names = Math.max(...parts.map(({ name = '' }) => name.length));
    this.bars = new MultiBar({
      stream: terminal.output,
      format: `  ${names === 0 ? '' : '{name}  '}{bar} {percentage} %  {value} of {total} ${unit}  {rate}/s  {toGo} to go`,
      barCompleteChar: '█',
      barIncompleteChar: '░',
      barsize: Math.max(LEAST_BAR, Math.min(LARGEST_BAR, terminal.output.columns - WORDS - names)),
      // An interrupted demo leaves the terminal as it was.
      linewrap: true,
      // A line above the bars moves those down that did not change, too.
      forceRedraw: true,
      formatValue: (value, _options, type) => (type === 'value' || type === 'total' ? formatted(value) : String(value)),
    });
    this.paces = parts.map(({ total, from = 0 }) => new Pace(total, from));
    this.barOf = parts.map(({ name = '', total, from = 0 }, index) => this.bars.create(total, from, { name: name.padEnd(names), ...this.paces[index].at(from) }));
  }

  advance(done: number, part = 0): void {
    this.barOf[part].update(done, this.paces[part].at(done));
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
  private readonly total: number;
  private readonly done: number[];
  private tenths: number;
  private lastLine = 0;

  constructor(private readonly terminal: Terminal, private readonly unit: string, private readonly parts: readonly ProgressPart[]) {
    this.total = sumOf(parts.map(({ total }) => total));
    this.done = parts.map(({ from = 0 }) => from);
    this.pace = new Pace(this.total, sumOf(this.done));
    this.tenths = this.tenthsOf(sumOf(this.done));
  }

  advance(doneOfPart: number, part = 0): void {
    this.done[part] = doneOfPart;
    const done = sumOf(this.done);
    const tenths = this.tenthsOf(done);
    const { elapsed } = this.pace;
    if (tenths === this.tenths || (done < this.total && elapsed - this.lastLine < LEAST_MILLISECONDS_BETWEEN_LINES)) return;
    this.tenths = tenths;
    this.lastLine = elapsed;
    const { rate, toGo } = this.pace.at(done);
    this.line(`  ${String(tenths * 10).padStart(3)} %  ${formatted(done)} of ${formatted(this.total)} ${this.unit}${this.inParts()}  ${rate}/s  ${toGo} to go`);
  }

  line(text: string): void {
    this.terminal.line(text);
  }

  end(): void {
    // Everything is printed already.
  }

  /** How far each of several parts is. */
  private inParts(): string {
    if (this.parts.length === 1) return '';
    const shares = this.parts.map(({ name = '', total }, part) => `${name} ${Math.floor(this.done[part] / total * 100)} %`);
    return ` (${shares.join(', ')})`;
  }

  private tenthsOf(done: number): number {
    return Math.floor(done / this.total * 10);
  }
}

function sumOf(numbers: readonly number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0);
}
