import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { grantsAt, type Person } from '../../src/agency/index.ts';
import { staffName, toPem } from '../../src/lab/index.ts';
import type { Page } from '../builders/browser-walk.ts';
import { type Visitor, workVisitor } from '../work-visitor.ts';
import { type World, world } from '../world.ts';

const COMMUNE = 'H53.32.30';
const MINISTRY = 'G09';
const PEOPLE = /^\/console\/people$/;
let axis: World;
let admin: Visitor;
let operator: Visitor;

beforeAll(async () => {
  axis = await world();
  admin = await workVisitor(axis, 'agency-admin', COMMUNE);
  operator = await workVisitor(axis, 'operator', null);
}, 60_000);
afterAll(async () => {
  await axis.audit();
  await axis.stop();
});

const codeIn = (page: Page) => /((?:agency|api|verification)\.[a-z-]+)/.exec(page.text)?.[1];
const persons = () => axis.demo.stations.persons;
const idOf = async (code: string) => (await axis.demo.stations.agencies.resolve(code, Date.now()))?.id ?? '';
const demo = (role: string, agency: string | null) =>
  axis.credentials.people.find((one) => one.role === role && one.agency === agency)?.personId as string;
const byName = async (name: string): Promise<Person> =>
  (await persons().list({ agencyId: await idOf(COMMUNE), limit: 500 })).find(
    (one) => one.name === name,
  ) as Person;
const NEW = {
  name: 'Nguyễn Thị Đào',
  role: 'clerk',
  title: 'Văn thư',
  from: '',
  to: '',
  sub: 'dao-1',
  issuer: 'https://sso.example.gov.vn',
  personId: '',
};

describe('an agency’s administrator', () => {
  test('adds somebody, gives and ends roles with their times, sets the login, locks and unlocks; each is an entry', async () => {
    const list = await admin.get('/console/people');
    expect(list.text).toContain('Ủy ban nhân dân xã Thành Long');
    expect((await admin.send(list, PEOPLE, NEW)).text).toContain('Nguyễn Thị Đào');
    const { personId } = await byName('Nguyễn Thị Đào');
    const path = `/console/people/${personId}`;
    const page = () => admin.get(path);
    await admin.send(await page(), /\/role$/, {
      role: 'specialist',
      title: 'Chuyên viên',
      from: '2030-01-01',
      to: '2030-12-31',
    });
    const later = (await persons().get(personId))?.grants.find(({ role }) => role === 'specialist');
    expect([later?.validFrom, later?.validTo]).toEqual([
      '2029-12-31T17:00:00.000Z',
      '2030-12-31T17:00:00.000Z',
    ]);
    expect((await page()).text).toContain('31/12/2030');
    await admin.send(await page(), /end-role$/, { role: 'clerk' });
    expect(grantsAt((await persons().get(personId)) as Person, Date.now() + 1_000)).toEqual([]);
    await admin.send(await page(), /identify$/, { sub: 'dao-2', issuer: NEW.issuer });
    await admin.send(await page(), /\/lock$/);
    expect(await persons().get(personId)).toMatchObject({
      subject: { sub: 'dao-2' },
      lockedSince: expect.any(String),
    });
    await admin.send(await page(), /\/unlock$/);
    const events = await axis.demo.stations.events.of(personId);
    expect(events.map(({ type, place }) => [type, place !== null])).toEqual(
      [
        'person.registered',
        'person.role-given',
        'person.role-ended',
        'person.identified',
        'person.locked',
        'person.unlocked',
      ].map((type) => [type, true]),
    );
    const me = await persons().get(demo('agency-admin', COMMUNE));
    expect(new Set(events.map(({ facts }) => facts.by))).toEqual(new Set([me?.ledgerDoc]));
  }, 60_000);

  test('binds a certificate for a time and ends it; a file that is none, one without a title, an empty time change nothing', async () => {
    const specialist = demo('specialist', 'H53');
    const boss = await workVisitor(axis, 'agency-admin', 'H53');
    const path = `/console/people/${specialist}`;
    const file = (bytes: Uint8Array) => ({
      certificate: { name: 'x.pem', bytes, type: 'application/x-pem-file' },
    });
    const pem = Buffer.from(
      toPem('CERTIFICATE', axis.demo.pki.entity(staffName('specialist', COMMUNE)).certificate),
    );
    const send = async (fields: Record<string, string>, bytes: Uint8Array = pem) =>
      boss.upload(
        await boss.get(path),
        /\/certificates$/,
        { certTitle: 'Chuyên viên', certFrom: '', certTo: '', ...fields },
        file(bytes),
      );
    expect(codeIn(await send({}, Buffer.from('no certificate')))).toBe('agency.not-a-certificate');
    expect(codeIn(await send({ certTitle: ' ' }))).toBe('api.invalid-request');
    expect(codeIn(await send({ certFrom: '2031-01-01', certTo: '2030-01-01' }))).toBe(
      'agency.binding-invalid',
    );
    const { bindings } = axis.demo.stations;
    const H53 = await idOf('H53');
    const theirs = async () =>
      (await bindings.ofAgency(H53, 100)).filter(({ personId }) => personId === specialist);
    expect(await theirs()).toEqual([]);
    await send({ certTo: '2031-12-31' });
    expect(await theirs()).toMatchObject([
      { kind: 'person', title: 'Chuyên viên', validTo: '2031-12-31T17:00:00.000Z' },
    ]);
    await boss.send(await boss.get(path), /certificates\/end$/);
    expect(Date.parse((await theirs())[0]?.validTo ?? '')).toBeLessThanOrEqual(Date.now());
    const again = {
      sha256: (await theirs())[0]?.certificateSha256 ?? '',
      validFrom: (await theirs())[0]?.validFrom ?? '',
    };
    const csrf = /name="csrf" value="([^"]+)"/.exec((await boss.get(path)).text)?.[1] as string;
    const twice = await boss.raw.post(`${axis.url}${path}/certificates/end`, {
      csrf,
      agency: 'H53',
      ...again,
    });
    expect([twice.status, codeIn(twice)]).toEqual([422, 'agency.binding-invalid']);
  }, 60_000);

  test('sees and changes nobody of another agency, nor themself, nor the login of somebody with roles elsewhere, and makes no administrator', async () => {
    const theirs = demo('clerk', MINISTRY);
    expect((await admin.get(`/console/people/${theirs}`)).status).toBe(404);
    expect((await admin.get(`/console/people?agency=${MINISTRY}`)).status).toBe(404);
    expect((await admin.get('/console/people')).text).not.toContain(
      axis.credentials.people.find(({ personId }) => personId === theirs)?.name,
    );
    const csrf = /name="csrf" value="([^"]+)"/.exec((await admin.get('/console/people')).text)?.[1] as string;
    const post = (path: string, fields: Record<string, string>) =>
      admin.raw.post(`${axis.url}/console/people${path}`, { csrf, agency: COMMUNE, ...fields });
    const refused = async (path: string, fields: Record<string, string>) => codeIn(await post(path, fields));
    const own = demo('agency-admin', COMMUNE);
    expect(await refused(`/${own}/role`, { role: 'leader', title: 'Chủ tịch' })).toBe(
      'agency.person-out-of-reach',
    );
    expect(await refused(`/${own}/identify`, { sub: 'x', issuer: NEW.issuer })).toBe(
      'agency.person-out-of-reach',
    );
    expect(await refused('', { ...NEW, sub: 'other', role: 'agency-admin' })).toBe(
      'agency.person-out-of-reach',
    );
    expect(await refused('', { ...NEW, sub: 'other', agency: MINISTRY })).toBe('agency.unknown');
    // A clerk of the ministry is lent to the commune: the role is given, the login stays out of reach.
    await post('', { ...NEW, personId: theirs });
    expect(grantsAt((await persons().get(theirs)) as Person, Date.now() + 1_000)).toHaveLength(2);
    for (const act of ['identify', 'lock', 'unlock'])
      expect(await refused(`/${theirs}/${act}`, { sub: 'x', issuer: NEW.issuer })).toBe(
        'agency.person-out-of-reach',
      );
    expect((await admin.get(`/console/people/${theirs}`)).text).not.toMatch(/action="[^"]*\/lock"/);
    for (const wrong of [{ role: 'king' }, { role: 'clerk', from: '2026-02-30' }, { role: 'operator' }])
      expect(['api.invalid-request', 'agency.person-out-of-reach']).toContain(
        await refused(`/${theirs}/role`, wrong as Record<string, string>),
      );
  }, 60_000);
});

test('the operator changes everybody in any agency, an auditor nobody', async () => {
  const list = await operator.get(`/console/people?agency=${MINISTRY}`);
  expect(list.text).toContain('Bộ Nội vụ');
  const page = await operator.get(`/console/people/${demo('clerk', MINISTRY)}?agency=${MINISTRY}`);
  await operator.send(page, /\/role$/, { role: 'agency-admin', title: '', from: '', to: '' });
  expect((await persons().get(demo('clerk', MINISTRY)))?.grants.map(({ role }) => role)).toContain(
    'agency-admin',
  );
  const auditor = await workVisitor(axis, 'auditor', null);
  const shown = await auditor.get(`/console/people?agency=${MINISTRY}`);
  expect(shown.text).not.toMatch(/<form[^>]*method="post"[^>]*action="\/console\/people/);
  const csrf = /name="csrf" value="([^"]+)"/.exec(shown.text)?.[1] as string;
  const refused = await auditor.raw.post(`${axis.url}/console/people`, {
    csrf,
    agency: MINISTRY,
    ...NEW,
    sub: 'y',
  });
  expect([refused.status, codeIn(refused)]).toEqual([403, 'api.role-missing']);
}, 60_000);
