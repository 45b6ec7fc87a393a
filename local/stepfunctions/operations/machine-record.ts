import { MachineVersion, StateMachine } from '../api/state-machine';

/** A revision that was given a number. */
interface Published {
  readonly number: number;
  readonly machine: StateMachine;
  readonly version: MachineVersion;
}

/** A state machine over its life. */
export class MachineRecord {
  deleting = false;
  /** Executions that run. */
  running = 0;
  private published: readonly Published[] = [];
  private lastNumber = 0;

  constructor(public current: StateMachine) {}

  /** Newest first. */
  get versions(): readonly MachineVersion[] {
    return this.published.map(({ version }) => version);
  }

  /** The revision that a version has; undefined where there is no such version. */
  version(number: number): StateMachine | undefined {
    return this.published.find((candidate) => candidate.number === number)?.machine;
  }

  /** Makes the current revision a version, unless it is the newest one already. Numbers are never used again. */
  publish(now: number, description?: string): MachineVersion {
    const [newest] = this.published;
    if (newest !== undefined && newest.machine.revisionId === this.current.revisionId) return newest.version;
    const number = ++this.lastNumber;
    const version: MachineVersion = { arn: `${this.current.arn}:${number}`, description, creationTime: now };
    this.published = [{ number, machine: { ...this.current, version }, version }, ...this.published];
    return version;
  }

  unpublish(number: number): void {
    this.published = this.published.filter((candidate) => candidate.number !== number);
  }
}
