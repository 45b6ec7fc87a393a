import * as fc from 'fast-check';
import { InvalidValueError, typedValue } from '../../../../src/paged-batch-etl/source-functions/reader/parameter-value';

/** The instant that a date stands for, in ISO 8601. */
function instant(value: string, timeZone?: string): string {
  const typed = typedValue(value, { type: 'date', timeZone });
  const milliseconds = /^\{"\$date":\{"\$numberLong":"(-?\d+)"\}\}$/.exec(JSON.stringify(typed))?.[1];
  return new Date(Number(milliseconds)).toISOString();
}

describe('a date', () => {
  test.each([
    ['2026-11-24T08:30:00Z', '2026-11-24T08:30:00.000Z'],
    ['2026-11-24T08:30Z', '2026-11-24T08:30:00.000Z'],
    ['2026-11-24T08:30:00+01:00', '2026-11-24T07:30:00.000Z'],
    ['2026-11-24T08:30:00-09:30', '2026-11-24T18:00:00.000Z'],
    ['2026-11-24T08:30:00.2Z', '2026-11-24T08:30:00.200Z'],
    ['2026-11-24T08:30:00.250000000Z', '2026-11-24T08:30:00.250Z'],
    ['1969-07-20T20:17:40Z', '1969-07-20T20:17:40.000Z'],
    ['2024-02-29', '2024-02-29T00:00:00.000Z'],
    ['2026-11-24T08:30:00', '2026-11-24T08:30:00.000Z'],
  ])('%s is %s, zoneless ones being in UTC', (value, expected) => {
    expect(instant(value)).toBe(expected);
  });

  test.each([
    ['with an offset, whatever the zone', '2026-11-24T08:30:00Z', 'Asia/Tokyo', '2026-11-24T08:30:00.000Z'],
    ['in winter', '2026-11-24T00:00:00', 'Europe/Berlin', '2026-11-23T23:00:00.000Z'],
    ['in summer', '2026-07-24', 'Europe/Berlin', '2026-07-23T22:00:00.000Z'],
    ['that the clocks skip: later by an hour', '2026-03-29T02:30:00', 'Europe/Berlin', '2026-03-29T01:30:00.000Z'],
    ['that comes twice: the first', '2026-10-25T02:30:00', 'Europe/Berlin', '2026-10-25T00:30:00.000Z'],
    ['a day that begins at one', '2024-09-08', 'America/Santiago', '2024-09-08T04:00:00.000Z'],
    ['a day whose first half hour is skipped', '1919-03-31', 'America/Toronto', '1919-03-31T04:30:00.000Z'],
    ['a day whose midnight comes twice', '2024-11-03', 'America/Havana', '2024-11-03T04:00:00.000Z'],
  ])('%s', (_what, value, timeZone, expected) => {
    expect(instant(value, timeZone)).toBe(expected);
  });

  test.each([
    '', 'yesterday', '24.11.2026', '2026-11', '20261124', '2026-11-24 08:30:00', '2026-11-24T08', '2026-11-24T08:30:00z', '2026-11-24Z', '2026-11-24T08:30:60Z',
    '2026-11-24T24:00:00Z', '2026-13-01', '2026-02-29', '2026-02-30T00:00:00', '2026-11-31T00:00:00Z', '2026-11-24T08:30:00.0001Z', '2026-11-24T08:30:00,5Z',
    '2026-11-24T08:30:00+25:00', '2026-11-24T08:30:00+0100', '2026-11-24T08:30:00[Europe/Berlin]', '2026-11-24T08:30:00Z ', '+002026-11-24', '2026-11-24T08:30:00.1234567890Z',
  ])('%j is none', (value) => {
    expect(() => instant(value, 'Europe/Berlin')).toThrow(InvalidValueError);
  });

  test('a zone that does not exist is not the fault of the date', () => {
    expect(() => instant('2026-11-24', 'Europe/Atlantis')).toThrow(RangeError);
  });

  test('agrees with JavaScript on every instant that has an offset', () => {
    fc.assert(fc.property(fc.date({ min: new Date('0001-01-01T00:00:00Z'), max: new Date('9999-12-31T00:00:00Z'), noInvalidDate: true }), (date) => {
      expect(instant(date.toISOString(), 'Asia/Kathmandu')).toBe(date.toISOString());
    }));
  });

  test('and, without one, on every time of a zone that never changes its clocks', () => {
    fc.assert(fc.property(fc.date({ min: new Date('1990-01-01T00:00:00Z'), max: new Date('2100-01-01T00:00:00Z'), noInvalidDate: true }), (date) => {
      const wall = date.toISOString().slice(0, -1);
      expect(Date.parse(instant(wall, 'Asia/Tokyo'))).toBe(date.getTime() - 9 * 3_600_000);
    }));
  });
});

describe('a text', () => {
  test.each(['', '$x', 'a\0b', '\u{1F600}'])('%j is one, as it is', (value) => {
    expect(typedValue(value, { type: 'text' })).toBe(value);
  });

  // MongoDB would be asked for U+FFFD, which other documents have.
  test.each(['a\ud800', '\udc00\ud800', 7, null])('%j is none', (value) => {
    expect(() => typedValue(value, { type: 'text' })).toThrow(InvalidValueError);
  });
});
