import { TrucError } from '../kernel/index.ts';
import {
  dictionaryOf,
  isDictionary,
  isReference,
  isString,
  type PdfDictionary,
  type PdfReference,
  type PdfValue,
  textOf,
} from '../verification/index.ts';
import type { SigningErrorCode } from './errors.ts';
import { dictionary, type PdfUpdate, write } from './pdf-update.ts';
import { type Rotation, rotationOf } from './rotation.ts';

const MAX_PAGES = 20_000;
const MAX_FIELDS = 5_000;

export interface PageHandle {
  reference: PdfReference;
  dictionary: PdfDictionary;
  /** Its own or inherited. */
  rotate: Rotation;
}

/**
 * Finds a page by its number, 1 = first.
 * @throws TrucError `signing.page-not-found`
 */
export function findPage(update: PdfUpdate, page: number): PageHandle {
  const { file } = update;
  const root = file.catalog(file.latest).dictionary.entries.get('Pages') ?? null;
  const stack: { reference: PdfValue; above: Rotation }[] = [{ reference: root, above: 0 }];
  let seen = 0;
  for (let visited = 0; stack.length > 0 && visited < MAX_PAGES; visited++) {
    const { reference, above } = stack.pop() as (typeof stack)[number];
    const node = dictionaryOf(file.resolve(reference, file.latest));
    if (!node) continue;
    const own = file.resolve(node.entries.get('Rotate'), file.latest);
    const rotate = typeof own === 'number' ? rotationOf(own) : above;
    const kids = file.resolve(node.entries.get('Kids'), file.latest);
    if (Array.isArray(kids)) {
      for (const kid of [...kids].reverse()) stack.push({ reference: kid, above: rotate });
    } else if (isReference(reference)) {
      seen += 1;
      if (seen === page) return { reference, dictionary: node, rotate };
    }
  }
  throw new TrucError<SigningErrorCode>('signing.page-not-found', { page });
}

/** Adds an annotation to a page's list, in whichever place that list is kept. */
export function addAnnotation(update: PdfUpdate, page: PageHandle, annotation: string): void {
  const { file } = update;
  const current = page.dictionary.entries.get('Annots');
  const list = file.resolve(current, file.latest);
  const body = `[${[...(Array.isArray(list) ? list.map(write) : []), annotation].join(' ')}]`;
  if (isReference(current) && Array.isArray(list)) update.set(current.num, body);
  else update.set(page.reference.num, replaced(page.dictionary, { Annots: body }));
}

/** The syntax of a dictionary with some entries replaced or added. */
function replaced(original: PdfDictionary, changes: Readonly<Record<string, string>>): string {
  const kept = [...original.entries].map(([key, value]) => [key, write(value)] as const);
  return dictionary({ ...Object.fromEntries(kept), ...changes });
}

/**
 * Adds a top-level field to the document's form (created where there is none) and says that signatures exist
 * (SigFlags 3: ISO 32000-2 §12.7.3).
 */
export function addField(update: PdfUpdate, field: string): void {
  const { file } = update;
  const catalog = file.catalog(file.latest);
  const current = catalog.dictionary.entries.get('AcroForm');
  const form = file.resolve(current, file.latest);
  if (!isDictionary(form)) {
    const created = update.add(dictionary({ Fields: `[${field}]`, SigFlags: '3' }));
    update.set(catalog.reference.num, replaced(catalog.dictionary, { AcroForm: created }));
    return;
  }
  const fields = form.entries.get('Fields');
  const list = file.resolve(fields, file.latest);
  const body = `[${[...(Array.isArray(list) ? list.map(write) : []), field].join(' ')}]`;
  const separate = isReference(fields) && Array.isArray(list);
  if (separate) update.set(fields.num, body);
  const changed = replaced(form, separate ? { SigFlags: '3' } : { Fields: body, SigFlags: '3' });
  if (separate && form.entries.get('SigFlags') === 3) return;
  if (isReference(current)) update.set(current.num, changed);
  else update.set(catalog.reference.num, replaced(catalog.dictionary, { AcroForm: changed }));
}

/** Adds or replaces one entry of the document catalog. */
export function setCatalogEntry(update: PdfUpdate, key: string, value: string): void {
  const { file } = update;
  const catalog = file.catalog(file.latest);
  update.set(catalog.reference.num, replaced(catalog.dictionary, { [key]: value }));
}

/** Names of the form's top-level fields. */
export function fieldNames(update: PdfUpdate): Set<string> {
  const { file } = update;
  const { dictionary: catalog } = file.catalog(file.latest);
  const form = file.dictionary(catalog.entries.get('AcroForm'), file.latest);
  const fields = file.resolve(form?.entries.get('Fields'), file.latest);
  const names = new Set<string>();
  for (const field of Array.isArray(fields) ? fields.slice(0, MAX_FIELDS) : []) {
    const name = file.dictionary(field, file.latest)?.entries.get('T');
    if (isString(name)) names.add(textOf(name));
  }
  return names;
}
