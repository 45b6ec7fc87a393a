/** The constants of the generator of `java.util.Random`. Source: the documentation of that class. */
const MULTIPLIER = 0x5DEECE66Dn;
const INCREMENT = 0xBn;
const BITS = 48;

/** The first `nextDouble()` of a `java.util.Random` with a seed, which is what `$random(seed)` is on AWS (measured, floci-io/floci issue 2662). */
export function seededRandom(seed: number): number {
  // eslint-disable-next-line no-bitwise -- the generator is defined by it
  let state = BigInt.asUintN(BITS, toLong(seed) ^ MULTIPLIER);
  const next = (bits: number) => {
    state = BigInt.asUintN(BITS, state * MULTIPLIER + INCREMENT);
    return Number(state / 2n ** BigInt(BITS - bits));
  };
  return (next(26) * 2 ** 27 + next(27)) / 2 ** 53;
}

/** As Java turns a double into a long: what is too large becomes the largest. */
function toLong(value: number): bigint {
  const [least, most] = [-(2n ** 63n), 2n ** 63n - 1n];
  if (!Number.isFinite(value)) return value < 0 ? least : most;
  const whole = BigInt(Math.trunc(value));
  return whole < least ? least : whole > most ? most : whole;
}
