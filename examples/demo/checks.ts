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

  /** Says what the local cloud cannot vouch for, and answers whether every check held and nothing went wrong behind them. */
  conclude(): boolean {
    const { notModelled, faults, warnings, events, scheduler } = this.cloud;
    if (notModelled.length > 0) this.terminal.line(`  has no effect on the local cloud: ${notModelled.join(', ')}`);
    const problems = [
      ...faults.map(({ message }) => `the local cloud itself failed: ${message}`),
      ...warnings.map((warning) => `AWS would be silent about this: ${warning}`),
      ...events.undelivered.map(({ ruleArn, error }) => `an event of ${ruleArn} was not delivered: ${error.message}`),
      ...scheduler.undelivered.map(({ scheduleArn, error }) => `an invocation of ${scheduleArn} was not delivered: ${error.message}`),
    ];
    for (const problem of problems) this.terminal.failure(problem);
    return this.failures === 0 && problems.length === 0;
  }
}
