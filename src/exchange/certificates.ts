import type { CertificateBinding } from '../agency/index.ts';
import { isoTime, isTrucError, TrucError } from '../kernel/index.ts';
import { identityOf, readCertificateFile } from '../verification/index.ts';
import { bindCertificate } from './registry-acts.ts';
import { checkPath, readOffered } from './signer.ts';
import type { Stations } from './stations.ts';

/** What a form says of a certificate. */
export interface CertificateOrder {
  agencyId: string;
  /** PEM or DER. */
  certificate: Buffer;
  /** Title of the official, as documents say it; null for the agency's own certificate. */
  title: string | null;
  /** The official as a person; null for the agency's own certificate. */
  personId: string | null;
  /** RFC 3339 UTC; the beginning of the certificate where null. */
  validFrom: string | null;
  validTo: string | null;
}

/**
 * Says whose certificate it is, for a time (NĐ 68/2024 art. 17); in the ledger on return. The same certificate in the same agency from
 * the same moment again replaces what was said.
 * @param by what the ledger calls the person who says it
 * @throws TrucError `agency.not-a-certificate`, `agency.binding-invalid` for one that has expired or an empty time
 */
export async function bindFile(
  order: CertificateOrder,
  by: string,
  x: Stations,
): Promise<CertificateBinding> {
  const identity = identityIn(order.certificate);
  const validFrom = order.validFrom ?? identity.notBefore;
  const { validTo } = order;
  const over = Date.parse(identity.notAfter) <= x.clock.now();
  if (over || (validTo !== null && Date.parse(validTo) <= Date.parse(validFrom)))
    throw new TrucError('agency.binding-invalid', { notAfter: identity.notAfter });
  const binding: CertificateBinding = {
    certificateSha256: identity.certificateSha256,
    kind: order.title === null ? 'agency' : 'person',
    agencyId: order.agencyId,
    title: order.title,
    validFrom,
    validTo,
    ...(order.personId === null ? {} : { personId: order.personId }),
  };
  await bindCertificate(binding, by, x);
  return binding;
}

function identityIn(file: Buffer) {
  try {
    return identityOf(readCertificateFile(file));
  } catch (error) {
    throw new TrucError('agency.not-a-certificate', {}, error);
  }
}

/**
 * Whose certificate somebody has shown, who has proved to hold its key: valid now by local data, and bound to one person, in whichever
 * agencies. @returns the personId
 * @throws TrucError `agency.login-certificate` with the cause: what is wrong with the certificate, `not-bound`, `locked`
 */
export async function personByCertificate(der: Buffer, x: Stations): Promise<string> {
  const certificate = offered(der, x);
  const now = x.clock.now();
  const held = (await x.bindings.of(certificate.sha256)).filter(
    ({ kind, validFrom, validTo }) =>
      kind === 'person' && Date.parse(validFrom) <= now && (validTo === null || Date.parse(validTo) > now),
  );
  const [personId, ...others] = new Set(held.map((one) => one.personId));
  // One certificate is of one person; of two the registry is wrong, and nobody gets in by it.
  if (personId === undefined || others.length > 0) throw noLogin('not-bound');
  const person = await x.persons.get(personId);
  if (!person || person.lockedSince !== null) throw noLogin('locked');
  return personId;
}

function offered(der: Buffer, x: Stations) {
  try {
    const certificate = readOffered(der);
    checkPath(certificate, [], x);
    return certificate;
  } catch (error) {
    throw noLogin(isTrucError(error) ? error.code : 'unreadable', error);
  }
}

function noLogin(cause: string, error?: unknown): TrucError {
  return new TrucError('agency.login-certificate', { cause }, error);
}

/**
 * Ends a binding: what was signed before stays the official's, nothing is from then on.
 * @throws TrucError `agency.binding-invalid` for one that is not there, or has ended
 */
export async function endBinding(
  which: Pick<CertificateBinding, 'agencyId' | 'certificateSha256' | 'validFrom'>,
  by: string,
  x: Stations,
): Promise<CertificateBinding> {
  const now = x.clock.now();
  const known = (await x.bindings.of(which.certificateSha256)).find(
    ({ agencyId, validFrom }) => agencyId === which.agencyId && validFrom === which.validFrom,
  );
  if (!known || (known.validTo !== null && Date.parse(known.validTo) <= now))
    throw new TrucError('agency.binding-invalid', { notAfter: known?.validTo ?? '' });
  // One that has not begun is over before it begins.
  const validTo = isoTime(Math.max(now, Date.parse(known.validFrom)));
  const ended = { ...known, validTo };
  await bindCertificate(ended, by, x);
  return ended;
}
