import { styleText } from 'node:util';

type Style = Parameters<typeof styleText>[0];

/** Prints the demo: coloured and with live lines in a terminal, plain lines in a log. */
export class Terminal {
  /** Whether lines can be overwritten: in a terminal, not in a log. */
  readonly live: boolean;
  private readonly colours: boolean;
  private pending = '';

  constructor(readonly output: NodeJS.WriteStream = process.stdout) {
    this.live = output.isTTY;
    this.colours = output.isTTY && process.env.NO_COLOR === undefined;
  }

  title(text: string): void {
    this.line('');
    this.line(this.paint(['bold', 'cyan'], text));
  }

  line(text: string): void {
    this.settle();
    this.output.write(`${text}\n`);
  }

  /** A line that the next call replaces in a terminal. A log gets only the last of them. */
  replaceable(text: string): void {
    this.pending = text;
    if (this.live) this.output.write(`\r\u001b[2K${text}`);
  }

  /** A fact that the demo stands or falls with. */
  check(text: string): void {
    this.line(`  ${this.paint('green', '✔')} ${text}`);
  }

  failure(text: string): void {
    this.line(`  ${this.paint('red', '✘')} ${text}`);
  }

  dim(text: string): string {
    return this.paint('gray', text);
  }

  strong(text: string): string {
    return this.paint('bold', text);
  }

  /** Columns padded to the widest value; numbers to the right. */
  table(rows: readonly (readonly string[])[]): void {
    const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length)));
    rows.forEach((row, index) => {
      const cells = row.map((cell, column) => (/^[-$]?[\d.,]+$/.test(cell) ? cell.padStart(widths[column]) : cell.padEnd(widths[column])));
      this.line(`    ${index === 0 ? this.dim(cells.join('  ')) : cells.join('  ')}`);
    });
  }

  private settle(): void {
    if (this.pending === '') return;
    this.output.write(this.live ? '\n' : `${this.pending}\n`);
    this.pending = '';
  }

  private paint(style: Style, text: string): string {
    return this.colours ? styleText(style, text) : text;
  }
}

/** A time span as people say it: `0.2 s`, `31 min 0 s`, `1 h 2 min`. */
export function duration(milliseconds: number): string {
  const seconds = milliseconds / 1000;
  if (seconds < 60) return `${seconds.toFixed(1)} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${Math.floor(seconds % 60)} s`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** Virtual time since a beginning: `+0.2 s`. */
export function elapsed(milliseconds: number): string {
  return `+${duration(milliseconds)}`;
}

/** A number as people write it: `1,234`. */
export function formatted(number: number): string {
  return number.toLocaleString('en');
}

/** A number of things: `1 run`, `1,234 runs`. */
export function counted(number: number, thing: string): string {
  return `${formatted(number)} ${thing}${number === 1 ? '' : 's'}`;
}
