import { READING_SHARE } from '../page-time';
import { noAnswer, TimeLeft } from '../time-left';

/** Thrown in place of an answer that a page can do without, or ask for in a smaller size. */
export class ReadingTimeOver extends Error {}

/** What becomes of a page without the answer that it waits for. */
export type Otherwise = 'fails' | 'asksForLess' | 'ends';

/** Resolves to what the work does, or to undefined if it has not ended after this many milliseconds. */
export type WithinTime = <T extends object>(work: Promise<T>, milliseconds: number) => Promise<T | undefined>;

/** Share of the function's time after which a page that has nothing yet asks for fewer documents at once. */
const FIRST_ANSWER_SHARE = 0.4;

/** Share of the function's time that an answer should take at most. One that takes longer than was thought is then there in time all the same. */
const ANSWER_SHARE = 0.1;

/** Answers of the server that are waited for after all documents were read, at most: to the proof that the page has lost nothing. */
const ANSWERS_AFTER_READING = 4;

/** As long as the server takes to end a cursor that is not needed anymore, and far longer. */
const CLOSING_MILLISECONDS = 2_000;

/** How long a page waits for answers of the server. It ends early rather than to lose what was read. */
export class ReadingTime {
  /** Milliseconds that the last answer took, and the one that took longest. */
  private latest = 0;
  private slowest = 0;

  /**
   * @param kept milliseconds that are kept for storing the page
   * @param within for tests, whose time is not that of a clock
   */
  constructor(private readonly time: TimeLeft, private readonly kept: number, private readonly within: WithinTime = withinTime) {}

  /**
   * The answer.
   *
   * @throws ReadingTimeOver if there is no time for it and the page need not fail
   * @throws SourceError SourceTimedOut if it has to
   */
  async answer<T extends object>(ask: () => Promise<T>, otherwise: Otherwise): Promise<T> {
    const most = this.mostFor(otherwise);
    if (most <= 0) throw new ReadingTimeOver();
    const before = this.time.left();
    const answer = await this.within(ask(), most);
    this.latest = before - this.time.left();
    this.slowest = Math.max(this.slowest, this.latest);
    if (answer !== undefined) return answer;
    if (otherwise === 'fails') throw noAnswer();
    throw new ReadingTimeOver();
  }

  /** How many documents an answer may have, if the last one had this many. */
  documentsAtOnce(documents: number): number {
    return Math.floor((documents * ANSWER_SHARE * this.time.whole) / Math.max(1, this.latest));
  }

  /** Waits for the end of what nobody needs anymore, but not for long. Answers whether it has ended. */
  async ends(work: Promise<object>): Promise<boolean> {
    return await this.within(work, CLOSING_MILLISECONDS) !== undefined;
  }

  private mostFor(otherwise: Otherwise): number {
    if (otherwise === 'fails') return this.time.forCall(this.kept);
    if (otherwise === 'asksForLess') return this.time.untilUsed(FIRST_ANSWER_SHARE);
    const most = Math.min(this.time.untilUsed(READING_SHARE), this.time.left(this.kept) - ANSWERS_AFTER_READING * this.slowest);
    // What is likely to be given up is not begun.
    return most < 2 * this.slowest ? 0 : most;
  }
}

async function withinTime<T extends object>(work: Promise<T>, milliseconds: number): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const end = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), milliseconds);
  });
  try {
    return await Promise.race([work, end]);
  } finally {
    clearTimeout(timer);
  }
}
