/** One line of a log. */
export interface LogLine {
  /** Virtual epoch milliseconds. */
  readonly timestamp: number;
  readonly stream: string;
  readonly message: string;
}

export interface LogGroupSettings {
  readonly name: string;
  readonly arn: string;
  /** Days; absent: for ever. Lines are kept as long as the local cloud runs, whatever it says. */
  readonly retentionInDays?: number;
}

interface LogGroup extends LogGroupSettings {
  readonly lines: LogLine[];
}

/** CloudWatch Logs: groups, and the lines that services write to them. */
export class LogStore {
  private readonly groups = new Map<string, LogGroup>();

  /** Sees every line as it is written. */
  constructor(private readonly onLine: (groupName: string, line: LogLine) => void = () => {}) {}

  createGroup(settings: LogGroupSettings): void {
    if (this.groups.has(settings.name)) throw new Error(`Log group ${settings.name} already exists`);
    this.groups.set(settings.name, { ...settings, lines: [] });
  }

  /** Changes the settings of a group; its lines stay. */
  configureGroup(settings: LogGroupSettings): void {
    this.groups.set(settings.name, { ...settings, lines: this.groups.get(settings.name)?.lines ?? [] });
  }

  /** Deletes a group and its lines. */
  removeGroup(name: string): void {
    this.groups.delete(name);
  }

  /** Adds a line to the group with this name. */
  write(groupName: string, line: LogLine): void {
    this.add(this.groups.get(groupName), groupName, line);
  }

  /** Adds a line to the group with this ARN. */
  writeTo(groupArn: string, line: LogLine): void {
    this.add([...this.groups.values()].find(({ arn }) => arn === groupArn || arn === `${groupArn}:*`), groupArn, line);
  }

  /** Whether there is a group with this ARN, which ends in `:*`. */
  has(groupArn: string): boolean {
    return [...this.groups.values()].some(({ arn }) => arn === groupArn);
  }

  /** Whether there is a group with this name. */
  hasGroup(groupName: string): boolean {
    return this.groups.has(groupName);
  }

  /** Names of all groups. */
  get names(): readonly string[] {
    return [...this.groups.keys()];
  }

  lines(groupName: string): readonly LogLine[] {
    return this.groups.get(groupName)?.lines ?? [];
  }

  private add(group: LogGroup | undefined, wanted: string, line: LogLine): void {
    if (group === undefined) throw new Error(`There is no log group ${wanted}`);
    group.lines.push(line);
    this.onLine(group.name, line);
  }
}
