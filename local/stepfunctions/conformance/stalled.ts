import { setTimeout as realTime } from 'node:timers/promises';

/** Real milliseconds between two looks, and how many without a change mean that nothing will ever change. */
const PAUSE = 50;
const LOOKS = 20;

/** Real milliseconds after which something counts as endless that changes all the time; the slowest recording takes a few hundred on a good day. */
const PATIENCE = 3 * 60_000;

/**
 * The result of work in virtual time; rejects when it never ends. All that happens there happens in turns of the event loop, and between two looks there is
 * at least one: so how fast the machine is does not matter. Without this the process would end silently, and with success, once nothing is left that could
 * go on.
 *
 * @param progress changes whenever something happens
 */
export async function unlessStalled<T>(work: Promise<T>, progress: () => number): Promise<T> {
  const over = new AbortController();
  return Promise.race([work, stalled(progress, over.signal)]).finally(() => over.abort());
}

async function stalled(progress: () => number, signal: AbortSignal): Promise<never> {
  let [last, unchanged] = [progress(), 0];
  for (let waited = 0; unchanged < LOOKS && waited < PATIENCE; waited += PAUSE) {
    await realTime(PAUSE, undefined, { signal });
    const now = progress();
    unchanged = now === last ? unchanged + 1 : 0;
    last = now;
  }
  throw new Error('the execution never ends');
}
