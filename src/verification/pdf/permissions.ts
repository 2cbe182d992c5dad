import type { Change } from './change.ts';
import type { PdfCode } from './codes.ts';
import type { PdfFile } from './file.ts';
import { isName, isString, type PdfDictionary, textOf } from './objects.ts';
import type { Revision } from './revisions.ts';

/** What a signature's dictionary says about later changes (ISO 32000-2 §12.8.2). */
export interface Permissions {
  /** DocMDP level; null for an approval signature. */
  docMdp: number | null;
  /** Whether the signature locks this existing field. */
  locks(field: string): boolean;
  codes: PdfCode[];
}

/** Reads /Reference: DocMDP and FieldMDP; another transform is a code. */
export function permissionsOf(file: PdfFile, signature: PdfDictionary, revision: Revision): Permissions {
  const references = file.resolve(signature.entries.get('Reference'), revision);
  const codes: PdfCode[] = [];
  const locks: ((field: string) => boolean)[] = [];
  let docMdp: number | null = null;
  for (const item of Array.isArray(references) ? references : []) {
    const reference = file.dictionary(item, revision);
    const method = reference?.entries.get('TransformMethod');
    const parameters = file.dictionary(reference?.entries.get('TransformParams'), revision);
    if (isName(method, 'DocMDP')) {
      const level = parameters?.entries.get('P') ?? 2;
      const valid = level === 1 || level === 2 || level === 3;
      docMdp = Math.min(docMdp ?? 3, valid ? level : 1);
    } else if (isName(method, 'FieldMDP') && parameters) locks.push(fieldLock(file, parameters, revision));
    else codes.push('pdf.transform-unsupported');
  }
  return { docMdp, locks: (field) => locks.some((lock) => lock(field)), codes };
}

function fieldLock(file: PdfFile, parameters: PdfDictionary, revision: Revision): (field: string) => boolean {
  const action = parameters.entries.get('Action');
  const list = file.resolve(parameters.entries.get('Fields'), revision);
  const names = (Array.isArray(list) ? list : []).flatMap((item) => (isString(item) ? [textOf(item)] : []));
  const listed = (field: string) => names.some((name) => field === name || field.startsWith(`${name}.`));
  if (isName(action, 'Include')) return listed;
  return isName(action, 'Exclude') ? (field) => !listed(field) : () => true;
}

/**
 * The lowest DocMDP level that allows a kind of change (ISO 32000-2 table 257). Without DocMDP (`null`) the rule is the
 * house's: whatever the law's order of signing needs, and no filled forms, which change what the signer saw.
 */
const ALLOWED_FROM: Readonly<Record<Change['kind'], number>> = {
  'validation-data': 1,
  'document-timestamp': 1,
  metadata: 2,
  signature: 2,
  'form-fill': 2,
  'number-date-or-seal': 3,
  'not-allowed': 4,
};

/** Codes for what happened after a signature. */
export function judgeChanges(changes: readonly Change[], permissions: Permissions): PdfCode[] {
  const codes = new Set<PdfCode>();
  const { docMdp } = permissions;
  for (const { kind, detail, field } of changes) {
    if (kind === 'not-allowed') {
      codes.add(detail.startsWith('unreferenced') ? 'pdf.unreferenced-content' : 'pdf.changed-after-signing');
    } else if (docMdp === null) {
      if (kind === 'form-fill') codes.add('pdf.changed-after-signing');
    } else if (docMdp < ALLOWED_FROM[kind]) codes.add('pdf.docmdp-violated');
    // What file lists show: title, author, times.
    if (kind === 'metadata' && detail !== 'catalog.Extensions') codes.add('pdf.metadata-changed');
    if (field !== undefined && permissions.locks(field)) codes.add('pdf.fieldmdp-violated');
  }
  return [...codes];
}
