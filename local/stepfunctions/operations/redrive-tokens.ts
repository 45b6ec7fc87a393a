import { ExecutionRecord } from '../api/execution';

/** How many tokens of an execution are known, and for how long, in milliseconds. Source: API reference of RedriveExecution. */
const KEPT = 10;
const VALID = 15 * 60_000;

interface Redrive {
  readonly token: string;
  /** Epoch milliseconds. */
  readonly time: number;
}

/** Redrives that were asked for with a client token: who repeats the request gets the same answer, not another redrive. */
export class RedriveTokens {
  private readonly redrives = new WeakMap<ExecutionRecord, readonly Redrive[]>();

  /** When the redrive with this token was, epoch milliseconds; undefined where none is known. */
  find(record: ExecutionRecord, token: string | undefined, now: number): number | undefined {
    return this.redrives.get(record)?.find((redrive) => redrive.token === token && now - redrive.time <= VALID)?.time;
  }

  add(record: ExecutionRecord, token: string | undefined, time: number): void {
    if (token !== undefined) this.redrives.set(record, [...this.redrives.get(record) ?? [], { token, time }].slice(-KEPT));
  }
}
