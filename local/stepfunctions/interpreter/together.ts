import { CancellationScope } from './cancellation';

/**
 * Does numbered pieces of work, at most `limit` at a time, in order. The first failure calls off the rest and is thrown.
 * `work` also gets the number of the lane it runs in, from 0: the next piece in a lane starts when the one before has ended.
 */
export async function runTogether(
  parent: CancellationScope, count: number, limit: number, work: (index: number, scope: CancellationScope, lane: number) => Promise<void>,
): Promise<void> {
  const scope = parent.child();
  let next = 0;
  const runLane = async (lane: number) => {
    while (next < count) {
      const piece = scope.child();
      await work(next++, piece, lane);
      piece.close();
    }
  };
  try {
    await parent.race(Promise.all(Array.from({ length: Math.min(limit, count) }, async (_, lane) => runLane(lane))));
  } finally {
    scope.cancel();
  }
}
