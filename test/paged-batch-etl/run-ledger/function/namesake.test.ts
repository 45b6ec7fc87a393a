/** Executions that have the name of one that ended months ago, and of which the ledger still has items. */
import { textOf } from '../../../../src/paged-batch-etl/run-ledger/function/ledger-table';
import { createLedger, GONE, KeptLedger, PREFIX, TAKE_OVER_SECONDS } from '../../../support/kept-ledger';
import { released } from '../../../support/released';

const MONTHS = 100 * 86_400;
const { run } = released<{ run: string }>('keep-ledger', 1, 'take');
const LATER = { startTime: '2027-03-05T00:00:00.000Z' };
const event = (name: string, more: object = {}) => ({ ...released<object>('keep-ledger', 1, name), ...more });
const at = (cursor: string | null, pages: number, segments: number) => event('record', { progress: { root: run, cursor, pages, items: pages, segments } });
const finished = (range: number) => [event('record', { range }), event('finish', { range })];

let ledger: KeptLedger;
beforeEach(async () => {
  ledger = await createLedger(GONE, { retentionSeconds: 365 * 86_400 });
});
afterEach(async () => ledger.close());

async function keepAll(...events: readonly object[]) {
  for (const each of events) await ledger.keep(each);
}

const resume = async (more: object = {}) => {
  ledger.later(TAKE_OVER_SECONDS);
  return ledger.keep(event('take', { run: `${run}-resumed`, parameters: { resume: run }, ...more }));
};

test('of an execution of several segments: another one of that name begins with the first', async () => {
  await keepAll(event('take'), at(null, 0, 1), at('c', 5, 2), event('release'));
  ledger.later(MONTHS);
  await keepAll(event('take', LATER), at(null, 0, 1), at('b', 3, 2), event('release'));
  // Each of them was a success.
  expect(ledger.lines).toHaveLength(2);
});

test('of an execution that came further: whoever goes on with the new one begins where that one was', async () => {
  await keepAll(event('take'), at('far', 9, 1));
  ledger.later(MONTHS);
  await keepAll(event('take', LATER), at(null, 0, 1));
  expect(await resume()).toMatchObject({ outcome: 'RESUMED', resumed: { root: run, ranges: [{ number: 0, cursor: null }] } });
});

test('of an execution that was divided: ranges that are done are not those of the new one', async () => {
  await keepAll(event('take', { divided: true }), event('plan'), ...finished(0), ...finished(1));
  ledger.later(MONTHS);
  await keepAll(event('take', { divided: true, ...LATER }));
  await expect(resume({ divided: true })).rejects.toMatchObject({ name: 'RunNotResumable' });
});

test('of an execution that was divided: all ranges of the new one are left', async () => {
  await keepAll(event('take', { divided: true }), event('plan'), ...finished(0), ...finished(1));
  ledger.later(MONTHS);
  await keepAll(event('take', { divided: true, ...LATER }), event('plan'), event('record', { range: 0 }));
  expect(await resume({ divided: true })).toMatchObject({ resumed: { ranges: [{ number: 0 }, { number: 1 }] } });
});

test('of an execution that another one has gone on with: the new one can be gone on with', async () => {
  await keepAll(event('take'), at('c', 5, 1));
  await resume();
  ledger.later(MONTHS);
  await keepAll(event('take', LATER));
  expect(await ledger.table.get({ pk: `${PREFIX}#RUN#${run}`, sk: 'RUN' })).toMatchObject({ status: { S: 'RUNNING' }, startTime: { S: LATER.startTime } });
  ledger.later(TAKE_OVER_SECONDS);
  expect(await ledger.keep(event('take', { run: `${run}-again`, parameters: { resume: run } }))).toMatchObject({ outcome: 'RESUMED', resumed: { ranges: [{ cursor: null }] } });
});

test('an execution that asks again, or was redriven, loses nothing', async () => {
  await keepAll(event('take'), at('c', 5, 1), event('take'));
  expect(textOf(await ledger.table.get({ pk: `${PREFIX}#RUN#${run}`, sk: 'RANGE#0000' }), 'cursor')).toBe('c');
});

test('whatever write the function dies at, the next attempt forgets the rest', async () => {
  for (let deadly = 1; deadly <= 8; deadly++) {
    await ledger.close();
    ledger = await createLedger(GONE, { retentionSeconds: 365 * 86_400 });
    await keepAll(event('take', { divided: true }), event('plan'), ...finished(0), ...finished(1), event('release'));
    ledger.later(MONTHS);
    const change = ledger.table.change.bind(ledger.table);
    let writes = 0;
    Object.assign(ledger.table, {
      change: async (given: Parameters<typeof change>[0]) => {
        const answer = await change(given);
        if (++writes === deadly) throw new Error('died after its write');
        return answer;
      },
    });
    const again = event('take', { divided: true, ...LATER });
    await ledger.keep(again).catch(() => {});
    Object.assign(ledger.table, { change });
    await keepAll(again, event('plan'));
    expect(await resume({ divided: true })).toMatchObject({ resumed: { ranges: [{ number: 0 }, { number: 1 }] } });
  }
});
