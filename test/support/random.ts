/** Numbers between 0 and 1, the same in every run: the multiplicative generator of Lehmer, which is good enough for sums. */
export function seededRandom(seed: number): () => number {
  const modulus = 2 ** 31 - 1;
  let state = seed;
  return () => {
    state = (state * 48_271) % modulus;
    return state / modulus;
  };
}
