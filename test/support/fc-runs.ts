/** How often a property is tried: `usual` times, or as many times that as FC_RUNS says, for a soak by hand. */
export function fcRuns(usual: number): number {
  return Math.ceil(usual * fcFactor());
}

/** Longest time for a property that takes so many milliseconds on a busy machine. */
export function fcLimit(milliseconds: number): number {
  return Math.ceil(milliseconds * Math.max(1, fcFactor()));
}

function fcFactor(): number {
  const factor = Number(process.env.FC_RUNS ?? 1);
  if (!(factor > 0)) throw new Error('FC_RUNS must be a number above 0');
  return factor;
}
