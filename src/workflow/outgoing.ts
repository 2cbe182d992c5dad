import {
  draftFor,
  freshSubject,
  numberDraft,
  pendingEvent,
  putOnRecord,
  recordPending,
  type Spot,
} from '../exchange/index.ts';
import { isoTime, newId, TrucError, vietnamDate } from '../kernel/index.ts';
import { latestOf, type SignAction } from '../signing/index.ts';
import { amendable } from './amends.ts';
import { caughtUp } from './catch-up.ts';
import type { WorkProblemCode } from './errors.ts';
import type { Actor, LetterFacts, OutgoingFile, PersonRef } from './file.ts';
import { checkRole, checkStep } from './permission.ts';
import {
  changedMeanwhile,
  demandReason,
  fileOf,
  officeCaller,
  pseudonym,
  rulesNow,
  type StepOrder,
  take,
  type WorkDesk,
} from './take.ts';

export interface OpeningOrder {
  /** The draft, as the signing service has registered it. */
  documentId: string;
  letter: LetterFacts;
  actor: Actor;
}

/**
 * Opens the file of a draft; committed on return. Opening it again gives the file that there is.
 * @throws TrucError `work.role-missing`, `work.recipients-missing`, `signing.document-unknown`, `agency.unknown`
 */
export async function openOutgoing(
  { documentId, letter, actor }: OpeningOrder,
  desk: WorkDesk,
): Promise<OutgoingFile> {
  checkRole('draft', actor, rulesNow(desk));
  await checkRecipients(letter.to, desk);
  if (letter.amends) await amendable(letter.amends.fileId, actor.agencyId, desk);
  const draft = await draftFor(documentId, officeCaller(actor.agencyId), desk);
  const at = isoTime(desk.clock.now());
  const subject = freshSubject(newId());
  const by = personRef(actor);
  const facts = {
    fileId: subject.id,
    documentId,
    kind: 'outgoing',
    sha256: latestOf(draft).sha256,
    by: pseudonym(actor, actor.agencyId, at),
  };
  const happening = { actorId: actor.agencyId, recipientId: null, facts, distinct: '1' };
  const event = pendingEvent(subject, { type: 'work.draft', ...happening }, Date.parse(at));
  const file: OutgoingFile = {
    kind: 'outgoing',
    fileId: subject.id,
    agencyId: actor.agencyId,
    documentId,
    revision: 1,
    ledgerDoc: subject.ledgerDoc,
    ledgerKey: subject.ledgerKey,
    turns: [`person:${actor.id}`],
    line: null,
    unfinished: false,
    steps: [{ step: 'draft', by, at, eventId: event.eventId, revision: 1, note: '', version: 1 }],
    createdAt: at,
    updatedAt: at,
    state: 'drafting',
    letter,
    drafter: by,
    checkers: [],
    checks: [],
    opened: [],
    versions: 1,
    content: 1,
    signedBy: null,
    date: null,
    issuedAt: null,
    sentAs: null,
  };
  const outcome = await desk.work.add(file, event);
  if (outcome.added) await putOnRecord([event], desk);
  else await recordPending(outcome.file.fileId, desk);
  return caughtUp(outcome.file as OutgoingFile, desk);
}

/** Every recipient is a living agency, and there is one. @throws TrucError `work.recipients-missing`, `agency.unknown` */
async function checkRecipients(codes: readonly string[], desk: WorkDesk): Promise<void> {
  if (codes.length === 0) throw new TrucError<WorkProblemCode>('work.recipients-missing');
  for (const code of codes)
    if (!(await desk.agencies.resolve(code, desk.clock.now())))
      throw new TrucError('agency.unknown', { code });
}

/** The file as it is now, what happened to its draft taken in. @throws TrucError `work.file-unknown` */
export async function outgoingFile(fileId: string, agencyId: string, desk: WorkDesk): Promise<OutgoingFile> {
  return caughtUp(await fileOf<OutgoingFile>(fileId, agencyId, 'outgoing', desk), desk);
}

/** Changes what the drafter says of the document; its annexes stay. The bytes are changed at the signing service. */
export async function editLetter(
  order: StepOrder & { letter: LetterFacts },
  desk: WorkDesk,
): Promise<OutgoingFile> {
  await checkRecipients(order.letter.to, desk);
  const { amends } = order.letter;
  if (amends) await amendable(amends.fileId, order.actor.agencyId, desk);
  return step('draft', order, ({ letter: { annexes } }) => ({
    file: {
      letter: { ...order.letter, ...(annexes ? { annexes } : {}) },
      state: 'drafting',
      turns: [`person:${order.actor.id}`],
    },
  }), desk); // biome-ignore format: one call
}

/** Asks others for comments and for the checks of art. 12. */
export function askForChecks(
  order: StepOrder & { checkers: readonly PersonRef[] },
  desk: WorkDesk,
): Promise<OutgoingFile> {
  const people = order.checkers.map(personRef);
  if (people.length === 0) throw new TrucError<WorkProblemCode>('work.person-unknown');
  return step('ask', order, (file) => {
    const checkers = [...file.checkers.filter(({ id }) => people.every((one) => one.id !== id)), ...people];
    return { file: { state: 'checking', checkers, turns: turnsOf([file.drafter, ...checkers]) } };
  }, desk); // biome-ignore format: one call
}

/** A remark; adds to whatever is there. @throws TrucError `work.reason-missing` for an empty one */
export async function comment(order: Omit<StepOrder, 'revision'>, desk: WorkDesk): Promise<OutgoingFile> {
  demandReason(order.note);
  return step('comment', { ...order, revision: null }, () => ({ file: {} }), desk);
}

/** Answers for content or for form of the version that is there now (ký nháy). */
export function check(
  order: StepOrder & { aspect: 'content' | 'form' },
  desk: WorkDesk,
): Promise<OutgoingFile> {
  const { aspect, actor } = order;
  return step(`check-${aspect}`, order, (file, at) => ({
    file: { checks: [...file.checks, { aspect, by: personRef(actor), version: file.versions, at }] },
    version: file.versions,
  }), desk); // biome-ignore format: one call
}

/** To the signer, once everything that the law wants checked is checked. */
export function submitToSigner(order: StepOrder, desk: WorkDesk): Promise<OutgoingFile> {
  return step('submit', order, (file) => ({
    file: { state: 'signing', turns: [`person:${file.letter.signer.id}`] },
    version: file.versions,
  }), desk); // biome-ignore format: one call
}

/** Back to the drafter, with the reason. @throws TrucError `work.reason-missing` */
export async function giveBack(order: StepOrder, desk: WorkDesk): Promise<OutgoingFile> {
  demandReason(order.note);
  return step('give-back', order, (file) => ({
    file: { state: 'drafting', turns: [`person:${file.drafter.id}`] },
  }), desk); // biome-ignore format: one call
}

/** Closes a draft that nobody has signed, with the reason; its bytes end with the content of their quarter. @throws TrucError `work.reason-missing` */
export async function discardDraft(order: StepOrder, desk: WorkDesk): Promise<OutgoingFile> {
  demandReason(order.note);
  return step('discard', order, () => ({ file: { state: 'discarded', turns: [] } }), desk);
}

/** Writes down who goes to work on the draft, before they can: the draft's own entries tell it by digest only. */
export async function noteOpened(
  file: OutgoingFile,
  act: SignAction | 'number',
  actor: Actor,
  desk: WorkDesk,
): Promise<OutgoingFile> {
  const others = file.opened.filter((one) => one.act !== act || one.by.id !== actor.id);
  const last = file.opened.at(-1);
  if (last?.act === act && last.by.id === actor.id) return file;
  const opened = [...others, { act, by: personRef(actor) }];
  const next = { ...file, opened, revision: file.revision + 1 };
  if ((await desk.work.replace(next, [])) !== 'replaced') throw changedMeanwhile(file);
  return next;
}

const MOST_NUMBERS = 50;

export interface NumberingOrder extends StepOrder {
  /** The next free one of the year where null; another one where paper documents have taken numbers. */
  number: number | null;
  /** `YYYY-MM-DD`; today where null. */
  date: string | null;
  places?: { number: Spot; date: Spot };
}

/**
 * Number and date of issue, from the agency's one sequence (NĐ 30/2020 art. 15). Of two clerks at once one gets a number
 * and the other hears that it is done.
 * @throws TrucError `work.step-not-now`, `signing.number-taken` for a number that was named and is another document's, and what
 * `numberDraft` throws
 */
export async function numberOutgoing(order: NumberingOrder, desk: WorkDesk): Promise<OutgoingFile> {
  const { actor } = order;
  const found = await outgoingFile(order.fileId, actor.agencyId, desk);
  const before = order.revision === null ? -1 : order.revision;
  if (found.state === 'numbered' && found.steps.at(-1)?.by.id === actor.id && found.revision > before)
    return found;
  checkStep(found, 'number', actor, rulesNow(desk));
  if (order.revision !== null && order.revision !== found.revision) throw changedMeanwhile(found);
  const file = await noteOpened(found, 'number', actor, desk);
  const caller = officeCaller(actor.agencyId);
  const date = order.date ?? vietnamDate(desk.clock.now()).replaceAll('/', '-');
  const { sha256 } = latestOf(await draftFor(file.documentId, caller, desk));
  const year = Number(date.slice(0, 4));
  const first = order.number ?? (await desk.work.lastNumber(actor.agencyId, 'outgoing', year, '')) + 1;
  const places = order.places ?? file.letter.places;
  for (let number = first; ; number++)
    try {
      await numberDraft(file.documentId, { sha256, number, date, series: '', places }, caller, desk);
      return await outgoingFile(file.fileId, actor.agencyId, desk);
    } catch (error) {
      const taken = error instanceof TrucError && error.code === 'signing.number-taken';
      if (!taken || order.number !== null || number - first >= MOST_NUMBERS) throw error;
    }
}

function step(
  name: Parameters<typeof take>[0],
  order: StepOrder,
  change: Parameters<typeof take<OutgoingFile>>[3],
  desk: WorkDesk,
): Promise<OutgoingFile> {
  return take<OutgoingFile>(name, 'outgoing', order, change, desk);
}

export function turnsOf(people: readonly PersonRef[]): `person:${string}`[] {
  return [...new Set(people.map(({ id }) => `person:${id}` as const))];
}

export function personRef({ id, name, title }: PersonRef): PersonRef {
  return { id, name, title };
}
