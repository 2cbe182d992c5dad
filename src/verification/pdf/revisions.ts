import { TrucError } from '../../kernel/index.ts';
import type { ByteSource } from '../byte-source.ts';
import type { PdfCode } from './codes.ts';
import type { PdfDictionary } from './objects.ts';
import { isSpace, PdfParser } from './parser.ts';
import { readSection, type XrefSection } from './xref.ts';

const MAX_SECTIONS = 200;
/** What the cross-reference streams of all revisions may unpack to: some ten million objects. */
const MAX_UNPACKED = 64 * 1024 * 1024;

/** One state of the document: the original, or what an incremental update made of it (ISO 32000-2 §7.5.6). */
export interface Revision {
  /** 1 = the original. */
  number: number;
  /** First byte: 0, or the end of the revision before. */
  start: number;
  /** One past its `%%EOF`. */
  eof: number;
  /** One past the end-of-line mark that follows `%%EOF`, where there is one. */
  end: number;
  trailer: PdfDictionary;
  /** In the order in which a number is looked up. */
  sections: XrefSection[];
}

/**
 * All revisions, oldest first, found from the last `startxref` backwards through /Prev.
 * A linearized original with its two sections is one revision.
 * @throws TrucError `pdf.not-a-pdf`, `pdf.xref-malformed` and what reading a section throws
 */
export function readRevisions(bytes: ByteSource): Revision[] {
  if (bytes.text(0, 5) !== '%PDF-') throw new TrucError<PdfCode>('pdf.not-a-pdf');
  const last = bytes.lastIndexOf('startxref');
  if (last < 0) throw new TrucError<PdfCode>('pdf.not-a-pdf');
  const tail = readTail(bytes, last);
  const groups = groupSections(bytes, followChain(bytes, tail.target));
  let start = 0;
  return groups.map((sections, i) => {
    const newest = sections[0] as XrefSection;
    const furthest = sections.reduce((a, b) => (b.end > a.end ? b : a));
    const { target, eof } = readTail(bytes, furthest.end);
    if (target !== newest.offset || newest.offset < start) throw malformed(furthest.end);
    const revision = {
      number: i + 1,
      start,
      eof,
      end: lineEnd(bytes, eof),
      trailer: newest.trailer,
      sections,
    };
    start = revision.end;
    return revision;
  });
}

function malformed(offset: number): TrucError<PdfCode> {
  return new TrucError<PdfCode>('pdf.xref-malformed', { offset });
}

/** Reads `startxref n %%EOF` after white space. */
function readTail(bytes: ByteSource, offset: number): { target: number; eof: number } {
  const parser = new PdfParser(bytes, offset);
  if (!parser.keyword('startxref')) throw malformed(offset);
  const target = parser.unsigned();
  while (isSpace(bytes.at(parser.pos))) parser.pos += 1;
  const eof = parser.pos + 5;
  if (target === null || bytes.text(parser.pos, eof) !== '%%EOF') throw malformed(parser.pos);
  return { target, eof };
}

function lineEnd(bytes: ByteSource, at: number): number {
  if (bytes.at(at) === 13) return bytes.at(at + 1) === 10 ? at + 2 : at + 1;
  return bytes.at(at) === 10 ? at + 1 : at;
}

/** Sections from the newest to the oldest. */
function followChain(bytes: ByteSource, target: number): XrefSection[] {
  const chain: XrefSection[] = [];
  const seen = new Set<number>();
  let unpacked = 0;
  for (let next: number | null = target; next !== null; ) {
    if (seen.has(next)) throw malformed(next);
    if (seen.size >= MAX_SECTIONS)
      throw new TrucError<PdfCode>('pdf.limit-exceeded', { sections: MAX_SECTIONS });
    seen.add(next);
    const section = readSection(bytes, next);
    chain.push(section);
    unpacked += section.unpacked;
    if (unpacked > MAX_UNPACKED) throw new TrucError<PdfCode>('pdf.limit-exceeded', { unpacked });
    next = offsetIn(section.trailer, 'Prev');
  }
  return chain;
}

function offsetIn(trailer: PdfDictionary, key: string): number | null {
  const value = trailer.entries.get(key);
  if (value === undefined) return null;
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 0) throw malformed(trailer.start);
  return value;
}

/** Groups of sections that make one revision, oldest first; adds the stream of a hybrid section after its table. */
function groupSections(bytes: ByteSource, chain: readonly XrefSection[]): XrefSection[][] {
  const groups = [...chain].reverse().map((section) => {
    const stream = section.kind === 'table' ? offsetIn(section.trailer, 'XRefStm') : null;
    return stream === null ? [section] : [section, hybridStream(bytes, section, stream)];
  });
  const [main, firstPage, ...updates] = groups;
  if (!main || !firstPage || (firstPage[0]?.offset ?? 0) > (main[0]?.offset ?? 0)) return groups;
  if (!bytes.slice(0, 1024).includes('/Linearized')) throw malformed(0);
  return [[...firstPage, ...main], ...updates];
}

function hybridStream(bytes: ByteSource, table: XrefSection, offset: number): XrefSection {
  const stream = readSection(bytes, offset);
  if (stream.kind !== 'stream' || stream.offset >= table.offset) throw malformed(offset);
  return stream;
}
