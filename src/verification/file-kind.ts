import { ByteSource } from './byte-source.ts';

export type SignedFileKind = 'pdf' | 'xml' | 'cms' | 'signed-container' | 'other';

const SIGNED_DATA = Buffer.from('06092a864886f70d010702', 'hex');
const PEM = /^-----BEGIN (PKCS7|CMS|PKCS #7 SIGNED DATA)-----/;

/** Names that entries of signed packages have (ETSI EN 319 162-1 §4.4.3, ISO/IEC 29500-2 §13, ODF 1.2 part 3 §3.4). */
const CONTAINER_SIGNS = ['META-INF/', '_xmlsignatures/'] as const;
/** What tells a format stands within these octets. */
const HEAD = 1_024;
const MOST_ENTRIES = 10_000;

/** What kind of signature a file can carry, told from its bytes. */
export function fileKind(file: Buffer | ByteSource): SignedFileKind {
  const source = ByteSource.of(file);
  const bytes = source.slice(0, HEAD);
  // The identifier stands behind at most two headers: looked for further on it could be anything's contents.
  if (bytes[0] === 0x30 && bytes.subarray(0, 24).includes(SIGNED_DATA)) return 'cms';
  const zip = source.length >= 22 && bytes.readUInt32LE(0) === 0x04034b50;
  // A container may hold a PDF as it is near its beginning: which of them it is, its own judge tells.
  if (zip && containerKind(source) !== 'other') return 'signed-container';
  if (hasPdfHeader(bytes)) return 'pdf';
  if (isXml(source)) return 'xml';
  return PEM.test(afterSpace(source)) ? 'cms' : 'other';
}

/** ISO 32000-1 Annex H: readers take a header within the first 1024 bytes. */
export function hasPdfHeader(bytes: Buffer): boolean {
  return bytes.subarray(0, 1024).includes('%PDF-');
}

/** The first mark is `<`, in UTF-8 or UTF-16, with or without a byte order mark (XML 1.0 appendix F). */
function isXml(source: ByteSource): boolean {
  const [first = 0, second = 0] = source.slice(0, 2);
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)) return true;
  if ((first === 0 && second === 0x3c) || (first === 0x3c && second === 0)) return true;
  return afterSpace(source).startsWith('<');
}

/** The beginning of a text, past a byte order mark and any white space. */
function afterSpace(source: ByteSource): string {
  const mark = source.at(0) === 0xef && source.at(1) === 0xbb && source.at(2) === 0xbf;
  let at = mark ? 3 : 0;
  while ([0x20, 0x09, 0x0a, 0x0d].includes(source.at(at) as number)) at++;
  return source.text(at, at + 64);
}

/** Entry names stand unpacked in the local headers, so a package without such a name has no signature. */
function containerKind(bytes: ByteSource): SignedFileKind {
  const signed = CONTAINER_SIGNS.some((name) => bytes.includes(name)) && hasSignatureEntry(bytes);
  return signed ? 'signed-container' : 'other';
}

/** Beyond the limit nobody looked, so a signature may be there. */
function hasSignatureEntry(bytes: ByteSource): boolean {
  let at = bytes.indexOf('PK\u0003\u0004');
  for (let i = 0; at >= 0 && at + 30 <= bytes.length; i++) {
    const name = bytes.text(at + 30, at + 30 + bytes.slice(at + 26, at + 28).readUInt16LE());
    if (/signature|timestamp[^/]*\.tst$/i.test(name) || i >= MOST_ENTRIES) return true;
    at = bytes.indexOf('PK\u0003\u0004', at + 4);
  }
  return false;
}
