import fc from 'fast-check';
import { parseRecurrence, RecurrenceOptions } from '../../../local/scheduler/recurrence';

const CREATED = '2030-01-01T00:00:00Z';

/** The first moments from the creation, or from another one, at which a schedule is due. */
function moments(expression: string, count: number, options: Partial<RecurrenceOptions> & { from?: string } = {}): string[] {
  const createdAt = Date.parse(CREATED);
  const recurrence = parseRecurrence({ expression, createdAt, ...options });
  const found: string[] = [];
  for (let due = recurrence(Date.parse(options.from ?? CREATED)); due !== undefined && found.length < count; due = recurrence(due + 1)) {
    found.push(new Date(due).toISOString().replace('.000Z', 'Z'));
  }
  return found;
}

describe('rate()', () => {
  test('begins with the creation, or with the start date', () => {
    expect(moments('rate(5 minutes)', 3)).toEqual(['2030-01-01T00:00:00Z', '2030-01-01T00:05:00Z', '2030-01-01T00:10:00Z']);
    const startDate = Date.parse('2030-01-05T10:30:07Z');
    expect(moments('rate(1 hour)', 2, { startDate })).toEqual(['2030-01-05T10:30:07Z', '2030-01-05T11:30:07Z']);
  });

  test('counts days of 24 hours, whatever the clocks of the zone do', () => {
    const startDate = Date.parse('2030-03-30T02:30:00Z');
    expect(moments('rate(1 day)', 3, { startDate, timeZone: 'Europe/Berlin' })).toEqual([
      '2030-03-30T02:30:00Z', '2030-03-31T02:30:00Z', '2030-04-01T02:30:00Z',
    ]);
  });

  test('ends before the end date', () => {
    expect(moments('rate(1 day)', 9, { endDate: Date.parse('2030-01-03T00:00:00Z') })).toEqual(['2030-01-01T00:00:00Z', '2030-01-02T00:00:00Z']);
  });

  test('is due at whole periods after the first time, the next one after any moment', () => {
    fc.assert(fc.property(fc.integer({ min: 1, max: 500 }), fc.nat(1e9), fc.nat(1e10), (minutes, start, later) => {
      const recurrence = parseRecurrence({ expression: `rate(${minutes} minutes)`, createdAt: start });
      const due = recurrence(start + later) ?? NaN;
      expect((due - start) % (minutes * 60_000)).toBe(0);
      expect(due).toBeGreaterThanOrEqual(start + later);
      expect(due).toBeLessThan(start + later + minutes * 60_000);
    }));
  });
});

describe('at()', () => {
  test('is due once, at the time of the zone, with no regard to start and end', () => {
    expect(moments('at(2030-07-01T09:00:00)', 5, { timeZone: 'America/New_York', endDate: 0, startDate: 9e15 })).toEqual(['2030-07-01T13:00:00Z']);
  });

  test.each([
    ['a time that is past', 'at(2029-12-31T23:59:59)', 'UTC'],
    ['a time that the zone leaves out', 'at(2030-03-31T02:30:00)', 'Europe/Berlin'],
  ])('%s is refused', (_, expression, timeZone) => {
    expect(() => moments(expression, 1, { timeZone })).toThrow('past, or that the zone');
  });
});

describe('cron()', () => {
  test.each<[string, string[]]>([
    ['0 10 L * ? *', ['2030-01-31T10:00:00Z', '2030-02-28T10:00:00Z']],
    ['0 10 LW * ? *', ['2030-01-31T10:00:00Z', '2030-02-28T10:00:00Z', '2030-03-29T10:00:00Z']],
    ['0 10 12W * ? *', ['2030-01-11T10:00:00Z', '2030-02-12T10:00:00Z']],
    ['15 10 ? * 6L *', ['2030-01-25T10:15:00Z', '2030-02-22T10:15:00Z']],
    ['0 8 ? * 2#1 *', ['2030-01-07T08:00:00Z', '2030-02-04T08:00:00Z']],
    ['0 8 ? * SUN *', ['2030-01-06T08:00:00Z']],
    ['0 8 ? * 1 *', ['2030-01-06T08:00:00Z']],
    ['0/30 8-9 ? * MON-FRI *', ['2030-01-01T08:00:00Z', '2030-01-01T08:30:00Z', '2030-01-01T09:00:00Z', '2030-01-01T09:30:00Z', '2030-01-02T08:00:00Z']],
    ['5,35 14 * * ? *', ['2030-01-01T14:05:00Z', '2030-01-01T14:35:00Z']],
    ['0 0 1 JAN,JUN ? 2031-2032', ['2031-01-01T00:00:00Z', '2031-06-01T00:00:00Z', '2032-01-01T00:00:00Z', '2032-06-01T00:00:00Z']],
    ['0 0 29 2 ? *', ['2032-02-29T00:00:00Z', '2036-02-29T00:00:00Z']],
    ['0 0 31 2 ? *', []],
    ['0 0 1 1 ? 2029', []],
  ])('%s', (fields, expected) => {
    expect(moments(`cron(${fields})`, Math.max(1, expected.length))).toEqual(expected);
  });

  test('an occurrence at the very moment counts, one that has begun does not', () => {
    expect(moments('cron(0 0 * * ? *)', 1, { from: CREATED })).toEqual(['2030-01-01T00:00:00Z']);
    expect(moments('cron(0 0 * * ? *)', 1, { from: '2030-01-01T00:00:00.001Z' })).toEqual(['2030-01-02T00:00:00Z']);
  });

  test('keeps to the start and the end date', () => {
    const dates = { startDate: Date.parse('2030-02-01T00:00:01Z'), endDate: Date.parse('2030-02-03T00:00:00Z') };
    expect(moments('cron(0 0 * * ? *)', 9, dates)).toEqual(['2030-02-02T00:00:00Z']);
  });

  test('follows the clocks of the zone through the year', () => {
    const timeZone = 'Europe/Berlin';
    expect(moments('cron(0 9 30,31 3 ? *)', 2, { timeZone })).toEqual(['2030-03-30T08:00:00Z', '2030-03-31T07:00:00Z']);
  });

  test('skips a time that summer time leaves out', () => {
    const from = '2030-03-30T00:00:00Z';
    expect(moments('cron(30 2 * * ? *)', 2, { timeZone: 'Europe/Berlin', from })).toEqual(['2030-03-30T01:30:00Z', '2030-04-01T00:30:00Z']);
  });

  test('a time that comes twice counts once', () => {
    const timeZone = 'Europe/Berlin';
    const expected = ['2030-10-27T00:30:00Z', '2030-10-28T01:30:00Z'];
    expect(moments('cron(30 2 * * ? *)', 2, { timeZone, from: '2030-10-27T00:00:00Z' })).toEqual(expected);
    expect(moments('cron(30 2 * * ? *)', 1, { timeZone, from: '2030-10-27T00:30:01Z' })).toEqual(expected.slice(1));
  });
});

test.each([
  'rate(0 minutes)', 'rate(5 weeks)', 'rate(1.5 hours)', 'rate(5)', 'every(5 minutes)', '* * * * ? *',
  'at(2030-02-30T00:00:00Z)', 'at(2030-13-01T00:00:00)', 'at(tomorrow)',
  'cron(0 10 * * ?)', 'cron(0 10 * * * *)', 'cron(0 10 ? * ? *)', 'cron(0 10 1 * 2 *)', 'cron(60 10 * * ? *)', 'cron(0 24 * * ? *)',
  'cron(0 10 32 * ? *)', 'cron(0 10 ? * 0 *)', 'cron(0 10 ? * 8 *)', 'cron(0 10 ? * L *)', 'cron(0 10 L-3 * ? *)', 'cron(0 10 ? * FRI-MON *)',
  'cron(? 10 1 * ? *)', 'cron(0 10 1 * ? 1969)', 'cron(0 10 1 * ? 2200)', 'cron(0 22-3 * * ? *)', 'cron(0 10 ? * 6L,2 *)', 'cron(0 10 1 13 ? *)',
])('%s is refused', (expression) => {
  expect(() => moments(expression, 1)).toThrow(Error);
});

test('a time zone that there is not is refused', () => {
  expect(() => moments('rate(1 day)', 1, { timeZone: 'Mars/Olympus' })).toThrow('Invalid ScheduleExpressionTimezone Mars/Olympus');
});
