import { type Batcher, batcher, type Clock, isTrucError, type Log, TrucError } from '../kernel/index.ts';
import type { Appended, AppendRequest } from './append.ts';
import { planBatch } from './batch.ts';
import type { Edge } from './edge.ts';
import { checkHead, signHead } from './heads.ts';
import type { JournalBatch, LedgerJournal, LogHead } from './journal.ts';
import type { CheckpointSigner } from './signer.ts';

/** The one writer of a log. */
export interface Sequencer {
  readonly origin: string;
  /**
   * Appends in the order given and answers once all entries are committed: durable, integrated and covered by a
   * signed checkpoint. Concurrent calls share batches. When it rejects, entries of this call may still have been
   * committed; repeating it is safe.
   * @throws TrucError `ledger.request-invalid`, `ledger.idem-conflict` (the idem stands for other content),
   * `ledger.write-failed` (nothing was kept), `ledger.backlog-full`, `ledger.clock-moved-back`, `ledger.stopped`
   */
  append(requests: readonly AppendRequest[]): Promise<Appended[]>;
  /** True where appends are written by this node itself; false on one that hands them on, or takes no more. */
  writes(): boolean;
  /** Code of the fault for which no node may write until somebody has looked, where that is known; else null. */
  fault(): string | null;
  /** Ends after what was asked for; later appends reject with `ledger.stopped`. */
  close(): Promise<void>;
}

export interface SequencerOptions {
  journal: LedgerJournal;
  signer: CheckpointSigner;
  clock: Clock;
  origin: string;
  log: Log;
  /** Requests that may wait before `ledger.backlog-full`; 16,384 when not given. */
  maxBacklog?: number;
  /** Most entries of one batch; 2,048 when not given. */
  maxBatch?: number;
  /** How long a batch gathers after a batch of several; see `BatcherOptions`. */
  gatherMs?: number;
}

type Outcome = Appended | TrucError;

const MAX_CLOCK_STEP_BACK_MS = 2_000;

/**
 * Opens the writer of a log: checks the journal's head, takes the log over with a higher epoch (a sequencer that still
 * runs elsewhere can commit nothing from then on) and signs the head.
 * @throws TrucError `ledger.root-mismatch`, `ledger.journal-corrupt`, `ledger.behind-signer`, `ledger.forked`,
 * `ledger.signer-mismatch`, `ledger.head-moved`
 */
export async function openSequencer(options: SequencerOptions): Promise<Sequencer> {
  const { journal, signer, clock, origin, log } = options;
  const maxBacklog = options.maxBacklog ?? 16_384;
  if (signer.origin !== origin)
    throw new TrucError('ledger.signer-mismatch', { origin, signer: signer.origin });
  const found = await journal.head();
  let edge = await checkHead(found, journal, signer);
  let head: LogHead = { ...found, epoch: found.epoch + 1 };
  await journal.commit({ expected: found, entries: [], levels: [], head });
  await signHead(head, journal, signer);
  let stopped = false;

  async function work(requests: AppendRequest[]): Promise<Outcome[]> {
    if (stopped) throw stoppedError();
    const now = clock.now();
    if (now < head.at - MAX_CLOCK_STEP_BACK_MS) {
      log.error({ now, last: head.at }, 'ledger: the clock moved back');
      throw new TrucError('ledger.clock-moved-back', { behindMs: head.at - now });
    }
    try {
      const plan = await planBatch(requests, head, edge, Math.max(head.at, now), journal);
      if (plan.batch) await commitAndSign(plan.batch, plan.edge);
      return plan.outcomes.map((outcome) => (isRefusal(outcome) ? outcome : { ...outcome, size: head.size }));
    } catch (error) {
      // The one failure after which the journal is known to be as before: disk full, for instance.
      if (isTrucError(error, 'ledger.write-failed')) throw error;
      stopped = true;
      log.error({ error }, 'ledger: the sequencer stopped');
      throw stoppedError(error);
    }
  }

  async function commitAndSign(batch: JournalBatch, newEdge: Edge): Promise<void> {
    await journal.commit(batch);
    head = batch.head;
    edge = newEdge;
    await signHead(head, journal, signer);
  }

  const batches: Batcher<AppendRequest, Outcome> = batcher(work, {
    maxItems: options.maxBatch ?? 2_048,
    ...(options.gatherMs === undefined ? {} : { gatherMs: options.gatherMs }),
  });
  return {
    origin,
    append: async (requests) => {
      if (stopped) throw stoppedError();
      if (batches.waiting + requests.length > maxBacklog)
        throw new TrucError('ledger.backlog-full', { waiting: batches.waiting });
      const outcomes = await Promise.all(requests.map((request) => batches.add(request)));
      return outcomes.map(unwrap);
    },
    writes: () => !stopped,
    fault: () => (stopped ? 'ledger.stopped' : null),
    close: async () => {
      await batches.idle();
      stopped = true;
    },
  };
}

function isRefusal(outcome: object): outcome is TrucError {
  return 'code' in outcome;
}

function unwrap(outcome: Outcome): Appended {
  if (isRefusal(outcome)) throw outcome;
  return outcome;
}

function stoppedError(cause?: unknown): TrucError {
  return new TrucError('ledger.stopped', {}, cause);
}
