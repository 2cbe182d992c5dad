import type { DeliveryQueue } from '../../src/delivery/index.ts';
import { sleep } from '../../src/kernel/index.ts';

/** Hints that come late, and twice. */
export function weakQueue(): DeliveryQueue {
  const listeners = new Set<(recipientId: string) => void>();
  const tell = (recipientIds: readonly string[]) => {
    for (const recipientId of recipientIds) for (const listener of [...listeners]) listener(recipientId);
  };
  const listen = (listener: (recipientId: string) => void) => {
    const own = (recipientId: string) => listener(recipientId);
    listeners.add(own);
    return () => void listeners.delete(own);
  };
  return {
    wake: (recipientIds) => {
      setImmediate(() => tell(recipientIds));
      setImmediate(() => setImmediate(() => tell(recipientIds)));
    },
    wait: async (recipientIds, ms, signal) => {
      const ended = new AbortController();
      let woken = false;
      const stop = listen((recipientId) => {
        if (!recipientIds.includes(recipientId)) return;
        woken = true;
        ended.abort();
      });
      await sleep(ms, AbortSignal.any([signal, ended.signal]));
      stop();
      return woken;
    },
    listen,
  };
}
