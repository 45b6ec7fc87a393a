import { InvokeSource, readFromFunction } from '../../../../src/paged-batch-etl/source-functions/reader/read-from-function';
import { readPage } from '../../../../src/paged-batch-etl/source-functions/reader/read-page';
import { released, releasedNames } from '../../../support/released';
import { RULES, withTimeLeft } from '../harness';

const names = releasedNames('read-page', 1);

const fixture = (name: string) => released('read-page', 1, name);

/** Five items, whose cursor is how many have been read. */
const fiveItems: InvokeSource = async (payload) => {
  const { cursor, batchSize } = JSON.parse(payload);
  const start = Number(cursor ?? 0);
  const end = Math.min(5, start + batchSize);
  const items = Array.from({ length: end - start }, (_, index) => ({ itemIdentifier: `item-${start + index}`, item: { n: start + index } }));
  return { payload: JSON.stringify({ items, cursor: end === start ? null : String(end), done: end === 5 }) };
};

test('none of the released events of contract 1 has gone missing', () => {
  expect(names).toEqual(expect.arrayContaining(['first-page', 'later-page', 'last-page', 'nothing-left', 'continued-run', 'another-partition']));
});

test.each(names)('%s asks the source as it always did, and is answered as it always was', async (name) => {
  const requests: unknown[] = [];
  const source: InvokeSource = async (payload, signal) => {
    requests.push(JSON.parse(payload));
    return fiveItems(payload, signal);
  };
  const page = await readPage(fixture(name), withTimeLeft(), {
    config: { rules: RULES, pageBytes: 180 * 1024, maxBatchSize: 100, failEmptyRun: false, functionName: 'reader' },
    read: readFromFunction(source),
    now: Date.now,
    log: () => undefined,
  });
  expect(requests).toEqual([fixture(`${name}.request`)]);
  expect(page).toEqual(fixture(`${name}.page`));
});
