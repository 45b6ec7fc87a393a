/** Replays of any letters, with pages of any size, through outages, redrives and other replays: nothing is lost, and each item has one key. */
import * as fc from 'fast-check';
import { MACHINE, replayReader, SimulatedLetters, unavailable } from './simulated-letters';
import { fcRuns, fcTimeout } from '../../../support/fc-runs';

const RUN = `${MACHINE}:failed`;
/** Its name is that of the folder of receipts. */
const OTHER = `${MACHINE}:receipts`;
const ofOtherMachine = RUN.replace('metrics', 'jobs');

interface Given {
  /** Of each object, the size of the item of each letter; null: it has none. */
  readonly objects: readonly (readonly (number | null)[])[];
  readonly inline: boolean;
  readonly batchSize: number;
  readonly listed: number;
}

const given: fc.Arbitrary<Given> = fc.record({
  objects: fc.array(fc.array(fc.option(fc.integer({ min: 0, max: 2_500 }), { freq: 8 }), { maxLength: 12 }), { minLength: 1, maxLength: 9 }),
  inline: fc.boolean(),
  batchSize: fc.integer({ min: 1, max: 8 }),
  listed: fc.integer({ min: 1, max: 4 }),
});

/** What becomes of a page: it goes on, or the segment is stopped and begins again that number of pages before. */
const kills = fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: 12 });

interface Letter {
  readonly itemIdentifier: string;
  readonly item?: unknown;
}

function fill(letters: SimulatedLetters, { objects }: Given, run = RUN): Letter[] {
  return objects.flatMap((sizes, page) => {
    const some = sizes.map((size, index) => ({ itemIdentifier: `${page}-${index}`, ...size !== null && { item: { text: 'ä'.repeat(size / 2) } } }));
    letters.write(run, `page ${page}`, some);
    return some;
  });
}

/** One replay, as a run: answers what the pages had that were processed last, and how often each letter was read. */
async function replay({ inline, batchSize }: Given, letters: SimulatedLetters, root: string, stops: readonly number[], until = Infinity) {
  const { page } = replayReader({ letters, inline, batchSize });
  let place: { readonly cursor: string | null; readonly done: readonly string[] } = { cursor: null, done: [] };
  const before = [place];
  const read: string[] = [];
  const left = [...stops];
  for (let count = 0; count < until; count++) {
    const answer = await tried(async () => page(RUN, root, place.cursor, count));
    if (answer === undefined) return { done: place.done, read, ended: true };
    expect(answer.done).toBe(false);
    expect(answer.cursor).not.toBe(place.cursor);
    expect(Buffer.byteLength(JSON.stringify(answer.cursor))).toBeLessThan(512);
    const told = [...answer.items, ...answer.failed].map(({ itemIdentifier, idempotencyKey }) => {
      expect(idempotencyKey).toBe(`key of ${itemIdentifier}`);
      return itemIdentifier;
    });
    expect(told.length).toBeGreaterThan(0);
    expect(new Set(told).size).toBe(told.length);
    read.push(...told);
    place = { cursor: answer.cursor, done: [...place.done, ...told] };
    before.push(place);
    const back = left.shift() ?? 0;
    place = before[Math.max(0, before.length - 1 - back)];
    before.length = Math.max(1, before.length - back);
  }
  return { done: place.done, read, ended: false };
}

/** A run waits for the end of an outage. */
async function tried<T>(work: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof Error) || error.name !== 'DeadLettersUnavailable') throw error;
    }
  }
}

const RUNS = 120;
const check = async <T extends unknown[]>(property: fc.IAsyncProperty<T>) => fc.assert(property, { numRuns: fcRuns(RUNS) });

/** Fails these calls, by their number; -1 for none. */
function failing(letters: SimulatedLetters, faults: readonly number[]): void {
  let calls = 0;
  letters.trouble = {
    ...letters.trouble,
    onCall: () => {
      if (faults.includes(calls++)) throw unavailable();
    },
  };
}

test('every letter is in one page, however large pages are, and wherever a run is stopped', async () => {
  await check(fc.asyncProperty(given, kills, fc.array(fc.nat(60)), async (some, stops, faults) => {
    const letters = new SimulatedLetters({ listed: some.listed });
    const all = fill(letters, some);
    // What only has such a name is none of its letters.
    letters.objects.set('dead-letters/failed/readme.txt', Buffer.from('no letters'));
    letters.write(ofOtherMachine, 'page of another machine', [{ itemIdentifier: 'foreign', item: 1 }]);
    if (!all.some(({ item }) => item !== undefined)) return;
    failing(letters, faults);
    const { done, ended } = await replay(some, letters, `${MACHINE}:r1`, stops).catch(withoutItems(some));
    if (!ended) return;
    expect([...done].sort()).toEqual(all.map(({ itemIdentifier }) => itemIdentifier).sort());
    const again = await replay(some, letters, `${MACHINE}:r2`, []);
    expect(again.read).toEqual([]);
  }));
}, fcTimeout(RUNS));

test('a replay that was given up is finished by the next one', async () => {
  await check(fc.asyncProperty(given, fc.nat(12), kills, async (some, until, stops) => {
    const letters = new SimulatedLetters({ listed: some.listed });
    const all = fill(letters, some);
    const first = await replay(some, letters, `${MACHINE}:r1`, stops, until).catch(withoutItems(some));
    const second = await replay(some, letters, `${MACHINE}:r2`, []).catch(withoutItems(some));
    if (!second.ended) return;
    expect([...new Set([...first.read, ...second.done])].sort()).toEqual(all.map(({ itemIdentifier }) => itemIdentifier).sort());
    expect(new Set(second.done).size).toBe(second.done.length);
    const third = await replay(some, letters, `${MACHINE}:r3`, []);
    expect(third.read).toEqual([]);
  }));
}, fcTimeout(RUNS));

interface Underway {
  readonly root: string;
  readonly reader: ReturnType<typeof replayReader>;
  cursor: string | null;
  ended: boolean;
}

test('two replays at once leave out nothing', async () => {
  await check(fc.asyncProperty(given, fc.array(fc.boolean(), { maxLength: 60 }), async (some, turns) => {
    const letters = new SimulatedLetters({ listed: some.listed });
    const all = fill(letters, some);
    const replays = ['r1', 'r2'].map((name): Underway => (
      { root: `${MACHINE}:${name}`, reader: replayReader({ letters, ...some }), cursor: null, ended: false }));
    const read: string[] = [];
    const order = [...turns, ...Array.from({ length: 400 }, (_, index) => index % 2 === 0)];
    for (const turn of order) {
      const one = replays[Number(turn)];
      if (one.ended) continue;
      const answer = await one.reader.page(RUN, one.root, one.cursor).catch(withoutItems(some));
      if (answer !== undefined && 'ended' in answer) return;
      one.ended = answer === undefined;
      one.cursor = answer?.cursor ?? null;
      read.push(...[...answer?.items ?? [], ...answer?.failed ?? []].map(({ itemIdentifier }) => itemIdentifier));
    }
    expect(replays.every(({ ended }) => ended)).toBe(true);
    expect([...new Set(read)].sort()).toEqual(all.map(({ itemIdentifier }) => itemIdentifier).sort());
  }));
}, fcTimeout(RUNS));

test('letters that are written once more are read once more, by this replay or by the next one', async () => {
  await check(fc.asyncProperty(given, fc.array(fc.tuple(fc.nat(40), fc.nat(8)), { maxLength: 6 }), async (some, rewritten) => {
    const letters = new SimulatedLetters({ listed: some.listed });
    fill(letters, some);
    let calls = 0;
    const versions = new Map<number, number>();
    letters.trouble = {
      ...letters.trouble,
      onCall: () => {
        calls += 1;
        for (const [call, page] of rewritten) {
          if (call !== calls || page >= some.objects.length) continue;
          versions.set(page, calls);
          letters.write(RUN, `page ${page}`, [{ itemIdentifier: `${page} at ${calls}`, item: 1 }]);
        }
      },
    };
    const first = await replay(some, letters, `${MACHINE}:r1`, []).catch(withoutItems(some));
    letters.trouble = { listed: some.listed };
    const second = await replay(some, letters, `${MACHINE}:r2`, []).catch(withoutItems(some));
    if (!first.ended || !second.ended) return;
    const read = new Set([...first.read, ...second.read]);
    for (const [page, version] of versions) expect(read).toContain(`${page} at ${version}`);
    for (const [page, sizes] of some.objects.entries()) {
      if (!versions.has(page)) for (const index of sizes.keys()) expect(read).toContain(`${page}-${index}`);
    }
  }));
}, fcTimeout(RUNS));

test('a replay of a run that is called like the folder of receipts', async () => {
  const letters = new SimulatedLetters();
  letters.write(OTHER, 'a page', [{ itemIdentifier: 'a', item: 1 }]);
  letters.write(RUN, 'another page', [{ itemIdentifier: 'b', item: 1 }]);
  const { page } = replayReader({ letters, inline: true, batchSize: 5 });
  for (const [run, expected] of [[RUN, 'b'], [OTHER, 'a'], [RUN, 'b']]) {
    const root = `${MACHINE}:replay of ${run === RUN ? 'one' : 'the other'}`;
    const answer = await page(run, root, null);
    expect(answer?.items.map(({ itemIdentifier }) => itemIdentifier)).toEqual([expected]);
    expect(await page(run, root, answer?.cursor ?? null)).toBeUndefined();
  }
  await expect(page(RUN, `${MACHINE}:r9`, null)).resolves.toBeUndefined();
});

/** Where the first letters have no items, a replay fails at once; whether they do depends on the order of their objects. */
function withoutItems({ objects }: Given) {
  return (error: unknown) => {
    if (!(error instanceof Error) || error.name !== 'LetterWithoutItem' || !objects.flat().includes(null)) throw error;
    return { done: [], read: [], ended: false };
  };
}
