import fc from 'fast-check';
import { Collection, Db, Document, Int32 } from 'mongodb';
import { distinct, expectNothingMore, expectStableKeys } from './observations';
import { runRedriven } from './redriven-run';
import { mostFailures, NO_TROUBLE, Trouble, TroubleMaker, troubles } from './trouble';
import { sourceOf, WORKFLOWS, Workflows } from './workflows';
import { JsonObject, JsonValue } from '../../../local/json';
import { PagedBatchEtlErrorName } from '../../../src/paged-batch-etl/contracts/error-names';
import { typeRank } from '../../../src/paged-batch-etl/source-functions/mongo/bson-order';
import { encodeValue } from '../../../src/paged-batch-etl/source-functions/mongo/canonical-ejson';
import { fcRuns, fcTimeout } from '../../support/fc-runs';
import { describeWithMongo } from '../../support/mongo';
import { MongoReader } from '../../support/mongo-reader';
import { TYPE_NAMES, valuesOf } from '../source-functions/mongo/bson-values';
import { insertAsIs } from '../source-functions/mongo/page-walk';

const { CURSOR_TYPE_GAP } = PagedBatchEtlErrorName;

const MOST_ID = 40;
/** Somebody who never stops inserting would never let a run end. */
const CHANGED_PAGES = 20;
const INPUT = { kind: 'x', low: 0, begin: '2026-11-24' };

interface Change {
  readonly kind: 'insert' | 'delete';
  readonly id: number;
}

/** What the last change of a document means for the run. */
interface Touched {
  readonly change: Change;
  /** After the end of the page that was just being processed, and it was not the last page. */
  readonly ahead: boolean;
  readonly processedBefore: boolean;
}

const documentOf = (id: number): Document => ({ _id: id, f: id % 4 });
const comesAfter = (a: number, b: number) => a % 4 > b % 4 || (a % 4 === b % 4 && a > b);

const id = fc.integer({ min: 0, max: MOST_ID });
const changes = fc.array(fc.record({ kind: fc.constantFrom<Change['kind']>('insert', 'delete'), id }), { maxLength: 5 });

describeWithMongo('inserts and deletes between the pages of a run', (mongo) => {
  let database: Db;
  let reader: MongoReader;
  let collections = 0;
  const deployed = new Workflows();

  beforeAll(() => {
    database = mongo().newDatabase('changes');
    reader = new MongoReader({ uri: mongo().uri });
  });
  afterAll(async () => reader.close());

  const workflows = fc.constantFrom(...WORKFLOWS);
  const ids = fc.uniqueArray(id, { maxLength: 30 });
  const batchSizes = fc.integer({ min: 1, max: 10 });

  function emptyCollection(): Collection<Document> {
    collections += 1;
    return database.collection(`c${collections}`);
  }

  /** Runs with the changes of each page made while that page is processed for the first time. */
  async function run(workflow: string, stored: readonly number[], size: number, changesOf: (page: number) => readonly Change[], trouble: Trouble) {
    const rig = await deployed.rig(workflow);
    const collection = emptyCollection();
    await insertAsIs(collection, stored.map(documentOf));
    const read = sourceOf(reader, { source: { database: database.databaseName, collection: collection.collectionName, sort: ['f', '_id'] } });
    let done = false;
    let end = -1;
    const maker = new TroubleMaker(trouble, async (event) => {
      const page = await read(event);
      [done, end] = endOf(page);
      return page;
    }, mongo());
    const touched = new Map<number, Touched>();
    const changed = new Set<number>();
    rig.again({
      ...maker.hooks,
      answer: async (event) => {
        const page = pageOf(event);
        if (!changed.has(page) && page < CHANGED_PAGES) {
          changed.add(page);
          // Of the page that is processed side by side, all items are taken to be processed: none of them can be ahead.
          const processed = new Set(rig.handledItems.map(({ itemIdentifier }) => numberOf(itemIdentifier)));
          for (const change of changesOf(page)) {
            await apply(collection, change);
            touched.set(change.id, { change, ahead: !done && comesAfter(change.id, end), processedBefore: processed.has(change.id) });
          }
        }
        return maker.hooks.answer(event);
      },
    });
    const outcome = await runRedriven(rig, { ...INPUT, batch_size: size }, [], mostFailures(trouble));
    maker.end();
    await maker.idle();
    await collection.drop();
    return { rig, outcome, touched, untouched: stored.filter((each) => !touched.has(each)), processed: distinct(rig.handledItems).map(numberOf) };
  }

  test('untroubled: what was there throughout, and what was inserted ahead, once and in order; what was deleted ahead or inserted behind, never', async () => {
    // What the items of a page do that are processed side by side comes before or after one another as it happens.
    const inOrder = workflows.filter((name) => !/(perItem|expressItems)$/.test(name));
    await fc.assert(fc.asyncProperty(inOrder, ids, batchSizes, fc.infiniteStream(changes), async (workflow, stored, size, stream) => {
      const { rig, outcome, touched, untouched, processed } = await run(workflow, stored, size, () => stream.next().value, NO_TROUBLE);
      await expectStableKeys(rig);
      const { items } = totalsOf(outcome.output);
      expect(items).toBe(rig.handledItems.length);
      const isRead = ({ change, ahead, processedBefore }: Touched) => processedBefore || (change.kind === 'insert' && ahead);
      const expected = [...touched].filter(([, how]) => isRead(how)).map(([each]) => each);
      expect(processed).toEqual([...untouched, ...expected].sort((a, b) => (comesAfter(a, b) ? 1 : -1)));
      expect(rig.handledItems).toHaveLength(processed.length);
    }), { numRuns: fcRuns(25) });
  }, fcTimeout(25));

  test('with trouble and redrives: what was there throughout, and what was inserted ahead, at least once', async () => {
    const streams = fc.infiniteStream(changes);
    await fc.assert(fc.asyncProperty(workflows, ids, batchSizes, streams, troubles, async (workflow, stored, size, stream, trouble) => {
      const { rig, touched, untouched, processed } = await run(workflow, stored, size, () => stream.next().value, trouble);
      await expectStableKeys(rig);
      const ahead = [...touched].filter(([, { change, ahead: isAhead }]) => change.kind === 'insert' && isAhead).map(([each]) => each);
      expect([...untouched, ...ahead].filter((each) => !processed.includes(each))).toEqual([]);
    }), { numRuns: fcRuns(25) });
  }, fcTimeout(25));

  test('of another type than all keys at the start: what is inserted ahead is read or fails the run, what is inserted behind does neither', async () => {
    const other = fc.constantFrom(...TYPE_NAMES.filter((name) => name !== 'number')).chain((name) => valuesOf(name));
    const sorts = fc.constantFrom(['_id'], ['f', '_id']);
    await fc.assert(fc.asyncProperty(workflows, sorts, other, fc.boolean(), async (workflow, sort, value, mixedIdTypes) => {
      const rig = await deployed.rig(workflow);
      const collection = emptyCollection();
      await insertAsIs(collection, Array.from({ length: 9 }, (_, each) => ({ _id: each, f: 1 })));
      const late = sort[0] === '_id' ? { _id: value, f: 1 } : { _id: 99, f: value };
      rig.again({
        source: sourceOf(reader, { source: { database: database.databaseName, collection: collection.collectionName, sort, mixedIdTypes } }),
        answer: async () => {
          if (rig.handled.length === 1) await insertAsIs(collection, [late]);
          return null;
        },
      });
      const isAhead = typeRank(value) > typeRank(0);
      const isRead = isAhead && sort[0] === '_id' && mixedIdTypes;
      const designed = isAhead && !isRead ? [CURSOR_TYPE_GAP] : [];
      const { failed } = await runRedriven(rig, { ...INPUT, batch_size: 3 }, designed, 0);
      const numbers = Array.from({ length: 9 }, (_, each) => encodeValue(new Int32(each)));
      expect(failed?.name).toBe(designed[0]);
      expect(distinct(rig.handledItems)).toEqual([...numbers, ...(isRead ? [encodeValue(late._id)] : [])]);
      if (failed !== undefined) {
        await collection.deleteOne({ $expr: { $eq: ['$_id', { $literal: late._id }] } });
        await rig.redrive(failed.executionArn);
        expect(await rig.broken()).toEqual([]);
        expect(rig.handledItems).toHaveLength(9);
      }
      await collection.drop();
    }), { numRuns: fcRuns(20) });
  }, fcTimeout(20));

  test('a run of which all is deleted but the first page ends well', async () => {
    for (const workflow of WORKFLOWS) {
      const all = Array.from({ length: 9 }, (_, each) => each * 4);
      const { rig, outcome, processed } = await run(workflow, all, 3, () => all.map((each) => ({ kind: 'delete', id: each })), NO_TROUBLE);
      expect(processed).toEqual(all.slice(0, 3));
      expect(totalsOf(outcome.output)).toMatchObject({ items: 3, pages: 1 });
      expect(rig.read).toHaveLength(2);
    }
  });

  test('an unchanged collection is read with nothing more than it takes', async () => {
    for (const workflow of WORKFLOWS) {
      const all = Array.from({ length: 9 }, (_, each) => each);
      const { rig, outcome } = await run(workflow, all, 3, () => [], NO_TROUBLE);
      await expectNothingMore(rig, outcome, workflow);
    }
  });
}, { own: true });

async function apply(collection: Collection<Document>, change: Change): Promise<void> {
  const { _id, ...rest } = documentOf(change.id);
  if (change.kind === 'insert') await collection.replaceOne({ _id: { $eq: _id } }, rest, { upsert: true });
  else await collection.deleteOne({ _id: { $eq: _id } });
}

function pageOf({ run }: JsonObject): number {
  return typeof run === 'object' && run !== null && !Array.isArray(run) ? Number(run.page) : Number.NaN;
}

/** Whether the page is the last one, and the number of its last document. */
function endOf(page: JsonValue): [done: boolean, last: number] {
  if (typeof page !== 'object' || page === null || Array.isArray(page) || !Array.isArray(page.items)) throw new Error('no page');
  const last = page.items[page.items.length - 1];
  if (typeof last !== 'object' || last === null || Array.isArray(last)) throw new Error('no item');
  return [page.done === true, numberOf(String(last.itemIdentifier))];
}

function numberOf(identifier: string): number {
  return Number(JSON.parse(identifier).$numberInt);
}

function totalsOf(output: JsonValue | undefined): JsonObject {
  if (typeof output !== 'object' || output === null || Array.isArray(output)) throw new Error(`no totals: ${JSON.stringify(output)}`);
  return output;
}
