import { CfnParameter, Stack, Token } from 'aws-cdk-lib';
import fc from 'fast-check';
import { RunParameter } from '../../../src';
import { typedValue } from '../../../src/paged-batch-etl/source-functions/reader/parameter-value';
import { refusal } from '../../support/refusal';


describe('a date', () => {
  test.each(['2026-11-24', '2026-11-24T06:30', '2026-11-24T06:30:00', '2026-11-24T06:30:00.250', '2026-11-24T06:30:00Z', '2026-11-24T06:30:00+01:00', '2024-02-29'])(
    '%s may be a default', (defaultValue) => {
      expect(RunParameter.date({ defaultValue })._binding).toEqual({ rule: { type: 'date' }, defaultValue });
    },
  );

  test.each(['', 'yesterday', '24.11.2026', '2026-11-24 06:30', '2026-02-29', '2026-04-31', '2026-13-01', '2026-11-24T24:00', '2026-11-24T06:30:00.0001', '20261124', ' 2026-11-24'])(
    '"%s" is none', (defaultValue) => {
      expect(() => RunParameter.date({ defaultValue })).toThrow(refusal(
        `defaultValue of RunParameter.date must be a date, or a date and a time, as ISO 8601 writes them, got "${defaultValue}"; `
          + 'such as 2026-11-24 or 2026-11-24T06:30:00',
      ));
    },
  );

  test('what is accepted as a default is exactly what a run may give', () => {
    const written = fc.tuple(
      fc.oneof(fc.date({ min: new Date('1900-01-01'), max: new Date('2100-01-01'), noInvalidDate: true }).map((day) => day.toISOString().slice(0, 10)), fc.stringMatching(/^20\d\d-[01]\d-[0-3]\d$/)),
      fc.constantFrom('', 'T06:30', 'T23:59:59', 'T23:59:60', 'T24:00', 'T06:30:15.5', 'T06:30:15.123456', 'T06:30:15.100000', 'T06:30:15.0001', 'T06:30:15.250000000', 'T06:30:15.2500000000', 'T06:30:15.', ' 06:30'),
      fc.oneof(fc.constantFrom('', 'Z', 'z', '+01', '+0100', '+23:59', '-12:00'), fc.tuple(fc.integer({ min: 0, max: 99 }), fc.integer({ min: 0, max: 99 }))
        .map(([hours, minutes]) => `+${String(hours).padStart(2, '0')}:${String(minutes).padStart(2, '0')}`)),
    ).map((parts) => parts.join(''));
    const succeeds = (action: () => unknown) => {
      try {
        action();
        return true;
      } catch {
        return false;
      }
    };
    fc.assert(fc.property(written, (text) => {
      expect([text, succeeds(() => RunParameter.date({ defaultValue: text }))]).toEqual([text, succeeds(() => typedValue(text, { type: 'date' }))]);
    }), { numRuns: 2_000 });
  });

  test('has a time zone', () => {
    expect(RunParameter.date({ timeZone: 'Europe/Berlin' })._binding.rule).toEqual({ type: 'date', timeZone: 'Europe/Berlin' });
    expect(() => RunParameter.date({ timeZone: 'Europe/Bielefeld' }))
      .toThrow(refusal('timeZone of RunParameter.date must be a time zone of the IANA database, got "Europe/Bielefeld"; such as `Europe/Berlin` or `UTC`'));
    expect(() => RunParameter.date({ timeZone: '+01:00' })).toThrow('a time zone of the IANA database');
  });
});

describe('a whole number', () => {
  test.each([0, -1, Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER])('%d may be a default', (defaultValue) => {
    expect(RunParameter.integer({ defaultValue })._binding).toEqual({ rule: { type: 'integer' }, defaultValue });
  });

  test.each([0.5, NaN, Infinity, 2 ** 53])('%d is none', (defaultValue) => {
    expect(() => RunParameter.integer({ defaultValue })).toThrow(refusal(
      `defaultValue of RunParameter.integer must be a whole number from -9007199254740991 to 9007199254740991, got ${defaultValue}; `
        + 'a JSON number cannot carry a larger one exactly',
    ));
  });
});

describe('an ObjectId', () => {
  test('is 24 hexadecimal digits', () => {
    const defaultValue = '65a1f0c2e4b0A1B2C3D4E5F6';
    expect(RunParameter.objectId({ defaultValue })._binding).toEqual({ rule: { type: 'objectId' }, defaultValue });
    expect(() => RunParameter.objectId({ defaultValue: 'ObjectId("65a1f0c2e4b0a1b2c3d4e5f6")' })).toThrow(refusal(
      'defaultValue of RunParameter.objectId must be 24 hexadecimal digits, got "ObjectId(\\"65a1f0c2e4b0a1b2c3d4e5f6\\")"; leave out ObjectId( and quotes',
    ));
  });
});

test('a text may be any', () => {
  expect(RunParameter.text({ defaultValue: '' })._binding).toEqual({ rule: { type: 'text' }, defaultValue: '' });
});

test('without a default, every run must give a value', () => {
  for (const parameter of [RunParameter.date(), RunParameter.text(), RunParameter.integer(), RunParameter.objectId()]) {
    expect(parameter._binding.defaultValue).toBeUndefined();
  }
});

test('defaults known only at deployment are left alone', () => {
  const text = new CfnParameter(new Stack(), 'Text').valueAsString;
  for (const defaultValue of [text]) {
    expect(RunParameter.date({ defaultValue })._binding.defaultValue).toBe(text);
    expect(RunParameter.objectId({ defaultValue })._binding.defaultValue).toBe(text);
  }
  expect(() => RunParameter.integer({ defaultValue: Token.asNumber({ Ref: 'Number' }) })).not.toThrow();
  expect(() => RunParameter.date({ timeZone: text })).toThrow(refusal('timeZone of RunParameter.date must be known at synthesis, got "a token"; write the name out'));
});
