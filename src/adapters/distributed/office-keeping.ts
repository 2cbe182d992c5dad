import { type Log, sleep } from '../../kernel/index.ts';
import type { Lease } from './ledger-lease.ts';

export interface KeepingOptions {
  lease: Lease;
  /** How long the lease lasts without a renewal, and how often it is renewed, milliseconds. */
  times: { ttl: number; renewEvery: number };
  /** Whether the holder gets nothing done; it must not keep from others what it makes no use of. */
  isStuck(): boolean;
  signal: AbortSignal;
  log: Log;
}

export interface Keeping {
  /** Fires before the lease can be another node's by its time, and when the holder is stuck. */
  lost: AbortSignal;
  ended: Promise<void>;
}

/** Says again and again that this node is there, as long as that is of use. */
export function keepLease({ lease, times, isStuck, signal, log }: KeepingOptions): Keeping {
  const lost = new AbortController();
  const renewing = async () => {
    let until = performance.now() + times.ttl;
    while (!signal.aborted) {
      await sleep(times.renewEvery, signal);
      if (signal.aborted) return;
      if (isStuck()) {
        log.error({}, 'ledger: this node has the office and gets nothing done; it gives it up');
        return lost.abort();
      }
      const began = performance.now();
      const kept = await asked(lease.take(), until - began, signal, log);
      if (kept) until = began + times.ttl;
      if (kept === false || performance.now() >= until) return lost.abort();
    }
  };
  return { lost: lost.signal, ended: renewing() };
}

/** Null where nobody knows: the store failed, or did not answer in time or before the signal. */
export async function asked(
  answer: Promise<boolean>,
  ms: number,
  signal: AbortSignal,
  log: Log,
): Promise<boolean | null> {
  return unlessLate(signal, ms, answer.catch(unreachable(log)));
}

/** As `unless`, and null after so many milliseconds; without an end where they are not finite. */
export async function unlessLate<T>(signal: AbortSignal, ms: number, work: Promise<T>): Promise<T | null> {
  if (!Number.isFinite(ms)) return unless(signal, work);
  const late = Promise.withResolvers<null>();
  const timer = setTimeout(() => late.resolve(null), Math.max(0, ms));
  try {
    return await unless(signal, Promise.race([work, late.promise]));
  } finally {
    clearTimeout(timer);
  }
}

/** What the work answers, or null once the signal fires; what comes of the work then is nobody's any more. */
export async function unless<T>(signal: AbortSignal, work: Promise<T>): Promise<T | null> {
  const fired = Promise.withResolvers<null>();
  const fire = () => fired.resolve(null);
  if (signal.aborted) fire();
  signal.addEventListener('abort', fire, { once: true });
  work.catch(() => undefined);
  try {
    return await Promise.race([fired.promise, work]);
  } finally {
    signal.removeEventListener('abort', fire);
  }
}

export function unreachable(log: Log): (error: unknown) => null {
  return (error) => {
    log.warn({ error: String(error) }, 'ledger: the office cannot be asked for');
    return null;
  };
}
