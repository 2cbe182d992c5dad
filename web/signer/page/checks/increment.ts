import { SignerError } from '../errors.ts';
import { latin1 } from './bytes.ts';

/** Where the signature's value will lie: bytes `[from, to)` of the prepared file, with its angle brackets. */
export interface Gap {
  from: number;
  to: number;
}

/** A name of the increment, `#xx` undone, and where what follows it begins. */
interface Name {
  name: string;
  end: number;
}

const FORBIDDEN = new Set([
  'JS',
  'JavaScript',
  'Launch',
  'URI',
  'SubmitForm',
  'ImportData',
  'GoToR',
  'GoToE',
  'Rendition',
  'AA',
  'EmbeddedFile',
  'EF',
  'RichMedia',
  'XFA',
  'ObjStm',
]);

const WHITE = ' \t\n\f\r\0';
const DELIMITERS = '()<>[]{}/%';

/**
 * Checks 2 and 3 of docs/spec/signing.md on the incremental update. Every `/` of the update begins a name, inside
 * strings too: a reader that is led into the middle of a string by an offset finds no other names than were seen here.
 * @param size bytes of the displayed version, which the update follows
 * @param told `byteRange` of the answer
 * @throws SignerError `E_HIDDEN_BYTES`, `E_ACTIVE_CONTENT`, `E_BYTERANGE`
 */
export function checkIncrement(tail: Uint8Array, size: number, told: readonly number[] | null): Gap {
  const text = withoutCrossReferences(latin1(tail));
  for (let at = 0; at < text.length; at++)
    if (!isPrintable(text.charCodeAt(at))) throw new SignerError('E_HIDDEN_BYTES');
  const names = namesOf(text);
  if (names.some(({ name }) => FORBIDDEN.has(name))) throw new SignerError('E_ACTIVE_CONTENT');
  checkFilters(text, names);
  const named = names.filter(({ name }) => name === 'OpenAction');
  if (named.some(({ end }) => text[skipWhite(text, end)] !== '[')) throw new SignerError('E_ACTIVE_CONTENT');
  return gapOf(tail, text, names, size, told);
}

function isPrintable(code: number): boolean {
  return (code >= 0x20 && code <= 0x7e) || code === 0x0a || code === 0x0d;
}

/**
 * The update without the data of a cross-reference stream, where it ends with one; those are binary. An object that
 * only looks like it keeps its data, and its bytes are refused with the others.
 */
function withoutCrossReferences(text: string): string {
  const object = text.lastIndexOf(' obj\n');
  const data = text.indexOf('>>\nstream\n', object);
  const end = text.lastIndexOf('\nendstream\nendobj\nstartxref\n');
  if (object < 0 || data < 0 || end < data) return text;
  const dictionary = text.slice(object + 5, data + 2);
  const isOne = dictionary.startsWith('<<') && !dictionary.includes('endobj');
  const types = isOne ? namesOf(dictionary).map(({ name }) => name) : [];
  const type = types.indexOf('Type');
  if (type < 0 || types[type + 1] !== 'XRef') return text;
  return text.slice(0, data + 10) + text.slice(end);
}

/** Everything after a `/` up to white space or a delimiter (ISO 32000-1, 7.3.5). */
function namesOf(text: string): Name[] {
  const names: Name[] = [];
  for (let at = text.indexOf('/'); at >= 0; at = text.indexOf('/', at + 1)) {
    let name = '';
    let end = at + 1;
    while (
      end < text.length &&
      !WHITE.includes(text[end] as string) &&
      !DELIMITERS.includes(text[end] as string)
    ) {
      const code = text[end] === '#' ? escaped(text, end) : null;
      name += code === null ? text[end] : String.fromCharCode(code);
      end += code === null ? 1 : 3;
    }
    names.push({ name, end });
  }
  return names;
}

function escaped(text: string, at: number): number | null {
  const digits = text.slice(at + 1, at + 3);
  return /^[0-9A-Fa-f]{2}$/.test(digits) ? Number.parseInt(digits, 16) : null;
}

function skipWhite(text: string, from: number): number {
  let at = from;
  while (at < text.length && WHITE.includes(text[at] as string)) at++;
  return at;
}

/** `/Filter` is the signature's handler, once, or the font's two filters: nothing else may be packed. */
function checkFilters(text: string, names: readonly Name[]): void {
  let handlers = 0;
  names.forEach(({ name, end }, i) => {
    if (name !== 'Filter') return;
    const [first, second] = names.slice(i + 1, i + 3);
    const at = skipWhite(text, end);
    if (text[at] === '/' && first?.name === 'Adobe.PPKLite') handlers++;
    else if (!isFontFilter(text, at, first, second)) throw new SignerError('E_HIDDEN_BYTES');
  });
  if (handlers !== 1) throw new SignerError('E_HIDDEN_BYTES');
}

function isFontFilter(text: string, at: number, first?: Name, second?: Name): boolean {
  return (
    text[at] === '[' &&
    text[skipWhite(text, at + 1)] === '/' &&
    first?.name === 'ASCIIHexDecode' &&
    text[skipWhite(text, first.end)] === '/' &&
    second?.name === 'FlateDecode' &&
    text[skipWhite(text, second.end)] === ']'
  );
}

/** Check 2: one `/ByteRange [0 a b c]` that covers everything but the empty value, which lies in the update. */
function gapOf(
  tail: Uint8Array,
  text: string,
  names: readonly Name[],
  size: number,
  told: readonly number[] | null,
): Gap {
  const ranges = names.filter(({ name }) => name === 'ByteRange');
  const numbers = ranges.length === 1 && ranges[0] ? numbersAt(text, ranges[0].end) : null;
  if (!numbers || told?.join() !== numbers.join()) throw new SignerError('E_BYTERANGE');
  const [zero, from, to, rest] = numbers as [number, number, number, number];
  const fits = zero === 0 && size <= from && from < to && to + rest === size + tail.length;
  if (!fits || !isEmptyValue(tail.subarray(from - size, to - size))) throw new SignerError('E_BYTERANGE');
  return { from, to };
}

function numbersAt(text: string, from: number): number[] | null {
  const open = skipWhite(text, from);
  const close = text.indexOf(']', open);
  if (text[open] !== '[' || close < 0 || close - open > 80) return null;
  const parts = text
    .slice(open + 1, close)
    .trim()
    .split(/\s+/);
  return parts.length === 4 && parts.every((one) => /^\d{1,15}$/.test(one)) ? parts.map(Number) : null;
}

function isEmptyValue(bytes: Uint8Array): boolean {
  const [open, zero, close] = [0x3c, 0x30, 0x3e];
  const inner = bytes.subarray(1, -1);
  return (
    bytes.length > 2 && bytes[0] === open && bytes.at(-1) === close && inner.every((byte) => byte === zero)
  );
}
