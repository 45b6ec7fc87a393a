import { BSON, Collection, Document } from 'mongodb';
import { distinct, expectStableKeys } from './observations';
import { errorOf } from './redriven-run';
import { sourceOf, Workflows } from './workflows';
import { EtlRig } from '../../support/etl-rig';
import { describeWithMongo } from '../../support/mongo';
import { MongoReader } from '../../support/mongo-reader';
import { insertAsIs } from '../source-functions/mongo/page-walk';
import { insertRaw, rawDate, rawDocument, rawMember, rawText, RawValue, rawValue } from '../source-functions/mongo/raw-documents';

const ITEMS = 50;
const PAGE_BYTES = 4_000;

const identifier = (id: number): string => `{"$numberInt":"${id}"}`;

describeWithMongo('a run that comes to documents which cannot be read', (mongo) => {
  const deployed = new Workflows();
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

  /** How documents are bad, each with the error that says so. */
  const bads: readonly [string, string, string, (id: number) => Promise<void>][] = [
    ['a text', 'DocumentUnreadable', 'at "a" is a text that is not valid UTF-8', (id) => raw(id, rawText(Buffer.from([0xff])))],
    ['a date', 'DocumentUnreadable', 'at "a" is a date', (id) => raw(id, rawDate(-(2n ** 63n)))],
    ['an array', 'SortKeyIsArray', 'sort field f holds an array', (id) => insertAsIs(collection, [{ _id: id, f: [1] }])],
    ['too large', 'ItemTooLarge', 'takes 6', (id) => insertAsIs(collection, [{ _id: id, f: 1, a: 'x'.repeat(6_000) }])],
  ];

  async function cause(rig: EtlRig): Promise<{ readonly executionArn: string; readonly name: string; readonly message: string }> {
    const [{ executionArn, end }] = (await rig.broken()).slice(-1);
    return { executionArn, name: errorOf(end), message: JSON.stringify(end.cause) };
  }

  test.each([
    ['supervised/1, perBatch', 7, 30, 20],
    ['supervised/3, perItem', 1, 49, 10],
    ['selfRestart/3, perBatch', 24, 25, 24],
    ['supervised/3, stateMachine', 0, 10, 10],
    ['selfRestart/1, perItem', 39, 41, 20],
  ])('%s, at %i and %i: stops at each by its name, all before it being processed, and goes on when it is corrected or gone', async (workflow, first, second, batchSize) => {
    for (const [index, bad] of bads.entries()) {
      const other = bads[(index + 1) % bads.length];
      await collection.deleteMany({});
      const sound = Array.from({ length: ITEMS }, (_, id) => id).filter((id) => id !== first && id !== second);
      await insertAsIs(collection, sound.map((_id) => ({ _id, f: 1 })));
      await bad[3](first);
      await other[3](second);

      const rig = await deployed.rig(workflow);
      const source = { database: collection.dbName, collection: collection.collectionName, sort: ['f', '_id'] };
      rig.again({ source: sourceOf(reader, { source, pageBytes: PAGE_BYTES }) });
      await rig.start({ kind: 'x', low: 0, begin: '2026-11-24', batch_size: batchSize });

      const stopped = await cause(rig);
      expectNamed(stopped, first, bad);
      expect(distinct(rig.handledItems)).toEqual(range(0, first));
      // Corrected: it is read as any other.
      await collection.replaceOne({ _id: first } as Document, { f: 1 });
      await rig.redrive(stopped.executionArn);

      const again = await cause(rig);
      expectNamed(again, second, other);
      expect(distinct(rig.handledItems)).toEqual(range(0, second));
      await collection.deleteOne({ _id: second } as Document);
      await rig.redrive(again.executionArn);

      expect(await rig.broken()).toEqual([]);
      expect((await rig.ends()).at(-1)?.status).toBe('SUCCEEDED');
      expect(rig.handledItems.map(({ itemIdentifier }) => itemIdentifier).sort()).toEqual([...range(0, second), ...range(second + 1, ITEMS)].sort());
      expect(distinct(rig.handledItems)).toHaveLength(ITEMS - 1);
      await expectStableKeys(rig);
    }
  });

  function expectNamed(stopped: { readonly name: string; readonly message: string }, id: number, [, name, message]: typeof bads[number]): void {
    expect(stopped.name).toBe(name);
    const plain = stopped.message.replaceAll('\\', '');
    expect(plain).toContain(`the document ${identifier(id)}`);
    expect(plain).toContain(message);
  }

  function range(from: number, to: number): string[] {
    return Array.from({ length: to - from }, (_, index) => identifier(from + index));
  }
}, { own: true });
