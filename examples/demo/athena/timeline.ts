import { JsonValue, memberOf } from '../../../local/json';
import { HistoryEvent } from '../../../local/stepfunctions/interpreter/history';
import { Terminal, elapsed } from '../terminal';

/** Prints what an execution does as it does it, in virtual time. Repeated looks and attempts share a line. */
export class Timeline {
  private start = 0;
  private looks = 0;
  private attempts = 0;
  private current = '';
  private lastState = '';

  constructor(private readonly terminal: Terminal) {}

  show(event: HistoryEvent): void {
    const { type, details, timestamp } = event;
    switch (type) {
      case 'ExecutionStarted':
        this.start = timestamp;
        this.line(timestamp, 'POST /queries  202, the workflow starts');
        break;
      case 'TaskStateEntered':
        this.current = details.state ?? '';
        if (this.current !== 'Get Query') this.line(timestamp, this.current);
        break;
      case 'TaskSucceeded':
        if (this.current === 'Get Query') this.look(timestamp, queryState(details.output));
        break;
      case 'TaskFailed':
      case 'TaskTimedOut':
        this.attempts++;
        this.replace(timestamp, `${this.current}  ${details.error ?? ''}, attempt ${this.attempts}`);
        break;
      case 'ExecutionSucceeded':
        this.line(timestamp, `callback delivered${this.attempts > 0 ? ` at attempt ${this.attempts + 1}` : ''}`);
        break;
      case 'ExecutionFailed':
        this.line(timestamp, `execution failed: ${details.error ?? ''}`);
        break;
    }
  }

  private look(timestamp: number, state: string): void {
    this.looks++;
    const text = `Get Query  ${state}, look ${this.looks}`;
    if (state === this.lastState) this.replace(timestamp, text);
    else this.line(timestamp, text);
    this.lastState = state;
  }

  private line(timestamp: number, text: string): void {
    this.terminal.line(this.format(timestamp, text));
  }

  private replace(timestamp: number, text: string): void {
    this.terminal.replaceable(this.format(timestamp, text));
  }

  private format(timestamp: number, text: string): string {
    const time = elapsed(this.start === 0 ? 0 : timestamp - this.start);
    return `  ${this.terminal.dim(time.padStart(14))}  ${text}`;
  }
}

function queryState(output: JsonValue | undefined): string {
  return String(memberOf(memberOf(memberOf(output, 'QueryExecution'), 'Status'), 'State') ?? '');
}
