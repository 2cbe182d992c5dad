import { randomInt } from 'node:crypto';

/** A gate must give the same answer twice for the same commit: in CI the seed is this one, elsewhere each run explores. */
const CI_SEED = 20_261_125;

/** Seed of this run, printed; TRUC_TEST_SEED gives it, which repeats a run. */
export function testSeed(): number {
  const given = process.env.TRUC_TEST_SEED ?? (process.env.CI ? CI_SEED : undefined);
  const seed = given === undefined ? randomInt(2 ** 31) : Number(given);
  console.info(`seed ${seed} (TRUC_TEST_SEED repeats it)`);
  return seed;
}

/** Seeded random numbers for tests. */
export function seededRandom(): { seed: number; next(): number; between(low: number, high: number): number } {
  const seed = testSeed();
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
