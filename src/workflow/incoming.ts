import { documentReport, reportStatusJson } from '../exchange/index.ts';
import { isTrucError, sha256Hex, vietnamDate } from '../kernel/index.ts';
import type { Actor, IncomingFile, OwedStatus, PersonRef } from './file.ts';
import { personRef, turnsOf } from './outgoing.ts';
import { demandReason, fileOf, officeCaller, type StepOrder, take, type WorkDesk } from './take.ts';

/** @throws TrucError `work.file-unknown` */
export function incomingFile(fileId: string, agencyId: string, desk: WorkDesk): Promise<IncomingFile> {
  return fileOf(fileId, agencyId, 'incoming', desk);
}

/** The clerk has looked at the stored report (NĐ 30/2020 art. 21.2a); its digest is in the entry. */
export async function verifyIncoming(order: StepOrder, desk: WorkDesk): Promise<IncomingFile> {
  const { documentId } = await incomingFile(order.fileId, order.actor.agencyId, desk);
  const report = await documentReport(documentId, officeCaller(order.actor.agencyId), desk, 0);
  const reportSha256 = sha256Hex(report);
  return step('verify', order, (file, at) => ({
    file: { state: 'verified', verified: { reportSha256, at, by: personRef(order.actor) } },
    facts: { reportSha256, indication: file.indication, legalValue: file.legalValue },
  }), desk); // biome-ignore format: one call
}

const MOST_NUMBERS = 200;

/**
 * Into the register of incoming documents, with the next number of the year (art. 22.2), or the one that is named where paper
 * documents share the sequence. The sender is told 03.
 * @throws TrucError `work.number-taken` for a number that was named
 */
export async function registerIncoming(
  order: StepOrder & { number: number | null },
  desk: WorkDesk,
): Promise<IncomingFile> {
  const { actor } = order;
  const year = Number(vietnamDate(desk.clock.now()).slice(0, 4));
  const first = order.number ?? (await desk.work.lastNumber(actor.agencyId, 'incoming', year, '')) + 1;
  for (let number = first; ; number++)
    try {
      return await tell(await step('register', order, () => ({
        file: {
          state: 'registered',
          line: { register: 'incoming', year, series: '', number },
          turns: ['role:leader', 'role:deputy'],
          ...owing('03', order.note ?? '', actor),
        },
        facts: { number, year },
      }), desk), desk); // biome-ignore format: one call
    } catch (error) {
      const taken = isTrucError(error, 'work.number-taken');
      if (!taken || order.number !== null || number - first >= MOST_NUMBERS) throw error;
    }
}

/** Back to the sender with the reason (art. 21.2b; QĐ 28/2018 art. 5.4): 02. */
export async function refuseIncoming(order: StepOrder, desk: WorkDesk): Promise<IncomingFile> {
  demandReason(order.note);
  return tell(await step('refuse', order, () => ({
    file: { state: 'returned', turns: [], ...owing('02', order.note ?? '', order.actor) },
  }), desk), desk); // biome-ignore format: one call
}

export interface DirectiveOrder extends StepOrder {
  lead: PersonRef;
  others: readonly PersonRef[];
  dueDate: string | null;
}

/** The leader's directive (bút phê): who deals with it, with whom, by when. The sender is told 04. */
export async function directIncoming(order: DirectiveOrder, desk: WorkDesk): Promise<IncomingFile> {
  demandReason(order.note);
  const { actor, dueDate, note = '' } = order;
  const [lead, others] = [personRef(order.lead), order.others.map(personRef)];
  return tell(await step('direct', order, (file) => ({
    file: {
      state: file.state === 'working' ? 'working' : 'assigned',
      directive: { text: note, by: personRef(actor), lead, others, dueDate },
      turns: turnsOf([lead, ...others]),
      ...(file.directive === null ? owing('04', '', actor) : {}),
    },
    facts: { dueDate, people: 1 + others.length },
  }), desk), desk); // biome-ignore format: one call
}

/** What has been done so far. The first time the sender is told 05. */
export async function progressIncoming(order: StepOrder, desk: WorkDesk): Promise<IncomingFile> {
  demandReason(order.note);
  return tell(await step('progress', order, (file) => ({
    file: { state: 'working', ...(file.state === 'assigned' ? owing('05', '', order.actor) : {}) },
  }), desk), desk); // biome-ignore format: one call
}

/** Done. The sender is told 06. */
export async function completeIncoming(order: StepOrder, desk: WorkDesk): Promise<IncomingFile> {
  return tell(await step('complete', order, () => ({
    file: { state: 'done', turns: [], ...owing('06', order.note ?? '', order.actor) },
  }), desk), desk); // biome-ignore format: one call
}

/** Answers the sender's wish to have the document back: 15, and the file is closed; or 16 with the reason. */
export async function answerRecall(
  order: StepOrder & { agree: boolean },
  desk: WorkDesk,
): Promise<IncomingFile> {
  const code = order.agree ? '15' : '16';
  if (!order.agree) demandReason(order.note);
  return tell(await step('answer-recall', order, (file) => ({
    file: {
      recall: file.recall && { ...file.recall, answer: code },
      turns: order.agree ? [] : file.turns.filter((turn) => turn !== 'role:clerk'),
      ...(order.agree ? { state: 'withdrawn' as const } : {}),
      ...owing(code, order.note ?? '', order.actor),
    },
    facts: { code },
  }), desk), desk); // biome-ignore format: one call
}

function owing(code: string, description: string, actor: Actor): Pick<IncomingFile, 'owes' | 'unfinished'> {
  return { owes: [{ code, description, by: personRef(actor) }], unfinished: true };
}

/** What a status can never be told again for: the document is gone, or is nobody's business any more. */
const IN_VAIN = /^(document|exchange)\./;

/** Tells the sender what is owed; recovery calls it too. A status that was told before is the same one. */
export async function tell(file: IncomingFile, desk: WorkDesk): Promise<IncomingFile> {
  if (file.owes.length === 0) return file;
  for (const owed of file.owes) await tellOne(file, owed, desk);
  const settled = { ...file, owes: [], unfinished: false, revision: file.revision + 1 };
  const outcome = await desk.work.replace(settled, []);
  return outcome === 'replaced' ? settled : incomingFile(file.fileId, file.agencyId, desk);
}

async function tellOne(file: IncomingFile, { code, description, by }: OwedStatus, desk: WorkDesk) {
  const from = (await desk.agencies.get(file.agencyId))?.code;
  const staff = { department: '', staff: by.name, mobile: '', email: '' };
  const status = { documentId: file.documentId, code, description, staff, from };
  try {
    await reportStatusJson(status, officeCaller(file.agencyId), desk);
  } catch (error) {
    if (!isTrucError(error) || !IN_VAIN.test(error.code)) throw error;
    desk.log.warn({ fileId: file.fileId, code, cause: error.code }, 'a status could not be told');
  }
}

function step(
  name: Parameters<typeof take>[0],
  order: StepOrder,
  change: Parameters<typeof take<IncomingFile>>[3],
  desk: WorkDesk,
): Promise<IncomingFile> {
  return take<IncomingFile>(name, 'incoming', order, change, desk);
}
