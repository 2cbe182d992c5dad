import { Redis } from 'ioredis';
import type { Log } from '../../kernel/index.ts';

export interface RedisOptions {
  /** `redis://…` or `rediss://…`. */
  url: string;
  log: Log;
  /** Milliseconds without an answer after which a connection counts as dead; 5,000 when not given. */
  answerWithinMs?: number;
}

export const ANSWER_WITHIN_MS = 5_000;
const LONGEST_PAUSE_MS = 2_000;

/**
 * A connection that opens without waiting, comes back by itself and keeps nothing for a Redis that is away: a command then
 * fails at once. Tells once that Redis is away and once that it is back.
 */
export function redisConnection(
  { url, log, answerWithinMs = ANSWER_WITHIN_MS }: RedisOptions,
  role: string,
): Redis {
  const redis = new Redis(url, {
    connectionName: `truc-${role}`,
    // A hint that waits for Redis is worth nothing, and many that wait would fill the memory.
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    socketTimeout: answerWithinMs,
    connectTimeout: answerWithinMs,
    autoResubscribe: false,
    retryStrategy: (attempt) => Math.min(attempt * 100, LONGEST_PAUSE_MS),
    // A primary that became a replica, for instance, is left for another look at the address.
    reconnectOnError: (error) => error.message.startsWith('READONLY'),
  });
  let away = false;
  redis.on('error', (error: unknown) => {
    if (!away) log.warn({ role, error }, 'Redis is away; nodes do without it');
    away = true;
  });
  redis.on('ready', () => {
    if (away) log.info({ role }, 'Redis is back');
    away = false;
  });
  return redis;
}
