export type SignedFileKind = 'pdf' | 'xml' | 'cms' | 'signed-container' | 'other';

const SIGNED_DATA = Buffer.from('06092a864886f70d010702', 'hex');
const PEM = /^-----BEGIN (PKCS7|CMS|PKCS #7 SIGNED DATA)-----/;

/** Names that entries of signed packages have (ETSI EN 319 162-1 §4.4.3, ISO/IEC 29500-2 §13, ODF 1.2 part 3 §3.4). */
const CONTAINER_SIGNS = ['META-INF/', '_xmlsignatures/'] as const;
const MOST_ENTRIES = 10_000;

/** What kind of signature a file can carry, told from its bytes. */
export function fileKind(bytes: Buffer): SignedFileKind {
  // The identifier stands behind at most two headers: looked for further on it could be anything's contents.
  if (bytes[0] === 0x30 && bytes.subarray(0, 24).includes(SIGNED_DATA)) return 'cms';
  const zip = bytes.length >= 22 && bytes.readUInt32LE(0) === 0x04034b50;
  // A container may hold a PDF as it is near its beginning: which of them it is, its own judge tells.
  if (zip && containerKind(bytes) !== 'other') return 'signed-container';
  if (hasPdfHeader(bytes)) return 'pdf';
  if (isXml(bytes)) return 'xml';
  return PEM.test(afterSpace(bytes)) ? 'cms' : 'other';
}

/** ISO 32000-1 Annex H: readers take a header within the first 1024 bytes. */
export function hasPdfHeader(bytes: Buffer): boolean {
  return bytes.subarray(0, 1024).includes('%PDF-');
}

/** The first mark is `<`, in UTF-8 or UTF-16, with or without a byte order mark (XML 1.0 appendix F). */
function isXml(bytes: Buffer): boolean {
  const [first = 0, second = 0] = bytes;
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)) return true;
  if ((first === 0 && second === 0x3c) || (first === 0x3c && second === 0)) return true;
  return afterSpace(bytes).startsWith('<');
}

/** The beginning of a text, past a byte order mark and any white space. */
function afterSpace(bytes: Buffer): string {
  const mark = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
  let at = mark ? 3 : 0;
  while ([0x20, 0x09, 0x0a, 0x0d].includes(bytes[at] as number)) at++;
  return bytes.toString('latin1', at, at + 64);
}

/** Entry names stand unpacked in the local headers, so a package without such a name has no signature. */
function containerKind(bytes: Buffer): SignedFileKind {
  const signed = CONTAINER_SIGNS.some((name) => bytes.includes(name)) && hasSignatureEntry(bytes);
  return signed ? 'signed-container' : 'other';
}

/** Beyond the limit nobody looked, so a signature may be there. */
function hasSignatureEntry(bytes: Buffer): boolean {
  let at = bytes.indexOf('PK\u0003\u0004', 0, 'latin1');
  for (let i = 0; at >= 0 && at + 30 <= bytes.length; i++) {
    const name = bytes.toString('latin1', at + 30, at + 30 + bytes.readUInt16LE(at + 26));
    if (/signature|timestamp[^/]*\.tst$/i.test(name) || i >= MOST_ENTRIES) return true;
    at = bytes.indexOf('PK\u0003\u0004', at + 4, 'latin1');
  }
  return false;
}
