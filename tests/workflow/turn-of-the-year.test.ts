import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { VIETNAM_CALENDAR } from '../../src/document/index.ts';
import { writeDocument } from '../../src/edxml/index.ts';
import { submit } from '../../src/exchange/index.ts';
import type { ManualClock } from '../../src/kernel/index.ts';
import {
  type Actor,
  askForChecks,
  check,
  closeOldDrafts,
  collectArrivals,
  deadlineOf,
  discardDraft,
  type IncomingFile,
  isOverdue,
  type LetterFacts,
  numberOutgoing,
  type OutgoingFile,
  openOutgoing,
  outgoingFile,
  registerIncoming,
  rulesNow,
  submitToSigner,
  verifyIncoming,
  type WorkDesk,
  type WorkRole,
} from '../../src/workflow/index.ts';
import { Ceremonies } from '../builders/ceremonies.ts';
import { aDocument, anAttachment, aReference } from '../builders/edxml.ts';
import { type WeakAxis, type WeakWorld, weakWorld } from '../builders/weak-axis.ts';
import { anIncoming, anOutgoing } from '../builders/work-records.ts';

const COMMUNE = 'H53.32.29';
const MINISTRY = 'G09';
/** 31 December 2026, 23:59:00 in Vietnam, a Thursday. */
const LAST_MINUTE = Date.parse('2026-12-31T16:59:00.000Z');
const MIDNIGHT = Date.parse('2026-12-31T17:00:00.000Z');
let world: WeakWorld;
let axis: WeakAxis;
let desk: WorkDesk;
let clock: ManualClock;
let signing: Ceremonies;

beforeAll(async () => {
  world = await weakWorld(COMMUNE, [MINISTRY], LAST_MINUTE);
  axis = await world.axis();
  desk = (await axis.start(axis.stores)) as WorkDesk;
  ({ clock } = axis);
  signing = await new Ceremonies(world.pki, axis.as(COMMUNE), desk, COMMUNE).begin();
}, 60_000);
afterAll(() => world.remove());

function actor(code: string, role: WorkRole): Actor {
  const agencyId = axis.as(code).agencyIds[0] as string;
  return { id: `${code}/${role}`, name: role, title: '', agencyId, roles: [role], signer: {} };
}

async function signed(): Promise<OutgoingFile> {
  const [specialist, deputy, clerk] = [actor(COMMUNE, 'specialist'), actor(COMMUNE, 'deputy'), actor(COMMUNE, 'clerk')];
  const { documentId, letter } = await signing.letter();
  const facts: LetterFacts = {
    ...{ subject: 'V/v giao thừa', typeName: 'Công văn', notation: 'UBND', place: 'Ninh Điền', to: [MINISTRY] },
    ...{ toPlaces: ['Lưu: VT'], priority: 0, dueDate: null, signer: actor(COMMUNE, 'leader'), capacity: 'TM' },
    ...{ authority: 'TM. ỦY BAN NHÂN DÂN', delegationId: null, paragraphs: null, answers: null },
    places: { number: letter.number, date: letter.date },
  };
  const { fileId } = await openOutgoing({ documentId, letter: facts, actor: specialist }, desk);
  let { revision } = await askForChecks({ fileId, revision: 1, actor: specialist, checkers: [deputy, clerk] }, desk);
  ({ revision } = await check({ fileId, revision, actor: deputy, aspect: 'content' }, desk));
  ({ revision } = await check({ fileId, revision, actor: clerk, aspect: 'form' }, desk));
  await submitToSigner({ fileId, revision, actor: specialist }, desk);
  await signing.sign(documentId);
  return outgoingFile(fileId, specialist.agencyId, desk);
} // biome-ignore format: facts by the line

async function arrived(code: string): Promise<IncomingFile> {
  const attachment = anAttachment();
  const document = aDocument({
    code: { number: code, notation: 'UBND' },
    promulgation: { place: 'Ninh Điền', date: '2026/12/31' },
    documentId: `${COMMUNE},2026/12/31,${code}/UBND`,
    references: [aReference(attachment.contentId, attachment.name)],
  });
  const { documentId } = await submit(writeDocument(document, [attachment]), axis.as(COMMUNE), desk);
  const clerk = actor(MINISTRY, 'clerk');
  await collectArrivals(clerk, 10, desk);
  const { agencyId } = clerk;
  const [file] = await desk.work.list({ agencyId, kind: 'incoming', documentId, before: '', limit: 1 });
  return verifyIncoming({ fileId: file?.fileId ?? '', revision: file?.revision ?? 0, actor: clerk }, desk);
}

const lines = async (code: string, register: 'outgoing' | 'incoming', year: number) =>
  (await desk.work.register({ agencyId: actor(code, 'clerk').agencyId, register, year, after: 0, limit: 10 })).map(
    ({ line }) => line?.number,
  ); // biome-ignore format: one call

test('check 37: both books end with 23:59:59.999 of 31 December and begin with 01 at 00:00 of 1 January in Vietnam', async () => {
  const outgoing = [await signed(), await signed(), await signed()];
  const incoming = [await arrived('1'), await arrived('2'), await arrived('3')];
  const step = async (i: number) => {
    const [out, inc] = [outgoing[i] as OutgoingFile, incoming[i] as IncomingFile];
    await numberOutgoing({ fileId: out.fileId, revision: null, actor: actor(COMMUNE, 'clerk'), number: null, date: null }, desk);
    await registerIncoming({ fileId: inc.fileId, revision: null, actor: actor(MINISTRY, 'clerk'), number: null }, desk);
  }; // biome-ignore format: one call a line
  await step(0);
  clock.set(MIDNIGHT - 1);
  await step(1);
  clock.set(MIDNIGHT);
  await step(2);
  for (const [code, register] of [[COMMUNE, 'outgoing'], [MINISTRY, 'incoming']] as const) // biome-ignore format: pairs on one line
    expect([await lines(code, register, 2026), await lines(code, register, 2027)]).toEqual([[1, 2], [1]]);
  const files = await Promise.all(
    outgoing.map(({ fileId, agencyId }) => outgoingFile(fileId, agencyId, desk)),
  );
  expect(files.map(({ date }) => date)).toEqual(['2026-12-31', '2026-12-31', '2027-01-01']);
}, 60_000);

test('a draft that nobody has touched for a year is closed with an entry; one day less, or signed, it stays', async () => {
  const specialist = actor(COMMUNE, 'specialist');
  const { documentId, letter } = await signing.letter();
  const facts: LetterFacts = {
    ...{ subject: 'V/v bỏ quên', typeName: 'Công văn', notation: 'UBND', place: 'Ninh Điền', to: [MINISTRY] },
    ...{ toPlaces: [], priority: 0, dueDate: null, signer: actor(COMMUNE, 'leader'), capacity: 'TM', authority: '' },
    ...{ delegationId: null, paragraphs: null, answers: null, places: { number: letter.number, date: letter.date } },
  };
  const { fileId, agencyId } = await openOutgoing({ documentId, letter: facts, actor: specialist }, desk);
  const kept = await signed();
  await expect(discardDraft({ fileId: kept.fileId, revision: null, actor: specialist, note: 'x' }, desk)).rejects.toMatchObject({ code: 'work.step-not-now' });
  await expect(discardDraft({ fileId, revision: null, actor: specialist }, desk)).rejects.toMatchObject({ code: 'work.reason-missing' });
  await expect(discardDraft({ fileId, revision: null, actor: actor(COMMUNE, 'deputy'), note: 'x' }, desk)).rejects.toMatchObject({ code: 'work.not-your-turn' });
  const start = clock.now();
  clock.set(start + 364 * 86_400_000);
  expect(await closeOldDrafts(desk)).toBe(0);
  clock.set(start + 365 * 86_400_000);
  expect(await closeOldDrafts(desk)).toBe(1);
  expect(await closeOldDrafts(desk)).toBe(0);
  expect(await outgoingFile(fileId, agencyId, desk)).toMatchObject({ state: 'discarded', turns: [] });
  expect((await outgoingFile(kept.fileId, agencyId, desk)).state).toBe('signed');
  expect((await desk.events.of(fileId)).map(({ type, place }) => [type, place !== null])).toEqual([['work.draft', true], ['work.discard', true]]);
  clock.set(start);
}, 60_000); // biome-ignore format: one call a line

test('check 37: what the law asks by the end of a day or of the next working day is overdue after it, not over a holiday', () => {
  const rules = rulesNow(desk);
  const due = (file: IncomingFile | OutgoingFile) => deadlineOf(file, rules, VIETNAM_CALENDAR);
  /** Friday before Tết 2026, 16:00 in Vietnam; the next working day is Monday, 23 February. */
  const friday = '2026-02-13T09:00:00.000Z';
  const came = anIncoming({ createdAt: friday, state: 'arrived', directive: null, priority: 0 });
  expect(due(came)).toMatchObject({ day: '2026-02-13' });
  expect(due({ ...came, state: 'registered' })).toMatchObject({ day: '2026-02-23' });
  expect(due({ ...came, state: 'registered', priority: 2 })).toMatchObject({ day: '2026-02-13' });
  expect(due({ ...came, createdAt: '2026-02-14T09:00:00.000Z' })).toMatchObject({ day: '2026-02-23' });
  expect(due({ ...came, state: 'done' })).toBeNull();
  const by = { id: 'a', name: '', title: '' };
  const directive = { text: '', by, lead: by, others: [], dueDate: '2026-02-18' };
  expect(due({ ...came, state: 'working', directive })).toEqual({ day: '2026-02-23', source: '' });
  const step = { step: 'sign', by, at: friday, eventId: '', revision: 2, note: '' } as const;
  const letter = anOutgoing({ state: 'sealed', steps: [step] });
  expect(due({ ...letter, letter: { ...letter.letter, priority: 0 } })).toMatchObject({ day: '2026-02-23' });
  expect(due({ ...letter, letter: { ...letter.letter, priority: 3 } })).toMatchObject({ day: '2026-02-13' });
  expect(due({ ...letter, state: 'drafting' })).toBeNull();

  const [before, after] = ['2026-02-23T16:59:59.999Z', '2026-02-23T17:00:00.000Z'].map((text) =>
    Date.parse(text),
  );
  const limit = due({ ...came, state: 'registered' });
  expect([before, after].map((now) => isOverdue(limit, now as number, VIETNAM_CALENDAR))).toEqual([
    false,
    true,
  ]);
  expect(isOverdue(null, Number.MAX_SAFE_INTEGER / 2, VIETNAM_CALENDAR)).toBe(false);
});
