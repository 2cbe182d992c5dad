import { TrucError } from '../kernel/index.ts';
import { decodeBase64, type NoteKey, openNote, parseNote } from './note.ts';

/** The three lines of a C2SP checkpoint (c2sp.org/tlog-checkpoint). */
export interface Checkpoint {
  origin: string;
  /** Number of entries. */
  size: number;
  /** RFC 6962 root, 32 bytes. */
  root: Buffer;
}

/** The text that is signed. */
export function checkpointText({ origin, size, root }: Checkpoint): string {
  return `${origin}\n${size}\n${root.toString('base64')}\n`;
}

/**
 * Reads a checkpoint's text strictly. Extension lines are refused: they are not auditable, and an ML-DSA signature
 * would not cover them.
 * @throws TrucError `ledger.invalid-checkpoint`
 */
export function parseCheckpointText(text: string): Checkpoint {
  const lines = text.split('\n');
  const [origin, sizeText, rootText, end] = lines;
  const root = decodeBase64(rootText ?? '');
  const size = parseDecimal(sizeText ?? '');
  if (lines.length !== 4 || end !== '' || !origin || size === null || root?.length !== 32)
    throw new TrucError('ledger.invalid-checkpoint');
  return { origin, size, root };
}

/**
 * A signed checkpoint of the log whose key is given; the key's name must be the origin.
 * @throws TrucError `ledger.invalid-note`, `ledger.signature-failed`, `ledger.invalid-checkpoint`
 */
export function openCheckpoint(note: string, key: NoteKey): Checkpoint {
  const checkpoint = parseCheckpointText(openNote(note, key));
  if (checkpoint.origin !== key.name) throw new TrucError('ledger.invalid-checkpoint', { key: key.name });
  return checkpoint;
}

/** Reads a signed checkpoint without judging its signatures. @throws as `openCheckpoint`, but for the signature */
export function readCheckpoint(note: string): Checkpoint {
  return parseCheckpointText(parseNote(note).text);
}

/** A decimal without sign and leading zeros that is a safe integer, or null. */
export function parseDecimal(text: string): number | null {
  if (!/^(?:0|[1-9]\d{0,15})$/.test(text)) return null;
  const value = Number(text);
  return Number.isSafeInteger(value) ? value : null;
}
