import { readingFault } from '../edxml/index.ts';
import { isoTime, isTrucError, newId, sha256Hex, TrucError } from '../kernel/index.ts';
import type { Caller } from './caller.ts';
import { freshSubject, pendingEvent, putOnRecord } from './record.ts';
import type { Stations } from './stations.ts';

/** Refusals that say nothing about the submission itself: the sender tries again, nothing is recorded. */
const PASSING: readonly string[] = ['intake.act-open'];

/** Facts of an error that only the axis needs. */
const INNER_FACTS: readonly string[] = ['reportText'];

/**
 * Puts a refusal on record and returns the error for the sender, with `refusalId` and its place in the ledger.
 * Errors that are no refusals come back as they are.
 * @param bytes the refused bytes, or null when they were never read to the end
 */
export async function refuse(
  error: unknown,
  bytes: Uint8Array | null,
  caller: Caller,
  x: Stations,
): Promise<unknown> {
  const refusal = refusalOf(error);
  if (!refusal || PASSING.includes(refusal.code)) return error;
  const secret = refusal.code === 'intake.state-secret';
  const at = x.clock.now();
  const sha256 = secret || bytes === null ? null : sha256Hex(bytes);
  const report = typeof refusal.facts.reportText === 'string' ? refusal.facts.reportText : null;
  const subject = freshSubject(newId());
  const senderId = caller.agencyIds[0] ?? caller.clientId;
  const record = {
    refusalId: subject.id,
    senderId,
    clientId: caller.clientId,
    code: refusal.code,
    sha256,
    fingerprint: secret ? subject.id : (sha256 ?? `size:${String(refusal.facts.size ?? 'unknown')}`),
    ledgerDoc: subject.ledgerDoc,
    ledgerKey: subject.ledgerKey,
    report,
    at: isoTime(at),
    count: 1,
  };
  const facts = {
    refusalId: subject.id,
    sender: senderId,
    code: refusal.code,
    ...(sha256 === null ? {} : { sha256 }),
    ...(report === null ? {} : { reportSha256: sha256Hex(report) }),
  };
  const event = pendingEvent(
    subject,
    { type: 'document.refused', actorId: null, recipientId: null, facts, distinct: '' },
    at,
  );
  const { first, repeated } = await x.refusals.record(record, event);
  if (!repeated) await putOnRecord([event], x);
  const place = (await x.events.of(first.refusalId))[0]?.place;
  const visible = Object.fromEntries(
    Object.entries(refusal.facts).filter(([name]) => !INNER_FACTS.includes(name)),
  );
  return new TrucError(
    refusal.code,
    {
      ...visible,
      refusalId: first.refusalId,
      ...(place ? { ledgerIndex: place.index } : {}),
      ...(first.count > 1 ? { count: first.count } : {}),
    },
    error,
  );
}

/** Intake's own refusals; faults of the wire format become `intake.invalid-edxml` with the fault's code in `cause`. */
function refusalOf(error: unknown): TrucError | null {
  if (!isTrucError(error)) return null;
  if (error.code.startsWith('intake.')) return error;
  const wholeMessage = error.code === 'edxml.too-large' && error.facts.path === undefined;
  if (wholeMessage) return new TrucError('intake.too-large', error.facts, error);
  if (error.code.startsWith('edxml.'))
    return new TrucError('intake.invalid-edxml', { cause: error.code, faults: [readingFault(error)] }, error);
  return null;
}
