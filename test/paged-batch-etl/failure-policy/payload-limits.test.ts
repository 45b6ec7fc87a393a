/** Everything that can fail at once fails at once, with the longest errors: what is told of it still fits into the state of the workflow. */
import { JsonObject, memberOf } from '../../../local/json';
import { PageTransport } from '../../../src/paged-batch-etl/page-transport/page-transport';
import { closeStores, EtlRig, EtlRigOptions } from '../../support/etl-rig';
import { EtlStackOptions, processors } from '../../support/etl-stack';

afterAll(closeStores);

const LONG = { errorType: `Broken${'x'.repeat(300)}`, errorMessage: '"\\'.repeat(20_000) };

/** A source of one page with as many items as fit into this many bytes, in which every character takes two when it is escaped. */
function fullPage(count: number, bytes: number): NonNullable<EtlRigOptions['source']> {
  return async (event) => {
    const root = String(memberOf(event.run, 'id')).slice(-8);
    const itemOf = (number: number, text: string) => ({ itemIdentifier: `{"$oid":"${String(number).padStart(24, '0')}"}`, idempotencyKey: `${root}/${number}`.padEnd(22, 'x').slice(0, 22), item: text });
    const envelope = JSON.stringify(Array.from({ length: count }, (_, number) => itemOf(number, ''))).length;
    const text = '"'.repeat(Math.max(0, Math.floor((bytes - envelope) / count / 2)));
    return { items: Array.from({ length: count }, (_, number) => itemOf(number, text)), cursor: 'end', done: true, failed: [] };
  };
}

const named: NonNullable<EtlRigOptions['answer']> = ({ items }: JsonObject) => ({
  batchItemFailures: (Array.isArray(items) ? items : []).map((item) => ({ itemIdentifier: memberOf(item, 'itemIdentifier') ?? '' })),
});
const failing: EtlRigOptions['fail'] = (name) => (name === 'handler' ? LONG : undefined);

type Name = keyof typeof processors;
const cases: readonly [Name, number, boolean, 'named' | 'failing'][] = [
  ...[false, true].flatMap((withDocuments): [Name, number, boolean, 'named' | 'failing'][] => [
    ['perBatch', 900, withDocuments, 'named'], ['perBatch', 900, withDocuments, 'failing'], ['stateMachine', 600, withDocuments, 'named'], ['stateMachine', 600, withDocuments, 'failing'],
    ['perItem', 100, withDocuments, 'failing'], ['perItem', 400, withDocuments, 'failing'], ['expressItems', 100, withDocuments, 'failing'], ['expressItems', 20, withDocuments, 'failing'],
  ]),
];

test.each(cases)('%s, %i items, with documents: %s, %s', async (processor, count, withDocuments, how) => {
  const stack: EtlStackOptions = { processor: processors[processor], batchSize: count, tolerance: { withDocuments } };
  const rig = await EtlRig.deploy({ ...stack, ...how === 'named' ? { answer: named } : { fail: failing } }, stack);
  const { maxPageBytes } = rig.stack.transport;
  rig.again({ source: fullPage(count, maxPageBytes), ...how === 'named' ? { answer: named } : { fail: failing } });
  expect(await rig.run()).toMatchObject({ status: 'SUCCEEDED', output: { items: 0, failed: count } });
  const letters = await rig.deadLetters.letters();
  expect(letters).toHaveLength(count);
  expect(letters.every(({ item }) => (typeof item === 'string') === withDocuments)).toBe(true);
}, 120_000);

test.each<[Name, number]>([['perItem', 900], ['expressItems', 900], ['perBatch', 3_000]])('%s with pages in S3: %i items that all fail', async (processor, count) => {
  const stack: EtlStackOptions = { processor: processors[processor], transport: () => PageTransport.s3(), tolerance: { withDocuments: true } };
  const rig = await EtlRig.deploy({ ...stack, items: count, ...processor === 'perBatch' ? { answer: named } : { fail: failing } }, stack);
  expect(await rig.run()).toMatchObject({ status: 'SUCCEEDED', output: { items: 0, failed: count, pages: 1 } });
  expect(await rig.deadLetters.letters()).toHaveLength(count);
}, 300_000);
