import { commitFacts, disclose, type Facts, formatProof } from '../ledger/index.ts';
import type { Receipt } from './forms.ts';

export interface ReceiptParts {
  /** Origin of the log. */
  log: string;
  /** C2SP vkey of the log: for convenience, trusted by nobody who did not get it elsewhere. */
  vkey: string;
  index: number;
  /** Exact bytes of the entry. */
  entry: Buffer;
  /** Audit path of the entry under the checkpoint. */
  path: readonly Buffer[];
  /** Signed checkpoint (note text). */
  checkpoint: string;
  /** The document's key (32 bytes) and what the entry committed to under it; see `commitFacts`. */
  key: Buffer;
  scope: string;
  facts: Facts;
  /** Which facts the holder may open; all when left out. */
  names?: readonly string[];
}

/**
 * A receipt: everything needed to check offline that an entry is in the log and what its opened facts are. It carries all
 * commitments of the entry, so that any subset of the facts can be opened. The same parts give the same receipt.
 */
export function buildReceipt(parts: ReceiptParts): Receipt {
  const { log, vkey, index, entry, path, checkpoint, key, scope, facts, names } = parts;
  return {
    log,
    index,
    entry: entry.toString('base64'),
    proof: formatProof({ index, path: [...path], checkpoint }),
    checkpoint,
    commitments: commitFacts(key, scope, facts).commitments,
    disclosures: disclose(key, scope, facts, names),
    vkey,
  };
}
