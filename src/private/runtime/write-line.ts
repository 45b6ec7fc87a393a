/** Writes a line of the log as it is: metrics are only found in a line that is JSON from its first character, and the console of Lambda puts words before it. */
export function writeLine(line: string): void {
  process.stdout.write(`${line}\n`);
}
