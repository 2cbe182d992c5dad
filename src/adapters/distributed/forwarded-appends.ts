import { batcher, isTrucError, type Log, sleep, TrucError } from '../../kernel/index.ts';
import {
  type Appended,
  type AppendRequest,
  type LedgerJournal,
  leafHash,
  parseEntry,
  sameContent,
} from '../../ledger/index.ts';
import type { Hints } from './hints.ts';
import type { PendingAppends } from './ledger-pending.ts';

/** Names of hints: something waits for the writer, and the ledger has grown. */
export const PENDING_HINT = 'ledger/pending';
export const GROWN_HINT = 'ledger/grown';

export interface ForwardedAppends {
  /** Answers as a sequencer does. @throws TrucError `ledger.idem-conflict`, `ledger.no-writer`, `ledger.backlog-full` */
  append(requests: readonly AppendRequest[]): Promise<Appended[]>;
  close(): void;
}

export interface ForwardingOptions {
  journal: LedgerJournal;
  pending: PendingAppends;
  hints: Hints;
  log: Log;
  /** Size of a signed checkpoint, at least as large as the log was when it was asked. */
  signedSize(): Promise<number>;
  /** How long a request may wait for a writer, milliseconds. */
  patienceMs: number;
}

interface Waiting {
  request: AppendRequest;
  resolve(appended: Appended): void;
  reject(error: TrucError): void;
  until: number;
}

const CALLS_PER_INSERT = 512;
const MOST_WAITING = 16_384;
const LOOKED_UP_AT_ONCE = 2_048;
/** Without hints, so long between two looks: short at first, for the answer is mostly there at once. */
const PAUSES_MS = [10, 20, 40, 80, 160];

/**
 * Appends of a node that does not write the ledger: they are laid down durably for the node that does, and looked for
 * in the log. One look serves all that wait. Who waits too long is told so; the request stays and will be an entry.
 */
export function forwardedAppends(options: ForwardingOptions): ForwardedAppends {
  const { journal, pending, hints, log, signedSize, patienceMs } = options;
  const waiting = new Set<Waiting>();
  const closing = new AbortController();
  let watching = false;

  const inserts = batcher<readonly AppendRequest[], null>(
    async (calls) => {
      await pending.put(calls.flat());
      hints.wake([PENDING_HINT]);
      return calls.map(() => null);
    },
    { maxItems: CALLS_PER_INSERT },
  );

  async function watch(): Promise<void> {
    for (let round = 0; waiting.size > 0; round++) {
      const pause = PAUSES_MS[Math.min(round, PAUSES_MS.length - 1)] as number;
      // Before the look: what is told during it counts.
      const grown = hints.wait([GROWN_HINT], pause, closing.signal);
      if (await settleFound().catch(failedLook)) round = 0;
      giveUpOld();
      if (waiting.size > 0) await grown;
    }
    watching = false;
  }

  async function failedLook(error: unknown): Promise<boolean> {
    log.warn({ error: String(error) }, 'ledger: the log cannot be read; appends wait');
    await sleep(PAUSES_MS.at(-1) as number, closing.signal);
    return false;
  }

  function giveUpOld(): void {
    const now = performance.now();
    for (const one of waiting) {
      if (one.until > now && !closing.signal.aborted) continue;
      waiting.delete(one);
      one.reject(new TrucError('ledger.no-writer', { waitedMs: patienceMs }));
    }
  }

  /** @returns whether something was found */
  async function settleFound(): Promise<boolean> {
    const asked = [...waiting].slice(0, LOOKED_UP_AT_ONCE);
    const indices = await journal.findIdem(asked.map((one) => one.request.idem));
    const found = asked.flatMap((one, i) => {
      const index = indices[i];
      return index === null || index === undefined ? [] : [{ one, index }];
    });
    if (found.length === 0) return false;
    const entries = await entriesAt(
      journal,
      found.map(({ index }) => index),
    );
    const size = await signedSize();
    const covered = found.filter(({ index }) => index < size);
    for (const { one, index } of covered) {
      waiting.delete(one);
      settle(one, index, entries.get(index) as Buffer, size);
    }
    return covered.length > 0;
  }

  return {
    append: async (requests) => {
      if (waiting.size + requests.length > MOST_WAITING)
        throw new TrucError('ledger.backlog-full', { waiting: waiting.size });
      try {
        await inserts.add(requests);
      } catch (error) {
        if (isTrucError(error)) throw error;
        throw new TrucError('adapters.store-failed', { store: 'mongodb', part: 'ledger' }, error);
      }
      const until = performance.now() + patienceMs;
      const answers = requests.map(
        (request) =>
          new Promise<Appended>((resolve, reject) => waiting.add({ request, resolve, reject, until })),
      );
      if (!watching) {
        watching = true;
        void watch();
      }
      return Promise.all(answers);
    },
    close: () => closing.abort(),
  };
}

function settle({ request, resolve, reject }: Waiting, index: number, entry: Buffer, size: number): void {
  const { doc, type } = request;
  if (!sameContent(request, entry)) {
    reject(new TrucError('ledger.idem-conflict', { doc, type }));
    return;
  }
  const { seq, prev, at } = parseEntry(entry);
  // Whether the entry is older than the request cannot be told from here, and an entry that is there was asked for.
  resolve({ index, entry, leafHash: leafHash(entry), seq, prev, at, replayed: false, size });
}

/** Entries lie mostly side by side, since one batch has appended them. */
async function entriesAt(journal: LedgerJournal, indices: readonly number[]): Promise<Map<number, Buffer>> {
  const sorted = [...new Set(indices)].sort((a, b) => a - b);
  const runs: { from: number; count: number }[] = [];
  for (const index of sorted) {
    const last = runs.at(-1);
    if (last && last.from + last.count === index) last.count++;
    else runs.push({ from: index, count: 1 });
  }
  const found = new Map<number, Buffer>();
  await Promise.all(
    runs.map(async ({ from, count }) => {
      const entries = await journal.entries(from, count);
      entries.forEach((entry, i) => {
        found.set(from + i, entry);
      });
    }),
  );
  return found;
}
