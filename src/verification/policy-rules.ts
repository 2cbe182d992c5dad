import type { DigestName } from '../kernel/index.ts';
import type { KeyKind } from './algorithms.ts';
import type { SignatureScheme } from './asn1/oids.ts';

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

/** Which anchor is meant: everything that is not null must fit. */
export interface AnchorPattern {
  /** Fingerprint of the DER, lower-case hexadecimal. */
  sha256: string | null;
  /** Attributes of the subject, compared exactly after NFC. */
  commonName: string | null;
  organization: string | null;
  /** Times of use for which it counts, milliseconds, both included. */
  from: number;
  until: number;
}

/** To which level stored signatures are brought, and kept there. */
export interface AugmentationRule {
  /** `none`: nothing is added but on request. */
  level: 'none' | 'B-T' | 'B-LT' | 'B-LTA';
  /** How long after its arrival a document gets it, milliseconds: revocation lists of after the signature are there then. */
  after: number;
  /** How long before the last time-stamp ends the next one is added, milliseconds. */
  renewBefore: number;
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
  /** Of the caller's anchors, those on which this policy lets a verdict rest; `accepted` null: all but the refused. */
  anchors: Rule<{ accepted: readonly AnchorPattern[] | null; refused: readonly AnchorPattern[] }>;
  /** What the axis adds by itself to signatures that it keeps. */
  augmentation: Rule<AugmentationRule>;
  /** Times of validation for which the policy itself is in force, milliseconds. */
  inForce: { from: number; until: number };
}
