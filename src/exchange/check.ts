import type { Caller } from './caller.ts';
import { judge } from './judge.ts';
import { received } from './received.ts';
import { ordinalFor, repeatOf } from './repeat.ts';
import type { Stations } from './stations.ts';

/**
 * Everything that a submission goes through but the writing (`dryRun`): what would be answered, without key, storage,
 * ledger or delivery. @throws the same TrucErrors as a submission, none of them recorded
 */
export async function checkSubmission(bytes: Buffer, caller: Caller, x: Stations) {
  const submission = await received(bytes, caller, x);
  const earlier = await repeatOf(submission, x);
  await ordinalFor(submission, x);
  const judged = await judge(submission, x);
  return {
    dryRun: true,
    existing: earlier?.documentId ?? null,
    sha256: submission.sha256,
    state: judged.hold ? 'held' : 'accepted',
    legalValue: judged.legalValue,
    verification: { indication: judged.indication },
    recipients: submission.recipients.map((agency) => ({ code: agency.code, name: agency.name })),
    report: JSON.parse(judged.report),
  };
}
