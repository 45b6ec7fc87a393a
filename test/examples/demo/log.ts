import { Terminal } from '../../../examples/demo/terminal';

/** Keeps what is printed, as a log does. */
export class Log extends Terminal {
  readonly lines: string[] = [];

  override line(text: string): void {
    this.lines.push(text);
  }

  override replaceable(): void {
    // A line that is replaced does not stay.
  }
}
