import { receive, type Submission } from '../intake/index.ts';
import { TrucError } from '../kernel/index.ts';
import type { Caller } from './caller.ts';
import type { Stations } from './stations.ts';

/**
 * Intake, and what only the conductor can check: that an update, recall or replacement names documents of its sender.
 * @throws TrucError with an `intake.…` or `edxml.…` code
 */
export async function received(bytes: Buffer, caller: Caller, x: Stations): Promise<Submission> {
  const submission = await receive(bytes, {
    agencies: x.agencies,
    limits: x.limits,
    secretMarks: x.secretMarks,
    senderIds: caller.agencyIds,
    now: x.clock.now(),
  });
  if (submission.summary.businessType !== 0) await knownReferences(submission, x);
  return submission;
}

async function knownReferences(submission: Submission, x: Stations): Promise<void> {
  for (const edxmlId of submission.summary.concerns) {
    const acts = await x.documents.byEdxmlId(submission.sender.id, edxmlId);
    const known = acts.some(
      (act) => act.state !== 'received' && (act.key.businessType === 0 || act.key.businessType === 3),
    );
    if (!known) throw new TrucError('intake.unknown-reference', { edxmlId });
  }
}
