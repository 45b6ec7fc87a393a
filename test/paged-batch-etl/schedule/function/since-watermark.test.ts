import * as fc from 'fast-check';
import { outcomeOf, StartedRuns } from './harness';
import { SinceWatermarkConfig } from '../../../../src/paged-batch-etl/contracts/plan-run';
import { ExecutionState, FORGOTTEN } from '../../../../src/paged-batch-etl/run-ledger/function/executions';
import { Item } from '../../../../src/paged-batch-etl/run-ledger/function/ledger-table';
import { planRun } from '../../../../src/paged-batch-etl/schedule/function/plan-run';

const HASH = '0123456789abcdef0123';
const NOW = Date.parse('2026-11-24T08:00:30Z');
const RUN = 'arn:aws:states:eu-west-1:111122223333:execution:Etl:one';

const before = (seconds: number) => new Date(NOW - seconds * 1_000).toISOString();

/** The item of a run that read something. */
const BEGUN: Item = { status: { S: 'RUNNING' }, segments: { N: '1' }, expiresAt: { N: `${NOW / 1_000 + 60}` }, updatedAt: { S: before(3_600) } };

function planner(more: Partial<SinceWatermarkConfig> = {}) {
  const runs = new StartedRuns();
  const world: { item?: Item; run?: Item; state: ExecutionState; now: number } = { state: { running: true }, now: NOW };
  const [lines, metrics, asked]: [unknown[], unknown[], unknown[]] = [[], [], []];
  const window: SinceWatermarkConfig = { kind: 'sinceWatermark', begin: 'from', end: 'to', lagSeconds: 60, startAt: '2026-11-24T00:00:00Z', ...more };
  const due = async (scheduledTime = '2026-11-24T08:00:00Z', changes: object = {}) => planRun({ contract: 1, scheduledTime, ...changes }, {
    config: { stateMachineArn: '', window, scheduleHash: HASH, parameters: { tenant: 'a' } },
    startRun: runs.start,
    now: () => world.now,
    log: (line) => void lines.push(JSON.parse(line)),
    watermark: {
      functionName: 'planner',
      emit: (line) => void metrics.push(JSON.parse(line)),
      place: {
        prefix: 'Etl',
        takeOverSeconds: 400,
        table: {
          get: async (key) => {
            asked.push(key);
            return key.sk === 'RUN' ? world.run : world.item;
          },
        },
        describe: async () => world.state,
      },
    },
  });
  return { due, runs, world, lines, metrics, asked };
}

test('the first window begins where the schedule is to begin, and the next ones at the watermark', async () => {
  const { due, runs, world, lines, asked } = planner();
  expect(await due()).toEqual({ executionName: `${HASH}-20261124T000000Z-20261124T075900Z`, outcome: 'Started' });
  Object.assign(world, { item: { watermark: { S: '2026-11-24T07:59:00Z' } }, now: NOW + 300_000 });
  expect(await due('2026-11-24T08:05:00.250Z')).toEqual({ executionName: `${HASH}-20261124T075900Z-20261124T080400Z`, outcome: 'Started' });
  expect(runs.runs.map(({ input }) => JSON.parse(input))).toEqual([
    {
      tenant: 'a', from: '2026-11-24T00:00:00Z', to: '2026-11-24T07:59:00Z', watermark: { schedule: HASH, begin: '2026-11-24T00:00:00Z', end: '2026-11-24T07:59:00Z' },
    },
    {
      tenant: 'a', from: '2026-11-24T07:59:00Z', to: '2026-11-24T08:04:00Z', watermark: { schedule: HASH, begin: '2026-11-24T07:59:00Z', end: '2026-11-24T08:04:00Z' },
    },
  ]);
  expect(lines).toHaveLength(2);
  expect(asked).toEqual(Array.from({ length: 2 }, () => ({ pk: `Etl#WINDOW#schedule-${HASH}`, sk: 'WINDOW' })));
});

test.each<[string, Item | undefined, ExecutionState, string]>([
  ['nothing is old enough', { watermark: { S: '2026-11-24T07:59:00Z' } }, { running: true }, 'NothingDue'],
  ['its event comes after that of a later time', { watermark: { S: '2026-11-24T09:00:00Z' } }, { running: true }, 'NothingDue'],
  ['a run is underway', { owner: { S: RUN } }, { running: true }, 'Underway'],
  ['a run failed that may be redriven', { owner: { S: RUN } }, { running: false, endedAt: NOW - 399_000 }, 'Underway'],
  ['a run failed a while ago', { owner: { S: RUN } }, { running: false, endedAt: NOW - 400_000 }, 'Started'],
  ['a run took the window just now, and Step Functions does not know it yet', { owner: { S: RUN }, since: { S: before(399) } }, FORGOTTEN, 'Underway'],
  ['Step Functions forgot a run', { owner: { S: RUN }, since: { S: before(400) } }, FORGOTTEN, 'Started'],
])('%s: %p, %j', async (_what, item, state, outcome) => {
  const { due, runs, world, lines } = planner();
  Object.assign(world, { item, state });
  expect(await due()).toMatchObject({ outcome });
  expect(runs.calls).toBe(outcome === 'Started' ? 1 : 0);
  expect(lines).toEqual([expect.objectContaining({ Outcome: outcome })]);
});

test('a run that was redriven is underway, although Step Functions may still answer that it failed', async () => {
  const { due, runs, world } = planner();
  const state = { running: false, endedAt: NOW - 3_600_000 };
  Object.assign(world, { item: { owner: { S: RUN } }, state, run: { ...BEGUN, updatedAt: { S: before(399) } } });
  expect(await due()).toEqual({ outcome: 'Underway' });
  world.run = { ...BEGUN, updatedAt: { S: before(400) } };
  expect(await due()).toMatchObject({ outcome: 'Started' });
  expect(runs.calls).toBe(1);
});

describe('a run that did not succeed, and can no longer be redriven', () => {
  const ended = (run?: Item) => ({ item: { owner: { S: RUN }, watermark: { S: '2026-11-24T07:00:00Z' } }, state: { running: false, endedAt: NOW - 3_600_000 }, run });
  const resumes = (run?: Item, more?: object) => async () => {
    const { due, runs, world, lines } = planner();
    Object.assign(world, ended(run));
    return { planned: await due(undefined, more), inputs: runs.runs.map(({ input }) => JSON.parse(input)), lines, due, runs, world };
  };

  test('is gone on with, once for each time at which the schedule is due', async () => {
    const { planned, inputs, lines, due, runs, world } = await resumes(BEGUN)();
    const executionName = `${HASH}-resume-20261124T080000Z`;
    expect(planned).toEqual({ executionName, outcome: 'Started' });
    expect(inputs).toEqual([{ resume: RUN }]);
    expect(lines).toEqual([{ Execution: executionName, Outcome: 'Started', Resumes: RUN }]);
    expect(await due()).toEqual({ executionName, outcome: 'StartedBefore' });
    // Meanwhile the run that went on with it has the window, and failed too.
    world.item = { owner: { S: `${RUN}:2` } };
    world.run = { ...BEGUN, resumes: { S: RUN }, segments: { N: '0' } };
    expect(await due()).toEqual({ executionName, outcome: 'StartedBefore' });
    expect(await due('2026-11-24T08:00:15Z')).toEqual({ executionName: `${HASH}-resume-20261124T080015Z`, outcome: 'Started' });
    expect(JSON.parse(runs.runs[1].input)).toEqual({ resume: `${RUN}:2` });
  });

  test.each<[string, Item | undefined, object]>([
    ['is not known', undefined, {}],
    ['expired', { ...BEGUN, expiresAt: { N: `${NOW / 1_000}` } }, {}],
    ['had not begun to read', { ...BEGUN, segments: { N: '0' } }, {}],
    ['is what another run goes on with', { ...BEGUN, status: { S: 'RESUMED' } }, {}],
    ['processed letters', { ...BEGUN, replay: { S: 'true' } }, {}],
    ['is not to be gone on with', BEGUN, { resume: false }],
  ])('one that %s is left alone: all since the watermark is processed', async (_what, run, more) => {
    const { inputs } = await resumes(run, more)();
    expect(inputs).toEqual([expect.objectContaining({ from: '2026-11-24T07:00:00Z', to: '2026-11-24T07:59:00Z' })]);
  });

  test.each<[string, Item]>([
    ['its ranges are known', { ...BEGUN, segments: { N: '0' }, ranges: { N: '8' } }],
    ['it went on with another one', { ...BEGUN, segments: { N: '0' }, resumes: { S: RUN } }],
  ])('one that had read nothing itself is gone on with where %s', async (_what, run) => {
    expect((await resumes(run)()).inputs).toEqual([{ resume: RUN }]);
  });
});

test('how far the watermark is behind is a metric, whatever becomes of the plan', async () => {
  const { due, world, metrics } = planner();
  await due();
  world.item = { owner: { S: RUN }, watermark: { S: '2026-11-24T07:59:00Z' } };
  await due();
  world.item = { watermark: { S: '2026-11-24T09:00:00Z' } };
  await due();
  expect(metrics).toEqual([8 * 3_600 + 30, 90, -3_570].map((WatermarkLag) => expect.objectContaining({ FunctionName: 'planner', WatermarkLag })));
});

test('no window ends later than the lag before now, however far ahead the clock of who calls is', async () => {
  const { due, runs } = planner();
  expect(await outcomeOf(due('2027-11-24T08:00:00Z'))).toMatchObject({ error: 'InvalidPlanEvent' });
  expect(runs.calls).toBe(0);
  expect(await due('2026-11-24T08:05:00Z')).toEqual({ executionName: `${HASH}-20261124T000000Z-20261124T075930Z`, outcome: 'Started' });
});

test('without the ledger there is no plan', async () => {
  const { due, world } = planner();
  Object.defineProperty(world, 'item', {
    get: () => {
      throw Object.assign(new Error('with an ARN'), { name: 'LedgerUnavailable' });
    },
  });
  expect(await outcomeOf(due())).toEqual({ error: 'RunNotStarted', message: 'The run could not be started (LedgerUnavailable)' });
});

test('property: whenever it is due, windows meet as long as their runs succeed', async () => {
  const times = fc.array(fc.integer({ min: 0, max: 10_000 }), { minLength: 1, maxLength: 20 });
  await fc.assert(fc.asyncProperty(times, fc.integer({ min: 0, max: 500 }), async (seconds, lagSeconds) => {
    const { due, runs, world } = planner({ lagSeconds });
    for (const second of seconds) {
      world.now = NOW + 10_000_000;
      if (!('executionName' in await due(new Date(NOW + second * 1_000).toISOString()))) continue;
      world.item = { watermark: { S: JSON.parse(runs.runs.at(-1)?.input ?? '{}').to } };
    }
    const windows = runs.runs.map(({ input }) => JSON.parse(input));
    const ends = ['2026-11-24T00:00:00Z', ...windows.map(({ to }) => to)];
    expect(windows.map(({ from }) => from)).toEqual(ends.slice(0, -1));
  }));
});
