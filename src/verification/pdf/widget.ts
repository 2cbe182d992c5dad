import {
  isDictionary,
  isName,
  isReference,
  isString,
  type PdfDictionary,
  type PdfValue,
  textOf,
} from './objects.ts';
import type { RevisionDiff } from './revision-diff.ts';

/** Keys of a signature field and of its widget; /A, /AA, /OC and everything else that acts or hides is missing. */
const KEYS = new Set([
  'Type', 'Subtype', 'FT', 'T', 'TU', 'TM', 'V', 'Ff', 'Kids', 'Parent', 'Lock', 'SV', 'Rect', 'P', 'F', 'AP', 'AS',
  'MK', 'BS', 'Border', 'DA', 'DR', 'Q', 'NM', 'M', 'H',
]); // biome-ignore format: a list of names

/** A seal is 42 mm across at most and a signature block some 200 × 80 points: more would be there to cover text. */
const MAX_AREA = 60_000;

/**
 * Whether an annotation that a revision added is the widget of a signature field, harmless and of a signature's size.
 * The field itself, when it is another object, is looked at with the form.
 */
export function judgeWidget(diff: RevisionDiff, num: number, annotation: PdfDictionary): boolean {
  if (!isName(annotation.entries.get('Subtype'), 'Widget')) return false;
  const field = fieldOf(diff, annotation);
  if (!field || !isPlainSignatureField(annotation) || !isPlainSignatureField(field)) return false;
  if (area(diff.file.resolve(annotation.entries.get('Rect'), diff.after)) > MAX_AREA) return false;
  const object = diff.changed.get(num);
  if (object?.isNew && field !== annotation) {
    diff.clear(num);
    diff.clearNew(annotation.entries.get('AP'));
  }
  return true;
}

/** The annotation when it is a field of its own, else its parent; undefined unless of type Sig. */
function fieldOf(diff: RevisionDiff, annotation: PdfDictionary): PdfDictionary | undefined {
  if (isName(annotation.entries.get('FT'), 'Sig')) return annotation;
  const parent = diff.file.dictionary(annotation.entries.get('Parent'), diff.after);
  return parent && isName(parent.entries.get('FT'), 'Sig') ? parent : undefined;
}

/** Whether a field or widget has only keys that show and do nothing beyond a signature. */
export function isPlainSignatureField(field: PdfDictionary): boolean {
  return field.repeated.length === 0 && [...field.entries.keys()].every((key) => KEYS.has(key));
}

/** Points squared; infinite for what is no rectangle. */
function area(value: PdfValue): number {
  if (!Array.isArray(value) || value.length !== 4) return Number.POSITIVE_INFINITY;
  const [x0, y0, x1, y1] = value;
  if (typeof x0 !== 'number' || typeof y0 !== 'number' || typeof x1 !== 'number' || typeof y1 !== 'number') {
    return Number.POSITIVE_INFINITY;
  }
  return Math.abs((x1 - x0) * (y1 - y0));
}

/** What a signature field's value is: a signature, a document timestamp, or nothing yet. */
export function valueKind(
  diff: RevisionDiff,
  field: PdfDictionary,
): 'signature' | 'document-timestamp' | 'empty' | 'other' {
  const value = diff.file.resolve(field.entries.get('V'), diff.after);
  if (value === null) return 'empty';
  if (!isDictionary(value)) return 'other';
  return isName(value.entries.get('SubFilter'), 'ETSI.RFC3161') ? 'document-timestamp' : 'signature';
}

/** Full name of a field, from its parents down. */
export function fieldName(diff: RevisionDiff, field: PdfDictionary): string {
  const names: string[] = [];
  let current: PdfDictionary | undefined = field;
  for (let level = 0; current && level < 32; level++) {
    const name: PdfValue = diff.file.resolve(current.entries.get('T'), diff.after);
    if (isString(name)) names.unshift(textOf(name));
    const parent: PdfValue | undefined = current.entries.get('Parent');
    current = isReference(parent) ? diff.file.dictionary(parent, diff.after) : undefined;
  }
  return names.join('.');
}
