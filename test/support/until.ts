import { setTimeout as delay } from 'node:timers/promises';

/** Waits in real time until something has happened. Only the time-out of the test, which is for hangs, ends it. */
export async function until(happened: () => boolean): Promise<void> {
  while (!happened()) await delay(5);
}
