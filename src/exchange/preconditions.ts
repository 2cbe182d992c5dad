import type { CertificateBinding } from '../agency/index.ts';
import { TrucError } from '../kernel/index.ts';
import { type Draft, type Grant, isInitial, type SigningErrorCode } from '../signing/index.ts';
import { type FileReport, type SignatureReport, verifyFile } from '../verification/index.ts';
import type { Signer } from './signer.ts';
import type { Stations } from './stations.ts';

/** What is in a document already, as its own signatures prove it. */
export interface Standing {
  /** Signatures of the file before this one. */
  signatures: number;
  /** The competent person's signature (the last, where there are several); null where there is none. */
  approval: SignatureReport | null;
  /** Whose signatures as competent persons the document has. */
  approvedBy: readonly CertificateBinding[];
  seal: SignatureReport | null;
  /** Number and date were stamped after a competent person had signed. */
  numbered: boolean;
}

/**
 * Whether the law lets this act happen to this document now. Judged on the bytes, never on a state that somebody wrote
 * down: the agency's signature comes after the competent person's (NĐ 30/2020 art. 32.2d) and after number and date
 * (art. 13.7, 15.3), and nobody signs what is sealed.
 * @throws TrucError `signing.earlier-signature-broken`, `signing.sealed-already`, `signing.seal-before-signature`,
 * `signing.seal-before-number`, `signing.signed-already`
 */
export async function mayHappen(grant: Grant, draft: Draft, bytes: Buffer, x: Stations): Promise<Standing> {
  const report = verifyFile(bytes, x.verification());
  const standing = await standingOf(report, grant.agencyId, x);
  if (draft.format === 'data') {
    if (standing.signatures > 0) throw new TrucError<SigningErrorCode>('signing.signed-already');
    return standing;
  }
  if (report.indication !== 'TOTAL_PASSED' && report.indication !== 'NO_SIGNATURE')
    throw new TrucError<SigningErrorCode>('signing.earlier-signature-broken', {
      indication: report.indication,
      codes: report.signatures.flatMap((one) => one.errors),
    });
  if (standing.seal) throw new TrucError<SigningErrorCode>('signing.sealed-already');
  if (grant.action === 'seal') checkSeal(standing, draft);
  return standing;
}

/** Only a PDF shows number and date. */
function checkSeal({ approval, numbered }: Standing, { format }: Draft): void {
  if (!approval) throw new TrucError<SigningErrorCode>('signing.seal-before-signature');
  if (format === 'pdf' && !numbered) throw new TrucError<SigningErrorCode>('signing.seal-before-number');
}

/** Who signed, by the registry: only the agency's own officials and seals count. */
export async function standingOf(report: FileReport, agencyId: string, x: Stations): Promise<Standing> {
  let approval: SignatureReport | null = null;
  const approvedBy: CertificateBinding[] = [];
  let seal: SignatureReport | null = null;
  let numbered = false;
  for (const signature of report.signatures) {
    const held = await bindingOf(signature, agencyId, x);
    if (held?.kind === 'agency') seal = signature;
    if (held?.kind !== 'person' || isInitial(signature.id)) continue;
    approval = signature;
    approvedBy.push(held);
    numbered ||= signature.laterChanges.some((change) => change.kind === 'number-date-or-seal');
  }
  return { signatures: report.signatures.length, approval, approvedBy, seal, numbered };
}

async function bindingOf(
  signature: SignatureReport,
  agencyId: string,
  x: Stations,
): Promise<CertificateBinding | undefined> {
  if (!signature.signer || signature.indication !== 'TOTAL_PASSED') return undefined;
  const at = Date.parse(signature.bestSignatureTime);
  return (await x.bindings.of(signature.signer.certificateSha256)).find(
    (one) =>
      one.agencyId === agencyId &&
      Date.parse(one.validFrom) <= at &&
      (one.validTo === null || Date.parse(one.validTo) > at),
  );
}

/**
 * Nobody signs the same document twice as its competent person: a window that was loaded anew while its first signature was on the
 * way would do so.
 * @throws TrucError `signing.approved-already`
 */
export function notSignedBy(
  { binding }: Pick<Signer, 'binding'>,
  { action }: Grant,
  { approvedBy }: Standing,
): void {
  const { certificateSha256, personId } = binding;
  const isSame = (one: CertificateBinding) =>
    one.certificateSha256 === certificateSha256 || (personId !== undefined && one.personId === personId);
  if (action === 'approve' && approvedBy.some(isSame))
    throw new TrucError<SigningErrorCode>('signing.approved-already');
}
