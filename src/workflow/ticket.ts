import { draftFor, issueTicket } from '../exchange/index.ts';
import { TrucError } from '../kernel/index.ts';
import { latestOf, type SignAction } from '../signing/index.ts';
import { annexStates } from './annexes.ts';
import type { WorkProblemCode } from './errors.ts';
import type { Actor, OutgoingFile } from './file.ts';
import { noteOpened, outgoingFile } from './outgoing.ts';
import { checkStep } from './permission.ts';
import { changedMeanwhile, officeCaller, rulesNow, type WorkDesk } from './take.ts';

const STEP_OF = { initial: 'initial', approve: 'sign', seal: 'seal', appendix: 'seal-annexes' } as const;
export type TicketAct = keyof typeof STEP_OF;

/** As many as the signing service takes at once. */
const MOST_AT_ONCE = 50;

export interface TicketOrder {
  /** Files with the revision that the person saw; null where any will do. */
  files: readonly { fileId: string; revision: number | null }[];
  actor: Actor;
  act: TicketAct;
  /** Of the page that holds the window. */
  origin: string;
  /** The system that the origin is registered for: the portal's where absent. */
  clientId?: string;
}

/**
 * A ticket for the signing window: initials of a checker, the competent person's signature, the agency's seal, its signature on the
 * annexes. Every file must be where that act belongs; the signing service then judges the bytes. Several letters are approved at
 * once where they are signed in the same form.
 * @throws TrucError what `checkStep` and `issueTicket` throw, `work.signer-without-certificate`, `work.batch-mixed`,
 * `work.step-not-now` for no file, or no annex that is not signed yet
 */
export async function signingTicket(order: TicketOrder, desk: WorkDesk) {
  const { act, actor } = order;
  const files: OutgoingFile[] = [];
  for (const { fileId, revision } of order.files) files.push(await ready(fileId, revision, order, desk));
  const [first] = files;
  if (!first || files.length > MOST_AT_ONCE) throw nothingToSign(act);
  const { capacity, delegationId } = first.letter;
  if (
    act === 'approve' &&
    files.some(({ letter }) => letter.capacity !== capacity || letter.delegationId !== delegationId)
  )
    throw new TrucError<WorkProblemCode>('work.batch-mixed');
  if (act === 'appendix' && files.length > 1) throw nothingToSign(act);
  const ofAgency = act === 'seal' || act === 'appendix';
  if (!ofAgency && Object.keys(actor.signer).length === 0)
    throw new TrucError<WorkProblemCode>('work.signer-without-certificate', { name: actor.name });
  for (const file of files) if (act !== 'appendix') await noteOpened(file, act, actor, desk);
  const office = officeCaller(actor.agencyId);
  const caller = { ...office, clientId: order.clientId ?? office.clientId };
  const ticket = {
    documents: act === 'appendix' ? await annexVersions(first, desk) : await versionsOf(files, desk),
    action: act satisfies SignAction,
    signer: ofAgency ? {} : actor.signer,
    capacity: act === 'approve' ? capacity : ('direct' as const),
    delegationId: act === 'approve' ? delegationId : null,
    label: act === 'appendix' ? numberLabel(first) : null,
    user: actor.id,
    origins: [order.origin],
  };
  return issueTicket(ticket, caller, desk);
}

async function ready(
  fileId: string,
  revision: number | null,
  { act, actor }: TicketOrder,
  desk: WorkDesk,
): Promise<OutgoingFile> {
  const file = await outgoingFile(fileId, actor.agencyId, desk);
  checkStep(file, STEP_OF[act], actor, rulesNow(desk));
  if (revision !== null && revision !== file.revision) throw changedMeanwhile(file);
  return file;
}

function versionsOf(files: readonly OutgoingFile[], desk: WorkDesk) {
  return Promise.all(
    files.map(async ({ documentId, agencyId }) => {
      const draft = await draftFor(documentId, officeCaller(agencyId), desk);
      return { documentId, sha256: latestOf(draft).sha256 };
    }),
  );
}

async function annexVersions(file: OutgoingFile, desk: WorkDesk) {
  const open = (await annexStates(file, desk)).filter(({ sealed }) => !sealed);
  if (open.length === 0) throw nothingToSign('appendix');
  return open.map(({ documentId, draft }) => ({ documentId, sha256: latestOf(draft).sha256 }));
}

/** Number and notation of the document stand on each of its annexes (Decree 30/2020, Appendix I, III.1d). */
function numberLabel({ line, letter }: OutgoingFile): string {
  return `${String(line?.number ?? 0).padStart(2, '0')}/${letter.notation}`;
}

function nothingToSign(step: TicketAct): TrucError {
  return new TrucError<WorkProblemCode>('work.step-not-now', { step, state: '', states: [] });
}
