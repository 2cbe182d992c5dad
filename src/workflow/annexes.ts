import { draftFor } from '../exchange/index.ts';
import { TrucError } from '../kernel/index.ts';
import { type Draft, latestOf } from '../signing/index.ts';
import type { WorkProblemCode } from './errors.ts';
import type { Annex, LetterFacts, OutgoingFile } from './file.ts';
import { officeCaller, type StepOrder, take, type WorkDesk } from './take.ts';

const MOST_ANNEXES = 20;

/**
 * Adds a file of its own beside the letter: a draft that the signing service has registered, a PDF. What was checked before is to
 * be checked again. The same annex again changes nothing.
 * @throws TrucError `signing.document-unknown`, `work.annex-not-usable` for no PDF, another agency's, or one too many
 */
export async function addAnnex(order: StepOrder & { annex: Annex }, desk: WorkDesk): Promise<OutgoingFile> {
  const { annex, actor } = order;
  const draft = await draftFor(annex.documentId, officeCaller(actor.agencyId), desk);
  if (draft.format !== 'pdf') throw unusable(annex.name);
  return changed(order, (annexes) => {
    if (annexes.some(({ documentId }) => documentId === annex.documentId)) return annexes;
    if (annexes.length >= MOST_ANNEXES) throw unusable(annex.name);
    return [...annexes, annex];
  }, desk); // biome-ignore format: one call
}

/** Takes an annex away again. */
export function removeAnnex(
  order: StepOrder & { documentId: string },
  desk: WorkDesk,
): Promise<OutgoingFile> {
  return changed(
    order,
    (annexes) => annexes.filter(({ documentId }) => documentId !== order.documentId),
    desk,
  );
}

function changed(
  order: StepOrder,
  change: (annexes: readonly Annex[]) => readonly Annex[],
  desk: WorkDesk,
): Promise<OutgoingFile> {
  return take<OutgoingFile>('draft', 'outgoing', order, ({ letter }) => {
    const annexes = change(annexesOf(letter));
    return {
      file: {
        letter: { ...letter, annexes },
        state: 'drafting',
        turns: [`person:${order.actor.id}`],
        checks: [],
      },
      facts: { annexes: annexes.map(({ documentId }) => documentId) },
    };
  }, desk); // biome-ignore format: one call
}

function unusable(name: string): TrucError {
  return new TrucError<WorkProblemCode>('work.annex-not-usable', { name, limit: MOST_ANNEXES });
}

export function annexesOf({ annexes = [] }: Pick<LetterFacts, 'annexes'>): readonly Annex[] {
  return annexes;
}

export interface AnnexState extends Annex {
  draft: Draft;
  /** The agency has signed it (Decree 30/2020, Appendix I, III.1d). */
  sealed: boolean;
}

/** The annexes of a file as they are now. @throws TrucError `signing.document-unknown` */
export function annexStates(file: OutgoingFile, desk: WorkDesk): Promise<AnnexState[]> {
  const caller = officeCaller(file.agencyId);
  return Promise.all(
    annexesOf(file.letter).map(async (annex) => {
      const draft = await draftFor(annex.documentId, caller, desk);
      const { step } = latestOf(draft);
      return { ...annex, draft, sealed: step.kind === 'signed' && step.action === 'appendix' };
    }),
  );
}

/** Each annex in a file of its own has the agency's signature before the document goes out. @throws TrucError `work.annexes-unsealed` */
export async function demandSealed(file: OutgoingFile, desk: WorkDesk): Promise<void> {
  const open = (await annexStates(file, desk)).filter(({ sealed }) => !sealed);
  if (open.length > 0)
    throw new TrucError<WorkProblemCode>('work.annexes-unsealed', { names: open.map(({ name }) => name) });
}
