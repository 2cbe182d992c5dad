import type { RateLimiter } from '../../agency/index.ts';
import { localRates } from '../local-rates.ts';

/** Counts in this process, which is the only one. */
export function rateLimiter(): RateLimiter {
  const local = localRates();
  return { take: async (key, rate) => local.take(key, rate) };
}
