import { install } from '@sinonjs/fake-timers';

/** Runs something that reads the time of this process as if it were then. */
export function atVirtualTime<T>(time: number, action: () => T): T {
  const shifted = install({ now: time, toFake: ['Date'] });
  try {
    return action();
  } finally {
    shifted.uninstall();
  }
}
