import type { DeliveryQueue } from '../../delivery/index.ts';

/** Wake-ups within one process. */
export function deliveryQueue(): DeliveryQueue {
  const waiters = new Map<string, Set<() => void>>();
  const listeners = new Set<(recipientId: string) => void>();
  return {
    wake: (recipientIds) => {
      for (const recipientId of recipientIds) {
        for (const waiter of [...(waiters.get(recipientId) ?? [])]) waiter();
        for (const listener of listeners) listener(recipientId);
      }
    },
    wait: (recipientIds, ms, signal) =>
      new Promise((resolve) => {
        if (signal.aborted) return resolve(false);
        const woken = () => end(true);
        const timer = setTimeout(() => end(false), ms);
        const aborted = () => end(false);
        signal.addEventListener('abort', aborted, { once: true });
        for (const id of recipientIds) {
          const set = waiters.get(id) ?? new Set();
          set.add(woken);
          waiters.set(id, set);
        }
        function end(result: boolean) {
          clearTimeout(timer);
          signal.removeEventListener('abort', aborted);
          for (const id of recipientIds) {
            const set = waiters.get(id);
            set?.delete(woken);
            if (set?.size === 0) waiters.delete(id);
          }
          resolve(result);
        }
      }),
    listen: (listener) => {
      // A function of its own for each call: the same listener given twice is two listeners.
      const own = (recipientId: string) => listener(recipientId);
      listeners.add(own);
      return () => void listeners.delete(own);
    },
  };
}
