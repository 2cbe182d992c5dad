import { TrucError } from '../kernel/index.ts';
import { type Checkpoint, openCheckpoint, parseDecimal } from './checkpoint.ts';
import { leafHash, MAX_PROOF_HASHES, verifyInclusion } from './merkle.ts';
import { decodeBase64, type NoteKey } from './note.ts';

/** A C2SP tlog-proof (c2sp.org/tlog-proof): index, inclusion path and the checkpoint it leads to. */
export interface LogProof {
  index: number;
  /** From the leaf's sibling upwards, 32 bytes each. */
  path: Buffer[];
  /** The signed checkpoint, verbatim. */
  checkpoint: string;
}

const HEAD = 'c2sp.org/tlog-proof@v1';
const MAX_CHARACTERS = 512 * 1024;

export function formatProof({ index, path, checkpoint }: LogProof): string {
  const lines = path.map((hash) => `${hash.toString('base64')}\n`).join('');
  return `${HEAD}\nindex ${index}\n${lines}\n${checkpoint}`;
}

/**
 * Reads a proof strictly. The optional `extra` line is skipped: it is not authenticated and ours carry none.
 * @throws TrucError `ledger.invalid-proof`
 */
export function parseProof(text: string): LogProof {
  const split = text.indexOf('\n\n');
  if (text.length > MAX_CHARACTERS || split < 0) throw invalidProof();
  const lines = text.slice(0, split).split('\n');
  if (lines.shift() !== HEAD) throw invalidProof();
  if (lines[0]?.startsWith('extra ')) {
    if (decodeBase64(lines[0].slice(6)) === null) throw invalidProof();
    lines.shift();
  }
  const indexLine = lines.shift() ?? '';
  const index = indexLine.startsWith('index ') ? parseDecimal(indexLine.slice(6)) : null;
  if (index === null || lines.length > MAX_PROOF_HASHES) throw invalidProof();
  return { index, path: lines.map(readHash), checkpoint: text.slice(split + 2) };
}

/**
 * Checks that the entry stands in the log at the proof's index under a checkpoint that the key has signed.
 * @returns that checkpoint
 * @throws TrucError `ledger.invalid-proof` and what `openCheckpoint` throws
 */
export function openProof(entry: Uint8Array, proof: LogProof, key: NoteKey): Checkpoint {
  const checkpoint = openCheckpoint(proof.checkpoint, key);
  const { size, root } = checkpoint;
  if (!verifyInclusion(leafHash(entry), proof.index, size, proof.path, root)) throw invalidProof();
  return checkpoint;
}

function readHash(line: string): Buffer {
  const hash = decodeBase64(line);
  if (hash?.length !== 32) throw invalidProof();
  return hash;
}

function invalidProof(): TrucError {
  return new TrucError('ledger.invalid-proof');
}
