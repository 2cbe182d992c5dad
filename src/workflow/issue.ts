import type { Agency } from '../agency/index.ts';
import type { ResponseFor } from '../edxml/index.ts';
import { draftFor, putOnRecord, submit } from '../exchange/index.ts';
import { isoTime, isTrucError, TrucError } from '../kernel/index.ts';
import { latestOf } from '../signing/index.ts';
import { amendedBy } from './amends.ts';
import { annexStates, demandSealed } from './annexes.ts';
import type { OutgoingFile } from './file.ts';
import { messageOf } from './message.ts';
import { outgoingFile } from './outgoing.ts';
import { fileOf, officeCaller, type StepOrder, stepped, take, type WorkDesk } from './take.ts';

export interface IssueOrder extends StepOrder {
  /** Codes of the recipients in place of the drafter's; null for those. */
  to: readonly string[] | null;
}

/**
 * Issues a sealed document and sends it over the axis (NĐ 30/2020 art. 17, 18): the decision is stored first, what is sent
 * follows from it, so that a crash in between ends in one submission.
 * @throws TrucError `intake.…` where the axis refuses it; the file is `sealed` again then
 */
export async function issueOutgoing(order: IssueOrder, desk: WorkDesk): Promise<OutgoingFile> {
  const found = await outgoingFile(order.fileId, order.actor.agencyId, desk);
  await demandSealed(found, desk);
  const deciding = await take<OutgoingFile>('issue', 'outgoing', order, ({ letter }, at) => ({
    file: {
      state: 'issuing',
      unfinished: true,
      issuedAt: at,
      letter: order.to === null ? letter : { ...letter, to: order.to },
    },
    ...(letter.annexes ? { facts: { annexes: letter.annexes.map(({ documentId }) => documentId) } } : {}),
  }), desk); // biome-ignore format: one call
  return deciding.state === 'issuing' ? sendIssued(deciding, desk) : deciding;
}

/** Sends what was decided; recovery calls it too. */
export async function sendIssued(file: OutgoingFile, desk: WorkDesk): Promise<OutgoingFile> {
  try {
    const bytes = await messageFor(file, desk);
    const { documentId } = await submit(bytes, officeCaller(file.agencyId), desk);
    return await settled(
      file,
      { state: 'sent', sentAs: documentId, turns: [] },
      { sentAs: documentId },
      desk,
    );
  } catch (error) {
    if (isTrucError(error) && /^(intake|edxml|agency)\./.test(error.code))
      await settled(file, { state: 'sealed', issuedAt: null }, { refused: error.code }, desk);
    throw error;
  }
}

async function settled(
  file: OutgoingFile,
  fields: Partial<OutgoingFile>,
  facts: Record<string, string>,
  desk: WorkDesk,
): Promise<OutgoingFile> {
  const actor = file.steps.findLast(({ step }) => step === 'issue')?.by ?? file.drafter;
  const note = facts.refused ?? '';
  const next = stepped(file, 'sent', { actor, note }, { file: { ...fields, unfinished: false }, facts }, isoTime(desk.clock.now())); // biome-ignore format: one call
  if ((await desk.work.replace(next.file, [next.event])) !== 'replaced')
    return fileOf(file.fileId, file.agencyId, 'outgoing', desk);
  await putOnRecord([next.event], desk);
  return next.file;
}

async function messageFor(file: OutgoingFile, desk: WorkDesk): Promise<Buffer> {
  const draft = await draftFor(file.documentId, officeCaller(file.agencyId), desk);
  const from = (await desk.agencies.get(file.agencyId)) as Agency;
  const to: Agency[] = [];
  for (const code of file.letter.to) {
    const agency = await desk.agencies.resolve(code, desk.clock.now());
    if (!agency) throw new TrucError('agency.unknown', { code });
    to.push(agency);
  }
  const bytes = await desk.blobs.read(latestOf(draft).content);
  const annexes = await Promise.all(
    (await annexStates(file, desk)).map(async ({ name, draft: annex }) => ({
      name,
      bytes: await desk.blobs.read(latestOf(annex).content),
    })),
  );
  const [responseFor, amended] = [await answered(file, desk), await amendedBy(file, desk)];
  return messageOf({ file, from, to, bytes, annexes, responseFor, amended });
}

async function answered({ letter }: OutgoingFile, desk: WorkDesk): Promise<ResponseFor | null> {
  if (letter.answers === null) return null;
  const incoming = await desk.work.get(letter.answers);
  const document = incoming ? await desk.documents.get(incoming.documentId) : null;
  if (!document) return null;
  return {
    organId: document.senderCode,
    code: document.codeNumber,
    promulgationDate: document.promulgationDate,
    documentId: document.key.edxmlId,
  };
}
