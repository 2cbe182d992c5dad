import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type ComposedLetter, composeLetter, letterOf, letterOrder, staffName } from '../../src/lab/index.ts';
import type { Page } from '../builders/browser-walk.ts';
import { aPdf } from '../builders/edxml.ts';
import type { PreparedList, Session } from '../signer.ts';
import { people, type WorkFile, workOffice } from '../work-office.ts';
import { draftedBy, LETTER, type Visitor, workVisitor } from '../work-visitor.ts';
import { type World, world } from '../world.ts';

const COMMUNE = 'H53.32.30';
const MINISTRY = 'G09';
let axis: World;
let office: ReturnType<typeof workOffice>;
let specialist: Visitor;
let deputy: Visitor;
let leader: Visitor;
let clerk: Visitor;
let made: ComposedLetter;

beforeAll(async () => {
  axis = await world();
  office = workOffice(axis);
  [specialist, deputy, leader, clerk] = (await Promise.all(
    (['specialist', 'deputy', 'leader', 'clerk'] as const).map((role) => workVisitor(axis, role, COMMUNE)),
  )) as [Visitor, Visitor, Visitor, Visitor];
  const order = letterOrder({ from: COMMUNE, to: [MINISTRY], number: 1, subject: 'V/v tệp riêng', priority: 0 }, Date.now());
  made = await composeLetter(letterOf(order));
}, 60_000); // biome-ignore format: one call a line
afterAll(async () => {
  await axis.audit();
  await axis.stop();
});

const pathOf = (page: Page) => new URL(page.url).pathname;
const idOf = (page: Page) => pathOf(page).split('/').at(-1) as string;
const codeIn = (page: Page) => /((?:work|signing|api|intake|agency)\.[a-z-]+)/.exec(page.text)?.[1];
const pdf = (name: string, bytes: Uint8Array = aPdf(name)) => ({ name: `${name}.pdf`, bytes });
const MM = 72 / 25.4;
const places = () => {
  const { number, date } = made;
  const mm = (points: number) => (points / MM).toFixed(1);
  return { numberLeft: mm(number.x), numberTop: mm(841.89 - number.y), dateLeft: mm(date.x), dateTop: mm(841.89 - date.y) };
}; // biome-ignore format: one value

/** Checked and submitted by the pages. */
async function submitted(page: Page): Promise<string> {
  const path = pathOf(page);
  await specialist.send(page, /ask$/, { checkers: clerk.person.personId });
  await clerk.send(await clerk.get(path), /check-content$/);
  await clerk.send(await clerk.get(path), /check-form$/);
  await specialist.send(await specialist.get(path), /submit$/);
  return path;
}

/** What the signing window does with the ticket that a page gave. */
async function signedWith(who: Visitor, address: string, entity: string): Promise<string[]> {
  const { desk } = office;
  const shown = await who.get(address);
  const data = (name: string) => new RegExp(`data-${name}="([^"]+)"`).exec(shown.text)?.[1]?.replaceAll('&amp;', '&') ?? '';
  const answer = await who.raw.post(`${axis.url}${data('ticket')}`, {}, { 'x-csrf-token': data('csrf'), accept: 'application/json' });
  const body = JSON.parse(answer.text) as { ticket: string; code?: string };
  if (body.code) return [body.code];
  const opening = { ticket: body.ticket, parentOrigin: new URL(axis.url).origin, user: who.person.personId };
  const session = (await (await desk.widget('/v1/sign/sessions', { body: opening })).json()) as Session;
  const { documents } = (await (await desk.prepare(session, entity)).json()) as { documents: PreparedList };
  const signatures = documents.map((one) => {
    if (one.status !== 'prepared') throw new TypeError(JSON.stringify(one));
    return { prepareId: one.prepareId, signature: desk.signature(one, entity) };
  });
  const done = (await (await desk.finalize(session, signatures)).json()) as { documents: { status: string }[] };
  return done.documents.map(({ status }) => status);
} // biome-ignore format: a call a line

const OFFICIAL = `official-${COMMUNE.toLowerCase()}`;
const SEAL = `seal-${COMMUNE.toLowerCase()}`;

async function issued(path: string): Promise<WorkFile> {
  expect(await signedWith(leader, `${path}/sign/approve`, OFFICIAL)).toEqual(['signed']);
  await clerk.send(await clerk.get(path), /number$/);
  expect(await signedWith(clerk, `${path}/sign/seal`, SEAL)).toEqual(['signed']);
  await clerk.send(await clerk.get(path), /issue$/, { to: MINISTRY });
  return office.file(COMMUNE, 'outgoing', path.split('/').at(-1) as string);
}

async function arrived(subject: string): Promise<{ page: Page; files: string[] }> {
  const theirs = await workVisitor(axis, 'clerk', MINISTRY);
  await office.post(MINISTRY, 'incoming/collect', { by: people(axis, MINISTRY).clerk, limit: 50 });
  const list = await theirs.get('/work/incoming');
  const path = new RegExp(`href="(/work/incoming/[0-9a-f-]{36})">${subject}`).exec(list.text)?.[1] as string;
  const page = await theirs.get(path);
  return { page, files: [...page.text.matchAll(/files\/\d+">([^<]+)</g)].map((one) => one[1] as string) };
}

describe('a letter made elsewhere, with annexes in files of their own', () => {
  test('is drafted, checked, signed, numbered where it was said, sealed with its annexes, and arrives whole', async () => {
    const form = await specialist.get('/work/outgoing/new');
    const signer = /<select id="signer"[\s\S]*?<option value="([^"]+)"/.exec(form.text)?.[1] as string;
    const subject = 'V/v văn bản soạn ở nơi khác';
    let page = await specialist.upload(form, /^\/work\/outgoing$/, { ...LETTER, ...places(), signer, subject, paragraphs: '' }, { pdf: pdf('Tờ trình', made.bytes) });
    const path = pathOf(page);
    expect(path).toMatch(/^\/work\/outgoing\/[0-9a-f-]{36}$/);
    const preview = await specialist.get(`${path}/preview`);
    expect(preview.headers.get('content-type')).toBe('application/pdf');
    page = await specialist.upload(page, /\/annex$/, { name: 'Phụ lục I: Danh sách' }, { annex: pdf('một') });
    page = await specialist.upload(page, /\/annex$/, { name: 'Phụ lục II' }, { annex: pdf('hai') });
    page = await specialist.upload(page, /\/annex$/, { name: 'Phụ lục III' }, { annex: pdf('ba') });
    page = await specialist.send(page, /drop-annex$/);
    expect(page.text).not.toContain('1. Phụ lục I: Danh sách');
    expect(page.text).toContain('1. Phụ lục II');
    expect((await specialist.get(`${path}/annexes/1`)).status).toBe(200);
    expect((await specialist.get(`${path}/annexes/2`)).status).toBe(404);
    await submitted(page);
    expect(await signedWith(leader, `${path}/sign/approve`, OFFICIAL)).toEqual(['signed']);
    expect(await signedWith(clerk, `${path}/sign/appendix`, SEAL)).toEqual(['work.step-not-now']);
    await clerk.send(await clerk.get(path), /number$/);
    expect(await signedWith(clerk, `${path}/sign/seal`, SEAL)).toEqual(['signed']);
    const early = await office.refused(COMMUNE, `outgoing/${idOf(page)}/issue`, { revision: (await office.file(COMMUNE, 'outgoing', idOf(page))).revision, by: people(axis, COMMUNE).clerk });
    expect(early).toEqual([409, 'work.annexes-unsealed']);
    expect(await signedWith(clerk, `${path}/sign/appendix`, SEAL)).toEqual(['signed', 'signed']);
    expect(await signedWith(clerk, `${path}/sign/appendix`, SEAL)).toEqual(['work.step-not-now']);
    await clerk.send(await clerk.get(path), /issue$/, { to: MINISTRY });
    const sent = await office.file(COMMUNE, 'outgoing', idOf(page));
    expect(sent).toMatchObject({ state: 'sent' });

    const { page: theirs, files } = await arrived(subject);
    expect(files.slice(1)).toEqual(['PL01_Phụ-lục-II.signed.pdf', 'PL02_Phụ-lục-III.signed.pdf']);
    expect(files[0]).toMatch(/^\d\d_UBND\.signed\.pdf$/);
    expect(theirs.text).toContain('Đủ điều kiện kỹ thuật để thay bản giấy');
    const report = await axis.fetch(MINISTRY, `/v1/documents/${sent.sentAs}/report`);
    const { attachments: judged } = (await report.json()) as { attachments: { indication: string; role: string }[] };
    expect(judged.map(({ indication, role }) => [role, indication])).toEqual([['main', 'TOTAL_PASSED'], ['annex', 'TOTAL_PASSED'], ['annex', 'TOTAL_PASSED']]);
  }, 90_000); // biome-ignore format: a gesture a line

  test('an annex that changes has everything checked anew; other people and signed letters take none', async () => {
    let page = await draftedBy(specialist);
    const path = pathOf(page);
    await specialist.send(page, /ask$/, { checkers: clerk.person.personId });
    await clerk.send(await clerk.get(path), /check-content$/);
    await clerk.send(await clerk.get(path), /check-form$/);
    page = await specialist.upload(await specialist.get(path), /\/annex$/, { name: 'Phụ lục' }, { annex: pdf('x') });
    expect((await office.file(COMMUNE, 'outgoing', idOf(page))).state).toBe('drafting');
    expect(page.text).not.toMatch(/action="[^"]*submit"/);
    const late = await specialist.upload(await specialist.get(path), /\/annex$/, { name: 'Phụ lục', revision: '1' }, { annex: pdf('y') });
    expect([late.status, codeIn(late)]).toEqual([409, 'work.changed-meanwhile']);
    expect((await clerk.get(path)).text).not.toMatch(/action="[^"]*annex"/);
  }, 30_000); // biome-ignore format: a gesture a line
});

describe('what is uploaded', () => {
  test('no PDF, a broken one, no file, too many parts, no boundary, too much, without the token: each is refused, and nothing changes', async () => {
    const page = await draftedBy(specialist);
    const before = await office.file(COMMUNE, 'outgoing', idOf(page));
    const send = (fields: Record<string, string>, bytes: Uint8Array) => specialist.upload(page, /\/annex$/, { name: 'x', ...fields }, { annex: pdf('x', bytes) });
    const text = (value: string) => new TextEncoder().encode(value);
    expect(codeIn(await send({}, text('<html>')))).toBe('signing.pdf-not-usable');
    expect(codeIn(await send({}, text('%PDF-1.7\nnothing')))).toBe('signing.pdf-not-usable');
    expect(codeIn(await send({}, text('')))).toBe('work.reason-missing');
    expect(codeIn(await send({ name: ' ' }, aPdf('x')))).toBe('work.reason-missing');
    expect((await send({ csrf: 'other' }, aPdf('x'))).status).toBe(403);
    const many = Object.fromEntries(Array.from({ length: 120 }, (_, i) => [`f${i}`, 'x']));
    expect((await send(many, aPdf('x'))).status).toBe(400);
    expect((await send({}, new Uint8Array(33 * 1024 * 1024))).status).toBe(413);
    const address = `${axis.url}${pathOf(page)}/annex`;
    for (const type of ['multipart/form-data', 'multipart/form-data; boundary=x', 'multipart/form-data; boundary=""'])
      expect((await specialist.raw.post(address, {}, { 'content-type': type })).status).toBe(400);
    expect(await office.file(COMMUNE, 'outgoing', idOf(page))).toEqual(before);
  }, 60_000); // biome-ignore format: a case a line
});

test('several letters are approved at once and sealed at once; letters of two forms are not', async () => {
  const paths: string[] = [];
  for (const subject of ['V/v một', 'V/v hai', 'V/v ba']) paths.push(await submitted(await draftedBy(specialist, { subject })));
  const other = await submitted(await draftedBy(specialist, { subject: 'V/v trực tiếp', capacity: 'direct', authority: '' }));
  const tasks = await leader.get('/work');
  expect(tasks.text.match(/name="id" value=/g)).toHaveLength(4);
  const query = (list: string[]) => list.map((path) => `id=${path.split('/').at(-1)}`).join('&');
  expect(await signedWith(leader, `/work/batch/approve?${query([...paths, other])}`, OFFICIAL)).toEqual(['work.batch-mixed']);
  expect(await signedWith(leader, `/work/batch/approve?${query(paths)}`, OFFICIAL)).toEqual(['signed', 'signed', 'signed']);
  expect(await signedWith(deputy, `/work/batch/approve?${query([other])}`, staffName('deputy', COMMUNE))).toEqual(['work.not-your-turn']);
  for (const wrong of ['', 'id=x', query([...paths, paths[0] as string]), `${query(paths)}&id=x`])
    expect((await leader.get(`/work/batch/approve?${wrong}`)).status).toBe(400);
  expect((await leader.get(`/work/batch/appendix?${query(paths)}`)).status).toBe(404);
  for (const path of paths) await clerk.send(await clerk.get(path), /number$/);
  expect(await signedWith(clerk, `/work/batch/seal?${query(paths)}`, SEAL)).toEqual(['signed', 'signed', 'signed']);
  const files = await Promise.all(paths.map((path) => office.file(COMMUNE, 'outgoing', path.split('/').at(-1) as string)));
  expect(files.map(({ state }) => state)).toEqual(['sealed', 'sealed', 'sealed']);
  expect(files.map(({ steps }) => steps.find(({ step }) => step === 'sign')?.by.name)).toEqual(Array(3).fill(leader.person.name));
}, 120_000); // biome-ignore format: a gesture a line

test('a sent letter is corrected and then replaced from its page: the message says so, and the recipient reads it', async () => {
  const original = await issued(await submitted(await draftedBy(specialist, { subject: 'V/v bản đầu' })));
  await arrived('V/v bản đầu');
  const amended = async (kind: 'updates' | 'replaces', subject: string) => {
    const form = await specialist.get(`/work/outgoing/new?${kind}=${original.fileId}`);
    expect(form.text).toContain('V/v bản đầu');
    const signer = /<select id="signer"[\s\S]*?<option value="([^"]+)"/.exec(form.text)?.[1] as string;
    const silent = await specialist.send(form, /^\/work\/outgoing$/, { ...LETTER, signer, subject, amendReason: ' ' });
    expect(codeIn(silent)).toBe('work.reason-missing');
    const page = await specialist.send(form, /^\/work\/outgoing$/, { ...LETTER, signer, subject, amendReason: 'sai số liệu' });
    return issued(await submitted(page));
  };
  const events = async () => {
    const answer = await axis.fetch(COMMUNE, `/v1/documents/${original.sentAs}/timeline`);
    return ((await answer.json()) as { events: { type: string }[] }).events.map(({ type }) => type);
  };
  const update = await amended('updates', 'V/v bản đính chính');
  expect(update.state).toBe('sent');
  expect(await events()).toContain('document.updated');
  expect((await arrived('V/v bản đính chính')).page.text).toContain('Đính chính, cập nhật văn bản');
  await amended('replaces', 'V/v bản thay thế');
  expect(await events()).toContain('document.replaced');
  expect((await arrived('V/v bản thay thế')).page.text).toContain('Thay thế văn bản');
  const unknown = await specialist.get(`/work/outgoing/new?updates=${update.documentId}`);
  expect([unknown.status, codeIn(unknown)]).toEqual([422, 'work.amends-unknown']);
}, 120_000); // biome-ignore format: a gesture a line
