import type { Tell } from './change.ts';
import {
  isDictionary,
  isName,
  isReference,
  type PdfDictionary,
  type PdfValue,
  sameValue,
} from './objects.ts';
import {
  bothDictionaries,
  type ChangedObject,
  changedKeys,
  gained,
  type RevisionDiff,
} from './revision-diff.ts';
import { fieldName, isPlainSignatureField, valueKind } from './widget.ts';

const EMPTY: PdfDictionary = { kind: 'dictionary', entries: new Map(), repeated: [], start: 0, end: 0 };

/** The interactive form: its dictionary, fields that were added, and fields that were filled. */
export function judgeForm(diff: RevisionDiff, tell: Tell): void {
  const before = diff.file.catalog(diff.before).dictionary.entries.get('AcroForm');
  const after = diff.file.catalog(diff.after).dictionary.entries.get('AcroForm');
  const [old, form] = diff.resolveBoth(before, after);
  if (isDictionary(form)) judgeDictionary(diff, isDictionary(old) ? old : EMPTY, form, tell);
  else if (isDictionary(old)) tell('not-allowed', 'form.removed');
  if (isReference(after)) clearForm(diff, after.num);
  for (const object of [...diff.changed.values()]) judgeField(diff, object, tell);
}

/** The form's own object, new or rewritten; never an object that was something else before. */
function clearForm(diff: RevisionDiff, num: number): void {
  const object = diff.changed.get(num);
  if (!object) return;
  const reference = diff.file.catalog(diff.before).dictionary.entries.get('AcroForm');
  if (object.isNew || (isReference(reference) && reference.num === num)) diff.clear(num);
}

function judgeDictionary(diff: RevisionDiff, before: PdfDictionary, after: PdfDictionary, tell: Tell): void {
  if (after.repeated.length > 0) tell('not-allowed', 'form.repeated');
  for (const key of changedKeys(before, after)) {
    if (key === 'Fields' || key === 'SigFlags') continue;
    const value = after.entries.get(key);
    const addsOnly = !before.entries.has(key) && (key === 'DA' || key === 'DR');
    if (key === 'DR' && keepsResources(diff, before.entries.get('DR'), value)) diff.clearNew(value);
    else if (!addsOnly) tell('not-allowed', `form.${key}`);
  }
  const reference = after.entries.get('Fields');
  const [old, fields] = diff.resolveBoth(before.entries.get('Fields'), reference);
  const added = gained(old, fields);
  if (!added) {
    tell('not-allowed', 'form.Fields');
    return;
  }
  if (isReference(reference)) {
    const known = before.entries.get('Fields');
    if (diff.changed.get(reference.num)?.isNew || sameValue(known, reference)) diff.clear(reference.num);
  }
  for (const field of added) judgeAdded(diff, field.num, tell);
}

/** Default resources may grow; what was there stays. */
function keepsResources(
  diff: RevisionDiff,
  before: PdfValue | undefined,
  after: PdfValue | undefined,
): boolean {
  const [old, now] = diff.resolveBoth(before, after);
  if (!isDictionary(now)) return false;
  if (!isDictionary(old)) return true;
  for (const [kind, value] of old.entries) {
    const [oldKind, nowKind] = diff.resolveBoth(value, now.entries.get(kind));
    if (isDictionary(oldKind) && isDictionary(nowKind)) {
      for (const [name, item] of oldKind.entries)
        if (!sameValue(item, nowKind.entries.get(name))) return false;
    } else if (!sameValue(value, now.entries.get(kind))) return false;
  }
  return true;
}

/** A field that was added must be a new, plain signature field. */
function judgeAdded(diff: RevisionDiff, num: number, tell: Tell): void {
  const object = diff.changed.get(num);
  const field = object?.after ?? null;
  if (
    !object?.isNew ||
    !isDictionary(field) ||
    !isName(field.entries.get('FT'), 'Sig') ||
    !isPlainSignatureField(field)
  ) {
    tell('not-allowed', `field ${num}`);
    return;
  }
  diff.clear(num);
  signed(diff, field, tell);
}

function signed(diff: RevisionDiff, field: PdfDictionary, tell: Tell, existing?: string): void {
  const name = fieldName(diff, field);
  const kind = valueKind(diff, field);
  diff.clearNew(field.entries.get('V'));
  diff.clearNew(field.entries.get('AP'));
  diff.clearNew(field.entries.get('Lock'));
  diff.clearNew(field.entries.get('SV'));
  if (kind === 'other') tell('not-allowed', `field ${name}`);
  else tell(kind === 'empty' ? 'signature' : kind, kind === 'empty' ? `empty ${name}` : name, existing);
}

const FILL_KEYS = new Set(['V', 'AP', 'AS', 'M', 'MK']);
const SIGN_KEYS = new Set(['V', 'AP', 'M', 'F', 'MK', 'DA']);

/** An existing field that got a value. */
function judgeField(diff: RevisionDiff, object: ChangedObject, tell: Tell): void {
  const both = bothDictionaries(object);
  if (!both || object.isNew) return;
  const [before, after] = both;
  const type = fieldType(diff, before);
  if (!type || after.repeated.length > 0) return;
  const keys = changedKeys(before, after);
  const name = fieldName(diff, after);
  if (type === 'Sig') {
    const empty = diff.file.resolve(before.entries.get('V'), diff.before) === null;
    if (!empty || !isPlainSignatureField(after) || keys.some((key) => !SIGN_KEYS.has(key))) return;
    diff.clear(object.num);
    signed(diff, after, tell, name);
    return;
  }
  if (keys.some((key) => !FILL_KEYS.has(key))) return;
  diff.clear(object.num);
  for (const key of keys) diff.clearNew(after.entries.get(key));
  tell('form-fill', name, name);
}

/** The type of a field or of a field's widget, inherited where it is not its own. */
function fieldType(diff: RevisionDiff, field: PdfDictionary): string | null {
  let current: PdfDictionary | undefined = field;
  for (let level = 0; current && level < 32; level++) {
    const type: PdfValue = diff.file.resolve(current.entries.get('FT'), diff.before);
    if (isName(type)) return type.name;
    current = diff.file.dictionary(current.entries.get('Parent'), diff.before);
  }
  return null;
}
