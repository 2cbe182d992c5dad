import { TrucError } from '../../kernel/index.ts';
import {
  type Edge,
  edgeRoot,
  extendEdge,
  type JournalEntry,
  type LedgerJournal,
  leafHash,
  parseEntry,
  readEdge,
} from '../../ledger/index.ts';
import type { MovedEntry, RowSink } from '../moved-rows.ts';

/**
 * Takes a log's entries from its first one on and commits them as they are. What the journal has of them already must be
 * the same; so an import that was broken off goes on.
 * @param epoch what the head says from now on: no earlier writer of the log can commit to it
 * @throws TrucError `ledger.entry-malformed`, `ledger.root-mismatch` when the journal has another entry
 */
export function importLedger(journal: LedgerJournal, epoch: number): RowSink['ledger'] {
  let next = 0;
  let edge: Edge | null = null;
  return async (rows) => {
    const head = await journal.head();
    edge ??= await readEdge(head.size, journal.hashes);
    const known = Math.max(0, Math.min(rows.length, head.size - next));
    await checkKnown(journal, rows.slice(0, known), next);
    next += rows.length;
    const entries = rows.slice(known).map(entryOf);
    const last = entries.at(-1);
    if (!last) return;
    const extension = extendEdge(
      edge,
      entries.map((entry) => entry.leaf),
    );
    const root = edgeRoot(extension.edge);
    const at = Date.parse(parseEntry(last.bytes).at);
    await journal.commit({
      expected: head,
      entries,
      levels: extension.levels,
      head: { size: extension.edge.size, root, epoch, at },
    });
    edge = extension.edge;
  };
}

function entryOf(row: MovedEntry): JournalEntry {
  const bytes = Buffer.from(row.bytes, 'base64');
  const { doc, seq } = parseEntry(bytes);
  return { bytes, leaf: leafHash(bytes), idem: Buffer.from(row.idem, 'hex'), doc, seq };
}

async function checkKnown(journal: LedgerJournal, rows: readonly MovedEntry[], from: number): Promise<void> {
  const known = await journal.entries(from, rows.length);
  known.forEach((bytes, i) => {
    if (bytes.toString('base64') !== rows[i]?.bytes)
      throw new TrucError('ledger.root-mismatch', { index: from + i });
  });
}
