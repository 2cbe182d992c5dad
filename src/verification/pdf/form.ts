import { TrucError } from '../../kernel/index.ts';
import type { PdfCode } from './codes.ts';
import type { PdfFile } from './file.ts';
import {
  isDictionary,
  isName,
  isReference,
  isString,
  type PdfDictionary,
  type PdfValue,
  textOf,
} from './objects.ts';
import type { Revision } from './revisions.ts';

/** Fields that all revisions together may make us visit. */
const MAX_VISITS = 20_000;
const MAX_LEVELS = 32;

/** A signature as a form field holds it. */
export interface FoundSignature {
  /** Fully qualified field name (ISO 32000-2 §12.7.4.2), `/2`… appended where several fields share it. */
  field: string;
  /** The signature dictionary; null when /V leads to something else. */
  dictionary: PdfDictionary | null;
  /** Revision in which it is first found. */
  found: Revision;
  /** First revision in which it is gone or replaced. */
  removed: Revision | null;
  /** Another field that shows the same dictionary. */
  shared: boolean;
}

interface FieldValue {
  name: string;
  value: PdfDictionary | null;
}

/** Every signature that any revision's form holds, in order of appearance. @throws TrucError with a PdfCode */
export function findSignatures(file: PdfFile): FoundSignature[] {
  const found = new Map<string, FoundSignature>();
  const budget = { visits: 0 };
  for (const revision of file.revisions) {
    const present = new Set<string>();
    const shown = new Set<number>();
    for (const { name, value } of signatureFields(file, revision, budget)) {
      const key = `${name}@${value ? value.start : 'none'}`;
      present.add(key);
      const shared = value !== null && shown.has(value.start);
      if (value) shown.add(value.start);
      if (!found.has(key))
        found.set(key, { field: name, dictionary: value, found: revision, removed: null, shared });
    }
    for (const [key, signature] of found) if (!present.has(key)) signature.removed ??= revision;
  }
  return [...found.values()];
}

/** The fields of type Sig that have a value, as of a revision. */
function signatureFields(file: PdfFile, revision: Revision, budget: { visits: number }): FieldValue[] {
  const { dictionary: catalog } = file.catalog(revision);
  const form = file.dictionary(catalog.entries.get('AcroForm'), revision);
  const result: FieldValue[] = [];
  const names = new Map<string, number>();
  const seen = new Set<number>();

  function visit(value: PdfValue, inherited: Inherited, level: number): void {
    if (isReference(value)) {
      if (seen.has(value.num)) return;
      seen.add(value.num);
    }
    budget.visits += 1;
    if (budget.visits > MAX_VISITS || level > MAX_LEVELS) throw new TrucError<PdfCode>('pdf.limit-exceeded');
    const field = file.dictionary(value, revision);
    if (!field) return;
    const own = inherit(file, field, inherited, revision);
    const kids = file.resolve(field.entries.get('Kids'), revision);
    const fields = Array.isArray(kids)
      ? kids.filter((kid) => file.dictionary(kid, revision)?.entries.has('T'))
      : [];
    for (const kid of fields) visit(kid, own, level + 1);
    if (fields.length > 0 || !isName(own.type, 'Sig') || own.value === null) return;
    const times = (names.get(own.name) ?? 0) + 1;
    names.set(own.name, times);
    const resolved = file.resolve(own.value, revision);
    result.push({
      name: times > 1 ? `${own.name}/${times}` : own.name,
      value: isDictionary(resolved) ? resolved : null,
    });
  }

  const fields = file.resolve(form?.entries.get('Fields'), revision);
  for (const field of Array.isArray(fields) ? fields : []) visit(field, NOTHING, 0);
  return result;
}

interface Inherited {
  name: string;
  type: PdfValue;
  value: PdfValue;
}

const NOTHING: Inherited = { name: '', type: null, value: null };

function inherit(file: PdfFile, field: PdfDictionary, from: Inherited, revision: Revision): Inherited {
  const title = file.resolve(field.entries.get('T'), revision);
  const partial = isString(title) ? textOf(title) : '';
  return {
    name: from.name && partial ? `${from.name}.${partial}` : from.name || partial,
    type: file.resolve(field.entries.get('FT'), revision) ?? from.type,
    value: field.entries.get('V') ?? from.value,
  };
}
