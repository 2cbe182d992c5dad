import { TrucError } from '../kernel/index.ts';
import { type Checkpoint, openCheckpoint } from './checkpoint.ts';
import { HASH_SIZE, leafHash, MAX_PATH, verifyInclusion } from './merkle.ts';
import type { NoteVerifier } from './note.ts';

const FIRST_LINE = 'c2sp.org/tlog-proof@v1';
const MAX_PROOF = 512 * 1024;

/** An offline proof that an entry is in a log, in the parts of the C2SP tlog-proof text. */
export interface LogProof {
  /** Index of the entry in the log, from 0. */
  index: number;
  /** Hashes from the leaf's sibling to the root's child, 32 bytes each. */
  path: Buffer[];
  /** The signed checkpoint, verbatim. */
  checkpoint: string;
}

/** The proof as C2SP tlog-proof text. */
export function formatProof({ index, path, checkpoint }: LogProof): string {
  const hashes = path.map((hash) => `${hash.toString('base64')}\n`).join('');
  return `${FIRST_LINE}\nindex ${index}\n${hashes}\n${checkpoint}`;
}

/**
 * Reads a C2SP tlog-proof. An `extra` line is allowed and ignored: nothing vouches for it.
 * @throws TrucError `ledger.proof-malformed` with the cause
 */
export function parseProof(text: string): LogProof {
  if (text.length > MAX_PROOF) throw malformed('too-large');
  const split = text.indexOf('\n\n');
  if (split < 0) throw malformed('no-checkpoint');
  const lines = text.slice(0, split).split('\n');
  if (lines.shift() !== FIRST_LINE) throw malformed('first-line');
  if (lines[0]?.startsWith('extra ')) checkExtra(lines.shift() as string);
  const indexLine = /^index (0|[1-9]\d{0,15})$/.exec(lines.shift() ?? '');
  const index = Number(indexLine?.[1] ?? Number.NaN);
  if (!Number.isSafeInteger(index)) throw malformed('index');
  if (lines.length > MAX_PATH) throw malformed('too-many-hashes');
  return { index, path: lines.map(parseHash), checkpoint: text.slice(split + 2) };
}

/**
 * Checks a proof for an entry: the checkpoint is signed by the log, and the entry is at its index under its root.
 * @returns the checkpoint, or null when the path does not lead from the entry to the root
 * @throws TrucError with a `ledger.note-…` or `ledger.checkpoint-malformed` code
 */
export function verifyProof(proof: LogProof, entry: Uint8Array, verifier: NoteVerifier): Checkpoint | null {
  const checkpoint = openCheckpoint(proof.checkpoint, verifier);
  const { size, root } = checkpoint;
  return verifyInclusion(leafHash(entry), proof.index, size, proof.path, root) ? checkpoint : null;
}

function checkExtra(line: string): void {
  const encoded = line.slice('extra '.length);
  if (Buffer.from(encoded, 'base64').toString('base64') !== encoded) throw malformed('extra');
}

function parseHash(line: string): Buffer {
  const hash = Buffer.from(line, 'base64');
  if (hash.length !== HASH_SIZE || hash.toString('base64') !== line) throw malformed('hash');
  return hash;
}

function malformed(cause: string): TrucError {
  return new TrucError('ledger.proof-malformed', { cause });
}
