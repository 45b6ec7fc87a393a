import { CountRequest, estimateItems } from '../../../../src/paged-batch-etl/source-functions/mongo/estimate-items';
import { describeWithMongo } from '../../../support/mongo';
import { SOURCE } from '../harness';

describeWithMongo('the number of items of a run', (mongo) => {
  const request = async (more: Partial<CountRequest> = {}): Promise<CountRequest> => {
    const collection = mongo().newDatabase('estimate').collection('jobs');
    await collection.insertMany(Array.from({ length: 10 }, (_, number) => ({ number, name: number < 4 ? 'A' : 'a' })));
    await collection.createIndex({ number: 1 }, { name: 'by-number' });
    return { source: SOURCE, collection, filter: {}, maxTimeMS: () => 5_000, ...more };
  };

  test('is that of the collection, or of what the filter matches', async () => {
    expect(await estimateItems(await request())).toBe(10);
    expect(await estimateItems(await request({ filter: { number: { $gte: 7 } } }))).toBe(3);
    expect(await estimateItems(await request({ filter: { number: { $gte: 7 } }, source: { ...SOURCE, hint: 'by-number' } }))).toBe(3);
  });

  test('is in the collation of the source', async () => {
    const filter = { name: 'a' };
    expect(await estimateItems(await request({ filter }))).toBe(6);
    expect(await estimateItems(await request({ filter, source: { ...SOURCE, collation: { locale: 'en', strength: 2 } } }))).toBe(10);
  });

  test('is not counted for longer than there is time', async () => {
    const slow = { $expr: { $function: { body: 'function() { sleep(200); return true; }', args: [], lang: 'js' } } };
    await expect(estimateItems(await request({ filter: slow, maxTimeMS: () => 250 }))).rejects.toMatchObject({ codeName: 'MaxTimeMSExpired' });
  });

  test('is not counted by DocumentDB, which would not stop', async () => {
    const source = { ...SOURCE, engine: 'documentDb' } as const;
    expect(await estimateItems(await request({ filter: { number: 1 }, source }))).toBeNull();
    expect(await estimateItems(await request({ source }))).toBe(10);
  });
});
