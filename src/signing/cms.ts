import type { KeyObject } from 'node:crypto';
import { sign as cryptoSign, X509Certificate } from 'node:crypto';
import { sha256, TrucError } from '../kernel/index.ts';
import { certificateParts, derAt } from './der-walk.ts';
import * as der from './der-writer.ts';
import type { SigningErrorCode } from './errors.ts';

/** Object identifiers of CMS (RFC 5652), ESS (RFC 5035) and timestamps (RFC 3161). */
export const oids = {
  data: '1.2.840.113549.1.7.1',
  signedData: '1.2.840.113549.1.7.2',
  contentType: '1.2.840.113549.1.9.3',
  messageDigest: '1.2.840.113549.1.9.4',
  signingTime: '1.2.840.113549.1.9.5',
  signingCertificateV2: '1.2.840.113549.1.9.16.2.47',
  timeStampToken: '1.2.840.113549.1.9.16.2.14',
  tstInfo: '1.2.840.113549.1.9.16.1.4',
  sha256: '2.16.840.1.101.3.4.2.1',
  rsaSha256: '1.2.840.113549.1.1.11',
  ecdsaSha256: '1.2.840.10045.4.3.2',
} as const;

/** RSA is PKCS #1 v1.5; both are over SHA-256. An ECDSA value is the DER form of (r, s). */
export type SignatureAlgorithm = 'rsa-sha256' | 'ecdsa-sha256';

/** Makes the signature value over the bytes given (it hashes them itself): software key, token or remote service. */
export type SignFunction = (toBeSigned: Buffer) => Promise<Buffer> | Buffer;

/** Gets a TimeStampToken (RFC 3161, DER) over a SHA-256 digest; the signal ends the wait early. */
export type TimestampClient = (digest: Buffer, signal?: AbortSignal) => Promise<Buffer>;

export interface CmsSigner {
  /** Signing certificate, DER. */
  certificate: Buffer;
  /** Certificates to embed beside it, DER; Vietnam's official-duty signatures embed none (the default). */
  chain?: readonly Buffer[];
  sign: SignFunction;
}

/** A signer whose private key is at hand. */
export function keySigner(certificate: Buffer, key: KeyObject, chain: readonly Buffer[] = []): CmsSigner {
  return { certificate, chain, sign: (bytes) => cryptoSign('sha256', bytes, key) };
}

/**
 * The algorithm that goes with a certificate's key.
 * @throws TrucError `signing.key-not-supported` for keys other than RSA and EC
 */
export function algorithmOf(certificate: Buffer): SignatureAlgorithm {
  const type = new X509Certificate(certificate).publicKey.asymmetricKeyType;
  if (type === 'rsa') return 'rsa-sha256';
  if (type === 'ec') return 'ecdsa-sha256';
  throw new TrucError<SigningErrorCode>('signing.key-not-supported', { type: type ?? 'unknown' });
}

const sha256Identifier = der.sequence(der.oid(oids.sha256));

function attribute(type: string, ...values: readonly Buffer[]): Buffer {
  return der.sequence(der.oid(type), der.setOf(...values));
}

/** ESSCertIDv2 with the default hash SHA-256 and issuerSerial (RFC 5035 §4). */
function signingCertificateV2(certificate: Buffer): Buffer {
  const { issuer, serialNumber } = certificateParts(certificate);
  const issuerSerial = der.sequence(der.sequence(der.explicit(4, issuer)), serialNumber);
  return der.sequence(der.sequence(der.sequence(der.octetString(sha256(certificate)), issuerSerial)));
}

export interface SignedAttributesInput {
  /** SHA-256 of the content. */
  digest: Buffer;
  certificate: Buffer;
  /** Dotted; id-data where not given. */
  contentType?: string;
  /** Milliseconds since 1970. PAdES forbids the attribute (EN 319 142-1 §6.3): give it only outside PDF. */
  signingTime?: number;
}

/**
 * The signed attributes as DER SET OF: exactly the bytes that a signer signs (RFC 5652 §5.4).
 * They are content-type, message-digest and signing-certificate-v2 (EN 319 142-1 §6.3, level B-B).
 */
export function signedAttributes(input: SignedAttributesInput): Buffer {
  const list = [
    attribute(oids.contentType, der.oid(input.contentType ?? oids.data)),
    attribute(oids.messageDigest, der.octetString(input.digest)),
    attribute(oids.signingCertificateV2, signingCertificateV2(input.certificate)),
  ];
  if (input.signingTime !== undefined) list.push(attribute(oids.signingTime, der.time(input.signingTime)));
  return der.setOf(...list);
}

export interface CmsParts {
  certificate: Buffer;
  chain?: readonly Buffer[];
  /** False leaves all certificates out (timestamp tokens that were asked for without). */
  embedCertificate?: boolean;
  /** From `signedAttributes`. */
  attributes: Buffer;
  signature: Buffer;
  algorithm: SignatureAlgorithm;
  /** TimeStampToken over SHA-256 of the signature value. */
  timestampToken?: Buffer;
  /** Content carried inside, with its type; detached where absent. */
  content?: { type: string; bytes: Buffer };
}

/**
 * Puts a SignedData with one signer together (RFC 5652 §5.1); ContentInfo, DER.
 * @throws TrucError `signing.attributes-malformed` when the attributes are not a DER SET
 */
export function assembleCms(parts: CmsParts): Buffer {
  const set = derAt(parts.attributes, 0);
  if (set.tag !== 0x31 || set.end !== parts.attributes.length) {
    throw new TrucError<SigningErrorCode>('signing.attributes-malformed');
  }
  const { issuer, serialNumber } = certificateParts(parts.certificate);
  const type = parts.content?.type ?? oids.data;
  const content = parts.content ? [der.explicit(0, der.octetString(parts.content.bytes))] : [];
  const unsigned = parts.timestampToken
    ? [der.implicit(1, der.setOf(attribute(oids.timeStampToken, parts.timestampToken)))]
    : [];
  const signerInfo = der.sequence(
    der.integer(1),
    der.sequence(issuer, serialNumber),
    sha256Identifier,
    der.implicit(0, parts.attributes),
    signatureIdentifier(parts.algorithm),
    der.octetString(parts.signature),
    ...unsigned,
  );
  const signedData = der.sequence(
    der.integer(type === oids.data ? 1 : 3),
    der.setOf(sha256Identifier),
    der.sequence(der.oid(type), ...content),
    ...(parts.embedCertificate === false
      ? []
      : [der.implicit(0, der.setOf(parts.certificate, ...(parts.chain ?? [])))]),
    der.setOf(signerInfo),
  );
  return der.sequence(der.oid(oids.signedData), der.explicit(0, signedData));
}

function signatureIdentifier(algorithm: SignatureAlgorithm): Buffer {
  return algorithm === 'rsa-sha256'
    ? der.sequence(der.oid(oids.rsaSha256), der.derNull)
    : der.sequence(der.oid(oids.ecdsaSha256));
}

export interface SignCmsInput {
  /** SHA-256 of the detached content. */
  digest: Buffer;
  signer: CmsSigner;
  timestamp?: TimestampClient;
  signingTime?: number;
}

/** Signs a digest and, where a client is given, has the signature value timestamped: CAdES/PAdES B-B or B-T. */
export async function signCms(input: SignCmsInput): Promise<Buffer> {
  const { certificate, chain } = input.signer;
  const attributes = signedAttributes({
    digest: input.digest,
    certificate,
    ...(input.signingTime === undefined ? {} : { signingTime: input.signingTime }),
  });
  const signature = await input.signer.sign(attributes);
  const parts: CmsParts = { certificate, attributes, signature, algorithm: algorithmOf(certificate) };
  if (chain) parts.chain = chain;
  if (input.timestamp) parts.timestampToken = await input.timestamp(sha256(signature));
  return assembleCms(parts);
}
