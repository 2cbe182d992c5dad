import { createPublicKey, type KeyObject, sign, verify } from 'node:crypto';
import { sha256, TrucError } from '../kernel/index.ts';

/** Signature type of a plain Ed25519 note signature (C2SP signed-note). */
const ED25519 = 0x01;
const MAX_NOTE = 256 * 1024;
const MAX_SIGNATURES = 100;
const DASH = '\u2014';
/** No white space, no plus sign; no control characters either, since a note with them could not be read again. */
const NAME = /^[^\s+\p{Cc}\p{Cs}]{1,255}$/u;
const SPKI_ED25519 = Buffer.from('302a300506032b6570032100', 'hex');

export interface NoteSignature {
  name: string;
  keyId: number;
  signature: Buffer;
}

export interface Note {
  /** The signed text, with its last line break. */
  text: string;
  signatures: NoteSignature[];
}

/** A key whose signatures on notes count. */
export interface NoteVerifier {
  name: string;
  keyId: number;
  verify(text: string, signature: Uint8Array): boolean;
}

/**
 * Splits a signed note into text and signatures (C2SP signed-note).
 * @throws TrucError `ledger.note-malformed` with the cause
 */
export function parseNote(note: string | Uint8Array): Note {
  const text = decode(note);
  const split = text.lastIndexOf('\n\n');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the rule of the format is about control characters
  if (/[\u0000-\u0009\u000b-\u001f]/.test(text)) throw malformed('control-character');
  if (split < 0 || !text.endsWith('\n')) throw malformed('no-signatures');
  const lines = text.slice(split + 2, -1).split('\n');
  if (lines.length > MAX_SIGNATURES) throw malformed('too-many-signatures');
  return { text: text.slice(0, split + 1), signatures: lines.map(parseSignature) };
}

function decode(note: string | Uint8Array): string {
  if (note.length > MAX_NOTE) throw malformed('too-large');
  if (typeof note === 'string') {
    if (!note.isWellFormed()) throw malformed('encoding');
    return note;
  }
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(note);
  } catch {
    throw malformed('encoding');
  }
}

function parseSignature(line: string): NoteSignature {
  const [dash, name = '', encoded = '', ...rest] = line.split(' ');
  if (dash !== DASH || rest.length > 0 || !NAME.test(name)) throw malformed('signature-line');
  const bytes = Buffer.from(encoded, 'base64');
  if (bytes.length < 5 || bytes.toString('base64') !== encoded) throw malformed('signature-line');
  return { name, keyId: bytes.readUInt32BE(0), signature: bytes.subarray(4) };
}

/**
 * The text of a note on which at least one known key has signed and no known key's signature is wrong. Signatures of
 * unknown keys are ignored; of several by one key the first counts.
 * @returns the text and the verifiers that signed it
 * @throws TrucError `ledger.note-malformed`, `ledger.note-signature-invalid`, `ledger.note-unsigned`
 */
export function openNote(
  note: string | Uint8Array,
  verifiers: readonly NoteVerifier[],
): { text: string; signedBy: NoteVerifier[] } {
  const { text, signatures } = parseNote(note);
  const signedBy: NoteVerifier[] = [];
  for (const { name, keyId, signature } of signatures) {
    const verifier = verifiers.find((known) => known.name === name && known.keyId === keyId);
    if (!verifier || signedBy.includes(verifier)) continue;
    if (!verifier.verify(text, signature)) throw new TrucError('ledger.note-signature-invalid', { name });
    signedBy.push(verifier);
  }
  if (signedBy.length === 0) throw new TrucError('ledger.note-unsigned');
  return { text, signedBy };
}

/** A signed note: the text (ending in a line break) and one Ed25519 signature line. Deterministic (RFC 8032). */
export function signNote(text: string, name: string, key: KeyObject): string {
  const id = Buffer.alloc(4);
  id.writeUInt32BE(keyIdOf(name, rawPublicKey(key)));
  const signature = Buffer.concat([id, sign(null, Buffer.from(text, 'utf8'), key)]);
  return `${text}\n${DASH} ${name} ${signature.toString('base64')}\n`;
}

/** The public half of an Ed25519 key as a C2SP vkey: `name+keyid+base64(0x01 ‖ key)`. */
export function formatVkey(name: string, key: KeyObject): string {
  if (!NAME.test(name)) throw new TrucError('ledger.vkey-malformed', { cause: 'name' });
  const raw = rawPublicKey(key);
  const id = keyIdOf(name, raw).toString(16).padStart(8, '0');
  return `${name}+${id}+${Buffer.concat([Buffer.of(ED25519), raw]).toString('base64')}`;
}

/**
 * Reads a C2SP vkey of an Ed25519 key.
 * @throws TrucError `ledger.vkey-malformed` with the cause: `form`, `algorithm`, `key` or `key-id`
 */
export function parseVkey(vkey: string): NoteVerifier {
  const match = /^([^+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]{1,200})$/u.exec(vkey.trim());
  if (!match || !NAME.test(match[1] as string))
    throw new TrucError('ledger.vkey-malformed', { cause: 'form' });
  const [name, id, encoded] = match.slice(1) as [string, string, string];
  const material = Buffer.from(encoded, 'base64');
  if (material[0] !== ED25519) throw new TrucError('ledger.vkey-malformed', { cause: 'algorithm' });
  const raw = material.subarray(1);
  if (raw.length !== 32 || material.toString('base64') !== encoded)
    throw new TrucError('ledger.vkey-malformed', { cause: 'key' });
  const keyId = keyIdOf(name, raw);
  if (keyId !== Number.parseInt(id, 16)) throw new TrucError('ledger.vkey-malformed', { cause: 'key-id' });
  const key = createPublicKey({ key: Buffer.concat([SPKI_ED25519, raw]), format: 'der', type: 'spki' });
  return {
    name,
    keyId,
    verify: (text, signature) =>
      signature.length === 64 && verify(null, Buffer.from(text, 'utf8'), key, signature),
  };
}

/** Exporting a key costs as much as signing with it, and a log signs with one key for ever. */
const RAW_KEYS = new WeakMap<KeyObject, Buffer>();

function rawPublicKey(key: KeyObject): Buffer {
  const known = RAW_KEYS.get(key);
  if (known) return known;
  const publicKey = key.type === 'private' ? createPublicKey(key) : key;
  const raw = publicKey.export({ format: 'der', type: 'spki' }).subarray(SPKI_ED25519.length);
  RAW_KEYS.set(key, raw);
  return raw;
}

function keyIdOf(name: string, raw: Uint8Array): number {
  return sha256(Buffer.concat([Buffer.from(`${name}\n`, 'utf8'), Buffer.of(ED25519), raw])).readUInt32BE(0);
}

function malformed(cause: string): TrucError {
  return new TrucError('ledger.note-malformed', { cause });
}
