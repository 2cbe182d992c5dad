import { type ParseOption, XmlDocument, XmlXPath } from 'libxml2-wasm';
import type { XmlCode } from './codes.ts';
import { fault } from './fault.ts';
import { LIMITS, type Measure } from './limits.ts';

/**
 * Flags of libxml2: no network, no external entities, no compact nodes, no warnings; HUGE because our own byte limit
 * came first. Errors stay on: switched off, prefixes without a namespace and doubled attributes would be let through.
 */
const PARSE_OPTIONS = (2048 | 8388608 | 524288 | 4194304 | 64) as ParseOption;

const TOO_DEEP = XmlXPath.compile('/*'.repeat(LIMITS.depth + 1));
const TOO_MANY_ATTRIBUTES = XmlXPath.compile(`//*[@*[${LIMITS.attributes + 1}]]`);

const SPACE_OR_END: readonly number[] = [0x20, 0x09, 0x0a, 0x0d, 0x2f, 0x3e];

/**
 * True when the bytes have a start tag `Signature` or `DigitalSignature`, in any namespace, in UTF-8 or in UTF-16.
 * Element names cannot be written with character references, so a file without these bytes has no such element.
 */
export function claimsSignature(bytes: Buffer): boolean {
  for (let at = bytes.indexOf('Signature'); at >= 0; at = bytes.indexOf('Signature', at + 9)) {
    if (SPACE_OR_END.includes(bytes[at + 9] ?? 0) && isTagStart(bytes, at)) return true;
  }
  return bytes.includes('Signature', 0, 'utf16le') || bytes.includes(UTF16_BE);
}

const UTF16_BE = Buffer.from('Signature', 'utf16le').swap16();

/** What stands before the local name: `<`, a prefix, or `Digital`. End tags do not count. */
function isTagStart(bytes: Buffer, at: number): boolean {
  const before = bytes[at - 1];
  return before === 0x3c || before === 0x3a || bytes.subarray(Math.max(0, at - 8), at).includes('Digital');
}

/** A file that passed the checks before parsing. */
export interface CheckedXml {
  bytes: Buffer;
  measure: Measure;
}

/**
 * Checks what a parser should not even see: other encodings than UTF-8, DTDs, entities, processing instructions, and
 * more tags, attributes or namespace declarations than canonicalising can cope with.
 * @throws a fault
 */
export function checkXml(bytes: Buffer): CheckedXml {
  if (bytes.length > LIMITS.bytes) throw fault('xml.limit-exceeded', 'bytes');
  refuseEncodings(bytes);
  const { tags, equals, widest } = countTags(bytes);
  const declarations = count(bytes, 'xmlns', LIMITS.equals);
  if (tags * declarations * declarations > LIMITS.namespaceWork) throw fault('xml.limit-exceeded', 'xmlns');
  return { bytes, measure: { bytes: bytes.length, tags, equals, widest, declarations } };
}

const LESS_THAN = 0x3c;
const EQUALS = 0x3d;
const QUESTION = 0x3f;
const EXCLAMATION = 0x21;
const DECLARED: readonly string[] = ['<!D', '<!E'];

/**
 * Marks `<` of the file, past an XML declaration, looked at one by one: no DTD, no entities, and no processing
 * instructions, on whose worth canonicalisers and readers do not agree. Counts equals signs from one to the next, too.
 */
function countTags(bytes: Buffer): Pick<Measure, 'tags' | 'equals' | 'widest'> {
  const declaration = DECLARATION.exec(bytes.subarray(0, 300).toString('latin1'))?.[0] ?? '';
  let [tags, equals, widest] = [declaration === '' ? 0 : 1, 0, 0];
  let sign = bytes.indexOf(EQUALS);
  let next = bytes.indexOf(LESS_THAN, declaration.length);
  while (next >= 0) {
    const at = next;
    if (bytes[at + 1] === QUESTION) throw fault('xml.processing-instruction-forbidden');
    if (bytes[at + 1] === EXCLAMATION && DECLARED.includes(bytes.toString('latin1', at, at + 3)))
      throw fault('xml.dtd-forbidden');
    if (++tags > LIMITS.tags) throw fault('xml.limit-exceeded', '<');
    next = bytes.indexOf(LESS_THAN, at + 1);
    const before = equals;
    for (; sign >= 0 && (next < 0 || sign < next); sign = bytes.indexOf(EQUALS, sign + 1)) equals++;
    if (equals > LIMITS.equals) throw fault('xml.limit-exceeded', '=');
    widest = Math.max(widest, equals - before);
  }
  return { tags, equals, widest };
}

function count(bytes: Buffer, text: string, most: number): number {
  let found = 0;
  for (let at = bytes.indexOf(text); at >= 0; at = bytes.indexOf(text, at + text.length)) {
    if (++found > most) throw fault('xml.limit-exceeded', text);
  }
  return found;
}

const DECLARATION = /^(?:\xef\xbb\xbf)?<\?xml\s[^>]*?\?>/;

function refuseEncodings(bytes: Buffer): void {
  const start = bytes.subarray(0, 300).toString('latin1');
  if (/^(\xfe\xff|\xff\xfe)/.test(start) || bytes.includes(0)) throw fault('xml.encoding');
  const declaration = DECLARATION.exec(start)?.[0] ?? '';
  const encoding = /\sencoding\s*=\s*["']([^"']*)["']/.exec(declaration)?.[1];
  if (encoding !== undefined && !/^(utf-?8|us-ascii)$/i.test(encoding)) throw fault('xml.encoding');
  // Readers of XML 1.1 see other line ends and characters in the same octets.
  const version = /\sversion\s*=\s*["']([^"']*)["']/.exec(declaration)?.[1];
  if (version !== undefined && version !== '1.0') throw fault('xml.encoding', 'version');
}

/**
 * Parses a checked file, hands the tree to `use` and frees the parser's memory whatever happens.
 * @throws a fault when the file is not well-formed or beyond the limits, and whatever `use` throws
 */
export function withDocument<Result>(xml: CheckedXml, use: (document: XmlDocument) => Result): Result {
  const document = parse(xml.bytes);
  try {
    const code = treeFault(document, xml.measure);
    if (code) throw fault(code);
    return use(document);
  } finally {
    document.dispose();
  }
}

function parse(bytes: Buffer): XmlDocument {
  try {
    return XmlDocument.fromBuffer(bytes, { option: PARSE_OPTIONS, encoding: 'UTF-8' });
  } catch {
    throw fault('xml.not-well-formed');
  }
}

/** Trees are only searched for what the octets leave possible. */
function treeFault(document: XmlDocument, { tags, widest }: Measure): XmlCode | null {
  if (document.dtd) return 'xml.dtd-forbidden';
  const deep = tags > LIMITS.depth && document.get(TOO_DEEP);
  const wide = widest > LIMITS.attributes && document.get(TOO_MANY_ATTRIBUTES);
  return deep || wide ? 'xml.limit-exceeded' : null;
}
