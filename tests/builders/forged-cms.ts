import { constants, sign as signBytes } from 'node:crypto';
import { digestOf, sha256 } from '../../src/kernel/index.ts';
import { certificateParts, der, oids } from '../../src/signing/index.ts';
import {
  type DigestAlgorithm,
  digestIdentifier,
  type Party,
  pssIdentifier,
  randomPositive,
  signatureIdentifier,
  signWith,
} from './forged-pki.ts';

/** Attribute (RFC 5652 §5.3). */
export function attribute(type: string, ...values: readonly Buffer[]): Buffer {
  return der.sequence(der.oid(type), der.setOf(...values));
}

/** signing-certificate-v2 with SHA-256 (RFC 5035 §4). */
export function signingCertificate(certificate: Buffer): Buffer {
  const reference = der.sequence(der.octetString(sha256(certificate)));
  return attribute(oids.signingCertificateV2, der.sequence(der.sequence(reference)));
}

export interface SignerRequest {
  party: Party;
  /** Digest that the SignerInfo names. */
  digest?: DigestAlgorithm;
  /** Changes the honest signed attributes before they are signed; null leaves them out. */
  attributes?: ((honest: Buffer[]) => Buffer[]) | null;
  /** Keep the attributes in the order given instead of sorting them. */
  unsorted?: boolean;
  unsigned?: (signature: Buffer) => Buffer[];
  /** What is signed instead of the attributes. */
  signature?: Buffer;
  signatureAlgorithm?: Buffer;
  /** RSASSA-PSS with this salt. */
  pssSalt?: number;
  /** AlgorithmIdentifier of the digest, in place of the plain one. */
  digestAlgorithm?: Buffer;
  byKeyId?: Buffer;
  version?: number;
}

export interface CmsRequest {
  content: Buffer;
  contentType?: string;
  detached?: boolean;
  signers: readonly SignerRequest[];
  certificates?: readonly Buffer[];
  revocation?: readonly Buffer[];
  /** In place of the digests of the signers. */
  digestAlgorithms?: readonly Buffer[];
  version?: number;
}

/** A ContentInfo with SignedData (RFC 5652 §5), honest unless told otherwise. */
export function signedData(request: CmsRequest): Buffer {
  const { content, contentType = oids.data, signers } = request;
  const named =
    request.digestAlgorithms ??
    signers.map((one) => one.digestAlgorithm ?? digestIdentifier(one.digest ?? 'sha256'));
  const certificates = request.certificates ?? signers.map((one) => one.party.certificate);
  const body = der.sequence(
    der.integer(request.version ?? (contentType === oids.data ? 1 : 3)),
    der.setOf(...new Map(named.map((one) => [one.toString('hex'), one])).values()),
    der.sequence(
      der.oid(contentType),
      ...(request.detached ? [] : [der.explicit(0, der.octetString(content))]),
    ),
    ...(certificates.length > 0 ? [der.implicit(0, der.setOf(...certificates))] : []),
    ...(request.revocation ? [der.implicit(1, der.setOf(...request.revocation))] : []),
    der.setOf(...signers.map((one) => signerInfo(one, content, contentType))),
  );
  return der.sequence(der.oid(oids.signedData), der.explicit(0, body));
}

/** One SignerInfo over `content`; as a counter-signature without its first attribute, the content type. */
export function signerInfo(request: SignerRequest, content: Buffer, contentType: string = oids.data): Buffer {
  const { party, digest = 'sha256' } = request;
  const { issuer, serialNumber } = certificateParts(party.certificate);
  const list =
    request.attributes === null
      ? null
      : (request.attributes ?? ((honest) => honest))(honestAttributes(request, content, contentType));
  const attributes = list && (request.unsorted ? der.tlv(0x31, ...list) : der.setOf(...list));
  const signature = request.signature ?? signatureOf(request, attributes ?? content);
  const unsigned = request.unsigned?.(signature);
  return der.sequence(
    der.integer(request.version ?? (request.byKeyId ? 3 : 1)),
    request.byKeyId ? der.implicit(0, der.octetString(request.byKeyId)) : der.sequence(issuer, serialNumber),
    request.digestAlgorithm ?? digestIdentifier(digest),
    ...(attributes ? [der.implicit(0, attributes)] : []),
    request.signatureAlgorithm ??
      (request.pssSalt === undefined
        ? signatureIdentifier(party.key, digest)
        : pssIdentifier(request.pssSalt)),
    der.octetString(signature),
    ...(unsigned ? [der.implicit(1, der.setOf(...unsigned))] : []),
  );
}

/** content-type, message-digest and signing-certificate-v2. */
function honestAttributes(request: SignerRequest, content: Buffer, contentType: string): Buffer[] {
  const { digest = 'sha256', party } = request;
  const value = digest === 'md5' ? Buffer.alloc(16, 7) : digestOf(digest, content);
  return [
    attribute(oids.contentType, der.oid(contentType)),
    attribute(oids.messageDigest, der.octetString(value)),
    signingCertificate(party.certificate),
  ];
}

function signatureOf({ party, digest = 'sha256', pssSalt }: SignerRequest, bytes: Buffer): Buffer {
  if (pssSalt === undefined) return signWith(party.key, bytes, digest);
  return signBytes('sha256', bytes, {
    key: party.key,
    padding: constants.RSA_PKCS1_PSS_PADDING,
    saltLength: pssSalt,
  });
}

export interface TokenRequest {
  authority: Party;
  stamped?: Buffer;
  /** The digest itself, in place of `stamped`. */
  imprint?: Buffer;
  time: number;
  imprintDigest?: DigestAlgorithm;
  certificates?: readonly Buffer[];
  attributes?: SignerRequest['attributes'];
  /** Stated error of the clock, seconds. */
  accuracy?: number;
  /** Extensions of TSTInfo. */
  extensions?: readonly Buffer[];
  version?: number;
  digest?: DigestAlgorithm;
  contentType?: string;
  unsigned?: SignerRequest['unsigned'];
}

/** A TimeStampToken over the digest of `stamped` (RFC 3161 §2.4.2). */
export function token(request: TokenRequest): Buffer {
  const { authority, stamped = Buffer.alloc(0), time, imprintDigest = 'sha256' } = request;
  const made = imprintDigest === 'md5' ? Buffer.alloc(16, 9) : digestOf(imprintDigest, stamped);
  const imprint = request.imprint ?? made;
  const info = der.sequence(
    der.integer(request.version ?? 1),
    der.oid('1.3.6.1.4.1.32473.1.1'),
    der.sequence(digestIdentifier(imprintDigest), der.octetString(imprint)),
    der.integer(randomPositive()),
    der.generalizedTime(time),
    ...(request.accuracy === undefined ? [] : [der.sequence(der.integer(request.accuracy))]),
    ...(request.extensions ? [der.implicit(1, der.sequence(...request.extensions))] : []),
  );
  return signedData({
    content: info,
    contentType: request.contentType ?? oids.tstInfo,
    signers: [
      {
        party: authority,
        ...(request.attributes === undefined ? {} : { attributes: request.attributes }),
        ...(request.digest === undefined ? {} : { digest: request.digest }),
        ...(request.unsigned === undefined ? {} : { unsigned: request.unsigned }),
      },
    ],
    ...(request.certificates ? { certificates: request.certificates } : {}),
  });
}
