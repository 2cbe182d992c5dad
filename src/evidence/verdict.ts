import type { JsonValue } from '../kernel/index.ts';

/** What is checked, one line each in the verdict. */
export type EvidenceCheckCode =
  /** The file can be read as a receipt or a package. */
  | 'evidence.form'
  /** The manifest lists exactly the package's files with their digests. */
  | 'evidence.manifest'
  /** The log's key can be read. */
  | 'evidence.key'
  /** The checkpoint is signed by that key and is of that log. */
  | 'evidence.checkpoint'
  /** The entry is well formed. */
  | 'evidence.entry'
  /** The entry is in the log at its index, under the checkpoint. */
  | 'evidence.inclusion'
  /** Entries are the document's first to n-th, each naming the one before. */
  | 'evidence.chain'
  /** Every opened fact is one that the entry committed to. */
  | 'evidence.disclosures'
  /** The document in the file is the one that was submitted. */
  | 'evidence.original'
  /** The report in the file is the one that was recorded. */
  | 'evidence.report';

/** What valid evidence still leaves open; part of every verdict so that nobody reads more into it. */
export type EvidenceLimit =
  /** No key was given, so the file vouches for itself: compare its `vkey` with a published one. */
  | 'evidence.key-from-file'
  /** No independent witness has cosigned: a split view shows only when parties compare checkpoints. */
  | 'evidence.no-witness'
  /** Times are the operator's word. */
  | 'evidence.time-by-operator'
  /** Steps after the last one shown are not ruled out. */
  | 'evidence.later-steps'
  /** One step alone, without the document's other steps. */
  | 'evidence.single-step'
  /** Some facts are committed to and not opened here. */
  | 'evidence.facts-not-opened';

export interface EvidenceCheck {
  code: EvidenceCheckCode;
  passed: boolean;
  /** Which entry (number in the file, from 1) or file it concerns; null for the whole. */
  at: string | null;
  /** Why it did not pass; an error code or a short word. */
  cause: string | null;
}

export interface EvidenceEntry {
  index: number;
  type: string;
  erds: string | null;
  doc: string;
  seq: number;
  /** RFC 3339 UTC, the operator's clock. */
  at: string;
  /** Opened facts. */
  facts: { name: string; value: JsonValue }[];
  /** Facts committed to and not opened. */
  hidden: number;
}

export interface EvidenceVerdict {
  /** True when every check passed. */
  ok: boolean;
  kind: 'receipt' | 'package' | 'unknown';
  /** Whose key the signature was checked with. */
  keySource: 'given' | 'file';
  /** The log's name and the tree that its signature covers; null when the checkpoint could not be opened. */
  log: string | null;
  size: number | null;
  /** Root of that tree, base64, as in the checkpoint. */
  root: string | null;
  vkey: string | null;
  /** Id of the document on the axis, where the submission's entry committed to it and it is opened. */
  documentId: string | null;
  entries: EvidenceEntry[];
  checks: EvidenceCheck[];
  limits: EvidenceLimit[];
}
