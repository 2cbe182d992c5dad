import type { DigestName } from '../../kernel/index.ts';
import type { SignatureAlgorithm } from '../algorithms.ts';

const DSIG = 'http://www.w3.org/2000/09/xmldsig#';
const MORE_2001 = 'http://www.w3.org/2001/04/xmldsig-more#';
const MORE_2007 = 'http://www.w3.org/2007/05/xmldsig-more#';
const MORE_2021 = 'http://www.w3.org/2021/04/xmldsig-more#';
const ENC = 'http://www.w3.org/2001/04/xmlenc#';

/** Digest algorithms (XML Signature 1.1 §6.2, RFC 9231 §2.1). */
const DIGESTS: Readonly<Record<string, DigestName | 'md5'>> = {
  [`${MORE_2001}md5`]: 'md5',
  [`${DSIG}sha1`]: 'sha1',
  [`${MORE_2001}sha224`]: 'sha224',
  [`${ENC}sha256`]: 'sha256',
  [`${MORE_2001}sha384`]: 'sha384',
  [`${ENC}sha512`]: 'sha512',
  [`${MORE_2007}sha3-256`]: 'sha3-256',
  [`${MORE_2007}sha3-384`]: 'sha3-384',
  [`${MORE_2007}sha3-512`]: 'sha3-512',
};

/** The digest that an identifier names, or null where we do not know it. */
export function digestOfUri(uri: string): DigestName | 'md5' | null {
  return Object.hasOwn(DIGESTS, uri) ? (DIGESTS[uri] as DigestName | 'md5') : null;
}

const rsa = (digest: DigestName | 'md5'): SignatureAlgorithm => ({ scheme: 'rsa', digest, saltLength: 0 });
const ecdsa = (digest: DigestName): SignatureAlgorithm => ({ scheme: 'ecdsa', digest, saltLength: 0 });
/** RFC 9231 §2.3.10: salt as long as the digest, the same digest in the mask. */
const pss = (digest: DigestName, saltLength: number): SignatureAlgorithm => ({
  scheme: 'rsa-pss',
  digest,
  saltLength,
});

/** Signature algorithms (XML Signature 1.1 §6.4, RFC 9231 §2.3). Keyed MACs are none: whoever checks could sign. */
const SIGNATURES: Readonly<Record<string, SignatureAlgorithm>> = {
  [`${MORE_2001}rsa-md5`]: rsa('md5'),
  [`${DSIG}rsa-sha1`]: rsa('sha1'),
  [`${MORE_2001}rsa-sha224`]: rsa('sha224'),
  [`${MORE_2001}rsa-sha256`]: rsa('sha256'),
  [`${MORE_2001}rsa-sha384`]: rsa('sha384'),
  [`${MORE_2001}rsa-sha512`]: rsa('sha512'),
  [`${MORE_2007}sha224-rsa-MGF1`]: pss('sha224', 28),
  [`${MORE_2007}sha256-rsa-MGF1`]: pss('sha256', 32),
  [`${MORE_2007}sha384-rsa-MGF1`]: pss('sha384', 48),
  [`${MORE_2007}sha512-rsa-MGF1`]: pss('sha512', 64),
  [`${MORE_2001}ecdsa-sha1`]: ecdsa('sha1'),
  [`${MORE_2001}ecdsa-sha224`]: ecdsa('sha224'),
  [`${MORE_2001}ecdsa-sha256`]: ecdsa('sha256'),
  [`${MORE_2001}ecdsa-sha384`]: ecdsa('sha384'),
  [`${MORE_2001}ecdsa-sha512`]: ecdsa('sha512'),
  [`${MORE_2021}eddsa-ed25519`]: { scheme: 'ed25519', digest: null, saltLength: 0 },
};

/** The signature algorithm that an identifier names, or null where it is not one that we check. */
export function signatureOfUri(uri: string): SignatureAlgorithm | null {
  return Object.hasOwn(SIGNATURES, uri) ? (SIGNATURES[uri] as SignatureAlgorithm) : null;
}

/** HMACs (XML Signature 1.1 §6.3.1, RFC 9231 §2.2): known, and refused by every policy. */
export function isMacUri(uri: string): boolean {
  return uri.includes('#hmac-') || uri.endsWith('#poly1305') || uri.includes('#siphash');
}
