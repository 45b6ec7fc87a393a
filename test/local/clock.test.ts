import fc from 'fast-check';
import { VirtualClock } from '../../local/clock';

const START = 1_000_000;
const realMilliseconds = async (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));
/** Long enough for the clock to fire all it would. */
const settle = async () => realMilliseconds(20);

describe('timers', () => {
  test('fire in the order of their times, then of their making, each at its own time', async () => {
    const delays = fc.array(fc.integer({ min: -5, max: 20 }), { minLength: 1, maxLength: 40 });
    await fc.assert(fc.asyncProperty(delays, async (waits) => {
      const clock = new VirtualClock(START);
      const fired: [index: number, at: number][] = [];
      await new Promise<void>((resolve) => {
        waits.forEach((wait, index) => clock.after(wait, () => {
          fired.push([index, clock.now() - START]);
          if (fired.length === waits.length) resolve();
        }));
      });
      const expected = waits.map((wait, index): [number, number] => [index, Math.max(0, wait)]).sort(([a, x], [b, y]) => x - y || a - b);
      expect(fired).toEqual(expected);
    }));
  });

  test('that are cancelled never fire, and do not move time', async () => {
    await fc.assert(fc.asyncProperty(fc.array(fc.tuple(fc.integer({ min: 1, max: 20 }), fc.boolean()), { maxLength: 20 }), async (plan) => {
      const clock = new VirtualClock(START);
      const fired: number[] = [];
      plan.forEach(([wait, cancelled], index) => {
        const timer = clock.after(wait, () => fired.push(index));
        if (cancelled) timer.cancel();
      });
      const kept = plan.flatMap(([wait, cancelled]) => (cancelled ? [] : [wait]));
      await clock.sleep(kept.length === 0 ? 0 : Math.max(...kept));
      expect([...fired].sort((a, b) => a - b)).toEqual(plan.flatMap(([, cancelled], index) => (cancelled ? [] : [index])));
      expect(clock.now()).toBe(START + Math.max(0, ...kept));
    }), { numRuns: 50 });
  });

  test('made by a timer fire in their place among the others', async () => {
    const clock = new VirtualClock(START);
    const fired: string[] = [];
    clock.after(10, () => {
      fired.push('a');
      clock.after(5, () => fired.push('b'));
      clock.after(0, () => fired.push('c'));
    });
    clock.after(12, () => fired.push('d'));
    await clock.sleep(20);
    expect(fired).toEqual(['a', 'c', 'd', 'b']);
  });

  test('cancelled by another timer at the same time do not fire', async () => {
    const clock = new VirtualClock(START);
    const fired: string[] = [];
    clock.after(5, () => second.cancel());
    const second = clock.after(5, () => fired.push('second'));
    await clock.sleep(10);
    expect(fired).toEqual([]);
  });

  test('leave promise chains time to settle before the next one', async () => {
    const clock = new VirtualClock(START);
    const seen: string[] = [];
    clock.after(1, () => void Promise.resolve().then(async () => {
      for (let step = 0; step < 20; step++) await undefined;
      seen.push('settled');
    }));
    clock.after(2, () => seen.push('next'));
    await clock.sleep(3);
    expect(seen).toEqual(['settled', 'next']);
  });

  test.each([NaN, Infinity])('after %d milliseconds are refused', (milliseconds) => {
    expect(() => new VirtualClock(START).after(milliseconds, () => {})).toThrow(RangeError);
  });
});

describe('a sleep', () => {
  test('of half an hour takes no time, but leaves the clock half an hour later', async () => {
    const clock = new VirtualClock(START);
    await clock.sleep(1_800_000);
    expect(clock.now()).toBe(START + 1_800_000);
  });

  test('is ended by its signal, whose reason it rejects with, and moves no time', async () => {
    const clock = new VirtualClock(START);
    const controller = new AbortController();
    const reason = new Error('stopped');
    const sleep = clock.hold(async () => {
      const sleeping = clock.sleep(1_000, controller.signal);
      controller.abort(reason);
      return sleeping;
    });
    await expect(sleep).rejects.toBe(reason);
    await expect(clock.sleep(1_000, controller.signal)).rejects.toBe(reason);
    await settle();
    expect(clock.now()).toBe(START);
  });

  test('that is over is not touched by its signal', async () => {
    const clock = new VirtualClock(START);
    const controller = new AbortController();
    await clock.sleep(1_000, controller.signal);
    controller.abort();
    await clock.sleep(1_000);
    expect(clock.now()).toBe(START + 2_000);
  });
});

describe('held', () => {
  test('time stands still, and goes on when the last of several works is done', async () => {
    const clock = new VirtualClock(START);
    const fired: number[] = [];
    clock.after(10, () => fired.push(clock.now() - START));
    const finishers: (() => void)[] = [];
    const work = async () => clock.hold(async () => new Promise<void>((resolve) => finishers.push(resolve)));
    const works = [work(), work()];
    await settle();
    finishers[0]();
    await settle();
    expect([clock.now(), fired]).toEqual([START, []]);
    finishers[1]();
    await Promise.all(works);
    await clock.sleep(10);
    expect(fired).toEqual([10]);
  });

  test('time goes on after work that failed, which fails with its own error', async () => {
    const clock = new VirtualClock(START);
    await expect(clock.hold(async () => { throw new Error('no'); })).rejects.toThrow('no');
    await clock.sleep(5);
    expect(clock.now()).toBe(START + 5);
  });

  test('time that was about to leap does not', async () => {
    const clock = new VirtualClock(START);
    clock.after(1_000, () => {});
    await clock.hold(settle);
    expect(clock.now()).toBe(START);
  });
});

describe('paced', () => {
  test('time follows real time at the rate, neither leaping nor standing', async () => {
    const clock = new VirtualClock(START);
    clock.after(3_600_000, () => {});
    const before = performance.now();
    await clock.pace(10, async () => realMilliseconds(30));
    const most = (performance.now() - before) * 10;
    const passed = clock.now() - START;
    expect(passed).toBeGreaterThanOrEqual(29 * 10);
    expect(passed).toBeLessThanOrEqual(most);
  });

  test('time fires the timers that it passes, in order, none before its time nor after the next one is due', async () => {
    const clock = new VirtualClock(START);
    const fired: { readonly wait: number; readonly at: number }[] = [];
    let made = 0;
    await clock.pace(1_000, async () => new Promise<void>((resolve) => {
      for (const wait of [30_000, 10_000, 20_000]) {
        clock.after(wait, () => {
          fired.push({ wait, at: clock.now() - START });
          if (fired.length === 3) resolve();
        });
      }
      made = clock.now() - START;
    }));
    expect(fired.map(({ wait }) => wait)).toEqual([10_000, 20_000, 30_000]);
    for (const { wait, at } of fired) expect(at).toBeGreaterThanOrEqual(wait);
    for (const { wait, at } of fired.slice(0, 2)) expect(at).toBeLessThanOrEqual(wait + 10_000 + made);
  });

  test('time does not pass a timer that waits for held work', async () => {
    const clock = new VirtualClock(START);
    clock.after(50, () => {});
    await clock.pace(1_000, async () => clock.hold(settle));
    expect(clock.now()).toBeLessThanOrEqual(START + 50);
  });

  test('time goes by the slowest of several works, and leaps again when they are done', async () => {
    const clock = new VirtualClock(START);
    const before = performance.now();
    await clock.pace(1_000_000, async () => clock.pace(1, async () => realMilliseconds(10)));
    // Only the moments before and after the inner work run at the outer rate.
    expect(performance.now() - before).toBeGreaterThanOrEqual(9);
    const now = clock.now();
    await clock.sleep(3_600_000);
    expect(clock.now()).toBe(now + 3_600_000);
  });

  test.each([0, -1, NaN, Infinity])('at the rate %d is refused', async (rate) => {
    await expect(new VirtualClock(START).pace(rate, async () => {})).rejects.toThrow(RangeError);
  });
});

describe('a background timer', () => {
  test('never moves an idle clock, unless it is due already', async () => {
    const clock = new VirtualClock(START);
    const fired: string[] = [];
    clock.background(1, () => fired.push('later'));
    clock.background(0, () => fired.push('now'));
    await settle();
    expect(fired).toEqual(['now']);
    expect(clock.now()).toBe(START);
  });

  test('fires at its time on the way to others, and before others of the same time', async () => {
    const timers = fc.array(fc.tuple(fc.integer({ min: 0, max: 20 }), fc.boolean()), { maxLength: 30 });
    await fc.assert(fc.asyncProperty(timers, fc.integer({ min: 0, max: 20 }), async (plan, until) => {
      const clock = new VirtualClock(START);
      const fired: [index: number, at: number][] = [];
      plan.forEach(([wait, background], index) => {
        const note = () => fired.push([index, clock.now() - START]);
        if (background) clock.background(wait, note);
        else clock.after(wait, note);
      });
      await clock.sleep(until);
      const due = plan.map(([wait, background], index) => ({ index, wait, rank: background ? 0 : 1 })).filter(({ wait }) => wait <= until);
      const expected = due.sort((a, b) => a.wait - b.wait || a.rank - b.rank || a.index - b.index).map(({ index, wait }) => [index, wait]);
      expect(fired.filter(([, at]) => at <= until)).toEqual(expected);
    }), { numRuns: 50 });
  });

  test('fires when time passes at a pace, but not while it is held; a cancelled one never does', async () => {
    const clock = new VirtualClock(START);
    const fired: string[] = [];
    clock.background(100, () => fired.push('due'));
    clock.background(100, () => fired.push('cancelled')).cancel();
    await clock.pace(1_000, async () => clock.hold(settle));
    expect(fired).toEqual([]);
    await clock.pace(1_000, settle);
    expect(fired).toEqual(['due']);
  });
});

test('a timer that throws does not stop the clock', async () => {
  const thrown: unknown[] = [];
  const { setImmediate: real } = globalThis;
  const spy = jest.spyOn(globalThis, 'setImmediate').mockImplementation((callback) => real(() => {
    try {
      callback();
    } catch (error) {
      thrown.push(error);
    }
  }));
  const clock = new VirtualClock(START);
  const error = new Error('a fault of the caller');
  clock.after(1, () => { throw error; });
  await clock.sleep(2);
  spy.mockRestore();
  expect(thrown).toEqual([error]);
  expect(clock.now()).toBe(START + 2);
});

test('a clock that was stopped fires nothing more', async () => {
  const clock = new VirtualClock(0);
  let fired = 0;
  clock.after(1, () => fired++);
  clock.stop();
  clock.after(2, () => fired++);
  await clock.hold(async () => undefined);
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(fired).toBe(0);
});
