import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { DemoPerson } from '../../src/lab/index.ts';
import { type Page, walker } from '../builders/browser-walk.ts';
import type { Session } from '../signer.ts';
import { people, workOffice } from '../work-office.ts';
import { draftedBy, LETTER, type Visitor, workVisitor } from '../work-visitor.ts';
import { type World, world } from '../world.ts';

const COMMUNE = 'H53.32.30';
const MINISTRY = 'G09';
let axis: World;
let office: ReturnType<typeof workOffice>;

beforeAll(async () => {
  axis = await world();
  office = workOffice(axis);
}, 60_000);
afterAll(() => axis.stop());

const visitor = (role: DemoPerson['role'], agency: string | null) => workVisitor(axis, role, agency);
const drafted = draftedBy;

describe('the pages without script', () => {
  test('who is not logged in goes to log in; who has no role in an agency is told', async () => {
    const stranger = walker();
    expect((await stranger.get(`${axis.url}/work`)).url).toContain('/login?next=%2Fwork');
    const auditor = await visitor('auditor', null);
    expect((await auditor.get('/work')).status).toBe(403);
  });

  test('a draft is saved once however often the form is sent, changed, and its text has its lines again', async () => {
    const specialist = await visitor('specialist', COMMUNE);
    const form = await specialist.get('/work/outgoing/new');
    const signer = /<select id="signer"[\s\S]*?<option value="([^"]+)"/.exec(form.text)?.[1] as string;
    const twice = await Promise.all([1, 2].map(() => specialist.send(form, /^\/work\/outgoing$/, { ...LETTER, signer })));
    expect(new Set(twice.map(({ url }) => url)).size).toBe(1);
    const page = twice[0] as Page;
    expect(page.status).toBe(200);
    expect(page.text).toContain('<span class="stamp">KHẨN</span>');
    expect(page.text).toContain('Bộ Nội vụ (G09)');
    const path = new URL(page.url).pathname;
    const pdf = await specialist.get(`${path}/pdf`);
    expect(pdf.headers.get('content-type')).toBe('application/pdf');
    const edit = await specialist.get(`${path}/edit`);
    expect(edit.text).toContain('rows="12">Đoạn một.\nĐoạn hai.</textarea>');
    const changed = await specialist.send(edit, /edit$/, { ...LETTER, signer, subject: 'V/v đã sửa' });
    expect(changed.text).toContain('<h1>V/v đã sửa</h1>');
    // Somebody who still has the form of before is told, and nothing is written over.
    const late = await specialist.send(edit, /edit$/, { ...LETTER, signer, subject: 'V/v muộn' });
    expect([late.status, late.text.includes('work.changed-meanwhile')]).toEqual([409, true]);
  }, 30_000);

  test('a form without the session’s token, from another page, with nonsense, or for another agency changes nothing', async () => {
    const specialist = await visitor('specialist', COMMUNE);
    const page = await drafted(specialist);
    const path = new URL(page.url).pathname;
    const ask = `${axis.url}${path}/ask`;
    expect((await specialist.raw.post(ask, { revision: '1' })).status).toBe(403);
    const csrf = /name="csrf" value="([^"]+)"/.exec(page.text)?.[1] as string;
    const elsewhere = { origin: 'https://example.vn', 'sec-fetch-site': 'cross-site' };
    expect((await specialist.raw.post(ask, { csrf, revision: '1' }, elsewhere)).status).toBe(403);
    for (const fields of [{ revision: 'x' }, { revision: '-1' }, {}])
      expect((await specialist.raw.post(ask, { csrf, ...fields } as Record<string, string>)).status).toBe(400);
    expect((await specialist.raw.post(ask, { csrf, revision: '1', checkers: 'nobody' })).status).toBe(422);
    expect((await specialist.raw.post(`${axis.url}${path}/constructor`, { csrf, revision: '1' })).status).toBe(404);
    const theirs = await visitor('clerk', MINISTRY);
    for (const address of [path, `${path}/pdf`, `${path}/edit`, `${path}/sign/approve`, `/work/incoming/${path.split('/').at(-1)}`])
      expect((await theirs.get(address)).status).toBe(404);
    const unsaid = await drafted(specialist, { paragraphs: '', subject: ' ' });
    expect([unsaid.status, unsaid.text.includes('work.reason-missing')]).toEqual([422, true]);
    const long = await drafted(specialist, { paragraphs: 'từ '.repeat(8_000) });
    expect([long.status, long.text.includes('work.text-too-long')]).toEqual([422, true]);
    const many = await drafted(specialist, { toOther: Array.from({ length: 501 }, (_, i) => `H${i}`).join(',') });
    expect([many.status, many.text.includes('intake.too-many-recipients')]).toEqual([422, true]);
    const nowhere = await drafted(specialist, { to: 'H35', toOther: '' });
    expect([nowhere.status, nowhere.text.includes('agency.unknown')]).toEqual([404, true]);
  }, 30_000);

  test('what people wrote is text and nothing else', async () => {
    const specialist = await visitor('specialist', COMMUNE);
    const page = await drafted(specialist, { subject: '<script>alert(1)</script>"\u202e', notation: '"><b>' });
    expect(page.status).toBe(200);
    expect(page.text).not.toMatch(/<script>alert|"><b>|\u202e/);
    for (const path of ['/work', '/work/outgoing', new URL(page.url).pathname])
      expect((await specialist.get(path)).text).not.toMatch(/<script>alert|"><b>|\u202e/);
  }, 30_000);

  test('one clerk in two windows numbers once; a leader gets neither the clerk’s buttons nor the clerk’s acts', async () => {
    const { file } = await office.signed(COMMUNE, MINISTRY, 'V/v hai cửa sổ');
    const path = `/work/outgoing/${file.fileId}`;
    const [one, two] = [await visitor('clerk', COMMUNE), await visitor('clerk', COMMUNE)];
    const [first, second] = [await one.get(path), await two.get(path)];
    const date = '2026-02-05';
    expect((await one.send(first, /number$/, { number: '', date })).text).toContain('Đã cấp số, chờ ký số cơ quan');
    // The same clerk in another window: it is the same act, done.
    expect((await two.send(second, /number$/, { number: '', date })).status).toBe(200);
    const leader = await visitor('leader', COMMUNE);
    const seen = await leader.get(path);
    expect(seen.text).not.toContain(`${path}/issue`);
    const csrf = /name="csrf" value="([^"]+)"/.exec(seen.text)?.[1] as string;
    const wrong = await leader.raw.post(`${axis.url}${path}/issue`, { csrf, revision: '9', to: MINISTRY });
    expect([wrong.status, wrong.text.includes('work.role-missing')]).toEqual([403, true]);
    const ticket = await leader.raw.post(`${axis.url}${path}/ticket/seal`, {}, { 'x-csrf-token': csrf, accept: 'application/json' });
    expect([ticket.status, (JSON.parse(ticket.text) as { code: string }).code]).toEqual([403, 'work.role-missing']);
  }, 30_000);
}); // biome-ignore format: a gesture a line

describe('delegations', () => {
  test('a leader records one; an expired one signs nothing, one in force does', async () => {
    const leader = await visitor('leader', COMMUNE);
    const page = await leader.get('/work/delegations');
    const deputy = axis.credentials.people.find((one) => one.role === 'deputy' && one.agency === COMMUNE) as DemoPerson;
    const terms = { kind: 'TUQ', whom: deputy.personId, fromTitle: 'Chủ tịch', scope: 'Văn bản về tiếp công dân', legalBasis: 'Giấy ủy quyền 12/GUQ-UBND' };
    const endless = await leader.send(page, /delegations$/, { ...terms, validFrom: '2026-01-01', validTo: '' });
    expect([endless.status, endless.text.includes('signing.delegation-not-in-force')]).toEqual([422, true]);
    await leader.send(page, /delegations$/, { ...terms, validFrom: '2026-01-01', validTo: '2026-01-31' });
    const listed = await leader.send(page, /delegations$/, { ...terms, validFrom: '2026-01-01', validTo: '2040-12-31' });
    expect(listed.text).toContain('Không còn (hoặc chưa) hiệu lực');
    expect(listed.text).toContain(`${deputy.name}, Phó Chủ tịch`);
    const specialist = await visitor('specialist', COMMUNE);
    const csrf = /name="csrf" value="([^"]+)"/.exec((await specialist.get('/work/delegations')).text)?.[1] as string;
    const refused = await specialist.raw.post(`${axis.url}/work/delegations`, { csrf, ...terms, validFrom: '2026-01-01', validTo: '2040-12-31' });
    expect([refused.status, refused.text.includes('work.role-missing')]).toEqual([403, true]);

    const options = [...(await specialist.get('/work/outgoing/new')).text.matchAll(/<option value="([0-9a-f-]{36})"[^>]*>TUQ\./g)].map((one) => one[1] as string);
    expect(options).toHaveLength(2);
    const [inForce, expired] = options as [string, string];
    for (const [delegationId, outcome] of [[expired, 'signing.delegation-not-in-force'], [inForce, 'prepared']] as const)
      expect(await signedByDeputy(specialist, deputy, delegationId)).toBe(outcome);

    const withdraw = new RegExp(`${inForce}/withdraw$`);
    const now = await leader.get('/work/delegations');
    expect(now.text.match(/\/withdraw"/g)).toHaveLength(1);
    const without = await leader.send(now, withdraw, { reason: ' ' });
    expect([without.status, without.text.includes('work.reason-missing')]).toEqual([422, true]);
    const byOther = await specialist.raw.post(`${axis.url}/work/delegations/${inForce}/withdraw`, { csrf, reason: 'x' });
    expect([byOther.status, byOther.text.includes('work.role-missing')]).toEqual([403, true]);
    const withdrawn = await leader.send(now, withdraw, { reason: 'Điều động công tác' });
    expect([withdrawn.status, withdrawn.text.includes('Đã thu hồi')]).toEqual([200, true]);
    expect((await leader.send(now, withdraw, { reason: 'Lần hai' })).status).toBe(200);
    expect((await specialist.get('/work/outgoing/new')).text).not.toContain(inForce);
    expect(await signedByDeputy(specialist, deputy, inForce)).toBe('signing.delegation-withdrawn');
  }, 60_000);
}); // biome-ignore format: a gesture a line

/** What the signing service says to the deputy, who signs TUQ. on a delegation. */
async function signedByDeputy(specialist: Visitor, deputy: DemoPerson, delegationId: string): Promise<string> {
  const page = await drafted(specialist, { signer: deputy.personId, capacity: 'TUQ', authority: 'TUQ. CHỦ TỊCH', delegationId });
  const path = new URL(page.url).pathname;
  const asked = await specialist.send(page, /ask$/, { checkers: axis.credentials.people.find((one) => one.role === 'clerk' && one.agency === COMMUNE)?.personId ?? '' });
  const clerk = await visitor('clerk', COMMUNE);
  await clerk.send(await clerk.get(path), /check-content$/);
  await clerk.send(await clerk.get(path), /check-form$/);
  expect(asked.status).toBe(200);
  await specialist.send(await specialist.get(path), /submit$/);
  const signer = await visitor('deputy', COMMUNE);
  const opened = await signer.get(`${path}/sign/approve`);
  const csrf = /data-csrf="([^"]+)"/.exec(opened.text)?.[1] as string;
  const answer = await signer.raw.post(`${axis.url}${path}/ticket/approve`, {}, { 'x-csrf-token': csrf, accept: 'application/json' });
  const { ticket } = JSON.parse(answer.text) as { ticket: string };
  const { desk } = office;
  const parentOrigin = new URL(axis.url).origin;
  const session = (await (await desk.widget('/v1/sign/sessions', { body: { ticket, parentOrigin, user: deputy.personId } })).json()) as Session;
  const prepared = (await (await desk.prepare(session, 'deputy-h53.32.30')).json()) as { code?: string; documents?: { status: string }[] };
  return prepared.code ?? prepared.documents?.[0]?.status ?? '';
} // biome-ignore format: a gesture a line

test('registers have the ten columns of Appendix IV and every number of the year', async () => {
  const sent = await office.sent(COMMUNE, MINISTRY, 'V/v vào sổ');
  const clerk = await visitor('clerk', COMMUNE);
  const page = await clerk.get('/work/registers/outgoing');
  expect(page.text.match(/<th scope="col">/g)).toHaveLength(10);
  expect(page.text).toContain(`${String(sent.line?.number).padStart(2, '0')}/UBND`);
  expect(page.text).toContain(people(axis, COMMUNE).leader.name);
  const other = await clerk.get('/work/registers/outgoing?year=2019&from=x');
  expect(other.text).toContain('Chưa có văn bản');
}, 30_000);
