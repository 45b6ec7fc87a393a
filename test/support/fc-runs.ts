/** The share of all runs that does while working: a coarse mistake shows in the first few. */
const SHARE_WHILE_WORKING = 0.15;
const FEWEST = 4;

const SECONDS_FOR_SET_UP = 300;
/** No run takes a tenth of this on an idle machine. */
const SECONDS_FOR_A_RUN = 30;

/**
 * How often a property is tried whose runs take long. `full` times where FC_RUNS=1, as in `.ci/run`; FC_RUNS=10 is a soak by hand; without
 * FC_RUNS only a share of them. A property that takes no more than a second needs none of this.
 */
export function fcRuns(full: number): number {
  const { FC_RUNS } = process.env;
  if (FC_RUNS === undefined || FC_RUNS === '') return Math.min(full, Math.max(FEWEST, Math.ceil(full * SHARE_WHILE_WORKING)));
  const factor = Number(FC_RUNS);
  if (!(factor > 0)) throw new Error('FC_RUNS must be a number above 0');
  return Math.ceil(full * factor);
}

/** Time-out in milliseconds for the test of such a property: as any other it ends a hang only. */
export function fcTimeout(full: number): number {
  return (SECONDS_FOR_SET_UP + fcRuns(full) * SECONDS_FOR_A_RUN) * 1_000;
}
