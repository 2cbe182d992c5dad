import { TrucError } from '../kernel/index.ts';
import type { TreeHead } from './checkpoint.ts';
import { type Edge, edgeRoot } from './edge.ts';
import type { LedgerJournal, LogHead } from './journal.ts';
import { HASH_SIZE, leafHash } from './merkle.ts';
import { consistencyPath, readEdge } from './proofs.ts';
import type { CheckpointSigner } from './signer.ts';

const ENTRIES_CHECKED = 256;

/** Signs a head of the journal, with the proofs of this journal. @throws TrucError `ledger.forked` */
export function signHead(head: TreeHead, journal: LedgerJournal, signer: CheckpointSigner): Promise<string> {
  return signer.sign(head, (from, to) => consistencyPath(from, to, journal.hashes));
}

/** Lets a signer learn what other nodes have signed since, with the proofs of this journal. @throws TrucError `ledger.forked` */
export function followSigned(journal: LedgerJournal, signer: CheckpointSigner): Promise<void> {
  return signer.follow((from, to) => consistencyPath(from, to, journal.hashes));
}

/**
 * What must hold before anyone appends: the head's root is that of the stored hashes, the last entries have the stored
 * leaf hashes, and the signer has signed nothing beyond the head.
 * @returns the tree's right edge
 * @throws TrucError `ledger.root-mismatch`, `ledger.journal-corrupt`, `ledger.behind-signer`
 */
export async function checkHead(
  head: LogHead,
  journal: LedgerJournal,
  signer: CheckpointSigner,
): Promise<Edge> {
  const { size, root } = head;
  if (size < signer.size) throw new TrucError('ledger.behind-signer', { size, signed: signer.size });
  const edge = await readEdge(size, journal.hashes);
  if (!edgeRoot(edge).equals(root)) throw new TrucError('ledger.root-mismatch', { size });
  const from = Math.max(0, size - ENTRIES_CHECKED);
  const [entries, leaves] = await Promise.all([
    journal.entries(from, size - from),
    journal.hashes(0, from, size - from),
  ]);
  entries.forEach((bytes, i) => {
    if (!leafHash(bytes).equals(leaves.subarray(i * HASH_SIZE, (i + 1) * HASH_SIZE)))
      throw new TrucError('ledger.journal-corrupt', { index: from + i });
  });
  return edge;
}
