import { cancelledQuery } from '../../../../examples/demo/athena/scenes/cancelled-query';
import { goodQuery } from '../../../../examples/demo/athena/scenes/good-query';
import { sameRequestTwice } from '../../../../examples/demo/athena/scenes/same-request-twice';
import { Stage } from '../../../../examples/demo/athena/stage';
import { Log } from '../log';

test('a caller looks at a query, cancels it, fetches a fresh link, and sends a request twice: all of it holds, in few lines', async () => {
  const log = new Log();
  const stage = await Stage.set(log, 200);
  try {
    for (const scene of [goodQuery, cancelledQuery, sameRequestTwice]) await scene(stage);
    expect(stage.conclude()).toBe(true);
  } finally {
    await stage.clear();
  }
  expect(log.lines.filter((line) => line.includes('✘'))).toEqual([]);
  const told = log.lines.join('\n');
  for (const check of [
    'it is RUNNING, and its callback is PENDING', 'the callback says CANCELLED, with the reference of the caller', 'a fresh link downloads the same result',
    'there is one query, and one callback', 'after its end the answer is 409 DuplicateRequest, with its QueryId',
  ]) expect(told).toContain(check);
  expect(log.lines.length).toBeLessThan(70);
  expect(log.lines.filter((line) => line.length > 140)).toEqual([]);
});
