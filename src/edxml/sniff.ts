export type FileKind =
  | 'pdf'
  | 'zip'
  | 'ooxml'
  | 'odf'
  | 'asic'
  | 'xml'
  | 'cms'
  | 'png'
  | 'jpeg'
  | 'tiff'
  | 'ole'
  | 'rtf'
  | 'text'
  | 'executable'
  | 'unknown';

const MAGIC: readonly (readonly [FileKind, string])[] = [
  ['png', '89504e470d0a1a0a'],
  ['jpeg', 'ffd8ff'],
  ['tiff', '49492a00'],
  ['tiff', '4d4d002a'],
  ['ole', 'd0cf11e0a1b11ae1'],
  ['rtf', '7b5c727466'],
  ['executable', '4d5a'],
  ['executable', '7f454c46'],
];

const SIGNED_DATA = Buffer.from('06092a864886f70d010702', 'hex');

/** What a file is by its first bytes; declared content types are never trusted (vendor SDKs write them wrong). */
export function sniff(bytes: Buffer): FileKind {
  // ISO 32000-1 Annex H: readers take a header within the first 1024 bytes.
  if (bytes.subarray(0, 1024).includes('%PDF-')) return 'pdf';
  if (isZip(bytes)) return zipKind(bytes);
  const start = bytes.subarray(0, 16).toString('hex');
  const known = MAGIC.find(([, magic]) => start.startsWith(magic));
  if (known) return known[0];
  if (bytes[0] === 0x30 && bytes.subarray(0, 32).includes(SIGNED_DATA)) return 'cms';
  return textKind(bytes.subarray(0, 512));
}

/** Starts with a whole local file header (30 bytes and its signature). */
export function isZip(bytes: Buffer): boolean {
  return bytes.length >= 30 && bytes.readUInt32LE(0) === 0x04034b50;
}

/** By the first entry: `mimetype` stored uncompressed (ODF, ASiC) or the parts of an OOXML package. */
function zipKind(bytes: Buffer): FileKind {
  const nameLength = bytes.readUInt16LE(26);
  const extraLength = bytes.readUInt16LE(28);
  const name = bytes.subarray(30, 30 + nameLength).toString('latin1');
  if (name === 'mimetype') {
    const type = bytes
      .subarray(30 + nameLength + extraLength)
      .subarray(0, 64)
      .toString('latin1');
    if (type.startsWith('application/vnd.oasis.opendocument')) return 'odf';
    if (type.startsWith('application/vnd.etsi.asic')) return 'asic';
  }
  if (name === '[Content_Types].xml' || /^(_rels|word|xl|ppt|docProps)\//.test(name)) return 'ooxml';
  return bytes.includes('META-INF/signatures') || bytes.includes('META-INF/signature') ? 'asic' : 'zip';
}

function textKind(start: Buffer): FileKind {
  const text = start.toString('utf8').replace(/^\uFEFF/, '');
  if (/^\s*<(\?xml|[A-Za-z])/.test(text)) return 'xml';
  const control = start.some((byte) => byte < 9 || (byte > 13 && byte < 32));
  return start.length > 0 && !control ? 'text' : 'unknown';
}
