import type { BytePart } from '../byte-source.ts';
import type { PdfCode } from './codes.ts';
import type { PdfFile } from './file.ts';
import { isString, type PdfDictionary, type PdfString, type PdfValue } from './objects.ts';
import type { Revision } from './revisions.ts';

/** What a signature dictionary protects and what it contains. */
export interface SignedRange {
  /** Both parts of the file that are signed, without a copy. */
  parts: [BytePart, BytePart];
  /** The revision whose end the range reaches. */
  revision: Revision;
  /** CMS or timestamp token, padding cut off. */
  contents: Buffer;
}

/**
 * Holds a signature dictionary against the file: the range must begin at 0, leave out exactly the /Contents string
 * with its delimiters, and reach the end of the revision that holds it (ISO 32000-2 §12.8.1, EN 319 142-1 §5.2).
 * @returns the range, or the code that says what is wrong
 */
export function signedRange(file: PdfFile, dictionary: PdfDictionary): SignedRange | PdfCode {
  if (dictionary.repeated.length > 0) return 'pdf.duplicate-key';
  const range = dictionary.entries.get('ByteRange');
  if (range === undefined || range === null) return 'pdf.byte-range-missing';
  const numbers = fourOffsets(range);
  if (!numbers) return 'pdf.byte-range-malformed';
  const string = dictionary.entries.get('Contents');
  if (!isString(string) || string.end - string.start <= 2) return 'pdf.contents-missing';
  const [first, open, close, length] = numbers;
  if (first !== 0) return 'pdf.byte-range-not-from-start';
  if (!string.hex || string.source !== file.source) return 'pdf.contents-malformed';
  if (open !== string.start || close !== string.end) return 'pdf.byte-range-gap';
  const end = close + length;
  const revision = endingAt(file, end);
  if (!revision || string.start < revision.start) return 'pdf.byte-range-end';
  const contents = decodeContents(string);
  if (typeof contents === 'string') return contents;
  return { parts: [file.source.part(0, open), file.source.part(close, end)], revision, contents };
}

function fourOffsets(value: PdfValue): [number, number, number, number] | null {
  if (!Array.isArray(value) || value.length !== 4) return null;
  const [a, b, c, d] = value;
  for (const item of value)
    if (typeof item !== 'number' || !Number.isSafeInteger(item) || item < 0) return null;
  return typeof a === 'number' && typeof b === 'number' && typeof c === 'number' && typeof d === 'number'
    ? [a, b, c, d]
    : null;
}

/** The revision that ends here: `%%EOF` and at most white space before `end`, nothing of the next one. */
function endingAt(file: PdfFile, end: number): Revision | undefined {
  if (end > file.source.length) return undefined;
  const revision = file.revisions.findLast(({ eof }) => eof <= end);
  return revision && file.blank(revision.eof, end) ? revision : undefined;
}

/** Hexadecimal digits only; zeros after the DER value are the room that was left over. */
function decodeContents({ source, start, end }: PdfString): Buffer | PdfCode {
  const digits = source.text(start + 1, end - 1);
  const bytes = Buffer.from(digits, 'hex');
  if (bytes.length * 2 !== digits.length) return 'pdf.contents-malformed';
  const length = derLength(bytes);
  if (length === null) return bytes;
  if (length === 0) return 'pdf.contents-missing';
  if (length > bytes.length) return 'pdf.contents-malformed';
  for (let i = length; i < bytes.length; i++) if (bytes[i] !== 0) return 'pdf.contents-padding';
  return bytes.subarray(0, length);
}

/** Length of the whole value by its header; 0 for zeros only; null where the header does not say (BER). */
function derLength(bytes: Buffer): number | null {
  const first = bytes[1] ?? 0;
  if (bytes[0] === 0 && first === 0) return 0;
  if (first < 0x80) return 2 + first;
  const count = first & 0x7f;
  if (count === 0 || count > 4 || bytes.length < 2 + count) return null;
  return 2 + count + bytes.readUIntBE(2, count);
}
