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

/** CloudWatch Logs: groups, and the lines that services write to them. */
export class LogStore {
  private readonly groups = new Map<string, LogGroupSettings & { readonly lines: LogLine[] }>();

  createGroup(settings: LogGroupSettings): void {
    if (this.groups.has(settings.name)) throw new Error(`Log group ${settings.name} already exists`);
    this.groups.set(settings.name, { ...settings, lines: [] });
  }

  /** Adds a line; a group that nobody created is created, as Lambda does for its functions. */
  write(groupName: string, line: LogLine): void {
    const group = this.groups.get(groupName) ?? { name: groupName, arn: '', lines: [] };
    this.groups.set(groupName, group);
    group.lines.push(line);
  }

  /** Adds a line to the group with this ARN. */
  writeTo(groupArn: string, line: LogLine): void {
    const group = [...this.groups.values()].find(({ arn }) => arn !== '' && (arn === groupArn || arn === `${groupArn}:*`));
    if (group === undefined) throw new Error(`There is no log group ${groupArn}`);
    group.lines.push(line);
  }

  /** Whether there is a group with this ARN, which ends in `:*`. */
  has(groupArn: string): boolean {
    return [...this.groups.values()].some(({ arn }) => arn === groupArn);
  }

  lines(groupName: string): readonly LogLine[] {
    return this.groups.get(groupName)?.lines ?? [];
  }
}
