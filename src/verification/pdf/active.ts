import { isTrucError } from '../../kernel/index.ts';
import type { PdfCode } from './codes.ts';
import type { PdfFile } from './file.ts';
import { dictionaryOf, isName, type PdfDictionary, type PdfValue } from './objects.ts';
import type { Revision } from './revisions.ts';

/** Actions that run, send, or change what is shown (ISO 32000-2 §12.6.4); links and jumps within the file do not. */
const ACTIONS = new Set([
  'JavaScript', 'Launch', 'SubmitForm', 'ImportData', 'ResetForm', 'Hide', 'SetOCGState', 'GoToR', 'GoToE',
  'Rendition', 'RichMediaExecute', 'Movie', 'Sound', 'GoTo3DView',
]); // biome-ignore format: a list of names
const MAX_NODES = 500;
const MAX_ANNOTATIONS = 200;
const MAX_CHAIN = 8;

/**
 * Content of a signed file that can show something else than what was signed without a changed byte: actions, XFA
 * forms, and streams whose data lie in other files. Looks at the catalog and the first few hundred pages, and only
 * warns: the signer signed it so.
 */
export function activeCodes(file: PdfFile, revision: Revision): PdfCode[] {
  const codes = new Set<PdfCode>();
  try {
    new ActiveWalk(file, revision, codes).run();
  } catch (error) {
    // What cannot be read is judged where it is needed.
    if (!isTrucError(error)) throw error;
  }
  return [...codes];
}

class ActiveWalk {
  private readonly file: PdfFile;
  private readonly revision: Revision;
  private readonly codes: Set<PdfCode>;
  private nodes = 0;

  constructor(file: PdfFile, revision: Revision, codes: Set<PdfCode>) {
    this.file = file;
    this.revision = revision;
    this.codes = codes;
  }

  run(): void {
    const { entries } = this.file.catalog(this.revision).dictionary;
    this.action(entries.get('OpenAction'));
    this.triggers(entries.get('AA'));
    if (this.dictionary(entries.get('Names'))?.entries.has('JavaScript'))
      this.codes.add('pdf.active-content');
    if (this.dictionary(entries.get('AcroForm'))?.entries.has('XFA')) this.codes.add('pdf.active-content');
    this.pages(entries.get('Pages'));
  }

  private pages(value: PdfValue | undefined): void {
    const stack: (PdfValue | undefined)[] = [value];
    while (stack.length > 0 && ++this.nodes <= MAX_NODES) {
      const node = this.dictionary(stack.pop());
      const kids = this.file.resolve(node?.entries.get('Kids'), this.revision);
      if (Array.isArray(kids)) stack.push(...kids.slice(0, MAX_NODES).reverse());
      else if (node) this.page(node);
    }
  }

  private page({ entries }: PdfDictionary): void {
    this.triggers(entries.get('AA'));
    const contents = this.file.resolve(entries.get('Contents'), this.revision);
    for (const item of Array.isArray(contents) ? contents.slice(0, MAX_ANNOTATIONS) : [contents])
      this.outside(item);
    const objects = this.dictionary(this.dictionary(entries.get('Resources'))?.entries.get('XObject'));
    for (const item of [...(objects?.entries.values() ?? [])].slice(0, MAX_ANNOTATIONS)) this.outside(item);
    const annotations = this.file.resolve(entries.get('Annots'), this.revision);
    for (const item of Array.isArray(annotations) ? annotations.slice(0, MAX_ANNOTATIONS) : []) {
      const annotation = this.dictionary(item);
      this.action(annotation?.entries.get('A'));
      this.triggers(annotation?.entries.get('AA'));
      if (isName(annotation?.entries.get('Subtype'), 'RichMedia')) this.codes.add('pdf.active-content');
    }
  }

  /** A stream or form whose content stands in another file (ISO 32000-2 §7.3.8.2, §8.10.4). */
  private outside(value: PdfValue | undefined): void {
    const entries = dictionaryOf(this.file.resolve(value, this.revision))?.entries;
    if (entries?.has('F') || entries?.has('Ref')) this.codes.add('pdf.external-content');
  }

  private triggers(value: PdfValue | undefined): void {
    for (const action of this.dictionary(value)?.entries.values() ?? []) this.action(action);
  }

  private action(value: PdfValue | undefined): void {
    let current = this.dictionary(value);
    for (let i = 0; current && i < MAX_CHAIN; i++) {
      const type = current.entries.get('S');
      if (isName(type) && ACTIONS.has(type.name)) this.codes.add('pdf.active-content');
      current = this.dictionary(current.entries.get('Next'));
    }
  }

  private dictionary(value: PdfValue | undefined): PdfDictionary | undefined {
    return value === undefined ? undefined : this.file.dictionary(value, this.revision);
  }
}
