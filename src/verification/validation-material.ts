import { ByteSource } from './byte-source.ts';
import type { Certificate } from './certificate.ts';
import type { VerificationContext } from './context.ts';
import type { Crl } from './crl.ts';
import type { OcspResponse } from './ocsp.ts';
import { type EmbeddedData, NO_EMBEDDED, statusByResponse } from './path.ts';
import { PdfFile } from './pdf/file.ts';
import { readStore } from './pdf/store.ts';
import { verifyFile } from './verify.ts';

/** What a verdict on a file rests on, DER: enough to make it again without anything but the anchors. */
export interface ValidationMaterial {
  certificates: Buffer[];
  crls: Buffer[];
  ocspResponses: Buffer[];
}

/**
 * Gathers certificates and revocation data for every certificate that a verdict on this file asks about, time-stamp
 * authorities and OCSP responders included: an OCSP response where one answers, else the newest lists of the issuer. What
 * a PDF's own security store has is among them.
 * @param detached the signed content of a detached signature
 */
export function validationMaterial(
  file: Buffer,
  ctx: VerificationContext,
  detached?: Buffer,
): ValidationMaterial {
  const seen = new Map<string, { certificate: Certificate; issuer: Certificate }>();
  // Under a name of its own the trust has no remembered paths: every certificate is asked about.
  const trust = { ...ctx.trust, id: `material ${ctx.trust.id} ${++gathered}` };
  const context: VerificationContext = {
    ...ctx,
    trust,
    seen: (certificate, issuer) => seen.set(certificate.sha256, { certificate, issuer }),
  };
  const { format } = verifyFile(file, context, detached ? { detached } : {});
  const own = format === 'pdf' ? storeOf(file) : NO_EMBEDDED;
  const certificates = new Map<string, { der: Uint8Array }>();
  const crls = new Map<string, { der: Uint8Array }>();
  const ocsps = new Map<string, { der: Uint8Array }>();
  for (const one of own.certificates) certificates.set(one.sha256, one);
  for (const one of own.crls) crls.set(one.sha256, one);
  for (const one of own.ocsps) ocsps.set(one.sha256, one);
  for (const { certificate, issuer } of seen.values()) {
    for (const one of [certificate, issuer]) certificates.set(one.sha256, one);
    const answer = answering(certificate, issuer, ctx);
    if (answer) ocsps.set(answer.sha256, answer);
    else for (const one of newestLists(certificate, issuer, ctx)) crls.set(one.sha256, one);
  }
  return {
    certificates: dersOf(certificates),
    crls: dersOf(crls),
    ocspResponses: dersOf(ocsps),
  };
}

let gathered = 0;

function storeOf(pdf: Buffer): EmbeddedData {
  const file = new PdfFile(ByteSource.of(pdf));
  return readStore(file, file.latest);
}

function answering(
  certificate: Certificate,
  issuer: Certificate,
  ctx: VerificationContext,
): OcspResponse | undefined {
  return ctx.trust
    .ocspsFor(certificate.number)
    .find((response) => statusByResponse(response, certificate, issuer, ctx).state === 'good');
}

/** The newest complete list that the issuer signed, with the delta lists newer than it; all lists of other signers. */
function newestLists(certificate: Certificate, issuer: Certificate, { trust }: VerificationContext): Crl[] {
  const lists = trust.crlsFrom(certificate.issuer.folded);
  const own = lists.filter((crl) => crl.isSignedBy(issuer));
  const complete = own.find((crl) => crl.deltaBase === null);
  const deltas = own.filter((crl) => crl.deltaBase !== null && crl.thisUpdate >= (complete?.thisUpdate ?? 0));
  const others =
    complete && complete.scope.point === null ? [] : lists.filter((crl) => !deltas.includes(crl));
  return [...(complete ? [complete] : []), ...deltas, ...others];
}

function dersOf(values: ReadonlyMap<string, { der: Uint8Array }>): Buffer[] {
  return [...values.values()].map(({ der }) => Buffer.from(der));
}
