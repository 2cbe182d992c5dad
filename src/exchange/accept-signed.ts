import { TrucError } from '../kernel/index.ts';
import {
  type CeremonyRecord,
  type FilePass,
  openPdf,
  pdfAugmenter,
  type SignedStep,
  type SigningErrorCode,
} from '../signing/index.ts';
import { changesOf, type FileReport, type SignatureReport, verifyFile } from '../verification/index.ts';
import { checkAuthority } from './authority.ts';
import { grantedNow } from './file-passes.ts';
import { keepVersion, type SignedAnswer, signedAnswer, timestampClient } from './keep-signed.ts';
import { mayHappen, notSignedBy } from './preconditions.ts';
import { expectedBinding } from './signer.ts';
import type { Stations } from './stations.ts';

/**
 * A file that an agent signed by itself. It is kept only where it begins with the document's own bytes, what follows is one
 * signature and nothing else, the signer is who was expected and may sign, and all signatures pass. The time-stamp comes at once
 * (PAdES B-T by a document time-stamp), since the next increment would leave it outside.
 * @throws TrucError `signing.file-other-document`, `signing.file-changed`, `signing.result-not-passed`,
 * `signing.timestamp-unavailable`, and of `grantedNow`, `mayHappen`, `expectedBinding`, `checkAuthority`
 */
export async function acceptSigned(
  { documentId, uploadId }: FilePass,
  session: CeremonyRecord,
  bytes: Buffer,
  x: Stations,
): Promise<SignedAnswer> {
  const { grant } = session;
  const { draft, latest } = await grantedNow(session, documentId, x);
  const original = await x.blobs.read(latest.content);
  const standing = await mayHappen(grant, draft, original, x);
  if (!bytes.subarray(0, original.length).equals(original))
    throw new TrucError<SigningErrorCode>('signing.file-other-document', { documentId });
  addsOneSignature(bytes, original.length);
  const report = verifyFile(bytes, x.verification());
  const added = addedTo(report, standing.signatures);
  const { signer: identity } = added;
  if (!identity) throw notPassed(report);
  const signer = { identity, binding: await expectedBinding(identity, grant, x) };
  notSignedBy(signer, grant, standing);
  await checkAuthority(grant, signer, x);
  const { stamped, timestampAt } = await withTimestamp(bytes, report, x);
  const step: SignedStep = {
    kind: 'signed',
    action: grant.action,
    capacity: grant.capacity,
    prepareId: uploadId,
    certificateSha256: identity.certificateSha256,
    keyProtection: 'hardware',
    level: timestampAt === null ? 'B-B' : 'B-T',
    timestampAt,
  };
  return keepVersion({ session, draft, latest }, stamped, step, x);
}

/** What came of an upload of this session: the signed version, or null where none was taken. */
export async function signedUpload(
  { grant }: CeremonyRecord,
  uploadId: string,
  x: Stations,
): Promise<(SignedAnswer & { documentId: string }) | null> {
  for (const { documentId } of grant.documents) {
    const draft = await x.drafts.get(documentId);
    const answer = draft && (await signedAnswer(draft, uploadId, x));
    if (answer) return { documentId, ...answer };
  }
  return null;
}

/** What may stand behind the document's bytes: one signature with its field, and metadata. Nothing that a page shows beside it. */
function addsOneSignature(bytes: Buffer, size: number): void {
  const file = openPdf(bytes);
  const later = file.revisions.filter(({ eof }) => eof > size);
  const kinds = later.flatMap((revision) => changesIn(file, revision).map(({ kind }) => kind));
  const others = kinds.filter((kind) => kind !== 'signature' && kind !== 'metadata');
  if (others.length > 0 || kinds.filter((kind) => kind === 'signature').length !== 1)
    throw new TrucError<SigningErrorCode>('signing.file-changed', { kinds });
}

function changesIn(...[file, revision]: Parameters<typeof changesOf>): ReturnType<typeof changesOf> {
  try {
    return changesOf(file, revision);
  } catch (error) {
    throw new TrucError<SigningErrorCode>('signing.file-changed', {}, error);
  }
}

function addedTo(report: FileReport, before: number): SignatureReport {
  const added = report.signatures.at(-1);
  if (!added || report.signatures.length !== before + 1)
    throw new TrucError<SigningErrorCode>('signing.file-changed', { signatures: report.signatures.length });
  if (report.indication !== 'TOTAL_PASSED' || added.coverage !== 'whole-file') throw notPassed(report);
  return added;
}

function notPassed({ indication, errors, signatures }: FileReport): TrucError {
  const codes = [...errors, ...signatures.flatMap((one) => one.errors)];
  return new TrucError<SigningErrorCode>('signing.result-not-passed', { indication, codes });
}

/** The signature's own time-stamp where the agent got one, else ours over the whole file. */
async function withTimestamp(
  bytes: Buffer,
  report: FileReport,
  x: Stations,
): Promise<{ stamped: Buffer; timestampAt: string | null }> {
  const own = report.signatures
    .at(-1)
    ?.timestamps.find((one) => one.kind === 'signature' && one.indication === 'TOTAL_PASSED');
  const timestamp = timestampClient(x);
  if (own || !timestamp) return { stamped: bytes, timestampAt: own?.time ?? null };
  const context = x.verification();
  const stamped = await pdfAugmenter.stamp(bytes, { timestamp, report, context, detached: undefined });
  const whole = verifyFile(stamped, context);
  if (whole.indication !== 'TOTAL_PASSED') throw notPassed(whole);
  const time = whole.signatures.at(-1)?.timestamps.find((one) => one.kind === 'document')?.time;
  return { stamped, timestampAt: time ?? null };
}
