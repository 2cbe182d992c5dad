import { isoTime, sha256, sha256Hex, TrucError } from '../kernel/index.ts';
import {
  assembleCms,
  type CeremonyRecord,
  completeXml,
  type Draft,
  type DraftVersion,
  embedCms,
  oids,
  type PreparedRecord,
  type SignedStep,
  type SigningErrorCode,
  type TimestampClient,
} from '../signing/index.ts';
import { type FileReport, verifyFile } from '../verification/index.ts';
import { scheduleVersion } from './augment-schedule.ts';
import { draftReceipt } from './drafts.ts';
import { pendingEvent, putOnRecord } from './record.ts';
import type { Stations } from './stations.ts';
import { versionDiffers } from './tickets.ts';

/** What a signed document is answered with. */
export interface SignedAnswer {
  version: number;
  sha256: string;
  size: number;
  level: 'B-B' | 'B-T';
  /** Time-stamp where there is one, else the time of storing; RFC 3339 UTC. */
  signedAt: string;
  ledgerIndex: number;
  receipt: Awaited<ReturnType<typeof draftReceipt>>;
}

export interface Signed {
  session: CeremonyRecord;
  draft: Draft;
  /** The version that was signed. */
  latest: DraftVersion;
  prepared: PreparedRecord;
  /** Verified against the certificate already. */
  signature: Buffer;
}

/**
 * Makes the signed version, judges it as any recipient would, and keeps it only when all of it passes.
 * @throws TrucError `signing.timestamp-unavailable`, `signing.result-not-passed`, `signing.version-differs` when another
 * signature came first
 */
export async function keepSigned(signed: Signed, x: Stations): Promise<SignedAnswer> {
  const { draft, latest, prepared } = signed;
  const original = await x.blobs.read(latest.content);
  const bytes = await signedBytes(original, signed, x);
  const report = verifyFile(bytes, x.verification());
  const timestampAt = checkResult(report, prepared);
  const level = timestampAt === null ? 'B-B' : 'B-T';
  return keepVersion(
    { session: signed.session, draft, latest },
    bytes,
    stepOf(signed, level, timestampAt),
    x,
  );
}

/**
 * The next version of a draft, once and in the ledger. What it may be was judged before.
 * @throws TrucError `signing.version-differs` when another signature came first
 */
export async function keepVersion(
  { session, draft, latest }: Pick<Signed, 'session' | 'draft' | 'latest'>,
  bytes: Buffer,
  step: SignedStep,
  x: Stations,
): Promise<SignedAnswer> {
  const digest = sha256Hex(bytes);
  const at = x.clock.now();
  const event = eventOf({ session, draft, latest }, step, { sha256: digest, size: bytes.length }, at);
  const version: DraftVersion = {
    version: latest.version + 1,
    sha256: digest,
    size: bytes.length,
    content: await x.blobs.put({ sha256: digest, bytes }),
    step,
    eventId: event.eventId,
    at: isoTime(at),
  };
  // First, so that no signed version is forgotten, whatever is killed.
  await scheduleVersion(draft, version.version, x);
  const extension = await x.drafts.extend(draft.documentId, version, event);
  if (extension === 'extended') await putOnRecord([event], x);
  const now = (await x.drafts.get(draft.documentId)) as Draft;
  const answer = await signedAnswer(now, step.prepareId, x);
  if (!answer) throw versionDiffers(draft.documentId, now.versions.at(-1)?.sha256 ?? '');
  return answer;
}

/** The answer to a signature that is kept already; null where none is. */
export async function signedAnswer(
  draft: Draft,
  prepareId: string,
  x: Stations,
): Promise<SignedAnswer | null> {
  const version = draft.versions.find(({ step }) => step.kind === 'signed' && step.prepareId === prepareId);
  if (version?.step.kind !== 'signed') return null;
  const { level, timestampAt } = version.step;
  const receipt = await draftReceipt(draft, version, x);
  return {
    version: version.version,
    sha256: version.sha256,
    size: version.size,
    level,
    signedAt: timestampAt ?? version.at,
    ledgerIndex: receipt.index,
    receipt,
  };
}

async function signedBytes(original: Buffer, signed: Signed, x: Stations): Promise<Buffer> {
  const { prepared, signature } = signed;
  if (prepared.format === 'xml') {
    const element = Buffer.from(prepared.tail, 'base64').toString();
    return completeXml(original, element, signature, prepared.algorithm, timestampClient(x));
  }
  const timestampToken = await timestampClient(x)?.(sha256(signature));
  const content = prepared.format === 'data' ? { content: { type: oids.data, bytes: original } } : {};
  const cms = assembleCms({
    ...content,
    certificate: Buffer.from(prepared.certificate, 'base64'),
    chain: prepared.chain.map((one) => Buffer.from(one, 'base64')),
    attributes: Buffer.from(prepared.toBeSigned, 'base64'),
    signature,
    algorithm: prepared.algorithm,
    ...(timestampToken ? { timestampToken } : {}),
  });
  if (prepared.byteRange === null) return cms;
  const bytes = Buffer.concat([original, Buffer.from(prepared.tail, 'base64')]);
  return embedCms({ bytes, byteRange: prepared.byteRange }, cms);
}

/** B-T now or never: a time-stamp after the next increment would be outside what that one signs. */
export function timestampClient({ signing }: Stations): TimestampClient | null {
  const { timestamp } = signing;
  if (!timestamp) return null;
  return async (digest) => {
    try {
      return await timestamp(digest);
    } catch (error) {
      throw new TrucError<SigningErrorCode>('signing.timestamp-unavailable', {}, error);
    }
  };
}

/**
 * All signatures passed, and the new one covers the whole file: so no increment changed what others had signed.
 * @returns the new signature's time-stamp, or null
 */
function checkResult(report: FileReport, { prepareId }: PreparedRecord): string | null {
  const added = report.signatures.at(-1);
  if (report.indication !== 'TOTAL_PASSED' || added?.coverage !== 'whole-file') {
    const codes = [...report.errors, ...report.signatures.flatMap((one) => one.errors)];
    throw new TrucError<SigningErrorCode>('signing.result-not-passed', {
      prepareId,
      indication: report.indication,
      codes,
    });
  }
  return added.timestamps.find((one) => one.kind === 'signature')?.time ?? null;
}

function stepOf(
  { session, prepared }: Signed,
  level: SignedStep['level'],
  timestampAt: string | null,
): SignedStep {
  const { action, capacity } = session.grant;
  return {
    kind: 'signed',
    action,
    capacity,
    prepareId: prepared.prepareId,
    certificateSha256: sha256Hex(Buffer.from(prepared.certificate, 'base64')),
    keyProtection: prepared.keyProtection,
    level,
    timestampAt,
  };
}

function eventOf(
  { session, draft, latest }: Pick<Signed, 'session' | 'draft' | 'latest'>,
  step: SignedStep,
  result: { sha256: string; size: number },
  at: number,
) {
  const subject = { id: draft.documentId, ledgerDoc: draft.ledgerDoc, ledgerKey: draft.ledgerKey };
  const { kind: _, prepareId, ...signing } = step;
  const facts = {
    documentId: draft.documentId,
    version: latest.version + 1,
    previousSha256: latest.sha256,
    ...result,
    ...signing,
    delegationId: session.grant.delegationId,
    user: session.grant.userSha256,
  };
  const happening = { actorId: draft.agencyId, recipientId: null, facts, distinct: prepareId };
  return pendingEvent(subject, { type: 'draft.signed', ...happening }, at);
}
