/** Documents that can be in no page, in a run that tolerates failures: it goes past them, and each has a letter; items + failed = matched. */
import { BSON, Collection, Document } from 'mongodb';
import { RunContinuation } from '../../../src/paged-batch-etl/run-continuation/run-continuation';
import { EtlRig } from '../../support/etl-rig';
import { EtlStackOptions, processors } from '../../support/etl-stack';
import { describeWithMongo } from '../../support/mongo';
import { MongoReader } from '../../support/mongo-reader';
import { insertAsIs } from '../source-functions/mongo/page-walk';
import { insertRaw, rawDate, rawDocument, rawMember, rawText, RawValue, rawValue } from '../source-functions/mongo/raw-documents';

const ITEMS = 40;
const PAGE_BYTES = 4_000;

const identifier = (id: number): string => `{"$numberInt":"${id}"}`;

describeWithMongo('a run that tolerates failures and comes to documents which cannot be read', (mongo) => {
  let collection: Collection<Document>;
  let reader: MongoReader;

  beforeAll(() => {
    reader = new MongoReader({ uri: mongo().uri });
  });
  beforeEach(() => {
    collection = mongo().newDatabase('unreadable').collection('jobs');
  });
  afterAll(async () => reader.close());

  const raw = (id: number, a: RawValue): Promise<void> => insertRaw(mongo(), collection, [
    rawDocument([rawMember('_id', rawValue(new BSON.Int32(id))), rawMember('f', rawValue(new BSON.Int32(1))), rawMember('a', a)]),
  ]);
  const bads = {
    text: async (id: number) => raw(id, rawText(Buffer.from([0xff]))),
    date: async (id: number) => raw(id, rawDate(-(2n ** 63n))),
    large: async (id: number) => insertAsIs(collection, [{ _id: id, f: 1, a: 'x'.repeat(6_000) }]),
    array: async (id: number) => insertAsIs(collection, [{ _id: id, f: [1] }]),
  };
  type Bad = keyof typeof bads;

  const stacks = new Map<string, EtlStackOptions>();
  async function deploy(processor: keyof typeof processors): Promise<EtlRig> {
    const stack = stacks.get(processor) ?? {
      batchSize: 10, processor: processors[processor], continuation: RunContinuation.supervised({ pagesPerSegment: 3 }), tolerance: {},
    };
    stacks.set(processor, stack);
    const source = { database: collection.dbName, collection: collection.collectionName, sort: ['f', '_id'] };
    return EtlRig.deploy({ ...stack, source: reader.source({ source, pageBytes: PAGE_BYTES, maxBatchSize: 10 }) }, stack);
  }

  async function fill(bad: Readonly<Record<number, Bad>>): Promise<void> {
    await insertAsIs(collection, Array.from({ length: ITEMS }, (_, id) => id).filter((id) => !(id in bad)).map((_id) => ({ _id, f: 1 })));
    for (const [id, kind] of Object.entries(bad)) await bads[kind](Number(id));
  }

  const last: Readonly<Record<number, Bad>> = Object.fromEntries(Array.from({ length: 12 }, (_, index) => [ITEMS - 1 - index, index % 2 === 0 ? 'text' : 'large']));
  const cases: readonly [string, Readonly<Record<number, Bad>>][] = [
    ['none', {}],
    ['the first', { 0: 'text' }],
    ['the last', { [ITEMS - 1]: 'date' }],
    ['some one after the other', { 8: 'text', 9: 'date', 10: 'large', 11: 'large', 12: 'text', 25: 'date' }],
    ['more than a page at the end', last],
    ['all', Object.fromEntries(Array.from({ length: ITEMS }, (_, id) => [id, (['text', 'date', 'large'] as const)[id % 3]]))],
  ];

  test.each(cases)('%s', async (_name, bad) => {
    await fill(bad);
    for (const processor of ['perBatch', 'perItem', 'stateMachine'] as const) {
      const rig = await deploy(processor);
      const run = await rig.start();
      const failed = Object.keys(bad).length;
      expect(await rig.ended(run)).toMatchObject({ status: 'SUCCEEDED', output: { items: ITEMS - failed, failed } });
      expect(rig.handledItems.map(({ itemIdentifier }) => itemIdentifier).sort()).toEqual(
        Array.from({ length: ITEMS }, (_, id) => id).filter((id) => !(id in bad)).map(identifier).sort());
      const letters = await rig.deadLetters.letters();
      expect(letters.map(({ itemIdentifier }) => itemIdentifier).sort()).toEqual(Object.keys(bad).map(Number).map(identifier).sort());
      for (const { itemIdentifier, error, cause } of letters) {
        const [, kind] = Object.entries(bad).find(([id]) => identifier(Number(id)) === itemIdentifier) ?? [];
        expect(error).toBe(kind === 'large' ? 'ItemTooLarge' : 'DocumentUnreadable');
        expect(cause).toContain(`the document ${itemIdentifier}`);
      }
      // The processor is never called for nothing.
      for (const { items } of rig.handled) if (items !== undefined) expect(items).not.toEqual([]);
    }
  });

  test('one whose key cannot be read fails the run: reading cannot go on after it', async () => {
    await fill({ 5: 'text', 20: 'array' });
    const rig = await deploy('perBatch');
    const end = await rig.run();
    expect(JSON.parse(end.cause ?? '')).toMatchObject({ Error: 'SortKeyIsArray' });
    expect((await rig.deadLetters.letters()).map(({ itemIdentifier }) => itemIdentifier)).toEqual([identifier(5)]);
  });
}, { own: true });
