import { isTrucError, TrucError } from '../../kernel/index.ts';
import type { PdfCode } from './codes.ts';
import type { PdfFile } from './file.ts';
import { dictionaryOf, isName, isReference, isStream, type PdfValue } from './objects.ts';
import type { Revision } from './revisions.ts';

/** Actions that run, send, or change what is shown (ISO 32000-2 §12.6.4); links and jumps within the file do not. */
const ACTIONS = new Set([
  'JavaScript', 'Launch', 'SubmitForm', 'ImportData', 'ResetForm', 'Hide', 'SetOCGState', 'GoToR', 'GoToE',
  'Rendition', 'RichMediaExecute', 'Movie', 'Sound', 'GoTo3DView',
]); // biome-ignore format: a list of names
/** What is looked at in any file, and one more for so many octets: fewer than that nothing takes, packed or not. */
const VISITS_AT_LEAST = 50_000;
const OCTETS_A_VISIT = 8;
/** In the largest: some hundred thousand pages, and what remembers them stays within a hundred mebioctets. */
const MOST_VISITS = 2_000_000;

/**
 * Content of a signed file that can show something else than what was signed without a changed byte: actions, layers that switch themselves, XFA
 * forms, and streams whose data lie in other files. Only warns: the signer signed it so. Looks at all pages, fields and
 * bookmarks; where it does not come to the end of them it says so, with `pdf.limit-exceeded`, and what it cannot read is
 * a warning of its own, since other readers may.
 */
export function activeCodes(file: PdfFile, revision: Revision): PdfCode[] {
  return new ActiveWalk(file, revision).run();
}

type Entries = ReadonlyMap<string, PdfValue>;
type Visit = (entries: Entries, isStream: boolean) => void;

class ActiveWalk {
  private readonly file: PdfFile;
  private readonly revision: Revision;
  private readonly codes = new Set<PdfCode>();
  private readonly left: [Visit, PdfValue][] = [];
  private readonly seen = new Map<Visit, Set<number>>();
  private visits: number;

  constructor(file: PdfFile, revision: Revision) {
    this.file = file.passing();
    this.revision = revision;
    this.visits = Math.min(MOST_VISITS, VISITS_AT_LEAST + file.source.length / OCTETS_A_VISIT);
  }

  run(): PdfCode[] {
    this.later(this.catalog, this.revision.trailer.entries.get('Root'));
    try {
      for (let next = this.left.pop(); next; next = this.left.pop()) this.look(...next);
    } catch (error) {
      if (!isTrucError(error)) throw error;
      this.codes.add('pdf.limit-exceeded');
    }
    return [...this.codes];
  }

  /** Each object once, whatever leads to it. @throws TrucError when more is left than will be looked at */
  private later(visit: Visit, value: PdfValue | undefined): void {
    if (typeof value !== 'object' || value === null) return;
    if (isReference(value)) {
      const seen = this.seen.get(visit) ?? new Set();
      if (seen.has(value.num)) return;
      this.seen.set(visit, seen.add(value.num));
    }
    if (this.left.length > this.visits) throw new TrucError<PdfCode>('pdf.limit-exceeded');
    this.left.push([visit, value]);
  }

  /** A list stands for all that is in it. @throws TrucError when there is too much to look at */
  private look(visit: Visit, value: PdfValue): void {
    if (--this.visits < 0) throw new TrucError<PdfCode>('pdf.limit-exceeded');
    const found = this.read(value);
    if (Array.isArray(found)) for (const item of found) this.later(visit, item);
    const dictionary = dictionaryOf(found);
    if (dictionary) visit(dictionary.entries, isStream(found));
  }

  private read(value: PdfValue): PdfValue {
    try {
      return this.file.resolve(value, this.revision);
    } catch (error) {
      if (!isTrucError(error) || /limit-exceeded$/.test(error.code)) throw error;
      this.codes.add('pdf.content-unreadable');
      return null;
    }
  }

  private readonly catalog: Visit = (entries) => {
    this.later(this.action, entries.get('OpenAction'));
    this.later(this.triggers, entries.get('AA'));
    this.later(this.names, entries.get('Names'));
    this.later(this.form, entries.get('AcroForm'));
    this.later(this.page, entries.get('Pages'));
    this.later(this.bookmark, entries.get('Outlines'));
    this.later(this.layers, entries.get('OCProperties'));
  };

  /** Layers that a viewer turns on and off by itself: on screen another page than in print (ISO 32000-2 §8.11.4.3). */
  private readonly layers: Visit = (entries) => {
    this.later(this.configuration, entries.get('D'));
    this.later(this.configuration, entries.get('Configs'));
  };

  private readonly configuration: Visit = (entries) => {
    const states = this.read(entries.get('AS') ?? null);
    if (Array.isArray(states) && states.length > 0) this.codes.add('pdf.active-content');
  };

  private readonly names: Visit = (entries) => {
    if (entries.has('JavaScript')) this.codes.add('pdf.active-content');
  };

  private readonly form: Visit = (entries) => {
    if (entries.has('XFA')) this.codes.add('pdf.active-content');
    this.later(this.field, entries.get('Fields'));
  };

  private readonly field: Visit = (entries) => {
    this.later(this.action, entries.get('A'));
    this.later(this.triggers, entries.get('AA'));
    this.later(this.field, entries.get('Kids'));
  };

  private readonly bookmark: Visit = (entries) => {
    this.later(this.action, entries.get('A'));
    this.later(this.bookmark, entries.get('First'));
    this.later(this.bookmark, entries.get('Next'));
  };

  /** A page, or a node of the tree of pages. */
  private readonly page: Visit = (entries) => {
    this.later(this.triggers, entries.get('AA'));
    this.later(this.content, entries.get('Contents'));
    this.later(this.resources, entries.get('Resources'));
    this.later(this.annotation, entries.get('Annots'));
    this.later(this.page, entries.get('Kids'));
  };

  private readonly resources: Visit = (entries) => this.later(this.contents, entries.get('XObject'));

  private readonly contents: Visit = (entries) => {
    for (const one of entries.values()) this.later(this.content, one);
  };

  /** A stream or form whose content stands in another file (ISO 32000-2 §7.3.8.2, §8.10.4). */
  private readonly content: Visit = (entries) => {
    if (entries.has('F') || entries.has('Ref')) this.codes.add('pdf.external-content');
    this.later(this.resources, entries.get('Resources'));
  };

  private readonly annotation: Visit = (entries) => {
    if (isName(entries.get('Subtype'), 'RichMedia')) this.codes.add('pdf.active-content');
    this.later(this.action, entries.get('A'));
    this.later(this.triggers, entries.get('AA'));
    this.later(this.appearance, entries.get('AP'));
  };

  /** One form for each use, or for each state of a use (ISO 32000-2 §12.5.5). */
  private readonly appearance: Visit = (entries) => {
    for (const one of entries.values()) this.later(this.appearances, one);
  };

  private readonly appearances: Visit = (entries, isForm) =>
    isForm ? this.content(entries, isForm) : this.contents(entries, isForm);

  private readonly triggers: Visit = (entries) => {
    for (const one of entries.values()) this.later(this.action, one);
  };

  /** Followed by others (ISO 32000-2 §12.6.2): one, or a list of them. */
  private readonly action: Visit = (entries) => {
    const type = entries.get('S');
    if (isName(type) && ACTIONS.has(type.name)) this.codes.add('pdf.active-content');
    this.later(this.action, entries.get('Next'));
  };
}
