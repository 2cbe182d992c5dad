import { type DigestName, TrucError } from '../kernel/index.ts';
import type { KeyKind } from './algorithms.ts';
import type { SignatureScheme } from './asn1/oids.ts';
import { OID } from './asn1/oids.ts';
import type { VerificationErrorCode } from './errors.ts';

export type PolicyName = 'cong-vu' | 'dich-vu-cong' | 'strict' | 'lab';

/** A rule with the text it comes from. */
export interface Rule<Value> {
  value: Value;
  source: string;
}

/** An algorithm and the time until which it is trusted, milliseconds since 1970 UTC; null: no end is set. */
export interface AlgorithmRule<Name extends string> {
  name: Name;
  until: number | null;
}

/** The rules of one kind of validation, as data. What is not listed is refused. */
export interface Policy {
  name: string;
  digests: Rule<readonly AlgorithmRule<DigestName>[]>;
  schemes: Rule<readonly AlgorithmRule<SignatureScheme>[]>;
  /** Smallest key in bits by kind; a kind that is not listed is refused. */
  smallestKeys: Rule<Readonly<Partial<Record<KeyKind, number>>>>;
  /** Curves by OpenSSL's name. */
  curves: Rule<readonly string[]>;
  /** Whether a signature without the signing-certificate attribute (RFC 5035) is refused or only told. */
  signingCertificate: Rule<'demanded' | 'expected'>;
  /** Whether a signature without an accepted time-stamp is refused. */
  timestamp: Rule<'demanded' | 'optional'>;
  /** Extended key usages of which a signer's certificate must have one, where it has the extension; null: any but the excluded. */
  allowedEkus: Rule<readonly string[] | null>;
  /** Whether CMS inside a PDF in BER that is not DER is read (told as a warning, as in CMS files) or refused. */
  ber: Rule<'accepted' | 'refused'>;
  revocation: {
    /** For answers without nextUpdate: how old they may be, milliseconds. */
    longestAge: Rule<number>;
    /** How far thisUpdate may lie ahead of the time of validation, milliseconds. */
    clockSkew: Rule<number>;
    /** Whether a status issued after the certificate's end is used although its issuer may drop expired certificates by then. */
    issuedAfterExpiry: Rule<'accepted' | 'refused'>;
  };
  /** Most that the claimed signing time may differ from the time-stamp before it is told, milliseconds. */
  signingTimeTolerance: Rule<number>;
}

const day = 86_400_000;
const endOf = (year: number) => Date.UTC(year + 1, 0, 1) - 1;

const digests: Policy['digests'] = {
  value: [
    { name: 'sha256', until: null },
    { name: 'sha384', until: null },
    { name: 'sha512', until: null },
    { name: 'sha3-256', until: null },
    { name: 'sha3-384', until: null },
    { name: 'sha3-512', until: null },
    { name: 'sha224', until: endOf(2025) },
  ],
  source: 'SOG-IS Agreed Cryptographic Mechanisms 1.3 §4.1 (SHA-1 and MD5 out, SHA-224 legacy)',
};

const schemes: Policy['schemes'] = {
  value: [
    { name: 'rsa', until: null },
    { name: 'rsa-pss', until: null },
    { name: 'ecdsa', until: null },
    { name: 'ed25519', until: null },
  ],
  source: 'ETSI TS 119 312 §6; the signatures seen in the field are RSA PKCS#1 v1.5 with SHA-256',
};

const congVu: Policy = {
  name: 'cong-vu',
  digests,
  schemes,
  smallestKeys: {
    value: { rsa: 2_048, 'rsa-pss': 2_048, ec: 256, ed25519: 256 },
    source: 'NIST SP 800-131A rev. 2 §3 (112 bits of security at least)',
  },
  curves: {
    value: ['prime256v1', 'secp384r1', 'secp521r1'],
    source: 'FIPS 186-5, RFC 5480 §2.1.1.1',
  },
  signingCertificate: {
    value: 'expected',
    source:
      'signatures in the field lack signing-certificate-v2 at times; ETSI EN 319 122-1 §5.2.2 demands it',
  },
  timestamp: { value: 'optional', source: 'ETSI EN 319 102-1 §5.3 (Basic Signatures)' },
  allowedEkus: {
    value: [
      OID.emailProtection,
      OID.clientAuth,
      OID.documentSigning,
      OID.microsoftDocumentSigning,
      OID.adobeDocumentSigning,
      OID.anyExtendedKeyUsage,
    ],
    source: 'RFC 5280 §4.2.1.12, RFC 9336',
  },
  ber: { value: 'refused', source: 'ETSI EN 319 142-1 §6.3 (CMS in Contents is DER)' },
  revocation: {
    longestAge: { value: 7 * day, source: 'house rule: answers without nextUpdate are used for one week' },
    clockSkew: { value: 5 * 60_000, source: 'house rule: five minutes between two machines' },
    issuedAfterExpiry: {
      value: 'accepted',
      source: 'RFC 5280 §3.3 lets an issuer drop expired certificates; told as a warning',
    },
  },
  signingTimeTolerance: {
    value: 60_000,
    source: 'field observation: claimed time within a minute of the time-stamp',
  },
};

const POLICIES: Readonly<Record<PolicyName, Policy>> = {
  'cong-vu': congVu,
  'dich-vu-cong': { ...congVu, name: 'dich-vu-cong' },
  strict: {
    ...congVu,
    name: 'strict',
    signingCertificate: { value: 'demanded', source: 'ETSI EN 319 122-1 §5.2.2, EN 319 142-1 §6.3' },
    timestamp: { value: 'demanded', source: 'ETSI EN 319 142-1 §6.3 (level T and above)' },
    revocation: {
      ...congVu.revocation,
      issuedAfterExpiry: { value: 'refused', source: 'ETSI EN 319 102-1 §5.2.6, RFC 5280 §3.3' },
    },
  },
  lab: { ...congVu, name: 'lab' },
};

/**
 * A named policy: `cong-vu` (official duty, Decree 68/2024), `dich-vu-cong` (public CAs, Decree 23/2025), `strict`
 * (as the ETSI profiles demand), `lab` (demonstrations; the only one for demo anchors).
 * @throws TrucError `verification.unknown-policy`
 */
export function policyNamed(name: string): Policy {
  if (Object.hasOwn(POLICIES, name)) return POLICIES[name as PolicyName];
  const code: VerificationErrorCode = 'verification.unknown-policy';
  throw new TrucError(code, { name, known: Object.keys(POLICIES) });
}

export const policyNames: readonly PolicyName[] = ['cong-vu', 'dich-vu-cong', 'strict', 'lab'];
