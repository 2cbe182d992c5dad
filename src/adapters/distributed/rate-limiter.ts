import type { Redis } from 'ioredis';
import type { Rate, RateLimiter } from '../../agency/index.ts';
import { localRates } from '../local-rates.ts';
import { type RedisOptions, redisConnection } from './redis-connection.ts';

export interface DistributedRateLimiter extends RateLimiter {
  close(): Promise<void>;
}

export interface RateLimiterOptions extends RedisOptions {
  /** What the names in Redis begin with; axes on one Redis need different ones. */
  prefix: string;
  /** How long a request waits for Redis before the node counts alone; 100 ms when not given. */
  boundMs?: number;
}

/**
 * The arithmetic of `local-rates.ts` by the clock of Redis, in one step. KEYS[1]: the key; ARGV: milliseconds of one
 * turn, milliseconds of the whole rate. A key lives until its rate is whole again.
 */
const TAKE = `
local time = redis.call('TIME')
local now = time[1] * 1000 + time[2] / 1000
local next = math.max(tonumber(redis.call('GET', KEYS[1]) or '0'), now) + ARGV[1]
local wait = next - ARGV[2] - now
if wait > 0.001 then return math.ceil(wait) end
redis.call('SET', KEYS[1], string.format('%.3f', next), 'PX', math.max(1, math.ceil(next - now)))
return 0
`;

const BOUND_MS = 100;
/** How long a node counts alone after Redis did not answer, so that not every request waits for it. */
const ALONE_MS = 1_000;

interface Scripted extends Redis {
  trucTake(key: string, turnMs: number, wholeMs: number): Promise<number>;
}

/**
 * One count over all nodes, in Redis. What a node has let through itself already uses up the rate, so it is asked first,
 * and a caller far beyond its rate costs Redis nothing. While Redis is away or slow, each node counts alone.
 */
export function rateLimiter(options: RateLimiterOptions): DistributedRateLimiter {
  const { prefix, boundMs = BOUND_MS } = options;
  const local = localRates();
  const redis = redisConnection(options, 'rates') as Scripted;
  redis.defineCommand('trucTake', { numberOfKeys: 1, lua: TAKE });
  let aloneUntil = 0;

  async function together(key: string, { count, perMs }: Rate): Promise<number> {
    if (redis.status !== 'ready' || performance.now() < aloneUntil) return 0;
    try {
      return await inTime(redis.trucTake(`${prefix}:${key}`, perMs / count, perMs), boundMs);
    } catch {
      aloneUntil = performance.now() + ALONE_MS;
      return 0;
    }
  }

  return {
    take: async (key, rate) => local.take(key, rate) || together(key, rate),
    close: async () => redis.disconnect(),
  };
}

function inTime(answer: Promise<number>, boundMs: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new RangeError('late')), boundMs);
    answer.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
