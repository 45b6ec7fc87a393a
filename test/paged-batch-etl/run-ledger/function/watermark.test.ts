/** Runs of a schedule that goes by a watermark, and runs that look like one. */
import { scheduledRunName } from '../../../../src/paged-batch-etl/contracts/plan-run';
import { windowOfSchedule } from '../../../../src/paged-batch-etl/contracts/run-ledger';
import { textOf } from '../../../../src/paged-batch-etl/run-ledger/function/ledger-table';
import { planRun } from '../../../../src/paged-batch-etl/schedule/function/plan-run';
import { readWatermark } from '../../../../src/paged-batch-etl/schedule/function/read-watermark';
import { createLedger, GONE, KeptLedger, PREFIX, TAKE_OVER_SECONDS } from '../../../support/kept-ledger';
import { released } from '../../../support/released';

const parameters = { from: { type: 'date' }, to: { type: 'date', timeZone: 'Europe/Berlin' }, day: { type: 'date' } } as const;
const schedule = '0123456789abcdef0123';
const window = windowOfSchedule(schedule);
const WORKFLOW = 'arn:aws:states:eu-west-1:111122223333:execution:Workflow';

let ledger: KeptLedger;
beforeEach(async () => {
  ledger = await createLedger(GONE, { parameters });
});
afterEach(async () => ledger.close());

const event = (name: string, more: object = {}) => ({ ...released<object>('keep-ledger', 1, name), ...more });
const hour = (name: string) => `2026-11-24T${name}:00:00Z`;
const move = (begin: string, end: string) => ({ schedule, begin: hour(begin), end: hour(end) });
const runOf = (begin: string, end: string) => `${WORKFLOW}:${scheduledRunName(schedule, hour(begin), hour(end))}`;
const inputOf = (begin: string, end: string) => ({ from: hour(begin), to: hour(end), day: '2026-01-01', batch_size: 100, watermark: move(begin, end) });
const watermark = async () => textOf(await ledger.table.get({ pk: `${PREFIX}#WINDOW#${window}`, sk: 'WINDOW' }), 'watermark');

async function takeScheduled(begin: string, end: string, more: object = {}) {
  const run = runOf(begin, end);
  const taken = await ledger.keep(event('take', { run, parameters: { ...inputOf(begin, end), ...more } }));
  return { run, taken, release: async () => ledger.keep(event('release', { run, window })) };
}

test('a run moves the watermark of its schedule when it has succeeded, and not before', async () => {
  const first = await takeScheduled('00', '03');
  expect(await watermark()).toBeUndefined();
  // It failed: the next one covers its window.
  ledger.later(TAKE_OVER_SECONDS);
  const second = await takeScheduled('00', '06');
  await expect(first.release()).rejects.toMatchObject({ name: 'LockLost' });
  await second.release();
  expect(await watermark()).toBe(hour('06'));
  await second.release();
  await expect(first.release()).rejects.toMatchObject({ name: 'LockLost' });
  expect(await watermark()).toBe(hour('06'));
});

test.each<[string, readonly [string, string], object]>([
  ['that leaves something out', ['07', '09'], {}],
  ['that processed letters', ['06', '09'], { replay: {} }],
])('a run %s does not move it', async (_what, [begin, end], more) => {
  await (await takeScheduled('00', '06')).release();
  await (await takeScheduled(begin, end, more)).release();
  expect(await watermark()).toBe(hour('06'));
});

test.each([['PLAN', 0], ['RUN', 0], ['RUN', 1]])('what a run was to go on with is left to the next one if it dies at a write (%s, after %i)', async (sk, before) => {
  await ledger.close();
  let writes = -1;
  ledger = await createLedger(GONE, { parameters }, ({ key }) => writes >= 0 && key.sk === sk && writes++ === before);
  const { run } = await takeScheduled('00', '06');
  await ledger.keep(event('record', { run, window, progress: { root: run, cursor: 'c', pages: 3, items: 30, segments: 1 } }));
  ledger.later(TAKE_OVER_SECONDS);
  const next = `${WORKFLOW}:resumes`;
  writes = 0;
  await expect(ledger.keep(event('take', { run: next, parameters: { resume: run } }))).rejects.toThrow('died');
  ledger.later(TAKE_OVER_SECONDS);
  const place = { table: ledger.table, prefix: PREFIX, describe: GONE, takeOverSeconds: TAKE_OVER_SECONDS };
  const { owner } = await readWatermark(place, schedule, ledger.now());
  expect(owner?.state).toBe('Resumable');
  expect(await ledger.keep(event('take', { run: `${WORKFLOW}:third`, parameters: { resume: owner?.arn } }))).toMatchObject({
    outcome: 'RESUMED', resumed: { root: run, ranges: [{ cursor: 'c' }] },
  });
});

test.each<[string, string]>([['00', '03'], ['00', '09'], ['05', '09']])('a run from %s to %s has nothing to do after another one has processed everything up to 06', async (begin, end) => {
  await (await takeScheduled('00', '06')).release();
  expect((await takeScheduled(begin, end)).taken).toMatchObject({ outcome: 'DONE', window, seconds: 0 });
  // Nobody has the window, so that the next one gets it at once.
  expect((await takeScheduled('06', '09')).taken).toMatchObject({ outcome: 'OWNED' });
  expect((await takeScheduled(begin, end)).taken).toMatchObject({ outcome: 'DONE' });
});

test('a run that has its window, and asks again, still has it', async () => {
  await (await takeScheduled('00', '06')).release();
  for (let time = 0; time < 2; time++) expect((await takeScheduled('06', '09')).taken).toMatchObject({ outcome: 'OWNED' });
});

describe('a run that goes on with another one', () => {
  const run = `${WORKFLOW}:by-hand`;
  const resume = async (resumed: string) => ledger.keep(event('take', { run, parameters: { resume: resumed } }));

  test('moves the watermark in its place', async () => {
    const first = await takeScheduled('00', '06');
    ledger.later(TAKE_OVER_SECONDS);
    expect(await resume(first.run)).toMatchObject({ outcome: 'RESUMED', window, resumed: { parameters: { from: hour('00'), to: hour('06') } } });
    await ledger.keep(event('release', { run, window }));
    expect(await watermark()).toBe(hour('06'));
  });

  test('does not, if the next run of the schedule has processed everything', async () => {
    const first = await takeScheduled('00', '06');
    ledger.later(TAKE_OVER_SECONDS);
    await (await takeScheduled('00', '09')).release();
    await expect(resume(first.run)).rejects.toMatchObject({ name: 'RunNotResumable', message: `${runOf('00', '09')} has processed the window of ${first.run} since` });
  });
});

describe('a run that is not what the schedule starts is refused', () => {
  test.each<[string, string, object]>([
    ['one by another name', `${WORKFLOW}:0c1f3d52-copy`, {}],
    ['one for another time', runOf('00', '03'), {}],
    ['one of another schedule', runOf('00', '06').replace(schedule, '9'.repeat(20)), {}],
    ['one with another begin', runOf('00', '06'), { from: hour('03') }],
    ['one with another end', runOf('00', '06'), { to: '2026-11-24T06:00:00' }],
    ['one without an end', runOf('00', '06'), { to: undefined }],
    ...[{}, { ...move('00', '06'), schedule: 'mine' }, move('0', '6'), 'x', null].map((given): [string, string, object] => [
      `one with the watermark ${JSON.stringify(given)}`, runOf('00', '06'), { watermark: given },
    ]),
  ])('%s', async (_what, run, more) => {
    const asked = JSON.parse(JSON.stringify(event('take', { run, parameters: { ...inputOf('00', '06'), ...more } })));
    await expect(ledger.keep(asked)).rejects.toMatchObject({ name: 'InvalidWatermark', message: expect.stringContaining('leave it out') });
    expect(await ledger.table.get({ pk: `${PREFIX}#WINDOW#${window}`, sk: 'WINDOW' })).toBeUndefined();
  });

  test('and what the planner starts is not, however its dates are written', async () => {
    const started: { name: string; input: string }[] = [];
    await planRun({ contract: 1, scheduledTime: '2026-11-24T06:00:00Z' }, {
      config: { stateMachineArn: '', scheduleHash: schedule, window: { kind: 'sinceWatermark', begin: 'from', end: 'to', lagSeconds: 60, startAt: hour('00') } },
      startRun: async (name, input) => {
        started.push({ name, input });
        return 'Started';
      },
      log: () => {},
      now: () => Date.parse('2026-11-24T06:00:00Z'),
      watermark: { place: { table: ledger.table, prefix: 'none', describe: GONE, takeOverSeconds: TAKE_OVER_SECONDS }, functionName: 'planner', emit: () => {} },
    });
    const [{ name, input }] = started;
    const given = { ...JSON.parse(input), from: '2026-11-24T01:00:00+01:00' };
    expect(await ledger.keep(event('take', { run: `${WORKFLOW}:${name}`, parameters: given }))).toMatchObject({ outcome: 'OWNED', window });
  });
});
