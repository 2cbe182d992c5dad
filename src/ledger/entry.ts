import { canonicalJson, type JsonValue, TrucError } from '../kernel/index.ts';

/** One entry of the log, as written in its bytes. */
export interface Entry {
  v: 1;
  /** Our event type, e.g. `document.submitted`. */
  type: string;
  /** Event name of ETSI EN 319 522-1, or null where that standard has none. */
  erds: string | null;
  /** Random id of the document's chain; not the documentId. */
  doc: string;
  /** 1…n within the chain. */
  seq: number;
  /** Leaf hash of the chain's preceding entry, hex; null for the first. */
  prev: string | null;
  /** RFC 3339 UTC with milliseconds; strictly rising within a log. */
  at: string;
  /** Root over the commitments to the facts, hex; null when there are none. */
  commit: string | null;
}

/** tlog-tiles allows 65,535 bytes; ours stay far below, so that a bundle of 256 is a small download. */
export const MAX_ENTRY_BYTES = 8 * 1024;

const TYPE = /^[a-z0-9]+(?:[.-][a-z0-9]+)*$/;
const ERDS = /^[A-Za-z][A-Za-z0-9]*$/;
const DOC = /^[A-Za-z0-9._-]+$/;
const HASH = /^[0-9a-f]{64}$/;
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
const FIELDS = ['at', 'commit', 'doc', 'erds', 'prev', 'seq', 'type', 'v'];
const MAX_NAME = 128;

/**
 * The bytes of an entry: canonical JSON (RFC 8785), UTF-8. The log keeps these bytes and never makes them anew.
 * @throws TrucError `ledger.invalid-entry` (fact `field`), `ledger.entry-too-large`
 */
export function buildEntry(fields: Omit<Entry, 'v'>): Buffer {
  const { type, erds, doc, seq, prev, at, commit } = fields;
  const wrong = wrongField({ v: 1, type, erds, doc, seq, prev, at, commit });
  if (wrong !== null) throw invalid(wrong);
  const bytes = Buffer.from(canonicalJson({ v: 1, type, erds, doc, seq, prev, at, commit }));
  if (bytes.length > MAX_ENTRY_BYTES) throw new TrucError('ledger.entry-too-large', { bytes: bytes.length });
  return bytes;
}

/**
 * Reads an entry strictly: exactly our fields, in their canonical bytes.
 * @throws TrucError `ledger.invalid-entry` (fact `field`, or `bytes` when the bytes are not the canonical ones),
 * `ledger.entry-too-large`
 */
export function readEntry(bytes: Uint8Array): Entry {
  if (bytes.length > MAX_ENTRY_BYTES) throw new TrucError('ledger.entry-too-large', { bytes: bytes.length });
  const value = parse(bytes);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw invalid('bytes');
  const record: Record<string, unknown> = { ...value };
  const names = Object.keys(record).sort();
  if (names.length !== FIELDS.length || names.some((name, i) => name !== FIELDS[i])) throw invalid('fields');
  const wrong = wrongField(record);
  if (wrong !== null || !isEntry(record)) throw invalid(wrong ?? 'fields');
  // Covers repeated names, white space, other escapes and byte order marks at once.
  if (!Buffer.from(canonicalJson({ ...record })).equals(bytes)) throw invalid('bytes');
  return record;
}

function parse(bytes: Uint8Array): JsonValue {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)) as JsonValue;
  } catch (error) {
    throw new TrucError('ledger.invalid-entry', { field: 'bytes' }, error);
  }
}

function isEntry(record: Record<string, unknown>): record is Record<string, unknown> & Entry {
  return wrongField(record) === null;
}

function wrongField(record: Record<string, unknown>): string | null {
  const { v, type, erds, doc, seq, prev, at, commit } = record;
  if (v !== 1) return 'v';
  if (!isName(type, TYPE)) return 'type';
  if (erds !== null && !isName(erds, ERDS)) return 'erds';
  if (!isName(doc, DOC)) return 'doc';
  if (typeof seq !== 'number' || !Number.isSafeInteger(seq) || seq < 1) return 'seq';
  if (prev !== null && !isName(prev, HASH)) return 'prev';
  if ((seq === 1) !== (prev === null)) return 'prev';
  if (!isName(at, TIME) || Number.isNaN(Date.parse(String(at)))) return 'at';
  if (commit !== null && !isName(commit, HASH)) return 'commit';
  return null;
}

function isName(value: unknown, pattern: RegExp): boolean {
  return typeof value === 'string' && value.length <= MAX_NAME && pattern.test(value);
}

function invalid(field: string): TrucError {
  return new TrucError('ledger.invalid-entry', { field });
}
