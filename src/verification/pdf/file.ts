import { TrucError } from '../../kernel/index.ts';
import { ByteSource } from '../byte-source.ts';
import { spendOnObject } from '../work.ts';
import type { PdfCode } from './codes.ts';
import { decodeStream } from './filters.ts';
import {
  isDictionary,
  isReference,
  isStream,
  type PdfDictionary,
  type PdfReference,
  type PdfStream,
  type PdfValue,
} from './objects.ts';
import { isSpace, PdfParser, type ValueAllowance, valueAllowance } from './parser.ts';
import { type Revision, readRevisions } from './revisions.ts';
import { type IndirectObject, readObject, type XrefEntry } from './xref.ts';

/** Objects that one file may make us read. */
const MAX_OBJECTS = 50_000;
const MAX_REFERENCE_CHAIN = 16;
const MAX_IN_STREAM = 20_000;
/** Objects that are kept while all of them are walked through. */
const PASSING_OBJECTS = 2_000;
/** Unpacked object streams that are kept, octets; those before are unpacked again when they are asked for. */
const MAX_KEPT = 32 * 1024 * 1024;

/** Where a number is defined: the entry that wins in some revision, and the revision that wrote it. */
export interface Definition {
  entry: XrefEntry;
  revision: Revision;
}

interface ObjectStream {
  data: ByteSource;
  numbers: number[];
  offsets: number[];
}

/** A PDF opened for reading: nothing is parsed before it is asked for, and every object only once. */
export class PdfFile {
  readonly source: ByteSource;
  /** Oldest first; at least one. */
  readonly revisions: readonly Revision[];
  private readonly objects = new Map<number, IndirectObject>();
  private readonly streams = new Map<number, ObjectStream>();
  private readonly packed = new Map<string, PdfValue>();
  private allowance: ValueAllowance = valueAllowance();
  private kept = 0;
  private reads = 0;
  private readonly keeper: PdfFile | null;

  /** @throws TrucError with a PdfCode when the file has no usable cross-reference chain */
  constructor(bytes: Uint8Array | ByteSource, keeper: PdfFile | null = null) {
    this.source = ByteSource.of(bytes);
    this.keeper = keeper;
    this.revisions = keeper?.revisions ?? readRevisions(this.source);
  }

  /**
   * The same file for a walk through all of it: of what it reads beyond what is known here it keeps little, and it may
   * read as much as the work budget pays for.
   */
  passing(): PdfFile {
    return new PdfFile(this.source, this);
  }

  get latest(): Revision {
    return this.revisions.at(-1) as Revision;
  }

  /** The definition of a number as of a revision; undefined where there is none. */
  define(num: number, asOf: Revision): Definition | undefined {
    for (let i = asOf.number - 1; i >= 0; i--) {
      const revision = this.revisions[i] as Revision;
      for (const section of revision.sections) {
        const entry = section.lookup(num);
        if (entry) return { entry, revision };
      }
    }
    return undefined;
  }

  /** The value of an indirect object as of a revision; null where it is free or undefined (ISO 32000-2 §7.3.10). */
  object(num: number, asOf: Revision): PdfValue {
    const definition = this.define(num, asOf);
    return definition ? this.valueOf(num, definition) : null;
  }

  /** The value that a definition stands for. */
  valueOf(num: number, { entry, revision }: Definition): PdfValue {
    if (entry.type === 'free') return null;
    if (entry.type === 'compressed') return this.unpack(num, entry.stream, entry.index, revision);
    const object = this.objectAt(entry.offset, revision);
    if (object.num !== num || object.gen !== entry.gen) throw this.malformed(entry.offset);
    return object.value;
  }

  /** Follows references to a value. */
  resolve(value: PdfValue | undefined, asOf: Revision): PdfValue {
    let current = value ?? null;
    for (let i = 0; isReference(current); i++) {
      if (i > MAX_REFERENCE_CHAIN) throw new TrucError<PdfCode>('pdf.limit-exceeded');
      current = this.object(current.num, asOf);
    }
    return current;
  }

  /** The dictionary behind a value (not that of a stream), or undefined. */
  dictionary(value: PdfValue | undefined, asOf: Revision): PdfDictionary | undefined {
    const resolved = this.resolve(value, asOf);
    return isDictionary(resolved) ? resolved : undefined;
  }

  /** The document catalog and the reference to it. @throws TrucError `pdf.object-malformed` */
  catalog(asOf: Revision): { reference: PdfReference; dictionary: PdfDictionary } {
    const reference = asOf.trailer.entries.get('Root');
    const dictionary = isReference(reference) ? this.dictionary(reference, asOf) : undefined;
    if (!isReference(reference) || !dictionary) throw this.malformed(asOf.trailer.start);
    return { reference, dictionary };
  }

  /** The object that stands at an offset, with its place; stream lengths are taken as of `asOf`. */
  objectAt(offset: number, asOf: Revision): IndirectObject {
    const known = this.objects.get(offset) ?? this.keeper?.objects.get(offset);
    if (known) return known;
    this.count();
    const object = readObject(this.source, offset, (value) => this.streamLength(value, asOf), this.allowance);
    this.objects.set(offset, object);
    return object;
  }

  private streamLength(value: PdfValue, asOf: Revision): number | null {
    const length = isReference(value) ? this.plainNumber(value, asOf) : value;
    return typeof length === 'number' && Number.isInteger(length) && length >= 0 ? length : null;
  }

  /** An indirect length must be a plain number: anything longer could lead in circles. */
  private plainNumber(reference: PdfReference, asOf: Revision): number | null {
    const entry = this.define(reference.num, asOf)?.entry;
    if (entry?.type !== 'offset') return null;
    const parser = new PdfParser(this.source, entry.offset);
    if (parser.unsigned() !== reference.num || parser.unsigned() === null) return null;
    return parser.keyword('obj') ? parser.unsigned() : null;
  }

  private unpack(num: number, streamNum: number, index: number, asOf: Revision): PdfValue {
    const container = this.define(streamNum, asOf);
    if (container?.entry.type !== 'offset') throw this.malformed(asOf.start);
    const { offset } = container.entry;
    const key = `${offset}:${index}`;
    const known = this.packed.get(key) ?? this.keeper?.packed.get(key);
    if (known !== undefined) return known;
    this.count();
    const stream = this.objectStream(streamNum, offset, container);
    if (stream.numbers[index] !== num) throw this.malformed(offset);
    const parser = new PdfParser(stream.data, stream.offsets[index] ?? stream.data.length, this.allowance);
    const value = parser.value();
    this.packed.set(key, value);
    return value;
  }

  /** Numbers of the objects that an object stream holds, in order. */
  packedNumbers(num: number, container: Definition): readonly number[] {
    const { entry } = container;
    return entry.type === 'offset' ? this.objectStream(num, entry.offset, container).numbers : [];
  }

  private objectStream(num: number, offset: number, container: Definition): ObjectStream {
    const known = this.streams.get(offset) ?? this.keeper?.streams.get(offset);
    if (known) return known;
    const value = this.valueOf(num, container);
    if (!isStream(value)) throw this.malformed(offset);
    const stream = this.openObjectStream(value, offset);
    this.kept += stream.data.length;
    if (this.kept > MAX_KEPT) {
      this.streams.clear();
      this.kept = stream.data.length;
    }
    this.streams.set(offset, stream);
    return stream;
  }

  /** ISO 32000-2 §7.5.7 */
  private openObjectStream(value: PdfStream, offset: number): ObjectStream {
    const count = value.dictionary.entries.get('N');
    const first = value.dictionary.entries.get('First');
    if (typeof count !== 'number' || typeof first !== 'number') throw this.malformed(offset);
    if (count > MAX_IN_STREAM) throw new TrucError<PdfCode>('pdf.limit-exceeded', { offset });
    const data = ByteSource.of(decodeStream(value));
    const parser = new PdfParser(data, 0);
    const numbers: number[] = [];
    const offsets: number[] = [];
    for (let i = 0; i < count; i++) {
      const num = parser.unsigned();
      const at = parser.unsigned();
      if (num === null || at === null) throw this.malformed(offset);
      numbers.push(num);
      offsets.push(first + at);
    }
    return { data, numbers, offsets };
  }

  /** Whether only white space lies between two positions. */
  blank(from: number, to: number): boolean {
    for (let i = from; i < to; i++) if (!isSpace(this.source.at(i))) return false;
    return true;
  }

  private forget(): void {
    this.objects.clear();
    this.packed.clear();
    this.allowance = valueAllowance();
  }

  private malformed(offset: number): TrucError<PdfCode> {
    return new TrucError<PdfCode>('pdf.object-malformed', { offset });
  }

  private count(): void {
    this.reads += 1;
    if (this.keeper) {
      spendOnObject();
      if (this.reads % PASSING_OBJECTS === 0) this.forget();
    } else if (this.reads > MAX_OBJECTS)
      throw new TrucError<PdfCode>('pdf.limit-exceeded', { objects: MAX_OBJECTS });
  }
}
