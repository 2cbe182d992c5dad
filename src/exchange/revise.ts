import { isoTime, sha256Hex, TrucError } from '../kernel/index.ts';
import { type Draft, type DraftVersion, latestOf, openPdf, type SigningErrorCode } from '../signing/index.ts';
import { verifyFile } from '../verification/index.ts';
import type { Caller } from './caller.ts';
import { draftFor } from './drafts.ts';
import { standingOf } from './preconditions.ts';
import { pendingEvent, recordPending } from './record.ts';
import type { Stations } from './stations.ts';
import { versionDiffers } from './tickets.ts';

/**
 * Puts a new text in the place of a draft that nobody has signed as the competent person yet; committed to the ledger on
 * return. Initials of the version before stay with that version. A repeat changes nothing.
 * @param before SHA-256 of the version that it replaces
 * @throws TrucError `signing.document-unknown`, `signing.version-differs`, `signing.pdf-not-usable`,
 * `signing.signed-already` once the competent person or the agency has signed
 */
export async function reviseDraft(
  documentId: string,
  { before, bytes }: { before: string; bytes: Buffer },
  caller: Caller,
  x: Stations,
): Promise<Draft> {
  const draft = await draftFor(documentId, caller, x);
  const latest = latestOf(draft);
  const sha256 = sha256Hex(bytes);
  if (latest.sha256 === sha256) {
    await recordPending(documentId, x);
    return draft;
  }
  if (latest.sha256 !== before) throw versionDiffers(documentId, latest.sha256);
  if (draft.format === 'pdf') openPdf(bytes);
  const report = verifyFile(await x.blobs.read(latest.content), x.verification());
  const { approval, seal } = await standingOf(report, draft.agencyId, x);
  if (approval || seal) throw new TrucError<SigningErrorCode>('signing.signed-already');
  const version = latest.version + 1;
  const at = x.clock.now();
  const facts = { documentId, version, previousSha256: before, sha256, size: bytes.length };
  const subject = { id: documentId, ledgerDoc: draft.ledgerDoc, ledgerKey: draft.ledgerKey };
  const happening = { actorId: draft.agencyId, recipientId: null, facts, distinct: `${version}|${sha256}` };
  const event = pendingEvent(subject, { type: 'draft.revised', ...happening }, at);
  const revised: DraftVersion = {
    version,
    sha256,
    size: bytes.length,
    content: await x.blobs.put({ sha256, bytes }),
    step: { kind: 'revised' },
    eventId: event.eventId,
    at: isoTime(at),
  };
  await x.drafts.extend(documentId, revised, event);
  const now = (await x.drafts.get(documentId)) as Draft;
  if (latestOf(now).sha256 !== sha256) throw versionDiffers(documentId, latestOf(now).sha256);
  await recordPending(documentId, x);
  return now;
}
