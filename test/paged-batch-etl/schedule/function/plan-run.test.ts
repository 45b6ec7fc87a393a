import * as fc from 'fast-check';
import { outcomeOf, StartedRun, StartedRuns } from './harness';
import { ScheduleParameters, WindowConfig } from '../../../../src/paged-batch-etl/contracts/plan-run';
import { planRun, PlannerServices } from '../../../../src/paged-batch-etl/schedule/function/plan-run';
import { released, releasedNames } from '../../../support/released';

const WINDOWS = {
  previousDay: { kind: 'previousDay', begin: 'date_begin', end: 'date_end', timeZone: 'Europe/Berlin' },
  lastHours: { kind: 'lastHours', begin: 'date_begin', end: 'date_end', hours: 6 },
} satisfies Record<string, WindowConfig>;

function planner(window: WindowConfig, services: Partial<PlannerServices> = {}, parameters?: ScheduleParameters) {
  const runs = new StartedRuns();
  const lines: unknown[] = [];
  const config = { stateMachineArn: 'arn:aws:states:eu-west-1:111122223333:stateMachine:Etl', scheduleHash: '0123456789abcdef0123', window, parameters };
  const log = (line: string) => void lines.push(JSON.parse(line));
  const plan = (event: unknown) => planRun(event, { config, startRun: runs.start, now: () => Date.UTC(2040), log, ...services });
  return { plan, runs, lines, due: (scheduledTime: string) => plan({ contract: 1, scheduledTime }) };
}

describe('released events of contract 1', () => {
  const names = releasedNames('plan-run', 1);

  test('none of them has gone missing', () => {
    expect(names).toEqual(expect.arrayContaining(['winter', 'summer-begins']));
  });

  // Another name for a window that was run by the release before would run it again.
  test.each(names.flatMap((name) => (['previousDay', 'lastHours'] as const).map((kind) => [name, kind] as const)))(
    '%s: the run of %s has the released name and input', async (name, kind) => {
      const { plan, runs } = planner(WINDOWS[kind]);
      await plan(released('plan-run', 1, name));
      expect(runs.runs).toEqual([released<Record<typeof kind, StartedRun>>('plan-run', 1, `${name}.run`)[kind]]);
    },
  );
});

describe('one window runs once', () => {
  test('however often the schedule is delivered', async () => {
    const { due, runs, lines } = planner(WINDOWS.previousDay);
    const executionName = '0123456789abcdef0123-20261122T230000Z-20261123T230000Z';
    expect(await due('2026-11-24T01:15:00Z')).toEqual({ executionName, outcome: 'Started' });
    expect(await due('2026-11-24T01:15:00Z')).toEqual({ executionName, outcome: 'StartedBefore' });
    expect(await due('2026-11-24T17:00:00Z')).toEqual({ executionName, outcome: 'StartedBefore' });
    expect(runs.runs).toHaveLength(1);
    expect(lines).toEqual(['Started', 'StartedBefore', 'StartedBefore'].map((Outcome) => ({ Execution: executionName, Outcome })));
  });

  test('the next window is another, even if they overlap', async () => {
    const { due, runs } = planner({ ...WINDOWS.lastHours, hours: 24 });
    await due('2026-11-24T01:15:00Z');
    await due('2026-11-24T02:15:00Z');
    expect(runs.runs.map(({ input }) => JSON.parse(input).date_begin)).toEqual(['2026-11-23T01:00:00Z', '2026-11-23T02:00:00Z']);
  });

  test('a longer window that begins together is another', async () => {
    const runs = new StartedRuns();
    await planner({ ...WINDOWS.lastHours, hours: 1 }, { startRun: runs.start }).due('2026-11-24T01:15:00Z');
    await planner({ ...WINDOWS.lastHours, hours: 2 }, { startRun: runs.start }).due('2026-11-24T02:15:00Z');
    expect(runs.runs.map(({ input }) => JSON.parse(input).date_begin)).toEqual(['2026-11-24T00:00:00Z', '2026-11-24T00:00:00Z']);
  });

  test('names are names, and name and input tell each other', async () => {
    const runs = new StartedRuns();
    const moments = fc.integer({ min: Date.UTC(2016) / 1000, max: Date.UTC(2038) / 1000 }).map((seconds) => new Date(seconds * 1000).toISOString());
    const windows = fc.oneof(
      fc.constantFrom('UTC', 'Europe/Berlin', 'America/Havana', 'Australia/Lord_Howe').map((timeZone) => ({ ...WINDOWS.previousDay, timeZone })),
      fc.integer({ min: 1, max: 48 }).map((hours) => ({ ...WINDOWS.lastHours, hours })),
    );
    await fc.assert(fc.asyncProperty(windows, moments, async (window, moment) => {
      await planner(window, { startRun: runs.start }).due(moment);
    }));
    for (const { name, input } of runs.runs) {
      expect(name).toMatch(/^[\w-]{1,80}$/);
      const { date_begin, date_end } = JSON.parse(input);
      const [begin, end] = [date_begin, date_end].map((date: string) => date.replace(/[:-]/g, ''));
      expect(name).toBe(`0123456789abcdef0123-${begin}-${end}`);
    }
    expect(new Set(runs.runs.map(({ input }) => input)).size).toBe(runs.runs.length);
  });
});

test('parameters of the schedule are in every run, and cannot take the place of its window', async () => {
  const { due, runs } = planner(WINDOWS.lastHours, {}, { tenant: 'a', least: 5, date_end: 'x' });
  await due('2026-11-24T06:15:00Z');
  expect(runs.runs.map(({ input }) => input)).toEqual(['{"tenant":"a","least":5,"date_end":"2026-11-24T06:00:00Z","date_begin":"2026-11-24T00:00:00Z"}']);
});

describe('what fails', () => {
  test.each<[string, unknown]>([
    ['nothing', undefined],
    ['no object', 'now'],
    ['no contract', { scheduledTime: '2026-11-24T01:15:00Z' }],
    ['a contract of the future', { contract: 2, scheduledTime: '2026-11-24T01:15:00Z' }],
    ['no time', { contract: 1 }],
    ['a number', { contract: 1, scheduledTime: 1_764_000_000 }],
    ['a time that is not in UTC', { contract: 1, scheduledTime: '2026-11-24T01:15:00+01:00' }],
    ['a time without seconds', { contract: 1, scheduledTime: '2026-11-24T01:15Z' }],
    ['a date that does not exist', { contract: 1, scheduledTime: '2026-02-30T01:15:00Z' }],
    ['a placeholder that nobody filled', { contract: 1, scheduledTime: '<aws.scheduler.scheduled-time>' }],
    ['something else than a flag', { contract: 1, scheduledTime: '2026-11-24T01:15:00Z', resume: 'no' }],
    ['more than that', { contract: 1, scheduledTime: '2026-11-24T01:15:00Z', date_begin: '2020-01-01' }],
  ])('%s is no event', async (_name, event) => {
    const { plan, runs, lines } = planner(WINDOWS.previousDay);
    expect(await outcomeOf(plan(event))).toEqual({ error: 'InvalidPlanEvent', message: expect.stringMatching(/must be/) });
    expect(runs.calls).toBe(0);
    expect(lines).toEqual([{ Outcome: 'InvalidPlanEvent' }]);
  });

  test.each(Object.keys(WINDOWS) as (keyof typeof WINDOWS)[])('a time that is still to come, of %s: its window would count as run before it is over', async (kind) => {
    const { due, runs } = planner(WINDOWS[kind], { now: () => Date.parse('2026-11-24T08:30:00Z') });
    expect(await outcomeOf(due('2027-11-24T03:00:00Z'))).toEqual({
      error: 'InvalidPlanEvent', message: 'scheduledTime must be a time at which the schedule was due already, got 2027-11-24T03:00:00Z',
    });
    expect(runs.calls).toBe(0);
    expect(await due('2026-11-24T08:34:00Z')).toMatchObject({ outcome: 'Started' });
  });

  test('a run that cannot be started, with nothing but the code of the service', async () => {
    const refused = Object.assign(new Error('User arn:aws:sts::111122223333:assumed-role/x is not authorized'), { name: 'AccessDeniedException' });
    const { due, lines } = planner(WINDOWS.previousDay, { startRun: async () => Promise.reject(refused) });
    expect(await outcomeOf(due('2026-11-24T01:15:00Z'))).toEqual({ error: 'RunNotStarted', message: 'The run could not be started (AccessDeniedException)' });
    expect(lines).toEqual([{ Outcome: 'RunNotStarted' }]);
  });

  test('a time zone that the runtime does not know', async () => {
    const { due, runs } = planner({ ...WINDOWS.previousDay, timeZone: 'Europe/Atlantis' });
    expect(await outcomeOf(due('2026-11-24T01:15:00Z'))).toMatchObject({ error: 'RunNotStarted' });
    expect(runs.calls).toBe(0);
  });
});
