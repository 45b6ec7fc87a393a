import { Temporal } from '@js-temporal/polyfill';
import { Duration, Lazy } from 'aws-cdk-lib';
import * as fc from 'fast-check';
import { windowsOf, WindowsOptions } from '../../../src/paged-batch-etl/backfill/windows';
import { localTimeOf, momentOf } from '../../../src/private/synth/time-zone';
import { refusal } from '../../support/refusal';

const MOST = 384;
const YEAR: WindowsOptions = { begin: '2025-01-01', end: '2026-01-01', step: Duration.days(1), timeZone: 'UTC' };

const windows = (options: Partial<WindowsOptions> = {}) => windowsOf('Year', { ...YEAR, ...options }, MOST);
const texts = (options: Partial<WindowsOptions>) => windows(options).map(({ begin, end }) => [begin, end].map((moment) => new Date(moment).toISOString().replace(':00.000Z', 'Z')));

/** Zones whose clocks change at night, at midnight, by half an hour, or went over the date line; and some that have none of it. */
const ZONES = ['UTC', 'Europe/Berlin', 'America/New_York', 'Africa/Cairo', 'America/Santiago', 'Australia/Lord_Howe', 'Pacific/Apia', 'Asia/Kolkata', 'Asia/Beirut'];

const moments = fc.integer({ min: Date.UTC(2005), max: Date.UTC(2030) / 1 }).map((moment) => moment - (moment % 60_000));

test('the moment at which clocks show something is that of Temporal', () => {
  fc.assert(fc.property(fc.constantFrom(...ZONES), moments, fc.boolean(), (timeZone, shown, midnight) => {
    const local = midnight ? shown - (shown % 86_400_000) : shown;
    const plain = Temporal.PlainDateTime.from(new Date(local).toISOString().slice(0, -1));
    expect(momentOf(local, timeZone)).toBe(plain.toZonedDateTime(timeZone, { disambiguation: 'compatible' }).epochMilliseconds);
    expect(localTimeOf(shown, timeZone)).toBe(Temporal.Instant.fromEpochMilliseconds(shown).toZonedDateTimeISO(timeZone).toPlainDateTime().toZonedDateTime('UTC').epochMilliseconds);
  }), { numRuns: 2_000 });
});

test('windows meet, from begin to end, and those of days begin when days begin', () => {
  const [zones, lengths, counts] = [fc.constantFrom(...ZONES), fc.integer({ min: 1, max: 100 }), fc.integer({ min: 1, max: 60 })];
  fc.assert(fc.property(zones, moments, lengths, counts, fc.boolean(), (timeZone, from, length, count, days) => {
    const zoned = Temporal.Instant.fromEpochMilliseconds(from).toZonedDateTimeISO(timeZone);
    const begin = days ? zoned.startOfDay() : zoned;
    const step = days ? Duration.days(length) : Duration.hours(length);
    const end = days ? begin.add({ days: length * count }) : begin.add({ hours: length * count });
    const [first, last] = [begin, end].map((moment) => moment.toInstant().toString());
    const cut = windows({ begin: first, end: last, step, timeZone });
    expect(cut[0].begin).toBe(begin.epochMilliseconds);
    expect(cut[cut.length - 1].end).toBe(end.epochMilliseconds);
    expect(cut.slice(1).map((window) => window.begin)).toEqual(cut.slice(0, -1).map((window) => window.end));
    expect(cut.every((window) => window.begin < window.end)).toBe(true);
    const wholeDays = days || length % 24 === 0;
    const starts = Array.from({ length: count }, (_, number) => (
      wholeDays ? begin.add({ days: (days ? length : length / 24) * number }) : begin.add({ hours: length * number })).epochMilliseconds);
    const expected = starts.filter((start, number) => start < end.epochMilliseconds && start !== starts[number - 1]);
    expect(cut.map((window) => window.begin).slice(0, expected.length)).toEqual(expected);
  }));
});

test('days are those of the calendar, hours are all alike, and the last window may be shorter', () => {
  expect(texts({ begin: '2026-03-28', end: '2026-03-30T12:00', timeZone: 'Europe/Berlin' })).toEqual([
    ['2026-03-27T23:00Z', '2026-03-28T23:00Z'], ['2026-03-28T23:00Z', '2026-03-29T22:00Z'], ['2026-03-29T22:00Z', '2026-03-30T10:00Z'],
  ]);
  expect(texts({ begin: '2026-03-29T00:00+01:00', end: '2026-03-29T05:00', step: Duration.hours(2), timeZone: 'Europe/Berlin' })).toEqual([
    ['2026-03-28T23:00Z', '2026-03-29T01:00Z'], ['2026-03-29T01:00Z', '2026-03-29T03:00Z'],
  ]);
  // Samoa had no 30 December in 2011.
  expect(texts({ begin: '2011-12-29', end: '2012-01-01', timeZone: 'Pacific/Apia' })).toEqual([
    ['2011-12-29T10:00Z', '2011-12-30T10:00Z'], ['2011-12-30T10:00Z', '2011-12-31T10:00Z'],
  ]);
  expect(windows()).toHaveLength(365);
});

test.each<[string, Partial<WindowsOptions>, string]>([
  ['begin is no date', { begin: '1 January' }, 'begin of backfill Year must be a date, or a date and a time in whole seconds, as ISO 8601 writes them, got "1 January"; such as 2026-11-24 or 2026-11-24T06:00:00+01:00'],
  ['a day does not exist', { begin: '2025-02-30' }, 'begin of backfill Year must be a date, or a date and a time in whole seconds, as ISO 8601 writes them, got "2025-02-30"; such as 2026-11-24 or 2026-11-24T06:00:00+01:00'],
  ['a second is cut', { end: '2025-02-01T00:00:00.500Z' }, 'end of backfill Year must be a date, or a date and a time in whole seconds, as ISO 8601 writes them, got "2025-02-01T00:00:00.500Z"; such as 2026-11-24 or 2026-11-24T06:00:00+01:00'],
  ['begin is a token', { begin: Lazy.string({ produce: () => '2025-01-01' }) }, 'begin of backfill Year must be known at synthesis, got "a token"; the windows are computed from it'],
  ['it ends before it begins', { end: '2025-01-01' }, 'end of backfill Year must be after begin, 2025-01-01, got "2025-01-01"; a backfill goes from begin to end'],
  ['the step is no whole hour', { step: Duration.minutes(90) }, 'step of backfill Year must be whole hours, or whole days, got "1 hour 30 minutes"; such as Duration.days(1)'],
  ['there is no step', { step: Duration.hours(0) }, 'step of backfill Year must be whole hours, or whole days, got "0 hours"; such as Duration.days(1)'],
  ['there are somewhat too many windows', { end: '2026-01-21' }, 'step of backfill Year must be long enough for at most 384 windows, got "1 day"; there would be 385, and the history of an execution has room for 384: take a longer step, or several backfills, one after another'],
  ['there are far too many windows', { end: '2925-01-01', step: Duration.hours(1) }, 'step of backfill Year must be long enough for at most 384 windows, got "1 hour"; there would be 7889232, and the history of an execution has room for 384: take a longer step, or several backfills, one after another'],
])('is refused: %s', (_what, options, message) => {
  expect(() => windows(options)).toThrow(refusal(message));
});

test('as many windows as there is room for are taken', () => {
  expect(windows({ end: '2026-01-20' })).toHaveLength(MOST);
});
