import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { endRole, giveRole } from '../../src/exchange/index.ts';
import type { DemoPerson } from '../../src/lab/index.ts';
import { draftedBy, LETTER, type Visitor, workVisitor } from '../work-visitor.ts';
import { type World, world } from '../world.ts';

const COMMUNE = 'H53.32.30';
const MINISTRY = 'G09';
let axis: World;
let deputy: Visitor;
let ids: Record<string, string>;

beforeAll(async () => {
  axis = await world();
  const { agencies } = axis.demo.stations;
  const of = async (code: string) => (await agencies.resolve(code, Date.now()))?.id ?? '';
  ids = { [COMMUNE]: await of(COMMUNE), [MINISTRY]: await of(MINISTRY) };
  deputy = await workVisitor(axis, 'deputy', COMMUNE);
}, 60_000);
afterAll(() => axis.stop());

const secondPost = (person: DemoPerson, role: 'clerk' | 'deputy' = 'clerk') => ({
  ...{ personId: person.personId, role, agencyId: ids[MINISTRY] as string },
  ...{ title: 'Biệt phái viên', validFrom: '2026-01-01T00:00:00.000Z', validTo: null },
});
const goTo = async (who: Visitor, code: string) =>
  who.raw.post(`${axis.url}/work/offices`, { csrf: await csrfOf(who), agency: ids[code] as string });
async function csrfOf(who: Visitor): Promise<string> {
  const page = await who.get('/work/offices');
  return /name="csrf" value="([^"]+)"/.exec(page.text)?.[1] as string;
}

test('who has one post is in it; who has two chooses, sees where they are, and nothing of the other agency', async () => {
  expect((await deputy.get('/work')).text).not.toContain('/work/offices');
  const own = await draftedBy(await workVisitor(axis, 'specialist', COMMUNE));
  const path = new URL(own.url).pathname;
  expect((await deputy.get(path)).status).toBe(200);

  const { personId, ...grant } = secondPost(deputy.person);
  await giveRole(personId, grant, 'command-line', axis.demo.stations);
  const asked = await deputy.get('/work');
  expect(new URL(asked.url).pathname).toBe('/work/offices');
  expect(asked.text).toContain('Biệt phái viên');
  // Nothing to go to before the choice, but the way out.
  expect([asked.text.includes('action="/logout"'), asked.text.includes('href="/work/outgoing"')]).toEqual([
    true,
    false,
  ]);
  const inMinistry = await goTo(deputy, MINISTRY);
  expect(new URL(inMinistry.url).pathname).toBe('/work');
  expect(inMinistry.text).toContain('Văn thư: Bộ Nội vụ');
  expect((await deputy.get(path)).status).toBe(404);
  expect((await deputy.get('/work/incoming')).text).toContain('Nhận văn bản mới');
  const inCommune = await goTo(deputy, COMMUNE);
  expect(inCommune.text).toContain('Văn thư: Ủy ban nhân dân xã Thành Long');
  expect((await deputy.get(path)).status).toBe(200);
  // A deputy here, a clerk only there.
  expect((await deputy.get('/work/incoming')).text).not.toContain('Nhận văn bản mới');
}, 60_000);

test('a form of a page that was opened in the other agency does nothing', async () => {
  await goTo(deputy, COMMUNE);
  const form = await deputy.get('/work/outgoing/new');
  await goTo(deputy, MINISTRY);
  const signer = /<select id="signer"[\s\S]*?<option value="([^"]+)"/.exec(form.text)?.[1] as string;
  const late = await deputy.send(form, /^\/work\/outgoing$/, { ...LETTER, to: 'H53', signer, subject: 'V/v nhầm cơ quan' });
  expect([late.status, late.text.includes('work.other-office')]).toEqual([409, true]);
  expect((await deputy.get('/work/outgoing')).text).not.toContain('V/v nhầm cơ quan');
}, 60_000); // biome-ignore format: one call

test('no agency without a role, no choice of somebody else at the same browser, none after the role has ended', async () => {
  const csrf = await csrfOf(deputy);
  const foreign = (await axis.demo.stations.agencies.resolve('H49', Date.now()))?.id ?? '';
  for (const agency of [foreign, '', 'x'])
    expect((await deputy.raw.post(`${axis.url}/work/offices`, { csrf, agency })).status).toBe(403);
  await goTo(deputy, MINISTRY);
  const cookie = deputy.raw.cookies.get('truc-office') as string;
  const leader = await workVisitor(axis, 'leader', COMMUNE);
  const { personId, ...grant } = secondPost(leader.person, 'deputy');
  await giveRole(personId, grant, 'command-line', axis.demo.stations);
  leader.raw.cookies.set('truc-office', cookie);
  expect(new URL((await leader.get('/work')).url).pathname).toBe('/work/offices');

  const ended = { role: 'clerk' as const, agencyId: ids[MINISTRY] as string };
  await endRole(deputy.person.personId, ended, new Date().toISOString(), 'command-line', axis.demo.stations);
  const after = await deputy.get('/work');
  expect(after.text).toContain('Ủy ban nhân dân xã Thành Long');
  expect(after.text).not.toContain('/work/offices');
}, 60_000);
