import { isTrucError, sha256Hex } from '../kernel/index.ts';
import {
  type Checkpoint,
  checkDisclosures,
  type Entry,
  leafHash,
  type NoteVerifier,
  openCheckpoint,
  parseEntry,
  parseVkey,
  verifyInclusion,
} from '../ledger/index.ts';
import { type Evidence, type EvidenceItem, readEvidence } from './read.ts';
import type {
  EvidenceCheck,
  EvidenceCheckCode,
  EvidenceEntry,
  EvidenceLimit,
  EvidenceVerdict,
} from './verdict.ts';

/** An entry that could be read, beside what came with it. */
interface ReadEntry {
  item: EvidenceItem;
  entry: Entry;
  leaf: string;
}

type Check = (code: EvidenceCheckCode, cause: string | null, at?: string | null) => boolean;

/**
 * Judges a receipt or an evidence package, offline. Never throws for what the file holds.
 * @param bytes the file: receipt as JSON (also the whole answer to a submission), or package as ZIP
 * @param options.vkey the log's key from a source the caller trusts; without it the key in the file is used and the verdict
 *   says so in `keySource` and `limits`
 */
export async function verifyEvidence(
  bytes: Buffer,
  { vkey }: { vkey?: string } = {},
): Promise<EvidenceVerdict> {
  const checks: EvidenceCheck[] = [];
  const check: Check = (code, cause, at = null) => {
    checks.push({ code, passed: cause === null, at, cause });
    return cause === null;
  };
  const keySource = vkey === undefined ? 'file' : 'given';
  const evidence = await attempt(() => readEvidence(bytes), check, 'evidence.form');
  if (evidence === null) return emptyVerdict(keySource, checks);
  checks.push(...evidence.checks);

  const verifier = await attempt(() => parseVkey(vkey ?? evidence.vkey), check, 'evidence.key');
  if (vkey !== undefined && evidence.vkey.trim() !== vkey.trim()) check('evidence.key', 'differs-from-given');
  const checkpoint = verifier && (await checkCheckpoint(evidence, verifier, check));
  const entries = evidence.entries.flatMap((item, i) => {
    const read = readEntry(item, String(i + 1), check);
    if (checkpoint) checkInclusion(item, checkpoint, String(i + 1), check);
    return read ? [read] : [];
  });
  if (evidence.kind === 'package') {
    check('evidence.chain', chainFault(entries, evidence.entries.length));
    checkFiles(evidence, entries, check);
  }
  return {
    ok: checks.every(({ passed }) => passed),
    kind: evidence.kind,
    keySource,
    log: checkpoint?.origin ?? null,
    size: checkpoint?.size ?? null,
    root: checkpoint?.root.toString('base64') ?? null,
    vkey: vkey ?? evidence.vkey,
    documentId: documentIdOf(entries),
    entries: entries.map(described),
    checks,
    limits: limitsOf(evidence, entries, keySource),
  };
}

/** Runs a step that throws for bad input and turns the error into a check. */
async function attempt<T>(
  step: () => T | Promise<T>,
  check: Check,
  code: EvidenceCheckCode,
): Promise<T | null> {
  try {
    const value = await step();
    check(code, null);
    return value;
  } catch (error) {
    if (!isTrucError(error)) throw error;
    check(code, causeOf(error));
    return null;
  }
}

function causeOf(error: { code: string; facts: Readonly<Record<string, unknown>> }): string {
  return typeof error.facts.cause === 'string' ? `${error.code} ${error.facts.cause}` : error.code;
}

async function checkCheckpoint(
  evidence: Evidence,
  verifier: NoteVerifier,
  check: Check,
): Promise<Checkpoint | null> {
  const checkpoint = await attempt(
    () => openCheckpoint(evidence.checkpoint, verifier),
    check,
    'evidence.checkpoint',
  );
  if (checkpoint && checkpoint.origin !== evidence.log) check('evidence.checkpoint', 'other-log');
  return checkpoint;
}

function readEntry(item: EvidenceItem, at: string, check: Check): ReadEntry | null {
  try {
    const entry = parseEntry(item.bytes);
    const opened = checkDisclosures(entry.commit, item.commitments, item.disclosures);
    check('evidence.entry', null, at);
    check('evidence.disclosures', opened.ok ? null : (opened.name ?? opened.wrong), at);
    return opened.ok ? { item, entry, leaf: leafHash(item.bytes).toString('hex') } : null;
  } catch (error) {
    if (!isTrucError(error)) throw error;
    check('evidence.entry', causeOf(error), at);
    return null;
  }
}

function checkInclusion(item: EvidenceItem, { size, root }: Checkpoint, at: string, check: Check): void {
  const { index, path } = item.proof;
  const included = verifyInclusion(leafHash(item.bytes), index, size, path, root);
  check('evidence.inclusion', included ? null : 'path', at);
}

/** The entries must be the document's first to n-th in the order of the log, each naming the leaf hash of the one before. */
function chainFault(entries: readonly ReadEntry[], expected: number): string | null {
  if (entries.length !== expected) return 'entry';
  for (const [i, { entry, item }] of entries.entries()) {
    const before = entries[i - 1];
    if (entry.seq !== i + 1) return 'gap';
    if (entry.prev !== (before?.leaf ?? null)) return 'previous';
    if (before === undefined) continue;
    if (entry.doc !== before.entry.doc) return 'other-document';
    if (item.proof.index <= before.item.proof.index) return 'order';
    if (entry.at < before.entry.at) return 'time';
  }
  return null;
}

function checkFiles(evidence: Evidence, entries: readonly ReadEntry[], check: Check): void {
  const { original, report, laterReports } = evidence;
  if (original !== null)
    check(
      'evidence.original',
      digestFault(original, entries, 'document.submitted', 'sha256'),
      'original.edxml',
    );
  if (report !== null)
    check(
      'evidence.report',
      digestFault(report, entries, 'signature.verified', 'reportSha256'),
      'report.json',
    );
  for (const { name, bytes } of laterReports)
    check('evidence.report', digestFault(bytes, entries, 'signature.reverified', 'reportSha256'), name);
  const id = documentIdOf(entries);
  if (id !== null && id !== evidence.documentId) check('evidence.manifest', 'document-id', 'manifest.json');
}

/** The id that the submission's entry committed to; what a manifest merely says is not taken. */
function documentIdOf(entries: readonly ReadEntry[]): string | null {
  const [id] = factsOf(entries, 'document.submitted', 'documentId');
  return typeof id === 'string' ? id : null;
}

function digestFault(
  bytes: Buffer,
  entries: readonly ReadEntry[],
  type: string,
  name: string,
): string | null {
  const recorded = factsOf(entries, type, name);
  if (recorded.length === 0) return 'digest-not-opened';
  return recorded.includes(sha256Hex(bytes)) ? null : 'digest';
}

function factsOf(entries: readonly ReadEntry[], type: string, name: string): unknown[] {
  return entries
    .filter(({ entry }) => entry.type === type)
    .flatMap(({ item }) => item.disclosures)
    .filter((disclosure) => disclosure.name === name)
    .map(({ value }) => value);
}

function described({ item, entry }: ReadEntry): EvidenceEntry {
  const { type, erds, doc, seq, at } = entry;
  return {
    index: item.proof.index,
    type,
    erds,
    doc,
    seq,
    at,
    facts: item.disclosures.map(({ name, value }) => ({ name, value })),
    hidden: item.commitments.length - item.disclosures.length,
  };
}

function limitsOf(
  { kind }: Evidence,
  entries: readonly ReadEntry[],
  keySource: EvidenceVerdict['keySource'],
): EvidenceLimit[] {
  const limits: EvidenceLimit[] = [
    'evidence.no-witness',
    'evidence.time-by-operator',
    'evidence.later-steps',
  ];
  if (keySource === 'file') limits.unshift('evidence.key-from-file');
  if (kind === 'receipt') limits.push('evidence.single-step');
  if (entries.some(({ item }) => item.commitments.length > item.disclosures.length))
    limits.push('evidence.facts-not-opened');
  return limits;
}

function emptyVerdict(keySource: EvidenceVerdict['keySource'], checks: EvidenceCheck[]): EvidenceVerdict {
  return {
    ok: false,
    kind: 'unknown',
    keySource,
    log: null,
    size: null,
    root: null,
    vkey: null,
    documentId: null,
    entries: [],
    checks,
    limits: [],
  };
}
