import fc from 'fast-check';

const string = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 6 }), fc.constantFrom('', '10', '2', '1', '__proto__', 'constructor', 'toJSON', '"1":2', 'a\\', '9007199254740993', '\u2028', '\ud800'),
).map((value) => JSON.stringify(value));

const whole = fc.oneof(fc.maxSafeInteger().map(String), fc.bigInt({ min: -(2n ** 65n), max: 2n ** 65n }).map(String), fc.constantFrom('0', '-0', '9007199254740991', '9007199254740993'));
const real = fc.double({ noNaN: true, noDefaultInfinity: true });
const fraction = fc.oneof(
  real.map((value) => JSON.stringify(value)), real.map((value) => value.toExponential()), real.map((value) => value.toExponential().toUpperCase()),
  fc.integer().map((value) => `${value}.0`), fc.constantFrom('1e400', '-1e999', '1.5e3', '0.1000000000000000055511151231257827'),
);

/** JSON texts without white space, with members in any order, names that JavaScript moves, and numbers of every size and spelling. */
export const jsonTexts: fc.Arbitrary<string> = fc.letrec<{ value: string; list: string; object: string; scalar: string }>((tie) => ({
  value: fc.oneof({ depthSize: 'small', withCrossShrink: true }, tie('scalar'), tie('object'), tie('list')),
  scalar: fc.oneof({ weight: 3, arbitrary: string }, { weight: 2, arbitrary: fraction }, { weight: 1, arbitrary: whole }, { weight: 1, arbitrary: fc.constantFrom('true', 'false', 'null') }),
  object: fc.uniqueArray(fc.tuple(fc.oneof(string, fc.nat(12).map((name) => `"${name}"`)), tie('value')), { selector: ([name]) => name, maxLength: 6 })
    .map((members) => `{${members.map((member) => member.join(':')).join(',')}}`),
  list: fc.array(tie('value'), { maxLength: 4 }).map((items) => `[${items.join(',')}]`),
})).value;

const token = /"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*|[^]/g;
const isNumber = (piece: string) => /^-?\d/.test(piece);

/** The numbers of a text that cannot be held, as they are written: whole ones that would come out as others, and what is infinite. */
export function unholdable(text: string): string[] {
  return (text.match(token) ?? []).filter(isNumber).filter((number) => {
    if (!/^-?\d+$/.test(number)) return !Number.isFinite(Number(number));
    const written = String(Number(number));
    return written.includes('e') || BigInt(written) !== BigInt(number);
  });
}

/** Whether two texts differ in nothing but the spelling of the same numbers. */
export function sameNumbers(left: string, right: string): boolean {
  const [pieces, others] = [left.match(token) ?? [], right.match(token) ?? []];
  return pieces.length === others.length && pieces.every((piece, index) => {
    const other = others[index];
    // Zero has no sign here.
    return piece === other || (isNumber(piece) && isNumber(other) && Number(piece) === Number(other));
  });
}
