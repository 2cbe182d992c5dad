import { isoTime, TrucError } from '../kernel/index.ts';
import { type Appended, type AppendRequest, sameContent, wrongField } from './append.ts';
import { type Edge, edgeRoot, extendEdge } from './edge.ts';
import { type Entry, encodeEntry, parseEntry } from './entry.ts';
import type { DocTail, JournalBatch, JournalEntry, LedgerJournal, LogHead } from './journal.ts';
import { leafHash } from './merkle.ts';

export type Placed = Omit<Appended, 'size'>;

/** What a batch of requests comes to. A refusal of one request is a value, so that its neighbours go on. */
export interface BatchPlan {
  outcomes: (Placed | TrucError)[];
  /** What must be committed before the outcomes hold; null when nothing is new. */
  batch: JournalBatch | null;
  /** The tree's right edge after the batch. */
  edge: Edge;
}

interface Draft {
  next: number;
  at: string;
  entries: JournalEntry[];
  tails: Map<string, DocTail>;
}

/**
 * Gives each new request its index, its place in its document's chain and its bytes; a known idem gets the entry back
 * that it stands for.
 * @param at time of the batch's entries, milliseconds since 1970
 */
export async function planBatch(
  requests: readonly AppendRequest[],
  head: LogHead,
  edge: Edge,
  at: number,
  journal: LedgerJournal,
): Promise<BatchPlan> {
  const known = await knownEntries(requests, journal);
  const draft: Draft = {
    next: head.size,
    at: isoTime(at),
    entries: [],
    tails: await tailsOf(requests, journal),
  };
  const outcomes = requests.map((request) => {
    const wrong = wrongField(request);
    if (wrong !== null) return new TrucError('ledger.request-invalid', { field: wrong });
    const key = keyOf(request.idem);
    const earlier = known.get(key);
    if (earlier) return sameContent(request, earlier.entry) ? earlier : conflict(request);
    const placed = place(request, draft);
    known.set(key, { ...placed, replayed: true });
    return placed;
  });
  if (draft.entries.length === 0) return { outcomes, batch: null, edge };
  const extension = extendEdge(
    edge,
    draft.entries.map((entry) => entry.leaf),
  );
  const next: LogHead = {
    size: draft.next,
    root: edgeRoot(extension.edge),
    epoch: head.epoch,
    at,
  };
  const batch = { expected: head, entries: draft.entries, levels: extension.levels, head: next };
  return { outcomes, batch, edge: extension.edge };
}

function place({ idem, doc, type, erds, commit }: AppendRequest, draft: Draft): Placed {
  const tail = draft.tails.get(doc);
  const seq = (tail?.seq ?? 0) + 1;
  const prev = tail?.leaf.toString('hex') ?? null;
  const fields: Entry = { v: 1, type, erds, doc, seq, prev, at: draft.at, commit };
  const bytes = encodeEntry(fields);
  const leaf = leafHash(bytes);
  draft.tails.set(doc, { seq, leaf });
  draft.entries.push({ bytes, leaf, idem, doc, seq });
  return { index: draft.next++, entry: bytes, leafHash: leaf, seq, prev, at: draft.at, replayed: false };
}

async function knownEntries(
  requests: readonly AppendRequest[],
  journal: LedgerJournal,
): Promise<Map<string, Placed>> {
  const known = new Map<string, Placed>();
  const found = await journal.findIdem(requests.map((request) => request.idem));
  for (const [i, index] of found.entries()) {
    if (index === null) continue;
    const [entry] = (await journal.entries(index, 1)) as [Buffer];
    const { seq, prev, at } = parseEntry(entry);
    const leaf = leafHash(entry);
    known.set(keyOf((requests[i] as AppendRequest).idem), {
      index,
      entry,
      leafHash: leaf,
      seq,
      prev,
      at,
      replayed: true,
    });
  }
  return known;
}

async function tailsOf(
  requests: readonly AppendRequest[],
  journal: LedgerJournal,
): Promise<Map<string, DocTail>> {
  const docs = [...new Set(requests.map((request) => request.doc))];
  const found = await journal.docTails(docs);
  const tails = new Map<string, DocTail>();
  docs.forEach((doc, i) => {
    const tail = found[i];
    if (tail) tails.set(doc, tail);
  });
  return tails;
}

function conflict({ doc, type }: AppendRequest): TrucError {
  return new TrucError('ledger.idem-conflict', { doc, type });
}

function keyOf(idem: Buffer): string {
  return idem.toString('latin1');
}
