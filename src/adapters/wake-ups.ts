import type { DeliveryQueue } from '../delivery/index.ts';

/** Wake-ups within one process: all that the embedded queue is, and the own node's part of the distributed one. */
export function wakeUps(): DeliveryQueue {
  const waiters = new Map<string, Set<() => void>>();
  const listeners = new Set<{ hear(recipientId: string): void }>();

  function join(id: string, waiter: () => void): void {
    const set = waiters.get(id) ?? new Set();
    waiters.set(id, set.add(waiter));
  }

  function leave(id: string, waiter: () => void): void {
    const set = waiters.get(id);
    set?.delete(waiter);
    if (set?.size === 0) waiters.delete(id);
  }

  return {
    wake: (recipientIds) => {
      for (const recipientId of recipientIds) {
        for (const waiter of [...(waiters.get(recipientId) ?? [])]) waiter();
        for (const listener of listeners) listener.hear(recipientId);
      }
    },
    wait: (recipientIds, ms, signal) => {
      if (signal.aborted) return Promise.resolve(false);
      const { promise, resolve } = Promise.withResolvers<boolean>();
      const woken = () => resolve(true);
      const ended = () => resolve(false);
      const timer = setTimeout(ended, ms);
      signal.addEventListener('abort', ended, { once: true });
      for (const id of recipientIds) join(id, woken);
      return promise.finally(() => {
        clearTimeout(timer);
        signal.removeEventListener('abort', ended);
        for (const id of recipientIds) leave(id, woken);
      });
    },
    listen: (hear) => {
      // An object of its own for each call: the same function given twice is two listeners.
      const own = { hear };
      listeners.add(own);
      return () => void listeners.delete(own);
    },
  };
}
