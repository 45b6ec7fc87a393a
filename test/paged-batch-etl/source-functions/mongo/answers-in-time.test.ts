import { setTimeout as sleep } from 'node:timers/promises';
import { Collection, Document } from 'mongodb';
import { insertAsIs, pageRequest, readValues } from './page-walk';
import { answersInTime } from '../../../../src/paged-batch-etl/source-functions/mongo/answers-in-time';
import { ReadingTime } from '../../../../src/paged-batch-etl/source-functions/mongo/reading-time';
import { TimeLeft } from '../../../../src/paged-batch-etl/source-functions/time-left';
import { describeWithMongo } from '../../../support/mongo';
import { outcomeOf, withTimeLeft } from '../harness';

/** The time of an invocation that begins now. */
function timeOf(milliseconds: number): TimeLeft {
  const end = Date.now() + milliseconds;
  return new TimeLeft({ getRemainingTimeInMillis: () => end - Date.now() });
}

describeWithMongo('a server that does not answer anymore', (mongo) => {
  let collection: Collection<Document>;

  beforeEach(async () => {
    collection = mongo().newDatabase('hanging').collection('jobs');
    await insertAsIs(collection, Array.from({ length: 60 }, (_, _id) => ({ _id })));
  });

  const read = async (hangsFrom: number, milliseconds: number, cursor: string | null = null) => {
    // The last document is looked at to prove that a page has lost nothing.
    const filter = { $where: `if (this._id >= ${hangsFrom} && this._id < 59) sleep(3600000); return true` };
    return readValues(pageRequest(collection, { filter, cursor, batchSize: 1_000, readingTime: new ReadingTime(timeOf(milliseconds), 0) }));
  };

  async function questionsUnderWay(): Promise<unknown[]> {
    const { inprog } = await mongo().client().db('admin').command({ currentOp: 1, ns: collection.namespace });
    return inprog.filter(({ ns }: { ns: string }) => ns === collection.namespace);
  }

  test('in the middle of a page ends it there: the next one goes on, and the server is not left at work', async () => {
    const first = await read(34, 5_000);
    const identifiers = first.items.map(({ item }) => item);
    expect([identifiers, first.done]).toEqual([Array.from({ length: 15 }, (_, _id) => ({ _id })), false]);
    for (let underWay = await questionsUnderWay(); underWay.length > 0; underWay = await questionsUnderWay()) await sleep(100);
    const second = await read(34, 5_000, first.cursor);
    expect(second.items.map(({ item }) => item)).toEqual(Array.from({ length: 15 }, (_, index) => ({ _id: 15 + index })));
  });

  test('before a page has anything is an error that passes', async () => {
    expect(await outcomeOf(() => read(0, 2_500))).toEqual({ name: 'SourceTimedOut', message: 'The source did not answer in the time that the function has' });
  });
});

test('answers that are given up are told so, and not waited for', async () => {
  let isAborted = false;
  async function* hanging(signal: AbortSignal): AsyncGenerator<number> {
    signal.addEventListener('abort', () => void (isAborted = true));
    yield 1;
    await new Promise(() => undefined);
  }
  const time = new ReadingTime(new TimeLeft(withTimeLeft()), 0, async (work, milliseconds) => (
    Promise.race([work, sleep(50).then(() => void expect(milliseconds).toBeGreaterThan(0))])
  ));
  const answers: number[] = [];
  const reading = (async () => {
    for await (const answer of answersInTime(hanging, time, () => 'ends')) answers.push(answer);
  })();
  await expect(reading).rejects.toThrow('');
  expect([answers, isAborted]).toEqual([[1], true]);
});

test('a page that is full does not wait for long until its cursor is closed', async () => {
  let isAborted = false;
  async function* full(signal: AbortSignal): AsyncGenerator<number> {
    signal.addEventListener('abort', () => void (isAborted = true));
    try {
      yield 1;
      yield 2;
    } finally {
      await new Promise(() => undefined);
    }
  }
  const time = new ReadingTime(new TimeLeft(withTimeLeft()), 0, async (work) => Promise.race([work, sleep(50).then(() => undefined)]));
  const answers: number[] = [];
  for await (const answer of answersInTime(full, time, () => 'ends')) {
    answers.push(answer);
    break;
  }
  expect([answers, isAborted]).toEqual([[1], true]);
});
