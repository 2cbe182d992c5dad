import { digestOf } from '../kernel/index.ts';

/** What there is to check of one PDF. */
export interface CheckInput {
  /** The bytes on screen. */
  shown: Buffer;
  /** SHA-256 of the session's document. */
  expectedSha256: string;
  prepared: {
    sha256: string;
    size: number;
    tail: string;
    byteRange: readonly number[] | null;
    toBeSigned: string;
    code: string;
  };
  /** The certificate that the official chose, DER. */
  certificate: Buffer;
}

const sha256 = (...parts: Buffer[]) => digestOf('sha256', ...parts);

/**
 * The six checks of docs/spec/signing.md §3, written from that page alone, without the readers of the widget
 * and of the axis: what has to be found out before a key is touched.
 * @returns numbers of the checks that fail
 */
export function preparedChecks(input: CheckInput): number[] {
  const { shown, prepared } = input;
  const tail = Buffer.from(prepared.tail, 'base64');
  const whole = Buffer.concat([shown, tail]);
  const toBeSigned = Buffer.from(prepared.toBeSigned, 'base64');
  const range = rangeOf(tail, shown.length, whole, prepared.byteRange);
  const attributes = attributesOf(toBeSigned);
  const failing: number[] = [];
  if (
    sha256(shown).toString('hex') !== input.expectedSha256 ||
    prepared.sha256 !== input.expectedSha256 ||
    prepared.size !== shown.length
  )
    failing.push(1);
  if (!range) failing.push(2);
  if (!isHarmless(tail)) failing.push(3);
  if (!attributes) failing.push(4);
  const digest = range ? sha256(whole.subarray(0, range.a), whole.subarray(range.b)) : Buffer.alloc(0);
  if (!attributes?.digest.equals(digest) || !attributes.certHash.equals(sha256(input.certificate)))
    failing.push(5);
  const number = sha256(toBeSigned).readUInt32BE() % 1_000_000;
  if (prepared.code !== String(number).padStart(6, '0')) failing.push(6);
  return failing;
}

function rangeOf(
  tail: Buffer,
  size: number,
  whole: Buffer,
  told: readonly number[] | null,
): { a: number; b: number } | null {
  const text = tail.toString('latin1');
  const found = [...text.matchAll(/\/ByteRange\s*\[\s*(\d+)\s+(\d+)\s+(\d+)\s+(\d+)\s*\]/g)];
  if (found.length !== 1 || text.split('/ByteRange').length !== 2) return null;
  const [zero, a, b, c] = (found[0] as RegExpMatchArray).slice(1).map(Number) as [
    number,
    number,
    number,
    number,
  ];
  if (told?.join() !== [zero, a, b, c].join()) return null;
  if (zero !== 0 || a < size || a >= b || b + c !== whole.length) return null;
  const gap = whole.subarray(a, b).toString('latin1');
  return /^<0+>$/.test(gap) ? { a, b } : null;
}

const FORBIDDEN = [
  'JS', 'JavaScript', 'Launch', 'URI', 'SubmitForm', 'ImportData', 'GoToR', 'GoToE', 'Rendition', 'AA', 'EmbeddedFile', 'EF',
  'RichMedia', 'XFA', 'ObjStm',
]; // biome-ignore format: a list

function isHarmless(tail: Buffer): boolean {
  const text = withoutLastCrossReferences(tail.toString('latin1'));
  if (!/^[\x20-\x7e\n\r]*$/.test(text)) return false;
  const names = [...text.matchAll(/\/([^\s()<>[\]{}/%]*)/g)].map(({ 1: name = '', index }) => ({
    name: name.replace(/#([0-9A-Fa-f]{2})/g, (_, hex: string) =>
      String.fromCharCode(Number.parseInt(hex, 16)),
    ),
    rest: text.slice(index + 1 + name.length),
  }));
  if (names.some(({ name }) => FORBIDDEN.includes(name))) return false;
  const after = (wanted: string, pattern: RegExp) =>
    names.filter(({ name }) => name === wanted).every(({ rest }) => pattern.test(rest));
  const handlers = names.filter(({ name, rest }) => name === 'Filter' && /^\s*\/Adobe\.PPKLite\b/.test(rest));
  return (
    handlers.length === 1 &&
    after('OpenAction', /^\s*\[/) &&
    after('Filter', /^\s*(\/Adobe\.PPKLite(?![\w.])|\[\s*\/ASCIIHexDecode\s+\/FlateDecode\s*\])/)
  );
}

/** The data of a cross-reference stream, where the update ends with one. */
function withoutLastCrossReferences(text: string): string {
  const last = text.lastIndexOf(' obj\n');
  const head = text.slice(last).match(/^ obj\n<<[^>]*\/Type \/XRef\b[\s\S]*?>>\nstream\n/)?.[0];
  if (!head) return text;
  const from = last + head.length;
  const to = text.lastIndexOf('\nendstream\nendobj\nstartxref\n');
  return to < from ? text : text.slice(0, from) + text.slice(to);
}

interface Tlv {
  tag: number;
  body: Buffer;
  whole: Buffer;
}

/** Values of a run of DER, or null where a length is not the shortest one or nothing fits. */
function tlvs(bytes: Buffer): Tlv[] | null {
  const list: Tlv[] = [];
  for (let at = 0; at < bytes.length; ) {
    const [tag, first] = [bytes[at], bytes[at + 1]];
    if (tag === undefined || first === undefined) return null;
    const count = first < 0x80 ? 0 : first & 0x7f;
    if (first === 0x80 || count > 3) return null;
    const length = count === 0 ? first : bytes.readUIntBE(at + 2, count);
    if (count > 0 && (length < 0x80 || bytes[at + 2] === 0)) return null;
    const end = at + 2 + count + length;
    if (end > bytes.length) return null;
    list.push({ tag, body: bytes.subarray(at + 2 + count, end), whole: bytes.subarray(at, end) });
    at = end;
  }
  return list;
}

const oid = (hex: string) => Buffer.from(hex, 'hex');
const CONTENT_TYPE = oid('2a864886f70d010903');
const MESSAGE_DIGEST = oid('2a864886f70d010904');
const SIGNING_CERTIFICATE = oid('2a864886f70d010910022f');
const DATA = oid('2a864886f70d010701');

function attributesOf(der: Buffer): { digest: Buffer; certHash: Buffer } | null {
  const [set, ...more] = tlvs(der) ?? [];
  if (set?.tag !== 0x31 || more.length > 0) return null;
  const list = tlvs(set.body);
  if (list?.length !== 3) return null;
  if (list.some((one, i) => i > 0 && Buffer.compare((list[i - 1] as Tlv).whole, one.whole) >= 0)) return null;
  const only = (type: Buffer) => {
    const found = list
      .map((one) => tlvs(one.body))
      .filter((pair) => pair?.[0]?.tag === 6 && pair[0].body.equals(type));
    const values =
      found.length === 1 && found[0]?.length === 2 && found[0][1]?.tag === 0x31
        ? tlvs(found[0][1].body)
        : null;
    return values?.length === 1 ? (values[0] as Tlv) : null;
  };
  const [type, digest, certificate] = [CONTENT_TYPE, MESSAGE_DIGEST, SIGNING_CERTIFICATE].map(only);
  if (type?.tag !== 6 || !type.body.equals(DATA) || digest?.tag !== 4 || !certificate) return null;
  // SigningCertificateV2 → certs → the one ESSCertIDv2 → certHash first, since the hash algorithm is the default.
  const certs = tlvs(certificate.body)?.[0];
  const ids = certs ? tlvs(certs.body) : null;
  const fields = ids?.length === 1 ? tlvs((ids[0] as Tlv).body) : null;
  return fields?.[0]?.tag === 4 ? { digest: digest.body, certHash: fields[0].body } : null;
}
