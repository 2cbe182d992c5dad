import { TrucError } from '../kernel/index.ts';
import { HASH_SIZE } from './merkle.ts';
import { type NoteVerifier, openNote } from './note.ts';

/** Size and root of a tree: what a checkpoint states. */
export interface TreeHead {
  /** Leaves in the tree. */
  size: number;
  /** Merkle root, 32 bytes. */
  root: Buffer;
}

export interface Checkpoint extends TreeHead {
  /** The log's name: a URL without scheme. */
  origin: string;
  /** Lines after the root; ours have none, since not every signature type covers them. */
  extensions: string[];
}

/** The text that is signed for a tree head (C2SP tlog-checkpoint). */
export function checkpointText(origin: string, { size, root }: TreeHead): string {
  return `${origin}\n${size}\n${root.toString('base64')}\n`;
}

/**
 * Reads the text of a checkpoint.
 * @throws TrucError `ledger.checkpoint-malformed` with the cause: `lines`, `origin`, `size`, `root` or `extension`
 */
export function parseCheckpoint(text: string): Checkpoint {
  if (!text.endsWith('\n')) throw malformed('lines');
  const [origin = '', digits = '', encoded = '', ...extensions] = text.slice(0, -1).split('\n');
  if (origin === '') throw malformed('origin');
  const size = Number(digits);
  if (!/^(0|[1-9]\d{0,15})$/.test(digits) || !Number.isSafeInteger(size)) throw malformed('size');
  const root = Buffer.from(encoded, 'base64');
  if (root.length !== HASH_SIZE || root.toString('base64') !== encoded) throw malformed('root');
  if (extensions.some((line) => line === '')) throw malformed('extension');
  return { origin, size, root, extensions };
}

/**
 * Opens a signed checkpoint of one log: signature and form are right and its origin is the key's name.
 * @param extensions `refuse` (what our own evidence must satisfy) or `accept` (other logs may have them)
 * @throws TrucError with a `ledger.note-…` or `ledger.checkpoint-malformed` code
 */
export function openCheckpoint(
  note: string | Uint8Array,
  verifier: NoteVerifier,
  extensions: 'refuse' | 'accept' = 'refuse',
): Checkpoint {
  const checkpoint = parseCheckpoint(openNote(note, [verifier]).text);
  if (checkpoint.origin !== verifier.name) throw malformed('origin');
  if (extensions === 'refuse' && checkpoint.extensions.length > 0) throw malformed('extension');
  return checkpoint;
}

function malformed(cause: string): TrucError {
  return new TrucError('ledger.checkpoint-malformed', { cause });
}
