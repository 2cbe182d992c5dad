import { isTrucError, type Log, sleep, TrucError } from '../../kernel/index.ts';
import {
  followSigned,
  openSequencer,
  type Sequencer,
  type SequencerOptions,
  wrongField,
} from '../../ledger/index.ts';
import { GATHER_MS } from './database.ts';
import { forwardedAppends, GROWN_HINT, PENDING_HINT } from './forwarded-appends.ts';
import type { Hints } from './hints.ts';
import type { Lease } from './ledger-lease.ts';
import type { PendingAppends } from './ledger-pending.ts';

export interface SharedSequencerOptions extends SequencerOptions {
  pending: PendingAppends;
  lease: Lease;
  hints: Hints;
  /** Times of the office, milliseconds; the defaults hand over within seconds. */
  times?: Partial<OfficeTimes>;
}

export interface OfficeTimes {
  /** How long the lease lasts without a renewal; the lease itself must have been made with the same. */
  ttl: number;
  renewEvery: number;
  /** How often a node without the office looks whether it is free. */
  lookEvery: number;
  /** How often the writer looks for requests of other nodes when no hint comes. */
  pollEvery: number;
  /** How long a forwarded request waits for a writer. */
  patience: number;
}

export const OFFICE_TIMES: OfficeTimes = {
  ttl: 5_000,
  renewEvery: 1_500,
  lookEvery: 1_000,
  pollEvery: 250,
  patience: 20_000,
};

const OFFICE_HINT = 'ledger/office';
const TAKEN_AT_ONCE = 2_048;
const AFTER_FAULT_MS = 250;
const AFTER_LASTING_FAULT_MS = 5_000;
/** What no other node and no later attempt mends: the log is not the one that was signed, or damaged. */
const LASTING: readonly string[] = [
  'ledger.behind-signer',
  'ledger.forked',
  'ledger.root-mismatch',
  'ledger.journal-corrupt',
  'ledger.signer-mismatch',
];

/**
 * The writer of a log that many nodes share. One node has the office at a time, by a lease; it alone writes, its own
 * appends and those that the others have laid down. Safety does not hang on the lease: a writer that was deposed, or
 * slept through the end of its lease, finds the head moved and nothing of it is committed. Its appends are then
 * laid down like everybody's, so a hand-over costs a wait and no refusal.
 */
export function sharedSequencer(options: SharedSequencerOptions): Sequencer {
  const { journal, signer, log, hints, lease, pending } = options;
  const times = { ...OFFICE_TIMES, ...options.times };
  const closing = new AbortController();
  let writer: Sequencer | null = null;
  let fault: string | null = null;

  const forwarded = forwardedAppends({
    pending,
    hints,
    log,
    patienceMs: times.patience,
    signedSize: async () => {
      await followSigned(journal, signer);
      return signer.size;
    },
  });

  async function seekOffice(): Promise<void> {
    while (!closing.signal.aborted) {
      if (await asked(lease.take(), Number.POSITIVE_INFINITY, closing.signal, log)) await holdOffice();
      else await hints.wait([OFFICE_HINT], times.lookEvery, closing.signal);
    }
  }

  async function holdOffice(): Promise<void> {
    const ending = new AbortController();
    const renewal = keepLease(lease, times, AbortSignal.any([ending.signal, closing.signal]), log);
    try {
      await followSigned(journal, signer);
      writer = await openSequencer({ ...options, gatherMs: GATHER_MS });
      fault = null;
      log.info({ size: signer.size }, 'ledger: this node writes from now on');
      await serve(writer, renewal.lost);
    } catch (error) {
      log.error({ error: String(error), cause: causeOf(error) }, 'ledger: this node cannot write');
      fault = isTrucError(error) && LASTING.includes(error.code) ? error.code : null;
      await sleep(fault === null ? AFTER_FAULT_MS : AFTER_LASTING_FAULT_MS, closing.signal);
    } finally {
      const former = writer;
      writer = null;
      await former?.close();
      ending.abort();
      await renewal.ended;
      await lease.give().catch(unreachable(log));
      hints.wake([OFFICE_HINT, PENDING_HINT]);
    }
  }

  /** Appends what the other nodes have laid down, until the office is lost or the writer stops. */
  async function serve(open: Sequencer, lost: AbortSignal): Promise<void> {
    const over = AbortSignal.any([lost, closing.signal]);
    while (!over.aborted && writer === open) {
      const told = hints.wait([PENDING_HINT], times.pollEvery, over);
      const more = await appendPending(open);
      if (!more) await told;
    }
  }

  /** @returns whether more of them wait for certain; what is laid down meanwhile is told by a hint */
  async function appendPending(open: Sequencer): Promise<boolean> {
    const rows = await pending.oldest(TAKEN_AT_ONCE);
    if (rows.length === 0) return false;
    const outcomes = await Promise.allSettled(rows.map(({ request }) => open.append([request])));
    const done = rows.filter((_, i) => isAnswered(outcomes[i] as PromiseSettledResult<unknown>));
    if (done.length > 0) hints.wake([GROWN_HINT]);
    await pending.remove(done.map(({ id }) => id));
    const failed = outcomes.find((outcome) => outcome.status === 'rejected' && !isAnswered(outcome));
    if (failed?.status === 'rejected') {
      if (isTrucError(failed.reason, 'ledger.stopped')) throw failed.reason;
      await sleep(AFTER_FAULT_MS, closing.signal);
    }
    return done.length === TAKEN_AT_ONCE;
  }

  const office = seekOffice();
  return {
    origin: options.origin,
    append: async (requests) => {
      if (closing.signal.aborted) throw new TrucError('ledger.stopped');
      for (const request of requests) {
        const field = wrongField(request);
        if (field !== null) throw new TrucError('ledger.request-invalid', { field });
      }
      const own = writer;
      if (!own) return forwarded.append(requests);
      try {
        return await own.append(requests);
      } catch (error) {
        if (!isTrucError(error, 'ledger.stopped')) throw error;
        if (writer === own) writer = null;
        return forwarded.append(requests);
      }
    },
    writes: () => writer?.writes() ?? false,
    fault: () => fault,
    close: async () => {
      closing.abort();
      await office;
      forwarded.close();
    },
  };
}

/** Committed, or refused for what it is: in both cases it will not be appended by waiting. */
function isAnswered(outcome: PromiseSettledResult<unknown>): boolean {
  if (outcome.status === 'fulfilled') return true;
  return isTrucError(outcome.reason, 'ledger.idem-conflict', 'ledger.request-invalid');
}

/** Says again and again that this node is there. `lost` fires before the lease can be another node's by its time. */
function keepLease(
  lease: Lease,
  times: OfficeTimes,
  signal: AbortSignal,
  log: Log,
): { lost: AbortSignal; ended: Promise<void> } {
  const lost = new AbortController();
  const renewing = async () => {
    let until = performance.now() + times.ttl;
    while (!signal.aborted) {
      await sleep(times.renewEvery, signal);
      if (signal.aborted) return;
      const began = performance.now();
      const kept = await asked(lease.take(), until - began, signal, log);
      if (kept) until = began + times.ttl;
      if (kept === false || performance.now() >= until) return lost.abort();
    }
  };
  return { lost: lost.signal, ended: renewing() };
}

/** Null where nobody knows: the store failed, or did not answer in time or before the signal. */
async function asked(
  answer: Promise<boolean>,
  ms: number,
  signal: AbortSignal,
  log: Log,
): Promise<boolean | null> {
  const ended = Promise.withResolvers<null>();
  const end = () => ended.resolve(null);
  const timer = Number.isFinite(ms) ? setTimeout(end, ms) : undefined;
  signal.addEventListener('abort', end, { once: true });
  try {
    return await Promise.race([answer.catch(unreachable(log)), ended.promise]);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', end);
  }
}

function unreachable(log: Log): (error: unknown) => null {
  return (error) => {
    log.warn({ error: String(error) }, 'ledger: the office cannot be asked for');
    return null;
  };
}

function causeOf(error: unknown): string | undefined {
  return isTrucError(error) && error.cause !== undefined ? String(error.cause) : undefined;
}
