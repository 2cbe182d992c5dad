import type { CertificateBinding } from '../agency/index.ts';
import { TrucError } from '../kernel/index.ts';
import {
  algorithmOf,
  type ExpectedSigner,
  type Grant,
  type KeyProtection,
  purposeOf,
  type SignatureAlgorithm,
  type SigningErrorCode,
} from '../signing/index.ts';
import {
  type Certificate,
  identityOf,
  judgePath,
  readCertificate,
  type SignerIdentity,
} from '../verification/index.ts';
import type { Stations } from './stations.ts';

/** A certificate as the holder's provider gave it. */
export interface OfferedSigner {
  /** DER. */
  certificate: Buffer;
  /** Authorities above it, in any order; used for building the path and embedded, never trusted. */
  chain: readonly Buffer[];
  keyProtection: KeyProtection;
}

export interface Signer extends OfferedSigner {
  identity: SignerIdentity;
  binding: CertificateBinding;
  algorithm: SignatureAlgorithm;
}

/**
 * Whether a certificate may sign what was granted: known and unrevoked by local data, meant for signing, the one that the
 * ticket names, and bound in the registry to a person or the seal of the agency (NĐ 68/2024 art. 17).
 * @throws TrucError `signing.certificate-refused`, `-expired`, `-revoked`, `-not-bound`, `signing.not-expected-signer`,
 * `signing.key-not-supported`, `signing.software-key-refused`
 */
export async function acceptSigner(grant: Grant, offered: OfferedSigner, x: Stations): Promise<Signer> {
  if (offered.keyProtection === 'software' && !x.signing.softwareKeys)
    throw new TrucError<SigningErrorCode>('signing.software-key-refused');
  const certificate = readOffered(offered.certificate);
  checkPath(certificate, offered.chain.map(readOffered), x);
  const identity = identityOf(certificate);
  const binding = await expectedBinding(identity, grant, x);
  return { ...offered, identity, binding, algorithm: algorithmOf(offered.certificate) };
}

/**
 * Whether a certificate is the one that the ticket names, and whose the registry says it is.
 * @throws TrucError `signing.not-expected-signer`, `signing.certificate-not-bound`
 */
export async function expectedBinding(
  identity: SignerIdentity,
  grant: Grant,
  x: Stations,
): Promise<CertificateBinding> {
  if (!isExpected(grant.signer, identity))
    throw new TrucError<SigningErrorCode>('signing.not-expected-signer', { subject: identity.subject });
  const binding = await bindingNow(identity.certificateSha256, grant, x);
  if (!binding)
    throw new TrucError<SigningErrorCode>('signing.certificate-not-bound', { subject: identity.subject });
  if (!isHeldBy(grant.signer, binding))
    throw new TrucError<SigningErrorCode>('signing.not-expected-signer', { subject: identity.subject });
  return binding;
}

export function readOffered(der: Buffer): Certificate {
  try {
    return readCertificate(der);
  } catch (error) {
    throw new TrucError<SigningErrorCode>(
      'signing.certificate-refused',
      { codes: ['path.certificate-unreadable'] },
      error,
    );
  }
}

const EXPIRED = ['path.expired', 'path.expired-not-revoked', 'path.not-yet-valid'];
const REVOKED = ['revocation.revoked', 'revocation.on-hold', 'revocation.ca-revoked'];

export function checkPath(certificate: Certificate, chain: Certificate[], x: Stations): void {
  const verdict = judgePath(certificate, x.verification(), {
    embedded: { certificates: chain, crls: [], ocsps: [] },
  });
  if (verdict.indication === 'TOTAL_PASSED') return;
  const has = (list: readonly string[]) => verdict.errors.some((code) => list.includes(code));
  const code = has(REVOKED)
    ? 'signing.certificate-revoked'
    : has(EXPIRED)
      ? 'signing.certificate-expired'
      : 'signing.certificate-refused';
  throw new TrucError<SigningErrorCode>(code, { codes: verdict.errors });
}

/** Whether the registry binds the certificate to the person who is expected, where one is named. */
export function isHeldBy({ personId }: ExpectedSigner, binding: CertificateBinding): boolean {
  return personId === undefined || personId === binding.personId;
}

/** Whether everything that is expected is what the certificate says. */
export function isExpected(expected: ExpectedSigner, identity: SignerIdentity): boolean {
  const fits = (wanted: string | undefined, found: string | null) => wanted === undefined || wanted === found;
  return (
    fits(expected.certificateSha256, identity.certificateSha256) &&
    fits(expected.serialNumber, identity.serialNumber) &&
    fits(expected.uid, identity.uid)
  );
}

async function bindingNow(
  certificateSha256: string,
  { agencyId, action }: Grant,
  x: Stations,
): Promise<CertificateBinding | undefined> {
  const now = x.clock.now();
  return (await x.bindings.of(certificateSha256)).find(
    (one) =>
      one.agencyId === agencyId &&
      one.kind === purposeOf(action) &&
      Date.parse(one.validFrom) <= now &&
      (one.validTo === null || Date.parse(one.validTo) > now),
  );
}
