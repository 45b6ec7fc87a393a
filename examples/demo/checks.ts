import { Terminal } from './terminal';
import { LocalCloud } from '../../local/cloud';

/** The facts that a demo stands or falls with. */
export class Checks {
  private failures = 0;

  constructor(private readonly terminal: Terminal, private readonly cloud: LocalCloud) {}

  expect(held: boolean, text: string): void {
    if (held) {
      this.terminal.check(text);
    } else {
      this.failures++;
      this.terminal.failure(text);
    }
  }

  /** Says what the local cloud cannot vouch for, and answers whether every check held and the local cloud itself had no fault. */
  conclude(): boolean {
    const { notModelled, faults } = this.cloud;
    if (notModelled.length > 0) this.terminal.line(`  has no effect on the local cloud: ${notModelled.join(', ')}`);
    for (const fault of faults) this.terminal.failure(`the local cloud itself failed: ${fault.message}`);
    return this.failures === 0 && faults.length === 0;
  }
}
