import { SourceError } from './source-error';
import { PagedBatchEtlErrorName } from '../contracts/error-names';

/** What Lambda tells a handler about the invocation, as far as we need it. */
export interface InvocationContext {
  getRemainingTimeInMillis(): number;
}

/** Kept back to say how the page failed: a function that runs into its time-out says nothing. */
const LAST_WORDS_MILLISECONDS = 500;

/** The source has to give up this much earlier than we do, so that it is the source that says so. */
const ANSWER_MILLISECONDS = 1_000;

/** No source does anything useful in less. */
const SHORTEST_MILLISECONDS = 250;

/** How much of an invocation's time is left. */
export class TimeLeft {
  /** Milliseconds that the work had when it began. */
  readonly whole: number;

  constructor(private readonly context: InvocationContext) {
    this.whole = context.getRemainingTimeInMillis();
  }

  /** Whether more than this share of the time is used. */
  isUsed(share: number): boolean {
    return this.untilUsed(share) < 0;
  }

  /** Milliseconds until more than this share of the time is used; less than zero where it is. */
  untilUsed(share: number): number {
    return this.context.getRemainingTimeInMillis() - (1 - share) * this.whole;
  }

  /**
   * Milliseconds that one call may take.
   *
   * @param kept milliseconds that are kept for what comes after the call
   * @param tooLate the error for a call that is not begun, because too little time is left; of calls to the source, SourceTimedOut
   */
  forCall(kept = 0, tooLate: () => SourceError = tooLateForSource): number {
    const left = Math.floor(this.left(kept));
    if (left < SHORTEST_MILLISECONDS) throw tooLate();
    return left;
  }

  /** The same, however little it is. */
  left(kept = 0): number {
    return this.forAll() - ANSWER_MILLISECONDS - kept;
  }

  /**
   * The outcome of the work, or SourceTimedOut when the invocation is about to end.
   *
   * @param abandon called in that case: the work itself goes on, and must do no harm
   */
  async limit<T>(work: Promise<T>, abandon: () => void): Promise<T> {
    let timer: NodeJS.Timeout | undefined;
    const end = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => {
        abandon();
        reject(noAnswer());
      }, Math.max(0, this.forAll()));
    });
    try {
      return await Promise.race([work, end]);
    } finally {
      clearTimeout(timer);
    }
  }

  private forAll(): number {
    return this.context.getRemainingTimeInMillis() - LAST_WORDS_MILLISECONDS;
  }
}

/** The error for an answer that does not come. */
export function noAnswer(): SourceError {
  return new SourceError(PagedBatchEtlErrorName.SOURCE_TIMED_OUT, 'The source did not answer in the time that the function has');
}

function tooLateForSource(): SourceError {
  return new SourceError(PagedBatchEtlErrorName.SOURCE_TIMED_OUT, 'Too little time was left to ask the source');
}
