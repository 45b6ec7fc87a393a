/**
 * Virtual time for everything in the local cloud.
 *
 * A timer in the clock is work that somebody waits for. When nothing real is going on, the clock leaps to the next timer, so a 30-minute
 * query takes milliseconds. Passive expiry (a link, an object, a session) is no timer: it is compared with `now()` when it is looked at.
 * What happens by itself, such as a schedule that recurs for ever, is a background timer: it fires on the way to a time that somebody waits
 * for, or when time passes at a pace, but never makes an idle clock leap.
 */
export interface Clock {
  /** Epoch milliseconds, never going back. */
  now(): number;
  /** Resolves after this many virtual milliseconds; rejects with the signal's reason when aborted. */
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>;
  /** Calls back after this many virtual milliseconds. */
  after(milliseconds: number, callback: () => void): ClockTimer;
  /** Calls back when time gets there, before whatever waits for the same moment, without being a reason for the clock to leap. */
  background(milliseconds: number, callback: () => void): ClockTimer;
  /** Virtual time stands still while this real work (I/O, another process) runs. */
  hold<T>(work: () => Promise<T>): Promise<T>;
  /** Ends the hold around it for a part of the held work; to be called inside `hold` only. */
  release<T>(work: () => Promise<T>): Promise<T>;
  /** Virtual time follows real time at this rate while the work runs: for work that virtual time must be able to interrupt. */
  pace<T>(rate: number, work: () => Promise<T>): Promise<T>;
}

export interface ClockTimer {
  cancel(): void;
}

interface Entry {
  readonly at: number;
  readonly sequence: number;
  callback?: () => void;
}

/** Resolves when time gets there, without being a reason for the clock to leap. */
export async function waitInBackground(clock: Clock, milliseconds: number): Promise<void> {
  return new Promise((resolve) => void clock.background(milliseconds, resolve));
}

/** The clock of the local cloud: leaps when idle, stands still during `hold`, follows real time during `pace`. */
export class VirtualClock implements Clock {
  private virtualNow: number;
  private lastReal = performance.now();
  private sequence = 0;
  private holds = 0;
  private readonly rates: number[] = [];
  private readonly timers = new TimerHeap();
  private readonly backgroundTimers = new TimerHeap();
  private immediate?: NodeJS.Immediate;
  private timeout?: NodeJS.Timeout;
  private stopped = false;

  constructor(start: number = Date.now()) {
    this.virtualNow = start;
  }

  now(): number {
    this.accrue();
    return Math.floor(this.virtualNow);
  }

  sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      const onAbort = () => {
        timer.cancel();
        reject(signal?.reason);
      };
      const timer = this.after(milliseconds, () => {
        signal?.removeEventListener('abort', onAbort);
        resolve();
      });
      signal?.addEventListener('abort', onAbort, { once: true });
    });
  }

  after(milliseconds: number, callback: () => void): ClockTimer {
    return this.add(this.timers, milliseconds, callback);
  }

  background(milliseconds: number, callback: () => void): ClockTimer {
    return this.add(this.backgroundTimers, milliseconds, callback);
  }

  /** Ends time for good: no timer fires any more, so nothing that waits goes on. */
  stop(): void {
    this.stopped = true;
    clearTimeout(this.timeout);
    clearImmediate(this.immediate);
  }

  async hold<T>(work: () => Promise<T>): Promise<T> {
    this.accrue();
    this.holds++;
    try {
      return await work();
    } finally {
      this.accrue();
      this.holds--;
      this.plan();
    }
  }

  async release<T>(work: () => Promise<T>): Promise<T> {
    if (this.holds === 0) throw new Error('There is no hold to release');
    this.accrue();
    this.holds--;
    this.plan();
    try {
      return await work();
    } finally {
      this.accrue();
      this.holds++;
    }
  }

  async pace<T>(rate: number, work: () => Promise<T>): Promise<T> {
    if (!Number.isFinite(rate) || rate <= 0) throw new RangeError(`The rate of time must be a positive number, got ${rate}`);
    this.accrue();
    this.rates.push(rate);
    this.plan();
    try {
      return await work();
    } finally {
      this.accrue();
      this.rates.splice(this.rates.indexOf(rate), 1);
      this.plan();
    }
  }

  private add(timers: TimerHeap, milliseconds: number, callback: () => void): ClockTimer {
    if (!Number.isFinite(milliseconds)) throw new RangeError(`A timer needs a finite number of milliseconds, got ${milliseconds}`);
    this.accrue();
    const entry: Entry = { at: this.virtualNow + Math.max(0, milliseconds), sequence: this.sequence++, callback };
    timers.push(entry);
    this.plan();
    return {
      cancel: () => {
        entry.callback = undefined;
      },
    };
  }

  /** Lets virtual time follow real time for the real time that has passed, but never past a timer that has not fired. */
  private accrue(): void {
    const real = performance.now();
    const elapsed = real - this.lastReal;
    this.lastReal = real;
    if (this.holds > 0 || this.rates.length === 0) return;
    const limit = this.next()?.entry.at ?? Infinity;
    this.virtualNow = Math.max(this.virtualNow, Math.min(limit, this.virtualNow + elapsed * Math.min(...this.rates)));
  }

  /** The timer that time gets to first; one in the background only if it is due, on the way to another, or time passes by itself. */
  private next(): { readonly entry: Entry; readonly timers: TimerHeap } | undefined {
    const [awaited, background] = [this.timers.peek(), this.backgroundTimers.peek()];
    const reachable = awaited !== undefined || this.rates.length > 0 || (background !== undefined && background.at <= this.virtualNow);
    if (background !== undefined && reachable && background.at <= (awaited?.at ?? Infinity)) {
      return { entry: background, timers: this.backgroundTimers };
    }
    return awaited === undefined ? undefined : { entry: awaited, timers: this.timers };
  }

  /** Arranges for the next timer to fire, if time may pass at all. */
  private plan(): void {
    clearTimeout(this.timeout);
    this.timeout = undefined;
    const next = this.next()?.entry;
    if (this.stopped || next === undefined || this.holds > 0 || this.immediate !== undefined) return;
    const wait = this.rates.length === 0 ? 0 : (next.at - this.virtualNow) / Math.min(...this.rates);
    if (wait <= 0) {
      // A macrotask between two timers lets promise chains settle before time goes on.
      this.immediate = setImmediate(() => {
        this.immediate = undefined;
        this.fire();
      });
    } else {
      this.timeout = setTimeout(() => this.fire(), Math.min(wait, 1_000));
    }
  }

  private fire(): void {
    this.accrue();
    const next = this.next();
    if (next !== undefined && this.holds === 0 && (this.rates.length === 0 || next.entry.at <= this.virtualNow)) {
      next.timers.pop();
      this.virtualNow = Math.max(this.virtualNow, next.entry.at);
      // Planned first: time goes on even if the callback throws.
      this.plan();
      next.entry.callback?.();
      return;
    }
    this.plan();
  }
}

/** A binary heap ordered by time, then by order of creation; cancelled entries are dropped when they surface. */
class TimerHeap {
  private readonly entries: Entry[] = [];

  peek(): Entry | undefined {
    while (this.entries.length > 0 && this.entries[0].callback === undefined) this.pop();
    return this.entries[0];
  }

  push(entry: Entry): void {
    let index = this.entries.push(entry) - 1;
    while (index > 0) {
      const parent = Math.floor((index - 1) / 2);
      if (!this.before(index, parent)) return;
      this.swap(index, parent);
      index = parent;
    }
  }

  pop(): Entry | undefined {
    const top = this.entries[0];
    const last = this.entries.pop();
    if (last === undefined || this.entries.length === 0) return top;
    this.entries[0] = last;
    for (let index = 0; ;) {
      const left = 2 * index + 1;
      const right = left + 1;
      let first = index;
      if (left < this.entries.length && this.before(left, first)) first = left;
      if (right < this.entries.length && this.before(right, first)) first = right;
      if (first === index) return top;
      this.swap(index, first);
      index = first;
    }
  }

  private before(a: number, b: number): boolean {
    const [x, y] = [this.entries[a], this.entries[b]];
    return x.at < y.at || (x.at === y.at && x.sequence < y.sequence);
  }

  private swap(a: number, b: number): void {
    [this.entries[a], this.entries[b]] = [this.entries[b], this.entries[a]];
  }
}
