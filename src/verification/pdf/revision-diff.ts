import { TrucError } from '../../kernel/index.ts';
import type { PdfCode } from './codes.ts';
import type { PdfFile } from './file.ts';
import {
  dictionaryOf,
  isDictionary,
  isName,
  isReference,
  isStream,
  type PdfDictionary,
  type PdfReference,
  type PdfValue,
  sameValue,
} from './objects.ts';
import type { Revision } from './revisions.ts';
import type { XrefEntry } from './xref.ts';

/** An object that a revision defines otherwise than the one before. */
export interface ChangedObject {
  num: number;
  /** Null where it is new. */
  before: PdfValue;
  after: PdfValue;
  isNew: boolean;
}

/** Cross-reference entries of one update that are compared. */
const MAX_ENTRIES = 200_000;
const TRAILER_KEYS = new Set(['Size', 'Root', 'Info', 'ID', 'Prev', 'XRefStm']);
const STREAM_TRAILER_KEYS = new Set(['Type', 'W', 'Index', 'Filter', 'DecodeParms', 'Length']);

/**
 * What one incremental update did, before anybody judges whether it may: the changed objects, and everything about
 * its structure that no honest writer does. Objects are then cleared one by one by the rules that allow them.
 */
export class RevisionDiff {
  readonly file: PdfFile;
  readonly before: Revision;
  readonly after: Revision;
  readonly changed = new Map<number, ChangedObject>();
  /** Structural faults: redirected or repeated entries, deletions, bytes that nothing refers to. */
  readonly faults: string[] = [];
  private readonly containers = new Set<number>();

  /** @throws TrucError with a PdfCode when an object of the update cannot be read */
  constructor(file: PdfFile, after: Revision) {
    this.file = file;
    this.after = after;
    this.before = file.revisions[after.number - 2] as Revision;
    this.compareObjects();
    this.compareTrailers();
    this.checkContainers();
    this.checkSpans();
  }

  /** Marks a changed object as allowed. */
  clear(num: number): void {
    this.changed.delete(num);
  }

  /** Marks the new objects that a value leads to as allowed; objects that were there before stay as they are. */
  clearNew(value: PdfValue | undefined): void {
    const stack: PdfValue[] = [value ?? null];
    while (stack.length > 0) {
      const item = stack.pop() ?? null;
      if (isReference(item)) {
        const object = this.changed.get(item.num);
        if (object?.isNew) {
          this.clear(item.num);
          stack.push(object.after);
        }
      } else if (Array.isArray(item)) stack.push(...item);
      else {
        const dictionary = dictionaryOf(item);
        if (dictionary) stack.push(...dictionary.entries.values());
      }
    }
  }

  /** The value behind a value before and after. */
  resolveBoth(before: PdfValue | undefined, after: PdfValue | undefined): [PdfValue, PdfValue] {
    return [this.file.resolve(before, this.before), this.file.resolve(after, this.after)];
  }

  private compareObjects(): void {
    const seen = new Set<number>();
    for (const section of this.after.sections) {
      for (const num of section.numbers()) {
        if (seen.size > MAX_ENTRIES)
          throw new TrucError<PdfCode>('pdf.limit-exceeded', { entries: MAX_ENTRIES });
        if (seen.has(num)) this.faults.push(`xref.repeated ${num}`);
        seen.add(num);
        const entry = section.lookup(num);
        if (entry) this.compare(num, entry);
      }
    }
    if (this.after.sections.length > 1) this.faults.push('xref.hybrid');
  }

  private compare(num: number, entry: XrefEntry): void {
    const { file } = this;
    const old = file.define(num, this.before);
    const isNew = old === undefined || old.entry.type === 'free';
    if (entry.type === 'free') {
      if (!isNew) this.faults.push(`deleted ${num}`);
      return;
    }
    if (old && sameEntry(old.entry, entry)) return;
    if (entry.type === 'offset' && (entry.offset < this.before.eof || entry.offset >= this.after.eof)) {
      this.faults.push(`xref.redirected ${num}`);
      return;
    }
    if (old?.entry.type === 'offset' && entry.type === 'offset' && old.entry.gen !== entry.gen) {
      this.faults.push(`generation ${num}`);
    }
    if (entry.type === 'compressed') this.containers.add(entry.stream);
    const after = file.valueOf(num, { entry, revision: this.after });
    const before = old ? file.valueOf(num, old) : null;
    if (!isNew && sameValue(before, after)) return;
    this.changed.set(num, { num, before, after, isNew });
  }

  private compareTrailers(): void {
    const before = this.before.trailer.entries;
    const after = this.after.trailer.entries;
    const stream = this.after.sections[0]?.kind === 'stream';
    for (const key of after.keys()) {
      if (!TRAILER_KEYS.has(key) && !(stream && STREAM_TRAILER_KEYS.has(key)))
        this.faults.push(`trailer.${key}`);
    }
    if (!sameValue(before.get('Root'), after.get('Root'))) this.faults.push('trailer.Root');
    const [oldId, newId] = [before.get('ID'), after.get('ID')];
    if (Array.isArray(oldId) && !(Array.isArray(newId) && sameValue(oldId[0], newId[0])))
      this.faults.push('trailer.ID');
  }

  /** Object streams must be new, be defined here, and hold nothing that the cross-reference data do not name. */
  private checkContainers(): void {
    for (const num of this.containers) {
      const object = this.changed.get(num);
      const definition = this.file.define(num, this.after);
      if (!object?.isNew || !definition || !isTyped(object.after, 'ObjStm')) {
        this.faults.push(`xref.redirected ${num}`);
        continue;
      }
      for (const packed of this.file.packedNumbers(num, definition)) {
        const entry = this.file.define(packed, this.after)?.entry;
        if (entry?.type !== 'compressed' || entry.stream !== num) this.faults.push(`unreferenced ${packed}`);
      }
      this.clear(num);
    }
    for (const [num, object] of this.changed) {
      if (object.isNew && isTyped(object.after, 'XRef')) this.clear(num);
    }
  }

  /** Objects and cross-reference sections must fill the update without gap or overlap. */
  private checkSpans(): void {
    const spans: [number, number][] = this.after.sections.map(({ offset, end }) => [offset, end]);
    for (const section of this.after.sections) {
      for (const num of section.numbers()) {
        const entry = section.lookup(num);
        if (entry?.type !== 'offset' || entry.offset < this.before.eof || entry.offset >= this.after.eof)
          continue;
        if (entry.offset === section.offset) continue;
        const object = this.file.objectAt(entry.offset, this.after);
        if (!object.ended) this.faults.push(`object.open ${num}`);
        spans.push([object.start, object.end]);
      }
    }
    spans.sort((a, b) => a[0] - b[0]);
    let position = this.before.end;
    for (const [start, end] of spans) {
      if (start < position || !this.file.blank(position, start)) this.faults.push(`unreferenced ${position}`);
      position = Math.max(position, end);
    }
    const tail = this.file.source.indexOf('startxref', position);
    if (!this.file.blank(position, tail)) this.faults.push(`unreferenced ${position}`);
  }
}

function sameEntry(a: XrefEntry, b: XrefEntry): boolean {
  if (a.type === 'offset') return b.type === 'offset' && a.offset === b.offset && a.gen === b.gen;
  if (a.type === 'compressed') return b.type === 'compressed' && a.stream === b.stream && a.index === b.index;
  return b.type === 'free';
}

function isTyped(value: PdfValue, type: string): boolean {
  return isStream(value) && isName(value.dictionary.entries.get('Type'), type);
}

/** Keys whose values differ between two dictionaries (references compared as references). */
export function changedKeys(before: PdfDictionary, after: PdfDictionary): string[] {
  const keys = new Set([...before.entries.keys(), ...after.entries.keys()]);
  return [...keys].filter((key) => !sameValue(before.entries.get(key), after.entries.get(key)));
}

/** The items that a list gained at any place while all old ones stayed in their order; null when it did otherwise. */
export function gained(before: PdfValue, after: PdfValue): PdfReference[] | null {
  const old = before === null ? [] : before;
  if (!Array.isArray(old) || !Array.isArray(after)) return null;
  const added: PdfReference[] = [];
  let i = 0;
  for (const item of after) {
    if (i < old.length && sameValue(old[i], item)) i += 1;
    else if (isReference(item)) added.push(item);
    else return null;
  }
  return i === old.length ? added : null;
}

/** A dictionary in both, or null. */
export function bothDictionaries(object: ChangedObject): [PdfDictionary, PdfDictionary] | null {
  return isDictionary(object.before) && isDictionary(object.after) ? [object.before, object.after] : null;
}
