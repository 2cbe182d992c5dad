import {
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  randomBytes,
  sign as signBytes,
} from 'node:crypto';
import { der, publicKeyBits } from '../../src/signing/index.ts';

/**
 * Certificates, CRLs, OCSP responses, CMS and time-stamps with any fault that a test asks for. The lab's PKI issues
 * what honest authorities issue; this writes the rest.
 */

export const DAY = 86_400_000;
export const YEAR = 365 * DAY;

export type KeyName = 'p256' | 'p384' | 'secp256k1' | 'ed25519' | 'rsa' | 'rsa-1024';
export type DigestAlgorithm = 'md5' | 'sha1' | 'sha224' | 'sha256' | 'sha512';

const keys = new Map<string, KeyObject>();

/** A private key, made once per label. */
export function keyOf(kind: KeyName, label = ''): KeyObject {
  const id = `${kind} ${label}`;
  const key = keys.get(id) ?? makeKey(kind);
  keys.set(id, key);
  return key;
}

function makeKey(kind: KeyName): KeyObject {
  if (kind === 'ed25519') return generateKeyPairSync('ed25519').privateKey;
  if (kind === 'p256') return generateKeyPairSync('ec', { namedCurve: 'prime256v1' }).privateKey;
  if (kind === 'p384') return generateKeyPairSync('ec', { namedCurve: 'secp384r1' }).privateKey;
  if (kind === 'secp256k1') return generateKeyPairSync('ec', { namedCurve: 'secp256k1' }).privateKey;
  return generateKeyPairSync('rsa', { modulusLength: kind === 'rsa-1024' ? 1_024 : 2_048 }).privateKey;
}

/** A Name with one CN, or the attributes given as `[oid, text]`. */
export function nameOf(...attributes: readonly (string | readonly [string, string])[]): Buffer {
  return der.sequence(
    ...attributes.map((one) => {
      const [oid, text] = typeof one === 'string' ? ['2.5.4.3', one] : one;
      return der.setOf(der.sequence(der.oid(oid), der.utf8String(text)));
    }),
  );
}

/** Somebody with a certificate and its key. */
export interface Party {
  certificate: Buffer;
  key: KeyObject;
  /** Name, DER. */
  subject: Buffer;
  /** INTEGER, DER. */
  number: Buffer;
  keyBits: Buffer;
}

export function extension(oid: string, critical: boolean, value: Buffer): Buffer {
  return der.sequence(der.oid(oid), ...(critical ? [der.boolean(true)] : []), der.octetString(value));
}

const generalName = (tag: number, text: string): Buffer => der.implicit(tag, der.ia5String(text));
export const directoryName = (name: Buffer): Buffer => der.explicit(4, name);

/** Extensions of certificates (RFC 5280 §4.2). */
export const ext = {
  raw: extension,
  ca: (pathLength?: number) =>
    extension(
      '2.5.29.19',
      true,
      der.sequence(der.boolean(true), ...(pathLength === undefined ? [] : [der.integer(pathLength)])),
    ),
  notCa: () => extension('2.5.29.19', true, der.sequence()),
  keyUsage: (...bits: number[]) => extension('2.5.29.15', true, der.namedBits(bits)),
  purposes: (critical: boolean, ...ids: string[]) =>
    extension('2.5.29.37', critical, der.sequence(...ids.map((id) => der.oid(id)))),
  policies: (...ids: string[]) =>
    extension('2.5.29.32', false, der.sequence(...ids.map((id) => der.sequence(der.oid(id))))),
  mappings: (...pairs: [string, string][]) =>
    extension(
      '2.5.29.33',
      true,
      der.sequence(...pairs.map(([a, b]) => der.sequence(der.oid(a), der.oid(b)))),
    ),
  policyConstraints: (explicit?: number, mapping?: number) =>
    extension(
      '2.5.29.36',
      true,
      der.sequence(
        ...(explicit === undefined ? [] : [der.implicit(0, der.integer(explicit))]),
        ...(mapping === undefined ? [] : [der.implicit(1, der.integer(mapping))]),
      ),
    ),
  inhibitAny: (skip: number) => extension('2.5.29.54', true, der.integer(skip)),
  names: (...names: Buffer[]) => extension('2.5.29.17', false, der.sequence(...names)),
  nameConstraints: (permitted: Buffer[], excluded: Buffer[] = []) => {
    const list = (tag: number, names: Buffer[]) =>
      names.length === 0 ? [] : [der.explicit(tag, ...names.map((name) => der.sequence(name)))];
    return extension('2.5.29.30', true, der.sequence(...list(0, permitted), ...list(1, excluded)));
  },
  freshestCrl: (critical: boolean, ...points: Buffer[]) =>
    extension('2.5.29.46', critical, der.sequence(...points)),
  crlPoints: (...points: Buffer[]) => extension('2.5.29.31', false, der.sequence(...points)),
  /** Authority information access with the address of an OCSP responder. */
  ocspAt: (uri: string) =>
    extension(
      '1.3.6.1.5.5.7.1.1',
      false,
      der.sequence(der.sequence(der.oid('1.3.6.1.5.5.7.48.1'), general.uri(uri))),
    ),
  noCheck: () => extension('1.3.6.1.5.5.7.48.1.5', false, der.derNull),
};

export const general = {
  email: (text: string) => generalName(1, text),
  dns: (text: string) => generalName(2, text),
  uri: (text: string) => generalName(6, text),
  ip: (...octets: number[]) => der.implicit(7, der.octetString(Buffer.from(octets))),
  directory: directoryName,
};

/** One DistributionPoint (RFC 5280 §4.2.1.13). */
export function crlPoint(input: { uri?: string; crlIssuer?: Buffer; reasons?: number[] }): Buffer {
  return der.sequence(
    ...(input.uri === undefined ? [] : [der.explicit(0, der.explicit(0, general.uri(input.uri)))]),
    ...(input.reasons ? [der.implicit(1, der.namedBits(input.reasons))] : []),
    ...(input.crlIssuer ? [der.explicit(2, directoryName(input.crlIssuer))] : []),
  );
}

const SIGNATURES: Readonly<Record<string, string>> = {
  'rsa md5': '1.2.840.113549.1.1.4',
  'rsa sha1': '1.2.840.113549.1.1.5',
  'rsa sha224': '1.2.840.113549.1.1.14',
  'rsa sha256': '1.2.840.113549.1.1.11',
  'rsa sha512': '1.2.840.113549.1.1.13',
  'ec sha1': '1.2.840.10045.4.1',
  'ec sha224': '1.2.840.10045.4.3.1',
  'ec sha256': '1.2.840.10045.4.3.2',
  'ec sha512': '1.2.840.10045.4.3.4',
};

export const DIGESTS: Readonly<Record<DigestAlgorithm, string>> = {
  md5: '1.2.840.113549.2.5',
  sha1: '1.3.14.3.2.26',
  sha224: '2.16.840.1.101.3.4.2.4',
  sha256: '2.16.840.1.101.3.4.2.1',
  sha512: '2.16.840.1.101.3.4.2.3',
};

/** AlgorithmIdentifier of a digest; parameters only where given. */
export function digestIdentifier(digest: DigestAlgorithm, ...parameters: Buffer[]): Buffer {
  return der.sequence(der.oid(DIGESTS[digest]), ...parameters);
}

/** AlgorithmIdentifier with which a key signs. */
export function signatureIdentifier(key: KeyObject, digest: DigestAlgorithm = 'sha256'): Buffer {
  const type = key.asymmetricKeyType ?? '';
  if (type === 'ed25519') return der.sequence(der.oid('1.3.101.112'));
  return der.sequence(
    der.oid(SIGNATURES[`${type} ${digest}`] as string),
    ...(type === 'rsa' ? [der.derNull] : []),
  );
}

/** RSASSA-PSS with SHA-256 and this salt length (RFC 4055 §3.1). */
export function pssIdentifier(salt: number): Buffer {
  const sha = digestIdentifier('sha256');
  return der.sequence(
    der.oid('1.2.840.113549.1.1.10'),
    der.sequence(
      der.explicit(0, sha),
      der.explicit(1, der.sequence(der.oid('1.2.840.113549.1.1.8'), sha)),
      der.explicit(2, der.integer(salt)),
    ),
  );
}

export function signWith(key: KeyObject, bytes: Buffer, digest: DigestAlgorithm): Buffer {
  return signBytes(key.asymmetricKeyType === 'ed25519' ? null : digest, bytes, key);
}

export function signedFrame(
  toBeSigned: Buffer,
  key: KeyObject,
  digest: DigestAlgorithm,
  ...after: Buffer[]
): Buffer {
  return der.sequence(
    toBeSigned,
    signatureIdentifier(key, digest),
    der.bitString(signWith(key, toBeSigned, digest)),
    ...after,
  );
}

export interface CertificateRequest {
  subject: Buffer | string;
  /** Who signs; nobody: it signs itself. */
  issuer?: Party;
  key?: KeyObject;
  notBefore?: number;
  notAfter?: number;
  extensions?: readonly Buffer[];
  digest?: DigestAlgorithm;
  /** Name to claim as issuer. */
  issuerName?: Buffer;
  number?: number | bigint;
  /** 1 leaves version and extensions out. */
  version?: 1 | 3;
}

/** A certificate; without extensions given it is a plain signer's. `now` is the middle of its life of two years. */
export function certify(now: number, request: CertificateRequest): Party {
  const subject = typeof request.subject === 'string' ? nameOf(request.subject) : request.subject;
  const key = request.key ?? keyOf('p256', subject.toString('hex'));
  const info = createPublicKey(key).export({ type: 'spki', format: 'der' });
  const number = der.integer(request.number ?? randomPositive());
  const signer = request.issuer?.key ?? key;
  const { digest = 'sha256', version = 3 } = request;
  const extensions = request.extensions ?? [ext.notCa(), ext.keyUsage(0, 1)];
  const toBeSigned = der.sequence(
    ...(version === 1 ? [] : [der.explicit(0, der.integer(2))]),
    number,
    signatureIdentifier(signer, digest),
    request.issuerName ?? request.issuer?.subject ?? subject,
    der.sequence(der.time(request.notBefore ?? now - YEAR), der.time(request.notAfter ?? now + YEAR)),
    subject,
    info,
    ...(version === 1 || extensions.length === 0 ? [] : [der.explicit(3, der.sequence(...extensions))]),
  );
  const certificate = signedFrame(toBeSigned, signer, digest);
  return { certificate, key, subject, number, keyBits: publicKeyBits(info) };
}

export function randomPositive(): bigint {
  return BigInt(`0x40${randomBytes(12).toString('hex')}`);
}

/** A self-signed authority that may do everything an authority does. */
export function rootAuthority(now: number, subject: Buffer | string, more: readonly Buffer[] = []): Party {
  return certify(now, {
    subject,
    extensions: [ext.ca(), ext.keyUsage(5, 6), ...more],
    notBefore: now - 10 * YEAR,
    notAfter: now + 10 * YEAR,
  });
}
