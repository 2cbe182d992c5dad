import { openPdf, write } from '../../src/signing/pdf-update.ts';
import {
  dictionaryOf,
  isReference,
  type PdfDictionary,
  PdfFile,
  type PdfValue,
} from '../../src/verification/index.ts';

export interface RawObject {
  num: number;
  body: string;
  gen?: number;
  /** False: the object stands in the update, but its cross-reference table does not name it. */
  listed?: boolean;
}

export interface RawUpdate {
  objects?: readonly RawObject[];
  /** Cross-reference entries that lead somewhere of their own: `[number, offset]`. */
  redirected?: readonly (readonly [number, number])[];
  freed?: readonly number[];
  /** Trailer entries added or replaced. */
  trailer?: Readonly<Record<string, string>>;
  /** Bytes between the objects and the table. */
  gap?: string;
}

/** An incremental update that may break every rule. */
export function rawUpdate(pdf: Buffer, update: RawUpdate): Buffer {
  const { latest } = new PdfFile(pdf);
  let text = '';
  const lines: string[] = [];
  for (const { num, body, gen = 0, listed = true } of update.objects ?? []) {
    const offset = pdf.length + text.length;
    if (listed)
      lines.push(`${num} 1`, `${String(offset).padStart(10, '0')} ${String(gen).padStart(5, '0')} n `);
    text += `${num} ${gen} obj\n${body}\nendobj\n`;
  }
  for (const [num, offset] of update.redirected ?? []) {
    lines.push(`${num} 1`, `${String(offset).padStart(10, '0')} 00000 n `);
  }
  for (const num of update.freed ?? []) lines.push(`${num} 1`, '0000000000 00001 f ');
  text += update.gap ?? '';
  const trailer: Record<string, string> = { Size: '9000', Prev: String(latest.sections[0]?.offset) };
  for (const key of ['Root', 'Info', 'ID']) {
    const value = latest.trailer.entries.get(key);
    if (value !== undefined) trailer[key] = write(value);
  }
  const entries = Object.entries({ ...trailer, ...update.trailer }).map(([key, value]) => `/${key} ${value}`);
  const at = pdf.length + text.length;
  text += ['xref', ...lines, 'trailer', `<< ${entries.join(' ')} >>`, 'startxref', at, '%%EOF', ''].join(
    '\n',
  );
  return Buffer.concat([pdf, Buffer.from(text, 'latin1')]);
}

/** A dictionary's syntax with some entries replaced, added or (undefined) left out. */
export function edited(
  dictionary: PdfDictionary,
  changes: Readonly<Record<string, string | undefined>>,
): string {
  const kept = [...dictionary.entries].map(([key, value]) => [key, write(value)] as const);
  const all = Object.entries({ ...Object.fromEntries(kept), ...changes });
  return `<< ${all.flatMap(([key, value]) => (value === undefined ? [] : [`/${key} ${value}`])).join(' ')} >>`;
}

export interface Part {
  num: number;
  dictionary: PdfDictionary;
}

/** The parts of a one-page letter that attacks aim at, as of its last revision. */
export function anatomy(pdf: Buffer) {
  const file = openPdf(pdf);
  const part = (value: PdfValue | undefined): Part => {
    const dictionary = dictionaryOf(file.resolve(value, file.latest));
    if (!isReference(value) || !dictionary) throw new TypeError('no such part');
    return { num: value.num, dictionary };
  };
  const first = (value: PdfValue | undefined): PdfValue => {
    const list = file.resolve(value, file.latest);
    return Array.isArray(list) ? (list[0] ?? null) : list;
  };
  const { reference } = file.catalog(file.latest);
  const catalog = part(reference);
  const pages = part(catalog.dictionary.entries.get('Pages'));
  const page = part(first(pages.dictionary.entries.get('Kids')));
  const annotations = page.dictionary.entries.get('Annots');
  return {
    file,
    catalog,
    pages,
    page,
    contents: part(first(page.dictionary.entries.get('Contents'))),
    annotations: Array.isArray(annotations) ? annotations.map(write) : [],
    widget: Array.isArray(annotations) && annotations[0] ? part(annotations[0]) : undefined,
    info: file.latest.trailer.entries.get('Info'),
    /** First free number. */
    free: Number(file.latest.trailer.entries.get('Size')),
  };
}

/** Replaces a text by another of the same length, so that no offset moves. */
export function overwrite(pdf: Buffer, old: string, fresh: string, from = 0): Buffer {
  const at = pdf.indexOf(old, from);
  if (at < 0 || fresh.length > old.length) throw new RangeError(`cannot overwrite ${old}`);
  const copy = Buffer.from(pdf);
  copy.write(fresh.padEnd(old.length), at, 'latin1');
  return copy;
}
