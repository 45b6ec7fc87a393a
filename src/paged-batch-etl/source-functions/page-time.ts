import type { TimeLeft } from './time-left';

/** Share of the function's time after which a page takes no more items: the rest is for storing it. */
export const READING_SHARE = 0.7;

/** Share of the function's time that a single call of the source leaves for storing what it answers. */
const STORING_SHARE = 0.1;

/**
 * Milliseconds that are enough to store what one call can answer. No more than what our function has beyond the time-out of a custom source, so that the
 * first call of that one has all its time.
 */
export const MOST_STORING_MILLISECONDS = 25_000;

/** Milliseconds that no call of the source may use: they are for storing the page. */
export function storingTime({ whole }: TimeLeft): number {
  return Math.min(STORING_SHARE * whole, MOST_STORING_MILLISECONDS);
}
