/** One after the other, with a look at the next one. */
export class Peekable<T> {
  private next?: Promise<IteratorResult<T, unknown>>;

  constructor(private readonly source: AsyncIterator<T, unknown>) {}

  /** Undefined at the end. */
  async peek(): Promise<T | undefined> {
    this.next ??= this.source.next();
    const { done, value } = await this.next;
    return done === true ? undefined : value;
  }

  async take(): Promise<T | undefined> {
    const taken = await this.peek();
    if (taken !== undefined) this.next = undefined;
    return taken;
  }
}

/** What becomes of each, in their order, while the next ones are underway: none at first, then more and more of them. */
export async function* readAhead<T, R>(source: AsyncIterable<T>, most: number, read: (each: T) => Promise<R>): AsyncGenerator<readonly [T, R]> {
  const underway: (readonly [T, Promise<R>])[] = [];
  let given = 0;
  for await (const each of source) {
    const reading = read(each);
    // Whoever waits for it is told.
    reading.catch(() => undefined);
    underway.push([each, reading]);
    if (underway.length <= Math.min(given, most)) continue;
    const [first, result] = underway.splice(0, 1)[0];
    yield [first, await result];
    given += 1;
  }
  for (const [each, result] of underway) yield [each, await result];
}

/** Does something with each, with a few at a time. */
export async function withEach<T>(all: readonly T[], atATime: number, work: (each: T) => Promise<void>): Promise<void> {
  const left = all.values();
  await Promise.all(Array.from({ length: Math.min(atATime, all.length) }, async () => {
    for (const each of left) await work(each);
  }));
}
