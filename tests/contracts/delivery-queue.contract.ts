import { beforeEach, describe, expect, test } from '@jest/globals';
import type { DeliveryQueue } from '../../src/delivery/index.ts';

const LONG = 30_000;
const never = () => new AbortController().signal;

/** What every queue of hints promises; that a hint may be late or doubled is allowed. `open` gives a fresh one. */
export function deliveryQueueContract(name: string, open: () => Promise<DeliveryQueue>): void {
  describe(`delivery queue: ${name}`, () => {
    let queue: DeliveryQueue;
    beforeEach(async () => {
      queue = await open();
    });

    test('a waiting reader is woken for any of its agencies', async () => {
      const waiting = [queue.wait(['a', 'b'], LONG, never()), queue.wait(['b'], LONG, never())];
      queue.wake(['b']);
      expect(await Promise.all(waiting)).toEqual([true, true]);
    });

    test('fifty readers of one agency are all woken', async () => {
      const waiting = Array.from({ length: 50 }, () => queue.wait(['a'], LONG, never()));
      queue.wake(['a']);
      expect(new Set(await Promise.all(waiting))).toEqual(new Set([true]));
    });

    test('a hint for others wakes nobody here: the wait ends with its time', async () => {
      const waiting = queue.wait(['a'], 30, never());
      queue.wake(['b', 'c']);
      expect(await waiting).toBe(false);
    });

    test('waiting for nobody ends with its time', async () => {
      expect(await queue.wait([], 1, never())).toBe(false);
    });

    test('an aborted reader stops waiting, also when it was aborted before', async () => {
      const gone = new AbortController();
      const waiting = queue.wait(['a'], LONG, gone.signal);
      gone.abort();
      expect(await waiting).toBe(false);
      expect(await queue.wait(['a'], LONG, gone.signal)).toBe(false);
    });

    test('a listener hears every agency that is woken, until it stops', async () => {
      const heard = new Set<string>();
      const stop = queue.listen((recipientId) => heard.add(recipientId));
      const waiting = queue.wait(['b'], LONG, never());
      queue.wake(['a', 'b']);
      await waiting;
      expect([...heard].sort()).toEqual(['a', 'b']);
      stop();
      stop();
      const other = queue.wait(['c'], LONG, never());
      queue.wake(['c']);
      await other;
      expect(heard.has('c')).toBe(false);
    });

    test('two listeners of the same function stop apart from each other', async () => {
      let heard = 0;
      const listener = () => {
        heard++;
      };
      const stop = queue.listen(listener);
      queue.listen(listener);
      stop();
      const waiting = queue.wait(['a'], LONG, never());
      queue.wake(['a']);
      await waiting;
      expect(heard).toBeGreaterThan(0);
    });
  });
}
