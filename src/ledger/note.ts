import { createPublicKey, type KeyObject, sign, verify } from 'node:crypto';
import { sha256, TrucError } from '../kernel/index.ts';

/** A signed note of C2SP (c2sp.org/signed-note), taken apart but not yet verified. */
export interface Note {
  /** What is signed, with its final newline. */
  text: string;
  signatures: NoteSignature[];
}

export interface NoteSignature {
  name: string;
  /** Key id, 8 hex digits. */
  keyId: string;
  signature: Buffer;
}

/** A key that notes are verified with, from its vkey text. */
export interface NoteKey {
  name: string;
  keyId: string;
  key: KeyObject;
}

const MAX_NOTE_CHARACTERS = 256 * 1024;
const MAX_SIGNATURES = 100;
const ED25519 = 1;
const SPKI_PREFIX = Buffer.from('302a300506032b6570032100', 'hex');
const KEY_NAME = /^[^\s+\p{White_Space}\p{Cc}]{1,255}$/u;
// biome-ignore lint/suspicious/noControlCharactersInRegex: signed-note forbids exactly these
const CONTROL = /[\u0000-\u0009\u000b-\u001f]/;
const SIGNATURE_LINE = /^\u2014 ([^ ]+) ([A-Za-z0-9+/]+={0,2})$/;

/**
 * Reads a note strictly by c2sp.org/signed-note; at most 100 signatures and 256 K characters.
 * @throws TrucError `ledger.invalid-note`
 */
export function parseNote(note: string): Note {
  if (note.length > MAX_NOTE_CHARACTERS || CONTROL.test(note) || !note.isWellFormed()) throw invalidNote();
  const split = note.lastIndexOf('\n\n');
  if (split < 0 || !note.endsWith('\n')) throw invalidNote();
  const lines = note.slice(split + 2, -1).split('\n');
  if (lines.length > MAX_SIGNATURES) throw invalidNote();
  return { text: note.slice(0, split + 1), signatures: lines.map(readSignature) };
}

function readSignature(line: string): NoteSignature {
  const match = SIGNATURE_LINE.exec(line);
  const bytes = match && decodeBase64(match[2] as string);
  if (!match || !bytes || bytes.length < 5 || !KEY_NAME.test(match[1] as string)) throw invalidNote();
  return {
    name: match[1] as string,
    keyId: bytes.subarray(0, 4).toString('hex'),
    signature: bytes.subarray(4),
  };
}

/** Standard base64 in its one canonical spelling, or null. */
export function decodeBase64(text: string): Buffer | null {
  const bytes = Buffer.from(text, 'base64');
  return bytes.toString('base64') === text ? bytes : null;
}

/**
 * Signs a text with an Ed25519 key; the same text gives the same note.
 * @param text lines, the last one ended by a newline
 * @throws TrucError `ledger.invalid-key` for another kind of key or a bad name
 */
export function signNote(text: string, name: string, privateKey: KeyObject): string {
  const publicKey = rawPublicKey(createPublicKey(privateKey));
  assertName(name);
  const signature = sign(null, Buffer.from(text), privateKey);
  const line = Buffer.concat([Buffer.from(keyIdOf(name, publicKey), 'hex'), signature]).toString('base64');
  return `${text}\n\u2014 ${name} ${line}\n`;
}

/**
 * The text of a note that the key has signed. Signatures by other keys are ignored, as the specification demands; one
 * by this key that fails refuses the whole note.
 * @throws TrucError `ledger.invalid-note`, `ledger.signature-failed`
 */
export function openNote(note: string, key: NoteKey): string {
  const { text, signatures } = parseNote(note);
  const own = signatures.filter((line) => line.name === key.name && line.keyId === key.keyId);
  const bytes = Buffer.from(text);
  const good = own.length > 0 && own.every((line) => verify(null, bytes, key.key, line.signature));
  if (!good) throw new TrucError('ledger.signature-failed', { key: key.name });
  return text;
}

/** The vkey text `name+keyid+base64(type ‖ key)` of an Ed25519 key, public or private. */
export function formatVkey(name: string, key: KeyObject): string {
  const raw = rawPublicKey(key.type === 'private' ? createPublicKey(key) : key);
  assertName(name);
  return `${name}+${keyIdOf(name, raw)}+${Buffer.concat([Buffer.of(ED25519), raw]).toString('base64')}`;
}

/** @throws TrucError `ledger.invalid-key` when the text is no Ed25519 vkey or its id is not that of its key */
export function parseVkey(vkey: string): NoteKey {
  const match = /^([^+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)$/.exec(vkey);
  const bytes = match && vkey.length < 1024 ? decodeBase64(match[3] as string) : null;
  if (!match || bytes?.length !== 33 || bytes[0] !== ED25519) throw invalidKey();
  const [name, keyId, raw] = [match[1] as string, match[2] as string, bytes.subarray(1)];
  assertName(name);
  if (keyIdOf(name, raw) !== keyId) throw invalidKey();
  const key = createPublicKey({ key: Buffer.concat([SPKI_PREFIX, raw]), format: 'der', type: 'spki' });
  return { name, keyId, key };
}

/** SHA-256(name ‖ newline ‖ type ‖ key), the first four bytes as hex. */
function keyIdOf(name: string, raw: Buffer): string {
  return sha256(Buffer.concat([Buffer.from(`${name}\n`), Buffer.of(ED25519), raw])).toString('hex', 0, 4);
}

function rawPublicKey(key: KeyObject): Buffer {
  if (key.asymmetricKeyType !== 'ed25519') throw invalidKey();
  return key.export({ format: 'der', type: 'spki' }).subarray(SPKI_PREFIX.length);
}

function assertName(name: string): void {
  if (!KEY_NAME.test(name)) throw invalidKey();
}

function invalidNote(): TrucError {
  return new TrucError('ledger.invalid-note');
}

function invalidKey(): TrucError {
  return new TrucError('ledger.invalid-key');
}
