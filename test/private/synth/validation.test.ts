import { Duration, Size, Token } from 'aws-cdk-lib';
import * as fc from 'fast-check';
import { checkInteger, checkSeconds, checkSize, checkText, InvalidPropError, refuseToken } from '../../../src/private/synth/validation';

const number = Token.asNumber({ Ref: 'Number' });
const throws = (check: () => void) => {
  try {
    check();
    return false;
  } catch (error) {
    if (error instanceof InvalidPropError) return true;
    throw error;
  }
};

test('an error says what, what is allowed, what it got and how to mend it', () => {
  expect(new InvalidPropError('width', 'x', 'a number', 'count')).toMatchObject({ name: 'InvalidPropError', message: 'width must be a number, got "x"; count' });
  expect(new InvalidPropError('width', NaN, 'a number', 'count').message).toContain('got NaN');
});

test('durations: exactly whole seconds in the range pass, in whatever unit', () => {
  const range = { min: Duration.seconds(2), max: Duration.minutes(1) };
  fc.assert(fc.property(fc.integer({ min: 0, max: 90_000 }), (milliseconds) => {
    const allowed = milliseconds % 1000 === 0 && milliseconds >= 2000 && milliseconds <= 60_000;
    expect(throws(() => checkSeconds('x', Duration.millis(milliseconds), range, 'fix'))).toBe(!allowed);
  }));
});

test('integers: exactly whole numbers in the range pass', () => {
  const values = fc.oneof(fc.integer({ min: -5, max: 15 }), fc.double({ min: -5, max: 15 }), fc.constantFrom(NaN, Infinity, -Infinity));
  fc.assert(fc.property(values, (value) => {
    expect(throws(() => checkInteger('x', value, { min: 1, max: 10 }, 'fix'))).toBe(!(Number.isInteger(value) && value >= 1 && value <= 10));
  }));
});

test('sizes: exactly those in the range pass', () => {
  const range = { min: Size.bytes(10), max: Size.kibibytes(1) };
  fc.assert(fc.property(fc.integer({ min: 0, max: 2000 }), (bytes) => {
    expect(throws(() => checkSize('x', Size.bytes(bytes), range, 'fix'))).toBe(bytes < 10 || bytes > 1024);
  }));
});

test('what is known only at deployment is left alone, unless synthesis needs it', () => {
  checkSeconds('x', Duration.seconds(number), { min: Duration.seconds(1), max: Duration.seconds(2) }, 'fix');
  checkInteger('x', number, { min: 1, max: 2 }, 'fix');
  checkSize('x', Size.bytes(number), { min: Size.bytes(1), max: Size.bytes(2) }, 'fix');
  checkText('x', Token.asString({ Ref: 'Text' }), /^never$/, 'never', 'fix');
  refuseToken('x', false, 'fix');
  expect(() => refuseToken('x', true, 'fix')).toThrow('x must be known at synthesis, got "a token"; fix');
});
