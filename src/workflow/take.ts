import { officialPseudonym } from '../agency/index.ts';
import {
  type Caller,
  pendingEvent,
  putOnRecord,
  recordPending,
  type Stations,
  speaksFor,
} from '../exchange/index.ts';
import { isoTime, type JsonValue, sha256Hex, TrucError, vietnamDate } from '../kernel/index.ts';
import type { WorkProblemCode } from './errors.ts';
import type { Actor, PersonRef, Step, WorkFile } from './file.ts';
import { checkStep } from './permission.ts';
import { type WorkRules, workRulesOn } from './rules.ts';
import type { StepName } from './words.ts';
import type { WorkBook } from './work-book.ts';

/** What the clerical work is done with: the axis's stations and the files. */
export type WorkDesk = Stations & { work: WorkBook };

/** What every step is asked with. */
export interface StepOrder {
  fileId: string;
  /** The revision that the person saw; null where the step adds to whatever is there. */
  revision: number | null;
  actor: Actor;
  /** Comment, reason, directive. */
  note?: string;
}

/** What a step changes, and what its entry says beside the usual. */
export interface Change<File extends WorkFile> {
  file: Partial<File>;
  facts?: Readonly<Record<string, JsonValue>>;
  version?: number;
}

const ROUNDS = 5;

/**
 * Takes one step on a file: rules → stored with its event, if nobody was faster → ledger. Committed on return. The same
 * step of the same person on the same revision again gives the file as it is now.
 * @throws TrucError `work.file-unknown`, `work.changed-meanwhile` when somebody was faster, and what `checkStep` throws
 */
export async function take<File extends WorkFile>(
  step: StepName,
  kind: File['kind'],
  order: StepOrder,
  change: (file: File, at: string) => Change<File>,
  desk: WorkDesk,
): Promise<File> {
  for (let round = 1; ; round++) {
    const file = await fileOf<File>(order.fileId, order.actor.agencyId, kind, desk);
    if (isRepeat(file, step, order)) {
      await recordPending(file.fileId, desk);
      return file;
    }
    if (order.revision !== null && order.revision !== file.revision) throw changedMeanwhile(file);
    checkStep(file, step, order.actor, rulesNow(desk));
    const at = isoTime(desk.clock.now());
    const changed = change(file, at);
    const next = stepped(file, step, order, changed, at);
    const outcome = await desk.work.replace(next.file, [next.event]);
    if (outcome === 'number-taken') throw numberTaken(next.file);
    if (outcome === 'replaced') {
      await putOnRecord([next.event], desk);
      return next.file;
    }
    if (order.revision !== null || round === ROUNDS) throw changedMeanwhile(file);
  }
}

/** A file with one more step, and the event of that step. Personal data stay in the file: the entry has a pseudonym. */
export function stepped<File extends WorkFile>(
  file: File,
  step: StepName,
  { actor, note = '' }: Pick<StepOrder, 'note'> & { actor: PersonRef },
  { file: fields, facts = {}, version }: Change<File>,
  at: string,
) {
  const revision = file.revision + 1;
  const subject = { id: file.fileId, ledgerDoc: file.ledgerDoc, ledgerKey: file.ledgerKey };
  const after = { ...file, ...fields };
  const told = {
    fileId: file.fileId,
    documentId: file.documentId,
    revision,
    state: after.state,
    by: pseudonym(actor, file.agencyId, at),
    ...(note === '' ? {} : { noteSha256: sha256Hex(note) }),
    ...(version === undefined ? {} : { version }),
    ...facts,
  };
  const happening = { actorId: file.agencyId, recipientId: null, facts: told, distinct: String(revision) };
  const event = pendingEvent(subject, { type: `work.${step}`, ...happening }, Date.parse(at));
  const by = { id: actor.id, name: actor.name, title: actor.title };
  const line: Step = { step, by, at, eventId: event.eventId, revision, note, ...(version === undefined ? {} : { version }) }; // biome-ignore format: one value
  return { file: { ...after, revision, updatedAt: at, steps: [...file.steps, line] } as File, event };
}

/** One name for a person in an agency's year; ids are random, so that nobody finds them by trying. */
export function pseudonym({ id }: PersonRef, agencyId: string, at: string): string {
  return officialPseudonym(id, agencyId, at);
}

function isRepeat(file: WorkFile, step: StepName, { revision, actor, note = '' }: StepOrder): boolean {
  if (revision === null) return false;
  const done = file.steps.find((one) => one.revision === revision + 1);
  return done?.step === step && done.by.id === actor.id && done.note === note;
}

/** @throws TrucError `work.file-unknown` also for files of other agencies, and for the other kind */
export async function fileOf<File extends WorkFile>(
  fileId: string,
  agencyId: string,
  kind: File['kind'],
  desk: WorkDesk,
): Promise<File> {
  const file = await desk.work.get(fileId);
  if (!file || file.agencyId !== agencyId || file.kind !== kind)
    throw new TrucError<WorkProblemCode>('work.file-unknown', { fileId });
  return file as File;
}

/** The agency of a file that a system names. @throws TrucError `work.file-unknown` also for agencies of others */
export async function agencyOfFile(fileId: string, caller: Caller, desk: WorkDesk): Promise<string> {
  const file = await desk.work.get(fileId);
  if (!file || !speaksFor(caller, file.agencyId))
    throw new TrucError<WorkProblemCode>('work.file-unknown', { fileId });
  return file.agencyId;
}

export function changedMeanwhile({ fileId, revision, state }: WorkFile): TrucError {
  return new TrucError<WorkProblemCode>('work.changed-meanwhile', { fileId, revision, state });
}

export function numberTaken({ line }: WorkFile): TrucError {
  return new TrucError<WorkProblemCode>('work.number-taken', {
    number: line?.number ?? 0,
    year: line?.year ?? 0,
  });
}

export function rulesNow(desk: Pick<WorkDesk, 'clock'>): WorkRules {
  return workRulesOn(vietnamDate(desk.clock.now()).replaceAll('/', '-'));
}

/** The client id under which people work here; it has no secret, and its pages may hold the signing window. */
export const OFFICE_CLIENT = 'truc-work';

/** As whom the axis is asked for an agency whose people work here. */
export function officeCaller(agencyId: string): Caller {
  return {
    clientId: OFFICE_CLIENT,
    agencyIds: [agencyId],
    scopes: ['documents.send', 'inbox', 'statuses', 'sign'],
  };
}

/** @throws TrucError `work.reason-missing` */
export function demandReason(note: string | undefined): void {
  if ((note ?? '').trim() === '') throw new TrucError<WorkProblemCode>('work.reason-missing');
}
