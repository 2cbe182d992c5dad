import { sha256Hex, TrucError } from '../kernel/index.ts';
import { commitFacts, disclose, type Facts, formatProof } from '../ledger/index.ts';
import { type Files, writeArchive } from './archive.ts';
import type { Manifest, PackedDisclosures } from './forms.ts';
import { README } from './readme.ts';

/** Most entries of one package. */
const MAX_ENTRIES = 9_000;

/** One step of the document, with its place in the log. */
export interface PackedEntry {
  index: number;
  /** Exact bytes. */
  entry: Buffer;
  /** Audit path under the package's checkpoint. */
  path: readonly Buffer[];
  /** Scope and facts as they were committed to; see `commitFacts`. */
  scope: string;
  facts: Facts;
  /** Names of the facts that the holder may open. */
  names: readonly string[];
}

export interface PackageParts {
  documentId: string;
  log: string;
  vkey: string;
  /** The one signed checkpoint (note text) that covers all entries. */
  checkpoint: string;
  /** The document's key, 32 bytes. */
  key: Buffer;
  /** All entries of the document, in order. */
  entries: readonly PackedEntry[];
  /** The verification report, exact JSON text; null when there is none. */
  report: string | null;
  /** Reports of later judgements, oldest first, each exact JSON text. */
  laterReports: readonly string[];
  /** The document's bytes as they were sent; null when the holder may not have them. */
  original: Buffer | null;
}

/**
 * The evidence file of a document (ZIP, form `truc-evidence/1`): proves its whole history offline.
 * The same parts give the same bytes.
 * @throws TrucError `evidence.too-large` for more entries than a package holds
 */
export async function packEvidence(parts: PackageParts): Promise<Buffer> {
  if (parts.entries.length > MAX_ENTRIES)
    throw new TrucError('evidence.too-large', { entries: parts.entries.length, limit: MAX_ENTRIES });
  const files = new Map<string, Buffer>();
  files.set('README.txt', Buffer.from(README, 'utf8'));
  files.set('checkpoint', Buffer.from(parts.checkpoint, 'utf8'));
  for (const [i, { index, entry, path }] of parts.entries.entries()) {
    files.set(`entries/${numbered(i)}.json`, entry);
    const proof = formatProof({ index, path: [...path], checkpoint: parts.checkpoint });
    files.set(`proofs/${numbered(i)}.tlog-proof`, Buffer.from(proof, 'utf8'));
  }
  files.set('disclosures.json', json(disclosuresOf(parts)));
  if (parts.report !== null) files.set('report.json', Buffer.from(parts.report, 'utf8'));
  for (const [i, report] of parts.laterReports.entries())
    files.set(`reports/${numbered(i)}.json`, Buffer.from(report, 'utf8'));
  if (parts.original !== null) files.set('original.edxml', parts.original);
  files.set('manifest.json', json(manifestOf(parts, files)));
  return writeArchive(files);
}

function disclosuresOf({ key, entries }: PackageParts): PackedDisclosures {
  return entries.map(({ scope, facts, names }, i) => ({
    entry: `entries/${numbered(i)}.json`,
    commitments: commitFacts(key, scope, facts).commitments,
    disclosures: disclose(key, scope, facts, names),
  }));
}

function manifestOf({ documentId, log, vkey }: PackageParts, files: Files): Manifest {
  const digests = [...files].map(([name, bytes]): [string, string] => [name, sha256Hex(bytes)]);
  return { format: 'truc-evidence/1', documentId, log, vkey, files: Object.fromEntries(digests) };
}

function numbered(i: number): string {
  return String(i + 1).padStart(3, '0');
}

function json(value: object): Buffer {
  return Buffer.from(`${JSON.stringify(value, null, 1)}\n`, 'utf8');
}
