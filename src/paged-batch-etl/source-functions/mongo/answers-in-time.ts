import { Otherwise, ReadingTime } from './reading-time';

/**
 * Answers of the server, one after the other, while there is time to wait for them. One that is given up is not waited for anymore at all: neither for the
 * connection that it would come by, which is closed, nor for the end of its cursor.
 *
 * @param read begins to read; at the signal, it closes the connection that it waits at
 * @param otherwise asked before each answer: what becomes of the page without it
 * @throws ReadingTimeOver, and what `read` throws
 */
export async function* answersInTime<T>(
  read: (signal: AbortSignal) => AsyncGenerator<T>, time: ReadingTime, otherwise: () => Otherwise,
): AsyncGenerator<T> {
  const giveUp = new AbortController();
  const answers = read(giveUp.signal);
  let isWaiting = false;
  try {
    for (;;) {
      const answer = await time.answer(async () => {
        isWaiting = true;
        return answers.next();
      }, otherwise());
      isWaiting = false;
      if (answer.done === true) return;
      yield answer.value;
    }
  } finally {
    if (isWaiting) giveUp.abort();
    const closed = answers.return(undefined);
    closed.catch(() => undefined);
    // The server may not answer that it has forgotten the cursor. All documents are here, so that is no reason to lose them.
    if (!isWaiting && !await time.ends(closed)) giveUp.abort();
  }
}
