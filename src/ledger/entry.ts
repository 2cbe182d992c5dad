import { isoTime, TrucError } from '../kernel/index.ts';

/** Largest entry in bytes. C2SP tlog-tiles would allow 65,535; ours stay small enough to read at a glance. */
export const MAX_ENTRY = 8 * 1024;

/**
 * What the log says in clear about one step of one document. Names, numbers, digests and verdicts are only in `commit`,
 * so the log can be open to every witness without telling who writes to whom.
 */
export interface Entry {
  v: 1;
  /** Kind of step, such as `document.submitted`. */
  type: string;
  /** Event name of ETSI EN 319 522-1, or null where it has none. */
  erds: string | null;
  /** Random id that stands for the document in the log; not the documentId. */
  doc: string;
  /** Number of the entry within the document, from 1 without gaps. */
  seq: number;
  /** Leaf hash of the document's entry before this one, lower-case hexadecimal; null for the first. */
  prev: string | null;
  /** When the sequencer took it, RFC 3339 UTC with milliseconds; never decreases along the log. */
  at: string;
  /** Merkle root over the salted commitments to the facts, lower-case hexadecimal; null for an entry without facts. */
  commit: string | null;
}

const TYPE = /^[a-z][a-z0-9-]*(\.[a-z0-9-]+)*$/;
const ERDS = /^[A-Za-z]{1,64}$/;
const DOC = /^[A-Za-z0-9._:-]{1,1024}$/;
const HASH = /^[0-9a-f]{64}$/;
const TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/;
const NAMES = 'at,commit,doc,erds,prev,seq,type,v';

/**
 * The bytes of an entry: canonical JSON (RFC 8785), UTF-8. They are stored and hashed as they are, never written again.
 * @throws TrucError `ledger.entry-malformed` with the field, `ledger.entry-too-large`
 */
export function encodeEntry(entry: Entry): Buffer {
  const field = wrongField(entry);
  if (field !== null) throw new TrucError('ledger.entry-malformed', { field });
  // The fields in canonical order; each pattern above leaves only characters that JSON writes as they are.
  const bytes = Buffer.from(
    `{"at":"${entry.at}","commit":${quoted(entry.commit)},"doc":"${entry.doc}","erds":${quoted(entry.erds)},` +
      `"prev":${quoted(entry.prev)},"seq":${entry.seq},"type":"${entry.type}","v":1}`,
    'latin1',
  );
  if (bytes.length > MAX_ENTRY)
    throw new TrucError('ledger.entry-too-large', { size: bytes.length, limit: MAX_ENTRY });
  return bytes;
}

/**
 * Reads an entry strictly: exactly the known fields, in canonical form, byte for byte.
 * @throws TrucError `ledger.entry-malformed` with the field at fault, `ledger.entry-too-large`
 */
export function parseEntry(bytes: Uint8Array): Entry {
  if (bytes.length > MAX_ENTRY)
    throw new TrucError('ledger.entry-too-large', { size: bytes.length, limit: MAX_ENTRY });
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('utf8');
  const value = parseJson(text);
  if (!isEntry(value)) throw new TrucError('ledger.entry-malformed', { field: fieldAtFault(value) });
  if (!encodeEntry(value).equals(bytes))
    throw new TrucError('ledger.entry-malformed', { field: 'canonical-form' });
  return value;
}

/** Which of the values that a caller gives has no place in an entry; null when all have. */
export function wrongRequestField(request: Pick<Entry, 'type' | 'erds' | 'doc' | 'commit'>): string | null {
  if (!TYPE.test(request.type) || request.type.length > 64) return 'type';
  if (request.erds !== null && !ERDS.test(request.erds)) return 'erds';
  if (!DOC.test(request.doc)) return 'doc';
  if (request.commit !== null && !HASH.test(request.commit)) return 'commit';
  return null;
}

function wrongField(entry: Entry): string | null {
  const field = wrongRequestField(entry);
  if (field !== null) return field;
  if (!Number.isSafeInteger(entry.seq) || entry.seq < 1) return 'seq';
  if (entry.prev !== null && !HASH.test(entry.prev)) return 'prev';
  if ((entry.prev === null) !== (entry.seq === 1)) return 'prev';
  if (!TIME.test(entry.at) || !isMoment(entry.at)) return 'at';
  return null;
}

/** False for days and hours that do not exist: they would be read as another moment. */
function isMoment(at: string): boolean {
  const moment = Date.parse(at);
  return !Number.isNaN(moment) && isoTime(moment) === at;
}

function quoted(text: string | null): string {
  return text === null ? 'null' : `"${text}"`;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new TrucError('ledger.entry-malformed', { field: 'json' }, error);
  }
}

function isEntry(value: unknown): value is Entry {
  return fieldAtFault(value) === '';
}

function fieldAtFault(value: unknown): string {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return 'json';
  if (Object.keys(value).sort().join() !== NAMES) return 'fields';
  const fields = value as Readonly<Record<keyof Entry, unknown>>;
  if (fields.v !== 1) return 'v';
  if (typeof fields.seq !== 'number') return 'seq';
  for (const name of ['type', 'doc', 'at'] as const) if (typeof fields[name] !== 'string') return name;
  for (const name of ['erds', 'prev', 'commit'] as const)
    if (fields[name] !== null && typeof fields[name] !== 'string') return name;
  return '';
}
