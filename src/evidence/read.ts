import type * as z from 'zod';
import { sha256Hex, TrucError } from '../kernel/index.ts';
import { type Disclosure, formatProof, type LogProof, parseProof } from '../ledger/index.ts';
import { type Files, readArchive } from './archive.ts';
import { disclosuresForm, manifestForm, receiptForm } from './forms.ts';
import type { EvidenceCheck } from './verdict.ts';

/** Evidence as it was read, nothing of it checked against the log yet. */
export interface Evidence {
  kind: 'receipt' | 'package';
  log: string;
  vkey: string;
  checkpoint: string;
  documentId: string | null;
  entries: EvidenceItem[];
  original: Buffer | null;
  report: Buffer | null;
  /** Reports of later judgements by their names in the package. */
  laterReports: { name: string; bytes: Buffer }[];
  /** Checks that reading alone can settle. */
  checks: EvidenceCheck[];
}

export interface EvidenceItem {
  bytes: Buffer;
  proof: LogProof;
  commitments: string[];
  disclosures: Disclosure[];
}

const MAX_RECEIPT = 16 * 1024 * 1024;
const MAX_DEPTH = 64;

/**
 * Reads a receipt (JSON; the whole answer to a submission will do) or an evidence package (ZIP).
 * @throws TrucError `evidence.malformed` or a `ledger.…-malformed` code
 */
export async function readEvidence(bytes: Buffer): Promise<Evidence> {
  return bytes.subarray(0, 2).toString('latin1') === 'PK'
    ? readPackage(await readArchive(bytes))
    : readReceipt(bytes);
}

function readReceipt(bytes: Buffer): Evidence {
  if (bytes.length > MAX_RECEIPT) throw malformed('too-large');
  const json = parseJson(bytes, 'receipt');
  const inner = typeof json === 'object' && json !== null && 'receipt' in json ? json.receipt : json;
  const receipt = inForm(receiptForm, inner, 'receipt');
  const proof = parseProof(receipt.proof);
  if (proof.checkpoint !== receipt.checkpoint) throw malformed('two-checkpoints');
  if (proof.index !== receipt.index) throw malformed('two-indices');
  const { commitments, disclosures } = receipt;
  return {
    kind: 'receipt',
    log: receipt.log,
    vkey: receipt.vkey,
    checkpoint: receipt.checkpoint,
    documentId: null,
    entries: [{ bytes: Buffer.from(receipt.entry, 'base64'), proof, commitments, disclosures }],
    original: null,
    report: null,
    laterReports: [],
    checks: [],
  };
}

function readPackage(files: Files): Evidence {
  const manifest = inForm(manifestForm, parseJson(file(files, 'manifest.json'), 'manifest'), 'manifest');
  const opened = inForm(
    disclosuresForm,
    parseJson(file(files, 'disclosures.json'), 'disclosures'),
    'disclosures',
  );
  const checkpoint = file(files, 'checkpoint').toString('utf8');
  const count = [...files.keys()].filter((name) => name.startsWith('entries/')).length;
  const proofs = [...files.keys()].filter((name) => name.startsWith('proofs/')).length;
  if (count === 0 || opened.length !== count || proofs !== count) throw malformed('entries');
  const entries = opened.map(({ entry, commitments, disclosures }, i) => {
    const number = String(i + 1).padStart(3, '0');
    if (entry !== `entries/${number}.json`) throw malformed('entry-order');
    const proofText = file(files, `proofs/${number}.tlog-proof`).toString('utf8');
    const proof = parseProof(proofText);
    if (proof.checkpoint !== checkpoint || formatProof(proof) !== proofText)
      throw malformed('two-checkpoints');
    return { bytes: file(files, entry), proof, commitments, disclosures };
  });
  return {
    kind: 'package',
    log: manifest.log,
    vkey: manifest.vkey,
    checkpoint,
    documentId: manifest.documentId,
    entries,
    original: files.get('original.edxml') ?? null,
    report: files.get('report.json') ?? null,
    laterReports: [...files]
      .filter(([name]) => name.startsWith('reports/'))
      .map(([name, bytes]) => ({ name, bytes })),
    checks: manifestChecks(manifest.files, files),
  };
}

function manifestChecks(listed: Readonly<Record<string, string>>, files: Files): EvidenceCheck[] {
  const names = new Set([...Object.keys(listed), ...files.keys()]);
  names.delete('manifest.json');
  const wrong = [...names].filter((name) => {
    const bytes = files.get(name);
    return bytes === undefined || listed[name] !== sha256Hex(bytes);
  });
  if (wrong.length === 0) return [{ code: 'evidence.manifest', passed: true, at: null, cause: null }];
  return wrong.map((name) => ({
    code: 'evidence.manifest',
    passed: false,
    at: name,
    cause: files.has(name) ? 'digest' : 'missing',
  }));
}

function file(files: Files, name: string): Buffer {
  const bytes = files.get(name);
  if (bytes === undefined) throw malformed(`missing ${name}`);
  return bytes;
}

function parseJson(bytes: Buffer, what: string): unknown {
  const text = bytes.toString('utf8');
  if (isDeep(text)) throw malformed(`${what} too-deep`);
  try {
    return JSON.parse(text);
  } catch (error) {
    throw malformed(what, error);
  }
}

/** Told before anything recursive sees it: lists and objects within each other beyond what evidence has. */
function isDeep(json: string): boolean {
  let depth = 0;
  let inString = false;
  for (let i = 0; i < json.length && depth <= MAX_DEPTH; i++) {
    const char = json[i] as string;
    if (inString && char === '\\') i++;
    else if (char === '"') inString = !inString;
    else if (!inString && (char === '[' || char === '{')) depth++;
    else if (!inString && (char === ']' || char === '}')) depth--;
  }
  return depth > MAX_DEPTH;
}

function inForm<T>(form: z.ZodType<T>, value: unknown, what: string): T {
  const result = form.safeParse(value);
  if (!result.success) throw malformed(`${what} ${result.error.issues[0]?.path.join('.') ?? ''}`.trim());
  return result.data;
}

function malformed(cause: string, error?: unknown): TrucError {
  return new TrucError('evidence.malformed', { cause }, error);
}
