import type { DeliveryQueue } from '../../delivery/index.ts';
import { newId } from '../../kernel/index.ts';
import { wakeUps } from '../wake-ups.ts';
import { ANSWER_WITHIN_MS, type RedisOptions, redisConnection } from './redis-connection.ts';

export interface DistributedDeliveryQueue extends DeliveryQueue {
  /** Resolves when Redis answers. */
  ping(): Promise<void>;
  close(): Promise<void>;
}

export interface DeliveryQueueOptions extends RedisOptions {
  /** Pub/sub channel that all nodes of one axis share; axes on one Redis need different ones. */
  channel: string;
}

/** Recipients in one message; a letter to thousands becomes several. */
const MOST_PER_MESSAGE = 500;
/** Messages that may wait for Redis to take them, while a dead connection has not been found out yet. */
const MOST_IN_FLIGHT = 1_000;

/**
 * Wake-ups between nodes by Redis pub/sub, and nothing else: readers and listeners of the own node are woken without
 * Redis, those of other nodes when a message arrives. A Redis that is away, slow to start or restarted costs other
 * nodes their hints for that time, so at most what they wait between two looks; the connection comes back by itself.
 * It opens without waiting for Redis and never throws for it.
 */
export function deliveryQueue(options: DeliveryQueueOptions): DistributedDeliveryQueue {
  const { channel, log, answerWithinMs = ANSWER_WITHIN_MS } = options;
  const local = wakeUps();
  const node = newId();
  const publisher = redisConnection(options, 'publisher');
  const subscriber = redisConnection(options, 'subscriber');
  let pending = new Set<string>();
  let inFlight = 0;

  // At every connection, also one that was lost before it had subscribed.
  subscriber.on('ready', () => {
    subscriber.subscribe(channel).catch((error: unknown) => log.warn({ error }, 'queue: not subscribed'));
  });
  subscriber.on('message', (_channel: string, text: string) => {
    const hint = readHint(text);
    if (hint && hint.node !== node) local.wake(hint.ids);
  });
  // A subscriber only listens: without a question it would never learn that nobody is there any more.
  const asking = setInterval(() => {
    if (subscriber.status === 'ready') subscriber.ping().catch(() => undefined);
  }, answerWithinMs);
  asking.unref();

  /** What one turn of the event loop wakes goes out together. Hints that cannot be sent at once are dropped. */
  function publish(): void {
    const ids = [...pending];
    pending = new Set();
    for (let at = 0; at < ids.length; at += MOST_PER_MESSAGE) {
      if (publisher.status !== 'ready' || inFlight >= MOST_IN_FLIGHT) return;
      send(JSON.stringify({ node, ids: ids.slice(at, at + MOST_PER_MESSAGE) }));
    }
  }

  function send(text: string): void {
    inFlight++;
    publisher
      .publish(channel, text)
      .catch(() => undefined)
      .finally(() => {
        inFlight--;
      });
  }

  return {
    wait: local.wait,
    listen: local.listen,
    wake: (recipientIds) => {
      local.wake(recipientIds);
      if (recipientIds.length > 0 && pending.size === 0) setImmediate(publish);
      for (const id of recipientIds) pending.add(id);
    },
    ping: async () => void (await publisher.ping()),
    close: async () => {
      clearInterval(asking);
      publisher.disconnect();
      subscriber.disconnect();
    },
  };
}

interface Hint {
  node: string;
  ids: string[];
}

/** Anyone with access to Redis can write to a channel: what is not a hint is none. */
function readHint(text: string): Hint | null {
  try {
    const { node, ids } = JSON.parse(text) as Partial<Hint>;
    const whole = typeof node === 'string' && Array.isArray(ids) && ids.every((id) => typeof id === 'string');
    return whole ? { node, ids } : null;
  } catch {
    return null;
  }
}
