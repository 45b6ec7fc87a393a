/** A ledger beside a policy that tolerates failures, and beside ranges: each keeps what the others need. */
import { Duration } from 'aws-cdk-lib';
import { JsonObject, memberOf } from '../../../local/json';
import { Partitions, RunContinuation, RunLedger } from '../../../src';
import { numberOf, textOf } from '../../../src/paged-batch-etl/run-ledger/function/ledger-table';
import { closeLedgers, closeStores, EtlRig, EtlRigOptions } from '../../support/etl-rig';

afterAll(closeLedgers);
afterAll(closeStores);

const stack: EtlRigOptions = {
  items: 20,
  batchSize: 2,
  parameters: { day: { rule: { type: 'date' } } },
  ledger: RunLedger.table({ takeOverAfter: Duration.minutes(5) }),
  tolerance: { items: 10 },
  continuation: RunContinuation.supervised({ pagesPerSegment: 2 }),
  // One item of each page that begins with an item of these.
  answer: ({ items }: JsonObject) => ({
    batchItemFailures: (Array.isArray(items) ? items : []).filter((item) => Number(memberOf(item, 'itemIdentifier')) % 5 === 0)
      .map((item) => ({ itemIdentifier: memberOf(item, 'itemIdentifier') ?? null })),
  }),
};

test.each<[string, EtlRigOptions]>([
  ['one after another', stack], ['side by side', { ...stack, partitions: Partitions.ofObjectIds({ workers: 2, slices: 2 }) }],
])('%s: what failed is counted and has letters, before and after a redrive', async (_name, options) => {
  const rig = await EtlRig.deploy(options);
  let broken = true;
  const { items, answer } = options;
  rig.again({ items, answer, fail: (name) => (broken && name === 'source' && rig.processed.length > 8 ? { errorType: 'SourceRefused' } : undefined) });
  const run = await rig.start({ day: '2026-11-24' });
  expect(await rig.ended(run)).toMatchObject({ status: 'FAILED' });
  broken = false;
  expect(await rig.redrive(run)).toMatchObject({ status: 'SUCCEEDED', output: { items: 16, failed: 4 } });
  const letters = (await rig.deadLetters.letters()).map(({ itemIdentifier }) => Number(itemIdentifier));
  expect(letters.sort((a, b) => a - b)).toEqual([0, 5, 10, 15]);
  const left = (await rig.ledgerItems()).filter((item) => textOf(item, 'sk') === 'RUN');
  expect(left.map((item) => [numberOf(item, 'items'), numberOf(item, 'failed')])).toEqual([[16, 4]]);
  // The window is free again.
  expect(await rig.run({ day: '2026-11-24' })).toMatchObject({ status: 'SUCCEEDED' });
});
