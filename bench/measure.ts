import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { HistoryEvent } from '../local/stepfunctions/interpreter/history';

/** What a run leaves behind. */
export interface Ran {
  readonly events: number;
  /** What holds the events: it is kept until their memory is measured. */
  readonly kept: unknown;
}

/** Something to measure. */
export interface Scenario {
  readonly name: string;
  /** Sets everything up, which is not measured, and answers what is. */
  readonly prepare: () => Promise<() => Promise<Ran>>;
}

export interface Measurement {
  readonly name: string;
  readonly events: number;
  /** Events per second. */
  readonly rate: number;
  /** Events per second of the bare loop. */
  readonly bareRate: number;
  readonly milliseconds: number;
  readonly bytesPerEvent: number;
}

/** Measured runs, after one that warms up. */
const RUNS = 3;
/** The bare loop is repeated until it has appended this many events: one pass is too short for the clock. */
const BARE_EVENTS = 1_000_000;

/** The median of a few runs, and beside them that of a bare loop over the same number of events. */
export async function measure({ name, prepare }: Scenario): Promise<Measurement> {
  const { events } = await (await prepare())();
  const times: number[] = [];
  const memory: number[] = [];
  for (let run = 0; run < RUNS; run++) {
    const work = await prepare();
    const before = usedBytes();
    const start = performance.now();
    const ran = [await work()];
    times.push(performance.now() - start);
    memory.push(usedBytes() - before);
    // Until here the array keeps everything alive.
    ran.pop();
  }
  const milliseconds = median(times);
  bareLoop(events);
  const bareRate = median(Array.from({ length: RUNS }, () => bareLoop(events)));
  return { name, events, rate: (events / milliseconds) * 1000, bareRate, milliseconds, bytesPerEvent: median(memory) / events };
}

/** Events per second of a loop that only appends events, to an array as long as the history. */
function bareLoop(length: number): number {
  const rounds = Math.ceil(BARE_EVENTS / length);
  const start = performance.now();
  for (let round = 0; round < rounds; round++) {
    const events: HistoryEvent[] = [];
    for (let id = 1; id <= length; id++) {
      events.push({ id, previousEventId: id - 1, type: 'PassStateEntered', timestamp: round, details: { state: 'Pass', input: id } });
    }
  }
  return (rounds * length * 1000) / (performance.now() - start);
}

/** What is really held, after a garbage collection. */
function usedBytes(): number {
  setFlagsFromString('--expose-gc');
  runInNewContext('gc')();
  return process.memoryUsage().heapUsed;
}

export function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
}
