import { TrucError } from '../kernel/index.ts';
import type { SigningErrorCode } from './errors.ts';

/** One DER value inside a buffer: where it starts, where its content starts, where it ends. */
export interface DerValue {
  tag: number;
  start: number;
  contentStart: number;
  end: number;
}

/**
 * Reads the value at `offset`.
 * @throws TrucError `signing.der-malformed` when length and buffer do not fit or the length is indefinite.
 */
export function derAt(buffer: Uint8Array, offset: number): DerValue {
  const tag = buffer[offset];
  const first = buffer[offset + 1];
  if (tag === undefined || first === undefined) throw malformed(offset);
  let length = first;
  let contentStart = offset + 2;
  if (first >= 0x80) {
    const count = first & 0x7f;
    if (count === 0 || count > 4) throw malformed(offset);
    length = 0;
    for (let i = 0; i < count; i++) length = length * 256 + (buffer[contentStart + i] ?? 0);
    contentStart += count;
  }
  const end = contentStart + length;
  if (end > buffer.length) throw malformed(offset);
  return { tag, start: offset, contentStart, end };
}

/** The values directly inside a constructed value. */
export function derChildren(buffer: Uint8Array, parent: DerValue): DerValue[] {
  const children: DerValue[] = [];
  for (let at = parent.contentStart; at < parent.end; ) {
    const child = derAt(buffer, at);
    if (child.end > parent.end) throw malformed(at);
    children.push(child);
    at = child.end;
  }
  return children;
}

/** The bytes of a value with tag and length. */
export function derBytes(buffer: Buffer, value: DerValue): Buffer {
  return buffer.subarray(value.start, value.end);
}

/** The bytes of a value's content. */
export function derContent(buffer: Buffer, value: DerValue): Buffer {
  return buffer.subarray(value.contentStart, value.end);
}

function malformed(offset: number): TrucError<SigningErrorCode> {
  return new TrucError<SigningErrorCode>('signing.der-malformed', { offset });
}

/** The pieces of a certificate that CMS and OCSP refer to, as encoded in it. */
export interface CertificateParts {
  /** Name, DER. */
  issuer: Buffer;
  subject: Buffer;
  /** INTEGER, DER with tag. */
  serialNumber: Buffer;
  /** SubjectPublicKeyInfo, DER. */
  publicKeyInfo: Buffer;
  /** Content of the subjectPublicKey BIT STRING without the count of unused bits. */
  publicKeyBits: Buffer;
}

/**
 * Takes a certificate apart (RFC 5280 §4.1).
 * @throws TrucError `signing.certificate-malformed`, `signing.der-malformed`
 */
export function certificateParts(certificate: Buffer): CertificateParts {
  const [tbs] = derChildren(certificate, derAt(certificate, 0));
  if (!tbs) throw new TrucError<SigningErrorCode>('signing.certificate-malformed');
  const fields = derChildren(certificate, tbs);
  if (fields[0]?.tag === 0xa0) fields.shift();
  const [serial, , issuer, , subject, spki] = fields;
  if (!serial || !issuer || !subject || !spki) {
    throw new TrucError<SigningErrorCode>('signing.certificate-malformed');
  }
  const publicKeyInfo = derBytes(certificate, spki);
  return {
    issuer: derBytes(certificate, issuer),
    subject: derBytes(certificate, subject),
    serialNumber: derBytes(certificate, serial),
    publicKeyInfo,
    publicKeyBits: publicKeyBits(publicKeyInfo),
  };
}

/**
 * The key bits of a SubjectPublicKeyInfo, without the count of unused bits.
 * @throws TrucError `signing.certificate-malformed`, `signing.der-malformed`
 */
export function publicKeyBits(publicKeyInfo: Buffer): Buffer {
  const bits = derChildren(publicKeyInfo, derAt(publicKeyInfo, 0))[1];
  if (bits?.tag !== 0x03) throw new TrucError<SigningErrorCode>('signing.certificate-malformed');
  return derContent(publicKeyInfo, bits).subarray(1);
}
