import { batcher, isTrucError, type Log, sleep, TrucError } from '../../kernel/index.ts';
import { type Appended, type AppendRequest, leafHash, parseEntry, sameContent } from '../../ledger/index.ts';
import { GATHER_MS } from './database.ts';
import type { Hints } from './hints.ts';
import type { FoundEntry, PendingAppends } from './ledger-pending.ts';

/** Names of hints: something waits for the writer, and the ledger has grown. */
export const PENDING_HINT = 'ledger/pending';
export const GROWN_HINT = 'ledger/grown';

export interface ForwardedAppends {
  /** Answers as a sequencer does. @throws TrucError `ledger.idem-conflict`, `ledger.no-writer`, `ledger.backlog-full` */
  append(requests: readonly AppendRequest[]): Promise<Appended[]>;
  close(): void;
}

export interface ForwardingOptions {
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
/** Without hints, so long between two looks. */
const PAUSES_MS = [40, 80, 160];

/**
 * Appends of a node that does not write the ledger: they are laid down durably for the node that does, and looked for
 * in the log. One look serves all that wait. Who waits too long is told so; the request stays and will be an entry.
 */
export function forwardedAppends(options: ForwardingOptions): ForwardedAppends {
  const { pending, hints, log, signedSize, patienceMs } = options;
  const waiting = new Set<Waiting>();
  const closing = new AbortController();
  let watching = false;

  const inserts = batcher<readonly AppendRequest[], null>(
    async (calls) => {
      await pending.put(calls.flat());
      hints.wake([PENDING_HINT]);
      return calls.map(() => null);
    },
    { maxItems: CALLS_PER_INSERT, gatherMs: GATHER_MS },
  );

  async function watch(): Promise<void> {
    // Before the request is laid down and before each look: what is told meanwhile counts.
    const listen = (round: number) => {
      const pause = PAUSES_MS[Math.min(round, PAUSES_MS.length - 1)] as number;
      return hints.wait([GROWN_HINT], pause, closing.signal);
    };
    let told = listen(0);
    for (let round = 1; waiting.size > 0; round++) {
      await told;
      told = listen(round);
      if (await settleFound().catch(failedLook)) round = 0;
      giveUpOld();
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
    const entries = await pending.entriesOf(asked.map((one) => one.request.idem));
    if (!entries.some((entry) => entry !== null)) return false;
    const size = await signedSize();
    let some = false;
    for (const [i, one] of asked.entries()) {
      const found = entries[i];
      if (!found || found.index >= size) continue;
      some = true;
      waiting.delete(one);
      settle(one, found, size);
    }
    return some;
  }

  return {
    append: async (requests) => {
      if (waiting.size + requests.length > MOST_WAITING)
        throw new TrucError('ledger.backlog-full', { waiting: waiting.size });
      const own: Waiting[] = [];
      const answers = Promise.all(
        requests.map(
          (request) =>
            new Promise<Appended>((resolve, reject) => {
              own.push({ request, resolve, reject, until: Number.POSITIVE_INFINITY });
            }),
        ),
      );
      answers.catch(() => undefined);
      for (const one of own) waiting.add(one);
      if (!watching) {
        watching = true;
        void watch();
      }
      try {
        await inserts.add(requests);
      } catch (error) {
        for (const one of own) waiting.delete(one);
        if (isTrucError(error)) throw error;
        throw new TrucError('adapters.store-failed', { store: 'mongodb', part: 'ledger' }, error);
      }
      for (const one of own) one.until = performance.now() + patienceMs;
      return answers;
    },
    close: () => closing.abort(),
  };
}

function settle({ request, resolve, reject }: Waiting, { index, entry }: FoundEntry, size: number): void {
  const { doc, type } = request;
  if (!sameContent(request, entry)) {
    reject(new TrucError('ledger.idem-conflict', { doc, type }));
    return;
  }
  const { seq, prev, at } = parseEntry(entry);
  // Whether the entry is older than the request cannot be told from here, and an entry that is there was asked for.
  resolve({ index, entry, leafHash: leafHash(entry), seq, prev, at, replayed: false, size });
}
