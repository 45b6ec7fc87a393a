import { Duration, Size, Stack, Token } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import * as fc from 'fast-check';
import { checkInteger, checkSeconds, checkSize, checkText, InvalidPropError, located, refuseToken } from '../../../src/private/synth/validation';

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

test('an error says what, what is allowed, what it got and how to fix it', () => {
  expect(new InvalidPropError('width', 'x', 'a number', 'count')).toMatchObject({ name: 'InvalidPropError', message: 'width must be a number, got "x"; count' });
  expect(new InvalidPropError('width', NaN, 'a number', 'count').message).toContain('got NaN');
});

test('a construct puts its path before the message, the innermost one, and once', () => {
  const outer = new Construct(new Stack(undefined, 'Stack'), 'Outer');
  const inner = new Construct(outer, 'Inner');
  const refused = () => located(outer, () => located(inner, () => checkInteger('width', 0, { min: 1, max: 2 }, 'fix')));
  expect(refused).toThrow(expect.objectContaining({
    message: 'Stack/Outer/Inner: width must be a whole number from 1 to 2, got 0; fix',
    // Once: Node writes the stack when it is read for the first time, which is here.
    stack: expect.stringMatching(/^InvalidPropError: Stack\/Outer\/Inner: width/),
  }));
  expect(() => located(outer, () => JSON.parse('{'))).toThrow(SyntaxError);
  expect(located(outer, () => 5)).toBe(5);
});

test.each<[unknown, string]>([
  [undefined, 'undefined'], [10n, '10'], [Symbol('x'), 'Symbol(x)'], [function f() {}, 'the function f'], [Duration.days(1), 'an instance of Duration'],
  [[1, 'a', new Map()], '[1,"a",an instance of Map]'], [{ a: { b: null } }, '{"a":{"b":null}}'], [Object.create(null), '{}'],
])('whatever was given is shown: %p', (got, shown) => {
  expect(new InvalidPropError('it', got, 'another', 'fix').message).toBe(`it must be another, got ${shown}; fix`);
});

test('an object that leads back to itself is shown in part', () => {
  const circle: Record<string, unknown> = {};
  circle.itself = circle;
  expect(new InvalidPropError('it', circle, 'another', 'fix').message).toMatch(/^it must be another, got \{"itself":.*…\}+; fix$/);
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
