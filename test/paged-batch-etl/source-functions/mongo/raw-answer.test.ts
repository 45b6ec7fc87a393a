import { Collection, Document, FindCursor } from 'mongodb';
import { askedOneByOne, insertAsIs, pageRequest, walkPages, withFind } from './page-walk';
import { takeAnswer } from '../../../../src/paged-batch-etl/source-functions/mongo/raw-answer';
import { describeWithMongo } from '../../../support/mongo';

describeWithMongo('documents that came in one answer of the server', (mongo) => {
  let collection: Collection<Document>;

  beforeEach(async () => {
    collection = mongo().newDatabase('answers').collection('c');
    await insertAsIs(collection, Array.from({ length: 250 }, (_, _id) => ({ _id, text: 'x'.repeat(_id % 40), within: [{ _id }] })));
  });

  function find(batchSize: number): FindCursor<Document> {
    return collection.find({}, { sort: { _id: 1 }, raw: true, batchSize });
  }

  async function driversDocuments(): Promise<Document[]> {
    return find(1_000).toArray();
  }

  test.each([1, 2, 7, 100, 1_000])('are taken from this driver all at once, byte for byte, %i in an answer', async (batchSize) => {
    const cursor = find(batchSize);
    const documents: unknown[] = [];
    for (let first = await cursor.next(); first !== null; first = await cursor.next()) {
      const rest = takeAnswer(cursor);
      expect(rest).toHaveLength(Math.min(batchSize, 250 - documents.length) - 1);
      expect(cursor.bufferedCount()).toBe(0);
      documents.push(first, ...rest ?? []);
    }
    expect(documents).toEqual(await driversDocuments());
  });

  test('are what the driver has not given yet', async () => {
    const cursor = find(10);
    for (let count = 0; count < 4; count++) await cursor.next();
    const rest = takeAnswer(cursor);
    expect(rest).toEqual((await driversDocuments()).slice(4, 10));
    expect(await cursor.next()).toEqual((await driversDocuments())[10]);
    await cursor.close();
  });

  test.each<[string, object]>([
    ['no answer', {}],
    ['no bytes', { batch: { elements: [] }, iterated: 0 }],
    ['no elements', { batch: { bson: Buffer.alloc(9) }, iterated: 0 }],
    ['an element that is no document', { batch: { bson: Buffer.alloc(9), elements: [[16, 0, 0, 0, 4]] }, iterated: 0 }],
    ['another count than the driver says', { batch: { bson: Buffer.alloc(9), elements: [[3, 0, 0, 0, 5], [3, 0, 0, 0, 5]] }, iterated: 0 }],
  ])('are left to a driver that keeps them in another way: %s', async (_, documents) => {
    const cursor = find(10);
    const unknown = new Proxy(cursor, { get: (target, name): unknown => (name === 'documents' ? documents : Reflect.get(target, name, target)) });
    jest.spyOn(cursor, 'bufferedCount').mockReturnValue(1);
    expect(takeAnswer(unknown)).toBeUndefined();
    await cursor.close();
  });

  test('come in the same pages from such a driver', async () => {
    const other = withFind(collection, (filter, options) => askedOneByOne(collection.find(filter, options)));
    const [one, all] = [await walkPages(pageRequest(other, { batchSize: 70 })), await walkPages(pageRequest(collection, { batchSize: 70 }))];
    expect(one.identifiers).toHaveLength(250);
    expect(one).toEqual(all);
  });
});
