import type { KeyObject } from 'node:crypto';
import { TrucError } from '../kernel/index.ts';
import { checkpointText, type TreeHead } from './checkpoint.ts';
import { EMPTY_ROOT, verifyConsistency } from './merkle.ts';
import { formatVkey, signNote } from './note.ts';
import type { SignerMemory } from './signer-memory.ts';

/**
 * Signs checkpoints of one log and refuses every head that is not consistent with the last one it signed: the second
 * guard, independent of the store, against two sequencers and against a log restored from an old copy.
 */
export interface CheckpointSigner {
  readonly origin: string;
  /** C2SP vkey text. */
  readonly vkey: string;
  /** Size of the largest head signed so far, 0 when none. */
  readonly size: number;
  /**
   * A signed checkpoint; the same head gives the same text.
   * @param proof consistency proof between this head and the largest signed one, from the smaller to the larger
   * @throws TrucError `ledger.forked`
   */
  sign(head: TreeHead, proof: readonly Buffer[]): Promise<string>;
}

/**
 * @param options.privateKey Ed25519
 * @throws TrucError `ledger.signer-mismatch` when the memory belongs to another log, `ledger.vkey-malformed` for an
 * origin that is no key name
 */
export async function openSigner(options: {
  origin: string;
  privateKey: KeyObject;
  memory: SignerMemory;
}): Promise<CheckpointSigner> {
  const { origin, privateKey, memory } = options;
  const vkey = formatVkey(origin, privateKey);
  const remembered = await memory.load();
  if (remembered && remembered.origin !== origin)
    throw new TrucError('ledger.signer-mismatch', { origin, remembered: remembered.origin });
  let largest = remembered ?? { origin, size: 0, root: EMPTY_ROOT };
  let turn: Promise<unknown> = Promise.resolve();

  async function signNow({ size, root }: TreeHead, proof: readonly Buffer[]): Promise<string> {
    const head = { size, root };
    const [older, newer] = head.size < largest.size ? [head, largest] : [largest, head];
    if (!verifyConsistency(older.size, older.root, newer.size, newer.root, proof))
      throw new TrucError('ledger.forked', { size: head.size, signed: largest.size });
    if (head.size > largest.size) {
      const next = { origin, ...head };
      // Remembered first: a signature that nobody remembers could be contradicted after a crash.
      await memory.save(next);
      largest = next;
    }
    return signNote(checkpointText(origin, head), origin, privateKey);
  }

  return {
    origin,
    vkey,
    get size() {
      return largest.size;
    },
    // One at a time, or two heads could both be compared with the same older one.
    sign: (head, proof) => {
      const signed = turn.then(() => signNow(head, proof));
      turn = signed.catch(() => undefined);
      return signed;
    },
  };
}
