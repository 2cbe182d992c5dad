/** Seeded random numbers for tests: the seed is printed, and TRUC_TEST_SEED repeats a run. */
export function seededRandom(): { seed: number; next(): number; between(low: number, high: number): number } {
  const given = process.env.TRUC_TEST_SEED;
  const seed = given === undefined ? Math.trunc(Date.now() % 2_147_483_647) : Number(given);
  console.info(`seed ${seed} (TRUC_TEST_SEED repeats it)`);
  let state = seed >>> 0;
  // mulberry32: small, and good enough to choose moments.
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
  return { seed, next, between: (low, high) => low + Math.floor(next() * (high - low + 1)) };
}
