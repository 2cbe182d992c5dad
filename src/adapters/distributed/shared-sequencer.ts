import { isTrucError, sleep, TrucError } from '../../kernel/index.ts';
import {
  type Appended,
  type AppendRequest,
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
import { asked, keepLease, unless, unlessLate, unreachable } from './office-keeping.ts';
import { type Progress, progress } from './progress.ts';

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
  /** A writer for which nothing ends so long, although something is in hand, makes room for another node. */
  stuck: number;
}

export const OFFICE_TIMES: OfficeTimes = {
  ttl: 5_000,
  renewEvery: 1_500,
  lookEvery: 1_000,
  pollEvery: 250,
  patience: 20_000,
  stuck: 10_000,
};

/** What a node has that writes. */
interface Office {
  sequencer: Sequencer;
  /** What it writes, and apart from that how it looks for more: a look that ends says nothing of a write that hangs. */
  writing: Progress;
  looking: Progress;
  lost: AbortSignal;
}

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
 * laid down like everybody's, so a hand-over costs a wait and no refusal. A writer that renews its lease and gets
 * nothing done gives the office up.
 */
export function sharedSequencer(options: SharedSequencerOptions): Sequencer {
  const { journal, signer, log, hints, lease, pending } = options;
  const times = { ...OFFICE_TIMES, ...options.times };
  const closing = new AbortController();
  let office: Office | null = null;
  let fault: { code: string; epoch: number } | null = null;

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
      if (fault !== null && ((await epochNow()) ?? 0) > fault.epoch) fault = null;
    }
  }

  /** Only a node that found the log whole moves the epoch: what another one could not write on, it can. */
  async function epochNow(): Promise<number | undefined> {
    return (await journal.head().catch(() => undefined))?.epoch;
  }

  async function noteFault(error: unknown): Promise<void> {
    log.error({ error: String(error), cause: causeOf(error) }, 'ledger: this node cannot write');
    const lasting = isTrucError(error) && LASTING.includes(error.code);
    fault = lasting ? { code: error.code, epoch: (await epochNow()) ?? Number.POSITIVE_INFINITY } : null;
  }

  async function holdOffice(): Promise<void> {
    const ending = new AbortController();
    const [writing, looking] = [progress(), progress()];
    const signal = AbortSignal.any([ending.signal, closing.signal]);
    const isStuck = () => Math.max(writing.stuckMs(), looking.stuckMs()) > times.stuck;
    const { lost, ended } = keepLease({ lease, times, isStuck, signal, log });
    try {
      const over = AbortSignal.any([lost, closing.signal]);
      const sequencer = await unless(over, writing.of(openOffice()));
      if (!sequencer) return;
      office = { sequencer, writing, looking, lost };
      fault = null;
      log.info({ size: signer.size }, 'ledger: this node writes from now on');
      await serve(office);
    } catch (error) {
      await noteFault(error);
      await sleep(fault === null ? AFTER_FAULT_MS : AFTER_LASTING_FAULT_MS, closing.signal);
    } finally {
      const closed = office?.sequencer.close();
      office = null;
      // Nobody waits for what may never end, neither who has lost the office nor who is closed; what still comes of it is fenced.
      if (closed) await unlessLate(lost, times.stuck, closed);
      ending.abort();
      await ended;
      await unless(AbortSignal.timeout(times.ttl), lease.give().catch(unreachable(log)));
      hints.wake([OFFICE_HINT, PENDING_HINT]);
      if (isStuck()) await sleep(2 * times.lookEvery, closing.signal);
    }
  }

  async function openOffice(): Promise<Sequencer> {
    await followSigned(journal, signer);
    return openSequencer({ ...options, gatherMs: GATHER_MS });
  }

  /** Appends what the other nodes have laid down, until the office is lost or the writer stops. */
  async function serve(held: Office): Promise<void> {
    const over = AbortSignal.any([held.lost, closing.signal]);
    while (!over.aborted && office === held) {
      const told = hints.wait([PENDING_HINT], times.pollEvery, over);
      const more = await unless(held.lost, appendPending(held));
      if (!more) await told;
    }
  }

  /** @returns whether more of them wait for certain; what is laid down meanwhile is told by a hint */
  async function appendPending({ sequencer, writing, looking }: Office): Promise<boolean> {
    const rows = await looking.of(pending.oldest(TAKEN_AT_ONCE));
    if (rows.length === 0) return false;
    const outcomes = await Promise.allSettled(
      rows.map(({ request }) => writing.of(sequencer.append([request]))),
    );
    const done = rows.filter((_, i) => isAnswered(outcomes[i] as PromiseSettledResult<unknown>));
    if (done.length > 0) hints.wake([GROWN_HINT]);
    await looking.of(pending.remove(done.map(({ id }) => id)));
    const failed = outcomes.find((outcome) => outcome.status === 'rejected' && !isAnswered(outcome));
    if (failed?.status === 'rejected') {
      if (isTrucError(failed.reason, 'ledger.stopped')) throw failed.reason;
      await sleep(AFTER_FAULT_MS, closing.signal);
    }
    return done.length === TAKEN_AT_ONCE;
  }

  /** Null where this node does not write, or not any more. */
  async function appendOwn(requests: readonly AppendRequest[]): Promise<Appended[] | null> {
    const held = office;
    if (!held) return null;
    try {
      return await unless(held.lost, held.writing.of(held.sequencer.append(requests)));
    } catch (error) {
      if (!isTrucError(error, 'ledger.stopped')) throw error;
      if (office === held) office = null;
      return null;
    }
  }

  const seeking = seekOffice();
  return {
    origin: options.origin,
    append: async (requests) => {
      if (closing.signal.aborted) throw new TrucError('ledger.stopped');
      for (const request of requests) {
        const field = wrongField(request);
        if (field !== null) throw new TrucError('ledger.request-invalid', { field });
      }
      return (await appendOwn(requests)) ?? forwarded.append(requests);
    },
    writes: () => office?.sequencer.writes() ?? false,
    fault: () => fault?.code ?? null,
    close: async () => {
      closing.abort();
      await seeking;
      forwarded.close();
    },
  };
}

/** Committed, or refused for what it is: in both cases it will not be appended by waiting. */
function isAnswered(outcome: PromiseSettledResult<unknown>): boolean {
  if (outcome.status === 'fulfilled') return true;
  return isTrucError(outcome.reason, 'ledger.idem-conflict', 'ledger.request-invalid');
}

function causeOf(error: unknown): string | undefined {
  return isTrucError(error) && error.cause !== undefined ? String(error.cause) : undefined;
}
