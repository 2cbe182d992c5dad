import { sign as cryptoSign, type KeyObject } from 'node:crypto';
import { randomBytes, sha256 } from '../../kernel/index.ts';
import { der } from '../../signing/index.ts';
import type { EntityDeclaration, ExtendedUsage, KeyUsage, RevocationReason, Subject } from './declaration.ts';

const ATTRIBUTES: Record<keyof Subject, string> = {
  C: '2.5.4.6',
  L: '2.5.4.7',
  O: '2.5.4.10',
  OU: '2.5.4.11',
  title: '2.5.4.12',
  CN: '2.5.4.3',
  serialNumber: '2.5.4.5',
  UID: '0.9.2342.19200300.100.1.1',
};

const KEY_USAGE_BITS: Record<KeyUsage, number> = {
  digitalSignature: 0,
  nonRepudiation: 1,
  keyEncipherment: 2,
  dataEncipherment: 3,
  keyAgreement: 4,
  keyCertSign: 5,
  cRLSign: 6,
};

const EXTENDED_USAGES: Record<ExtendedUsage, string> = {
  serverAuth: '1.3.6.1.5.5.7.3.1',
  clientAuth: '1.3.6.1.5.5.7.3.2',
  emailProtection: '1.3.6.1.5.5.7.3.4',
  timeStamping: '1.3.6.1.5.5.7.3.8',
  OCSPSigning: '1.3.6.1.5.5.7.3.9',
};

const REASONS: Record<RevocationReason, number> = {
  unspecified: 0,
  keyCompromise: 1,
  cACompromise: 2,
  affiliationChanged: 3,
  superseded: 4,
  cessationOfOperation: 5,
  certificateHold: 6,
};

/** Name (RFC 5280 §4.1.2.4) with one attribute per RDN, in the order C, L, O, OU, title, CN, serialNumber, UID. */
export function encodeName(subject: Subject): Buffer {
  const order = Object.keys(ATTRIBUTES) as (keyof Subject)[];
  const rdns = order.flatMap((name) => {
    const value = subject[name];
    if (value === undefined) return [];
    const text = name === 'C' || name === 'serialNumber' ? der.printableString(value) : der.utf8String(value);
    return [der.setOf(der.sequence(der.oid(ATTRIBUTES[name]), text))];
  });
  return der.sequence(...rdns);
}

/** Signature algorithm that an issuing key uses; always with SHA-256. */
export function signatureIdentifier(key: KeyObject): Buffer {
  return key.asymmetricKeyType === 'rsa'
    ? der.sequence(der.oid('1.2.840.113549.1.1.11'), der.derNull)
    : der.sequence(der.oid('1.2.840.10045.4.3.2'));
}

/** SEQUENCE { to be signed, algorithm, BIT STRING }: the frame of certificates, CRLs and OCSP answers. */
export function signedFrame(toBeSigned: Buffer, key: KeyObject, ...after: readonly Buffer[]): Buffer {
  const signature = cryptoSign('sha256', toBeSigned, key);
  return der.sequence(toBeSigned, signatureIdentifier(key), der.bitString(signature), ...after);
}

/** Key identifier by RFC 7093 §2 method 1: the first 160 bits of SHA-256 over the key bits. */
export function keyIdentifier(publicKeyBits: Buffer): Buffer {
  return sha256(publicKeyBits).subarray(0, 20);
}

export function extension(id: string, critical: boolean, value: Buffer): Buffer {
  return der.sequence(der.oid(id), ...(critical ? [der.boolean(true)] : []), der.octetString(value));
}

export function authorityKeyExtension(keyId: Buffer): Buffer {
  return extension('2.5.29.35', false, der.sequence(der.implicit(0, der.octetString(keyId))));
}

export interface CertificateInput {
  name: string;
  declaration: EntityDeclaration;
  notBefore: number;
  notAfter: number;
  /** SubjectPublicKeyInfo, DER. */
  publicKeyInfo: Buffer;
  publicKeyBits: Buffer;
  issuerName: string;
  /** Name, DER. */
  issuerSubject: Buffer;
  issuerKey: KeyObject;
  /** Key identifier to claim for the issuer. */
  authorityKeyId: Buffer;
  policyOid: string;
}

/** A certificate (RFC 5280 §4.1), DER, with a random 16-byte number. */
export function buildCertificate(input: CertificateInput): Buffer {
  const number = randomBytes(16);
  number[0] = ((number[0] ?? 0) & 0x7f) | 0x40;
  const toBeSigned = der.sequence(
    der.explicit(0, der.integer(2)),
    der.integer(number),
    signatureIdentifier(input.issuerKey),
    input.issuerSubject,
    der.sequence(der.time(input.notBefore), der.time(input.notAfter)),
    encodeName(input.declaration.subject),
    input.publicKeyInfo,
    der.explicit(3, der.sequence(...extensions(input))),
  );
  return signedFrame(toBeSigned, input.issuerKey);
}

function extensions(input: CertificateInput): Buffer[] {
  const { declaration } = input;
  const authority = declaration.kind === 'root' || declaration.kind === 'ca';
  const list = [
    extension('2.5.29.14', false, der.octetString(keyIdentifier(input.publicKeyBits))),
    extension('2.5.29.19', true, basicConstraints(authority, declaration.extensions.pathLength)),
    extension('2.5.29.15', true, der.namedBits(keyUsageOf(declaration).map((name) => KEY_USAGE_BITS[name]))),
  ];
  const purposes = extendedUsageOf(declaration);
  if (purposes.length > 0) {
    const value = der.sequence(...purposes.map((name) => der.oid(EXTENDED_USAGES[name])));
    list.push(extension('2.5.29.37', declaration.kind === 'tsa', value));
  }
  if (declaration.kind === 'ocsp') list.push(extension('1.3.6.1.5.5.7.48.1.5', false, der.derNull));
  if (declaration.kind === 'root') return list;
  list.push(authorityKeyExtension(input.authorityKeyId));
  list.push(extension('2.5.29.32', false, der.sequence(der.sequence(der.oid(input.policyOid)))));
  if (declaration.kind !== 'ocsp')
    list.push(extension('2.5.29.31', false, distributionPoint(input.issuerName)));
  return list;
}

function basicConstraints(authority: boolean, pathLength: number | undefined): Buffer {
  if (!authority) return der.sequence();
  return der.sequence(der.boolean(true), ...(pathLength === undefined ? [] : [der.integer(pathLength)]));
}

function keyUsageOf({ kind, extensions }: EntityDeclaration): readonly KeyUsage[] {
  if (extensions.keyUsage) return extensions.keyUsage;
  if (kind === 'root' || kind === 'ca') return ['keyCertSign', 'cRLSign'];
  return kind === 'tsa' || kind === 'ocsp' ? ['digitalSignature'] : ['digitalSignature', 'nonRepudiation'];
}

function extendedUsageOf({ kind, extensions }: EntityDeclaration): readonly ExtendedUsage[] {
  if (extensions.extendedKeyUsage) return extensions.extendedKeyUsage;
  if (kind === 'tsa') return ['timeStamping'];
  return kind === 'ocsp' ? ['OCSPSigning'] : [];
}

/** The reserved top-level domain `invalid` (RFC 2606): nothing ever fetches it. */
function distributionPoint(issuerName: string): Buffer {
  const url = der.implicit(6, der.ia5String(`http://crl.pki.invalid/${issuerName}.crl`));
  return der.sequence(der.sequence(der.explicit(0, der.explicit(0, url))));
}

export interface RevokedCertificate {
  /** INTEGER, DER. */
  serialNumber: Buffer;
  at: number;
  reason: RevocationReason;
}

export interface CrlInput {
  issuerSubject: Buffer;
  issuerKey: KeyObject;
  issuerKeyId: Buffer;
  thisUpdate: number;
  nextUpdate: number;
  number: bigint;
  revoked: readonly RevokedCertificate[];
}

/** A full CRL, version 2 (RFC 5280 §5), DER. */
export function buildCrl(input: CrlInput): Buffer {
  const entries = input.revoked.map((entry) =>
    der.sequence(
      entry.serialNumber,
      der.time(entry.at),
      der.sequence(extension('2.5.29.21', false, der.enumerated(REASONS[entry.reason]))),
    ),
  );
  const toBeSigned = der.sequence(
    der.integer(1),
    signatureIdentifier(input.issuerKey),
    input.issuerSubject,
    der.time(input.thisUpdate),
    der.time(input.nextUpdate),
    ...(entries.length > 0 ? [der.sequence(...entries)] : []),
    der.explicit(
      0,
      der.sequence(
        authorityKeyExtension(input.issuerKeyId),
        extension('2.5.29.20', false, der.integer(input.number)),
      ),
    ),
  );
  return signedFrame(toBeSigned, input.issuerKey);
}
