import type { Bytes } from '../checks/bytes.ts';
import { hex } from '../checks/bytes.ts';
import { type Der, derList, derOnly, TAG } from '../checks/der.ts';

/** What the page needs of a certificate (RFC 5280 §4.1); whether it is to be trusted is for the axis to say. */
export interface CertificateFacts {
  /** Common name of the subject; empty where it has none. */
  holder: string;
  /** RFC 3339 UTC. */
  validFrom: string;
  validTo: string;
  /** SubjectPublicKeyInfo, DER. */
  publicKey: Uint8Array;
  /** Object identifier of the key's algorithm, as hexadecimal. */
  algorithm: string;
  /** Object identifier of the curve, as hexadecimal; empty for RSA. */
  curve: string;
  isAuthority: boolean;
}

const COMMON_NAME = '550403';
const BASIC_CONSTRAINTS = '551d13';
const TIME = { utc: 0x17, generalized: 0x18 } as const;
const STRING = { utf8: 0x0c, printable: 0x13, teletex: 0x14, bmp: 0x1e } as const;

/** @returns null for what is no certificate */
export function readCertificate(der: Uint8Array): CertificateFacts | null {
  const whole = derOnly(der, TAG.sequence);
  const [tbs] = (whole && derList(whole.body)) ?? [];
  const fields = tbs?.tag === TAG.sequence ? derList(tbs.body) : null;
  // version [0] is left out of certificates of version 1.
  const from = fields?.[0]?.tag === 0xa0 ? 1 : 0;
  const [, , , validity, subject, publicKey] = fields?.slice(from) ?? [];
  if (validity?.tag !== TAG.sequence || subject?.tag !== TAG.sequence || publicKey?.tag !== TAG.sequence)
    return null;
  const [notBefore, notAfter] = derList(validity.body) ?? [];
  const [key] = derList(publicKey.body) ?? [];
  const [algorithm, parameters] = (key && derList(key.body)) ?? [];
  if (!notBefore || !notAfter || algorithm?.tag !== TAG.oid) return null;
  return {
    holder: commonName(subject),
    validFrom: timeOf(notBefore),
    validTo: timeOf(notAfter),
    publicKey: publicKey.whole,
    algorithm: hex(algorithm.body),
    curve: parameters?.tag === TAG.oid ? hex(parameters.body) : '',
    isAuthority: isAuthority(fields?.find(({ tag }) => tag === 0xa3)),
  };
}

function commonName(subject: Der): string {
  for (const set of derList(subject.body) ?? [])
    for (const pair of derList(set.body) ?? []) {
      const [type, value] = derList(pair.body) ?? [];
      if (type?.tag === TAG.oid && hex(type.body) === COMMON_NAME && value) return textOf(value);
    }
  return '';
}

function textOf({ tag, body }: Der): string {
  if (tag === STRING.bmp) return new TextDecoder('utf-16be').decode(body);
  return new TextDecoder(tag === STRING.utf8 ? 'utf-8' : 'latin1').decode(body);
}

/** RFC 5280 §4.1.2.5: two digits up to 49 are of this century. */
function timeOf({ tag, body }: Der): string {
  const text = new TextDecoder('latin1').decode(body);
  const full = tag === TIME.utc ? `${Number(text.slice(0, 2)) < 50 ? '20' : '19'}${text}` : text;
  const [, year, month, day, hour, minute, second] =
    /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/.exec(full) ?? [];
  return year ? `${year}-${month}-${day}T${hour}:${minute}:${second}.000Z` : '';
}

function isAuthority(extensions: Der | undefined): boolean {
  const [list] = (extensions && derList(extensions.body)) ?? [];
  for (const extension of (list && derList(list.body)) ?? []) {
    const parts = derList(extension.body) ?? [];
    if (parts[0]?.tag !== TAG.oid || hex(parts[0].body) !== BASIC_CONSTRAINTS) continue;
    const value = parts.at(-1);
    const constraints = value && derOnly(value.body, TAG.sequence);
    const [first] = (constraints && derList(constraints.body)) ?? [];
    return first?.tag === 0x01 && first.body[0] === 0xff;
  }
  return false;
}

const RSA = '2a864886f70d010101';
const EC = '2a8648ce3d0201';
const CURVES: Readonly<Record<string, string>> = {
  '2a8648ce3d030107': 'P-256',
  '2b81040022': 'P-384',
  '2b81040023': 'P-521',
};

export interface KeyAlgorithmName {
  name: string;
  hash: string;
  namedCurve?: string;
}

/** How WebCrypto signs and verifies with a certificate's key. @returns null for keys that it does not know */
export function keyAlgorithmOf(certificate: Uint8Array): KeyAlgorithmName | null {
  const { algorithm, curve } = readCertificate(certificate) ?? {};
  if (algorithm === RSA) return { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' };
  const namedCurve = CURVES[curve ?? ''];
  return algorithm === EC && namedCurve ? { name: 'ECDSA', hash: 'SHA-256', namedCurve } : null;
}

/**
 * Whether a certificate's key made this signature. ECDSA values as r ‖ s.
 * @returns null for keys that WebCrypto cannot judge
 */
export async function signedBy(certificate: Bytes, value: Bytes, tbs: Bytes): Promise<boolean | null> {
  const facts = readCertificate(certificate);
  const algorithm = keyAlgorithmOf(certificate);
  if (!facts || !algorithm) return null;
  const spki = new Uint8Array(facts.publicKey);
  const key = await crypto.subtle.importKey('spki', spki, algorithm, false, ['verify']).catch(() => null);
  return key && crypto.subtle.verify(algorithm, key, value, tbs);
}

export function isRsa(certificate: Bytes): boolean {
  return readCertificate(certificate)?.algorithm === RSA;
}
