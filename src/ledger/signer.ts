import type { KeyObject } from 'node:crypto';
import { type Batcher, batcher, isTrucError, TrucError } from '../kernel/index.ts';
import { checkpointText, type TreeHead } from './checkpoint.ts';
import { EMPTY_ROOT, verifyConsistency } from './merkle.ts';
import { formatVkey, signNote } from './note.ts';
import type { SignedHead, SignerMemory } from './signer-memory.ts';

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
   * @param prove consistency proof from the smaller to the larger of this head and the largest signed one, which only the
   * signer knows: others may sign while the proof is made
   * @throws TrucError `ledger.forked`
   */
  sign(head: TreeHead, prove: Prove): Promise<string>;
  /**
   * Learns the largest head that was signed with this memory, by whichever node, and demands that it continues what
   * this one knows. Calls at the same time share one look.
   * @param prove consistency proof between two sizes of the log
   * @throws TrucError `ledger.forked`
   */
  follow(prove: Prove): Promise<void>;
}

type Prove = (from: number, to: number) => Promise<readonly Buffer[]>;

const LOOKS_SHARED = 10_000;

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

  async function signNow({ size, root }: TreeHead, prove: Prove): Promise<string> {
    const head = { size, root };
    const [older, newer] = head.size < largest.size ? [head, largest] : [largest, head];
    const proof = await prove(older.size, newer.size);
    if (!verifyConsistency(older.size, older.root, newer.size, newer.root, proof))
      throw new TrucError('ledger.forked', { size: head.size, signed: largest.size });
    if (head.size > largest.size) {
      // Remembered first: a signature that nobody remembers could be contradicted after a crash.
      const failure = await remember({ origin, ...head });
      if (failure !== null) {
        // Another node took over between the commit of this head and its signature, and has signed further.
        await followNow(prove);
        if (largest.size <= head.size) throw failure;
        return signNow(head, prove);
      }
    }
    return signNote(checkpointText(origin, head), origin, privateKey);
  }

  /** @returns the refusal of a memory that holds something else */
  async function remember(head: SignedHead): Promise<TrucError | null> {
    try {
      await memory.save(head);
    } catch (error) {
      if (isTrucError(error, 'ledger.forked')) return error;
      throw error;
    }
    largest = head;
    return null;
  }

  async function followNow(prove: Prove): Promise<void> {
    const kept = await memory.load();
    if (!kept || kept.size <= largest.size) return;
    const proof = await prove(largest.size, kept.size);
    if (kept.origin !== origin || !verifyConsistency(largest.size, largest.root, kept.size, kept.root, proof))
      throw new TrucError('ledger.forked', { size: kept.size, signed: largest.size });
    largest = kept;
  }

  // One at a time, or two heads could both be compared with the same older one.
  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = turn.then(work);
    turn = done.catch(() => undefined);
    return done;
  }

  const looks: Batcher<Prove, null> = batcher(
    async (asked) => {
      await inTurn(() => followNow(asked[0] as Prove));
      return asked.map(() => null);
    },
    { maxItems: LOOKS_SHARED },
  );

  return {
    origin,
    vkey,
    get size() {
      return largest.size;
    },
    sign: (head, prove) => inTurn(() => signNow(head, prove)),
    follow: async (prove) => void (await looks.add(prove)),
  };
}
