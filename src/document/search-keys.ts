import { foldVietnamese } from '../kernel/index.ts';
import type { DocumentRecord } from './document.ts';

/** Number and notation as people type them: accents, đ, case and spaces do not matter. `412/SKHCN-CĐS` → `412/skhcn-cds`. */
export function numberKey(codeNumber: string): string {
  return `n:${foldVietnamese(codeNumber).replace(/\s+/gu, '')}`;
}

/** The edXML DocumentId, folded likewise. */
export function edxmlKey(edxmlId: string): string {
  return `e:${foldVietnamese(edxmlId).replace(/\s+/gu, '')}`;
}

/** A digest in hexadecimal. */
export function digestKey(sha256: string): string {
  return `s:${sha256.toLowerCase()}`;
}

/** Number of a case of public services. */
export function caseKey(caseNumber: string): string {
  return `c:${caseNumber.toLowerCase()}`;
}

/** Longer keys are cut: they are found by what they begin with. */
const LONGEST = 200;

/** What a document is found by beside its id: number, edXML id, digest of the whole and of each file, its case. */
export function searchKeys(
  record: Pick<DocumentRecord, 'codeNumber' | 'key' | 'sha256' | 'attachments' | 'result'>,
): string[] {
  const keys = [numberKey(record.codeNumber), edxmlKey(record.key.edxmlId), digestKey(record.sha256)];
  for (const { sha256 } of record.attachments) keys.push(digestKey(sha256));
  if (record.result) keys.push(caseKey(record.result.caseNumber));
  return [...new Set(keys.map((key) => key.slice(0, LONGEST)))];
}
