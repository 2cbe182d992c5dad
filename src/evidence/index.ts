export type { EvidenceErrorCode } from './errors.ts';
export type { Manifest, Receipt } from './forms.ts';
export { type PackageParts, type PackedEntry, packEvidence } from './package.ts';
export { buildReceipt, type ReceiptParts } from './receipt.ts';
export type {
  EvidenceCheck,
  EvidenceCheckCode,
  EvidenceEntry,
  EvidenceLimit,
  EvidenceVerdict,
} from './verdict.ts';
export { verifyEvidence } from './verify.ts';
