import { Temporal } from '@js-temporal/polyfill';
import * as fc from 'fast-check';
import { TimeWindow, windowOf } from '../../../../src/paged-batch-etl/schedule/function/window';

const names = { begin: 'from', end: 'to' };

function previousDay(scheduledTime: string, timeZone: string): TimeWindow {
  return windowOf(Temporal.Instant.from(scheduledTime), { kind: 'previousDay', timeZone, ...names });
}

function lastHours(scheduledTime: string, hours: number): TimeWindow {
  return windowOf(Temporal.Instant.from(scheduledTime), { kind: 'lastHours', hours, ...names });
}

const written = ({ begin, end }: TimeWindow) => `${begin.toString()}/${end.toString()}`;
const hoursOf = ({ begin, end }: TimeWindow) => (end.epochMilliseconds - begin.epochMilliseconds) / 3_600_000;

describe('the previous day', () => {
  test.each([
    ['an ordinary day in UTC', '2026-11-24T00:00:00Z', 'UTC', '2026-11-23T00:00:00Z/2026-11-24T00:00:00Z', 24],
    ['the last moment of the day it is due in', '2026-11-24T23:59:59Z', 'UTC', '2026-11-23T00:00:00Z/2026-11-24T00:00:00Z', 24],
    ['a zone that is a day ahead of UTC', '2026-11-23T12:30:00Z', 'Pacific/Kiritimati', '2026-11-22T10:00:00Z/2026-11-23T10:00:00Z', 24],
    ['the first of a year', '2027-01-01T00:30:00Z', 'Europe/London', '2026-12-31T00:00:00Z/2027-01-01T00:00:00Z', 24],
    ['half an hour off', '2026-11-23T18:30:00Z', 'Asia/Kolkata', '2026-11-22T18:30:00Z/2026-11-23T18:30:00Z', 24],
    ['clocks go forward', '2026-03-30T00:15:00Z', 'Europe/Berlin', '2026-03-28T23:00:00Z/2026-03-29T22:00:00Z', 23],
    ['clocks go back', '2026-10-26T00:15:00Z', 'Europe/Berlin', '2026-10-24T22:00:00Z/2026-10-25T23:00:00Z', 25],
    ['clocks go forward by half an hour', '2026-10-05T02:00:00Z', 'Australia/Lord_Howe', '2026-10-03T13:30:00Z/2026-10-04T13:00:00Z', 23.5],
    ['a day without a midnight', '2026-03-09T12:00:00Z', 'America/Havana', '2026-03-08T05:00:00Z/2026-03-09T04:00:00Z', 23],
    ['the day before one without a midnight', '2026-03-08T12:00:00Z', 'America/Havana', '2026-03-07T05:00:00Z/2026-03-08T05:00:00Z', 24],
    ['two midnights: the day begins with the first', '2026-11-02T12:00:00Z', 'America/Havana', '2026-11-01T04:00:00Z/2026-11-02T05:00:00Z', 25],
    ['a date that was left out: the day before it', '2011-12-31T00:00:00Z', 'Pacific/Apia', '2011-12-29T10:00:00Z/2011-12-30T10:00:00Z', 24],
  ])('%s', (_name, scheduledTime, timeZone, window, hours) => {
    expect(written(previousDay(scheduledTime, timeZone))).toBe(window);
    expect(hoursOf(previousDay(scheduledTime, timeZone))).toBe(hours);
  });

  // All zones that this Node.js knows, while none of them counts dates backwards for an hour, as some did when clocks went back just after midnight.
  const zones = fc.constantFrom('UTC', ...Intl.supportedValuesOf('timeZone'));
  const moments = fc.integer({ min: Date.UTC(2016) / 1000, max: Date.UTC(2038) / 1000 }).map((seconds) => new Date(seconds * 1000).toISOString());

  /** The date there, by another implementation of time zones than the one in use. */
  const dateIn = (timeZone: string) => {
    const format = new Intl.DateTimeFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' });
    return (epochMilliseconds: number) => format.format(epochMilliseconds);
  };

  test('is the whole date before, wherever and whenever', () => {
    fc.assert(fc.property(zones, moments, fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }), (timeZone, moment, share) => {
      const date = dateIn(timeZone);
      const [begin, end] = [previousDay(moment, timeZone).begin.epochMilliseconds, previousDay(moment, timeZone).end.epochMilliseconds];
      const day = date(begin);
      expect(date(end)).toBe(date(Date.parse(moment)));
      expect(end).toBeLessThanOrEqual(Date.parse(moment));
      expect(day < date(end)).toBe(true);
      // All of that date, and nothing of another.
      expect(date(begin - 1) < day).toBe(true);
      expect(date(end - 1)).toBe(day);
      expect(date(begin + Math.floor(share * (end - begin)))).toBe(day);
    }), { numRuns: 400 });
  });

  test('is the same for all times of a day', () => {
    fc.assert(fc.property(zones, moments, fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }), (timeZone, moment, share) => {
      const today = previousDay(moment, timeZone).end.epochMilliseconds;
      const tomorrow = Temporal.Instant.from(moment).toZonedDateTimeISO(timeZone).startOfDay().add({ days: 1 }).startOfDay().epochMilliseconds;
      const another = new Date(today + Math.floor(share * (tomorrow - today))).toISOString();
      expect(written(previousDay(another, timeZone))).toBe(written(previousDay(moment, timeZone)));
    }), { numRuns: 400 });
  });

  test('days follow each other without a gap or an overlap', () => {
    fc.assert(fc.property(zones, moments, (timeZone, moment) => {
      let next = previousDay(moment, timeZone);
      for (let day = 0; day < 10; day++) {
        const before = previousDay(next.begin.toString(), timeZone);
        expect(before.end.equals(next.begin)).toBe(true);
        // No zone changes its offset by more than three hours in these years.
        expect(hoursOf(before)).toBeGreaterThanOrEqual(21);
        expect(hoursOf(before)).toBeLessThanOrEqual(27);
        next = before;
      }
    }), { numRuns: 200 });
  });

  test('of an unknown zone does not exist', () => {
    expect(() => previousDay('2026-11-24T00:00:00Z', 'Europe/Atlantis')).toThrow(RangeError);
  });
});

describe('the last hours', () => {
  test.each([
    ['at the full hour', '2026-11-24T06:00:00Z', 1, '2026-11-24T05:00:00Z/2026-11-24T06:00:00Z'],
    ['just before it', '2026-11-24T05:59:59.999Z', 1, '2026-11-24T04:00:00Z/2026-11-24T05:00:00Z'],
    ['several', '2026-11-24T06:15:00Z', 12, '2026-11-23T18:00:00Z/2026-11-24T06:00:00Z'],
    ['of a day on which clocks change somewhere', '2026-03-29T12:00:00Z', 24, '2026-03-28T12:00:00Z/2026-03-29T12:00:00Z'],
    ['before 1970', '1969-12-31T23:30:00Z', 2, '1969-12-31T21:00:00Z/1969-12-31T23:00:00Z'],
  ])('%s', (_name, scheduledTime, hours, window) => {
    expect(written(lastHours(scheduledTime, hours))).toBe(window);
  });

  test('are over when the schedule is due, end less than an hour before, and meet the hours before them', () => {
    const moments = fc.date({ min: new Date('1960-01-01'), max: new Date('2100-01-01'), noInvalidDate: true });
    fc.assert(fc.property(moments, fc.integer({ min: 1, max: 8784 }), (moment, hours) => {
      const window = lastHours(moment.toISOString(), hours);
      const late = moment.getTime() - window.end.epochMilliseconds;
      expect(late).toBeGreaterThanOrEqual(0);
      expect(late).toBeLessThan(3_600_000);
      expect(window.end.epochMilliseconds % 3_600_000).toBeCloseTo(0);
      expect(hoursOf(window)).toBe(hours);
      expect(lastHours(window.begin.toString(), hours).end.equals(window.begin)).toBe(true);
    }));
  });
});
