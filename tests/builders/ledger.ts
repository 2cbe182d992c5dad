import { generateKeyPairSync } from 'node:crypto';
import { type Clock, manualClock, sha256, silentLog, TrucError } from '../../src/kernel/index.ts';
import {
  type AppendRequest,
  type CheckpointSigner,
  EMPTY_ROOT,
  type JournalBatch,
  type LedgerJournal,
  type LogHead,
  openSequencer,
  openSigner,
  type Sequencer,
  type SequencerOptions,
  type SignedHead,
  type SignerMemory,
} from '../../src/ledger/index.ts';

export const ORIGIN = 'test.example/ledger/1';
export const START = Date.parse('2026-03-16T02:00:00Z');

/** One key for all tests: making one is slow, and no test depends on which it is. */
export const LOG_KEY = generateKeyPairSync('ed25519').privateKey;

/** A request that the label alone determines. */
export function aRequest(label: string, fields: Partial<AppendRequest> = {}): AppendRequest {
  return {
    idem: sha256(`idem ${label}`),
    doc: `doc-${label}`,
    type: 'document.submitted',
    erds: 'SubmissionAcceptance',
    commit: sha256(`commit ${label}`).toString('hex'),
    ...fields,
  };
}

/** Remembers at once and for as long as the test holds it. */
export function signerMemoryFake(): SignerMemory & { saved: SignedHead | null } {
  const memory: SignerMemory & { saved: SignedHead | null } = {
    saved: null,
    load: async () => memory.saved,
    save: async (head) => {
      memory.saved = { ...head, root: Buffer.from(head.root) };
    },
  };
  return memory;
}

export interface OpenLog {
  sequencer: Sequencer;
  signer: CheckpointSigner;
  clock: Clock;
}

export async function openLog(
  journal: LedgerJournal,
  options: Partial<SequencerOptions> & { memory?: SignerMemory } = {},
): Promise<OpenLog> {
  const { memory = signerMemoryFake(), ...rest } = options;
  const clock = rest.clock ?? manualClock(START);
  const signer = await openSigner({ origin: ORIGIN, privateKey: LOG_KEY, memory });
  const sequencer = await openSequencer({ journal, signer, origin: ORIGIN, log: silentLog, ...rest, clock });
  return { sequencer, signer, clock };
}

interface Stored {
  entries: { bytes: Buffer; idem: Buffer; doc: string; seq: number; leaf: Buffer }[];
  levels: Buffer[];
  head: LogHead;
}

/**
 * A deliberately weak journal: in memory, slow at every call, look-ups by scanning, answers that are copies. It keeps
 * the promises of the port and nothing more.
 */
export function weakJournal(): LedgerJournal {
  let stored: Stored = { entries: [], levels: [], head: { size: 0, root: EMPTY_ROOT, epoch: 0, at: 0 } };
  let committing = false;
  const later = () => new Promise<void>((resolve) => setImmediate(resolve));
  const within = (from: number, count: number, limit: number) => {
    if (
      !Number.isSafeInteger(from) ||
      !Number.isSafeInteger(count) ||
      from < 0 ||
      count < 0 ||
      from + count > limit
    )
      throw new TrucError('ledger.out-of-range', { from, count, limit });
  };

  function applied({ entries, levels, head }: JournalBatch): Stored {
    const merged = levels.map((hashes, level) =>
      Buffer.concat([stored.levels[level] ?? Buffer.alloc(0), hashes]),
    );
    return {
      entries: [...stored.entries, ...entries],
      levels: [...merged, ...stored.levels.slice(levels.length)],
      head,
    };
  }

  return {
    head: async () => {
      await later();
      return { ...stored.head };
    },
    commit: async (batch) => {
      const { size, epoch, root } = batch.expected;
      const { head } = stored;
      if (committing || size !== head.size || epoch !== head.epoch || !root.equals(head.root))
        throw new TrucError('ledger.head-moved');
      committing = true;
      await later();
      stored = applied(batch);
      committing = false;
      await later();
    },
    entries: async (from, count) => {
      within(from, count, stored.head.size);
      const found = stored.entries.slice(from, from + count);
      await later();
      return found.map((entry) => Buffer.from(entry.bytes));
    },
    hashes: async (level, from, count) => {
      within(from, count, Math.floor(stored.head.size / 2 ** level));
      const found = (stored.levels[level] ?? Buffer.alloc(0)).subarray(from * 32, (from + count) * 32);
      await later();
      return Buffer.from(found);
    },
    findIdem: async (idems) => {
      const { entries } = stored;
      await later();
      return idems.map((idem) => {
        const index = entries.findIndex((entry) => entry.idem.equals(idem));
        return index < 0 ? null : index;
      });
    },
    docTails: async (docs) => {
      const { entries } = stored;
      await later();
      return docs.map((doc) => {
        const tail = entries.findLast((entry) => entry.doc === doc);
        return tail ? { seq: tail.seq, leaf: Buffer.from(tail.leaf) } : null;
      });
    },
    docEntries: async (doc) => {
      const { entries } = stored;
      await later();
      return entries.flatMap((entry, index) => (entry.doc === doc ? [index] : []));
    },
  };
}
