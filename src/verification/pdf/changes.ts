import type { Change, Tell } from './change.ts';
import type { PdfFile } from './file.ts';
import { judgeForm } from './form-changes.ts';
import {
  dictionaryOf,
  isDictionary,
  isName,
  isReference,
  isStream,
  isString,
  type PdfReference,
  type PdfValue,
  sameValue,
  textOf,
} from './objects.ts';
import { contentStreams } from './page-tree.ts';
import { bothDictionaries, type ChangedObject, changedKeys, gained, RevisionDiff } from './revision-diff.ts';
import type { Revision } from './revisions.ts';
import { stampName } from './stamp.ts';
import { judgeWidget } from './widget.ts';

/**
 * What one revision changed, each change with the kind of its rule; whatever no rule allows is `not-allowed`.
 * The rules name what may happen after a signature: another signature with its field and widget, a document timestamp,
 * validation data (DSS), the stamps of number and date, filled form fields, and the document's metadata.
 * @throws TrucError with a PdfCode when the update cannot be read
 */
export function changesOf(file: PdfFile, revision: Revision): Change[] {
  const diff = new RevisionDiff(file, revision);
  const changes: Change[] = [];
  const tell: Tell = (kind, detail, field) => {
    const change: Change = { revision: revision.number, kind, detail };
    if (field !== undefined) change.field = field;
    changes.push(change);
  };
  judgeCatalog(diff, tell);
  judgeMetadata(diff, tell);
  judgePages(diff, tell);
  judgeForm(diff, tell);
  for (const fault of diff.faults) tell('not-allowed', fault);
  for (const { num, isNew } of diff.changed.values())
    tell('not-allowed', `${isNew ? 'unexplained' : 'object'} ${num}`);
  return changes;
}

/** Entries of the catalog that have a rule of their own or tell nothing that is shown. */
const CATALOG_RULES = new Set(['AcroForm', 'DSS', 'Metadata', 'Extensions', 'Version']);

function judgeCatalog(diff: RevisionDiff, tell: Tell): void {
  const before = diff.file.catalog(diff.before);
  const after = diff.file.catalog(diff.after);
  const keys = changedKeys(before.dictionary, after.dictionary);
  for (const key of keys) if (!CATALOG_RULES.has(key)) tell('not-allowed', `catalog.${key}`);
  if (keys.includes('Version') && !isName(after.dictionary.entries.get('Version')))
    tell('not-allowed', 'catalog.Version');
  if (after.dictionary.repeated.length > 0) tell('not-allowed', 'catalog.repeated');
  if (keys.includes('Extensions')) {
    diff.clearNew(after.dictionary.entries.get('Extensions'));
    tell('metadata', 'catalog.Extensions');
  }
  diff.clear(after.reference.num);
  judgeStore(diff, before.dictionary.entries.get('DSS'), after.dictionary.entries.get('DSS'), tell);
}

/** The document security store: new objects, and old ones that already belonged to it. */
function judgeStore(
  diff: RevisionDiff,
  before: PdfValue | undefined,
  after: PdfValue | undefined,
  tell: Tell,
): void {
  const [, store] = diff.resolveBoth(before, after);
  if (!isDictionary(store)) {
    if (before !== undefined) tell('not-allowed', 'catalog.DSS');
    return;
  }
  const size = diff.changed.size;
  diff.clearNew(after);
  for (const num of reachable(diff, before)) {
    const object = diff.changed.get(num);
    if (!object || !growsAsStore(object)) continue;
    diff.clearNew(object.after);
    diff.clear(num);
  }
  if (diff.changed.size < size) tell('validation-data', 'DSS');
}

/** Numbers that a value led to before this revision; a store of more than some thousand parts is not followed. */
function reachable(diff: RevisionDiff, value: PdfValue | undefined): Set<number> {
  const seen = new Set<number>();
  const stack: PdfValue[] = [value ?? null];
  while (stack.length > 0 && seen.size < 5000) {
    const item = stack.pop() ?? null;
    if (isReference(item)) {
      if (seen.has(item.num)) continue;
      seen.add(item.num);
      stack.push(diff.file.object(item.num, diff.before));
    } else if (Array.isArray(item)) stack.push(...item);
    else stack.push(...(dictionaryOf(item)?.entries.values() ?? []));
  }
  return seen;
}

const STORE_KEY = /^(Certs?|CRLs?|OCSPs?|VRI|TU|Type|[0-9A-Fa-f]{40})$/;

/** A part of the store only grows: a prepared file could make a page's resources look like a part of it. */
function growsAsStore({ before, after }: ChangedObject): boolean {
  if (Array.isArray(before)) return gained(before, after) !== null;
  if (!isDictionary(before) || !isDictionary(after)) return false;
  const keys = [...before.entries.keys(), ...after.entries.keys()];
  return keys.every((key) => STORE_KEY.test(key) && (!before.entries.has(key) || after.entries.has(key)));
}

/** The information dictionary and the XMP stream: nothing of them is part of a page. */
function judgeMetadata(diff: RevisionDiff, tell: Tell): void {
  const infos = [diff.before, diff.after].map((revision) => revision.trailer.entries.get('Info'));
  judgeOne(diff, infos, isPlainInfo, tell, 'Info');
  const streams = [diff.before, diff.after].map((revision) =>
    diff.file.catalog(revision).dictionary.entries.get('Metadata'),
  );
  judgeOne(diff, streams, isXmp, tell, 'Metadata');
}

/** The object that both revisions call by the same name may change, where it stays what it is. */
function judgeOne(
  diff: RevisionDiff,
  [before, after]: (PdfValue | undefined)[],
  fits: (value: PdfValue) => boolean,
  tell: Tell,
  detail: string,
): void {
  const object = isReference(after) ? diff.changed.get(after.num) : undefined;
  if (!object || !fits(object.after)) return;
  if (!object.isNew) {
    if (!sameValue(before, after) || !fits(object.before)) return;
    if (isStream(object.after) && contentStreams(diff.file, diff.before)?.has(object.num) !== false) return;
  }
  diff.clear(object.num);
  tell('metadata', detail);
}

/** Only texts, names and numbers: no resources in disguise. */
function isPlainInfo(value: PdfValue): boolean {
  if (!isDictionary(value)) return false;
  return [...value.entries.values()].every(
    (item) => typeof item !== 'object' || isString(item) || isName(item),
  );
}

function isXmp(value: PdfValue): boolean {
  if (!isStream(value)) return false;
  const { entries } = value.dictionary;
  return isName(entries.get('Type'), 'Metadata') && isName(entries.get('Subtype'), 'XML');
}

/** Pages may gain annotations, and only those of a later signature or of the stamps of number and date. */
function judgePages(diff: RevisionDiff, tell: Tell): void {
  for (const object of [...diff.changed.values()]) {
    const both = bothDictionaries(object);
    if (object.isNew) continue;
    if (both?.every((dictionary) => isName(dictionary.entries.get('Type'), 'Page'))) {
      const [before, after] = both;
      for (const key of changedKeys(before, after)) {
        if (key !== 'Annots') tell('not-allowed', `page.${key} ${object.num}`);
      }
      if (after.repeated.length > 0) tell('not-allowed', `page.repeated ${object.num}`);
      const lists = diff.resolveBoth(before.entries.get('Annots'), after.entries.get('Annots'));
      if (isReference(after.entries.get('Annots'))) diff.clearNew(after.entries.get('Annots'));
      judgeAnnotations(diff, lists[0], lists[1], `page.Annots ${object.num}`, tell);
      diff.clear(object.num);
    } else if (Array.isArray(object.before) && Array.isArray(object.after)) {
      if (judgeAnnotations(diff, object.before, object.after, `list ${object.num}`, tell))
        diff.clear(object.num);
    }
  }
}

function judgeAnnotations(
  diff: RevisionDiff,
  before: PdfValue,
  after: PdfValue,
  place: string,
  tell: Tell,
): boolean {
  const added = gained(before, after);
  if (!added) {
    tell('not-allowed', place);
    return false;
  }
  const stamps = (Array.isArray(before) ? before : []).flatMap((item) => nameOf(diff, item));
  for (const reference of added) judgeAnnotation(diff, reference, stamps, tell);
  return true;
}

/** Names (/NM) of the annotations that a page had before. */
function nameOf(diff: RevisionDiff, value: PdfValue): string[] {
  const name = diff.file.dictionary(value, diff.before)?.entries.get('NM');
  return isString(name) ? [textOf(name)] : [];
}

function judgeAnnotation(diff: RevisionDiff, reference: PdfReference, stamps: string[], tell: Tell): void {
  const annotation = diff.file.dictionary(reference, diff.after);
  if (!annotation) {
    tell('not-allowed', `annotation ${reference.num}`);
    return;
  }
  if (judgeWidget(diff, reference.num, annotation)) return;
  const stamp = stampName(diff.file, annotation, diff.after);
  if (stamp === null || stamps.includes(stamp) || !diff.changed.get(reference.num)?.isNew) {
    tell('not-allowed', `annotation ${reference.num}`);
    return;
  }
  stamps.push(stamp);
  diff.clear(reference.num);
  diff.clearNew(annotation);
  tell('number-date-or-seal', stamp);
}
