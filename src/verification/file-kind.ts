export type SignedFileKind = 'pdf' | 'xml' | 'cms' | 'signed-container' | 'other';

const SIGNED_DATA = Buffer.from('06092a864886f70d010702', 'hex');
const PEM = /^-----BEGIN (PKCS7|CMS|PKCS #7 SIGNED DATA)-----/;

/** Names that entries of signed packages have (ETSI EN 319 162-1 §4.4.3, ISO/IEC 29500-2 §13, ODF 1.2 part 3 §3.4). */
const CONTAINER_SIGNS = ['META-INF/', '_xmlsignatures/'] as const;

/** What kind of signature a file can carry, told from its first bytes. */
export function fileKind(bytes: Buffer): SignedFileKind {
  // ISO 32000-1 Annex H: readers take a header within the first 1024 bytes.
  if (bytes.subarray(0, 1024).includes('%PDF-')) return 'pdf';
  if (bytes.length >= 22 && bytes.readUInt32LE(0) === 0x04034b50) return containerKind(bytes);
  if (bytes[0] === 0x30 && bytes.subarray(0, 64).includes(SIGNED_DATA)) return 'cms';
  const start = bytes.subarray(0, 256).toString('latin1').replace(/^ï»¿/, '').trimStart();
  if (start.startsWith('<')) return 'xml';
  return PEM.test(start) ? 'cms' : 'other';
}

/** Entry names stand unpacked in the local headers, so a package without such a name has no signature. */
function containerKind(bytes: Buffer): SignedFileKind {
  const signed = CONTAINER_SIGNS.some((name) => bytes.includes(name)) && /signature/i.test(namesOf(bytes));
  return signed ? 'signed-container' : 'other';
}

function namesOf(bytes: Buffer): string {
  const names: string[] = [];
  let at = bytes.indexOf('PK\u0003\u0004', 0, 'latin1');
  for (let i = 0; at >= 0 && at + 30 <= bytes.length && i < 10_000; i++) {
    names.push(bytes.subarray(at + 30, at + 30 + bytes.readUInt16LE(at + 26)).toString('latin1'));
    at = bytes.indexOf('PK\u0003\u0004', at + 4, 'latin1');
  }
  return names.join('\n');
}
