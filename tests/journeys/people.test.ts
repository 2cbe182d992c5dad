import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { giveRole, lockPerson, registerPerson, repairPeople } from '../../src/exchange/index.ts';
import { sha256Hex } from '../../src/kernel/index.ts';
import { officialName } from '../../src/lab/demo/letters.ts';
import { type DemoPerson, demoLogin } from '../../src/lab/index.ts';
import { walker } from '../builders/browser-walk.ts';
import { type World, world } from '../world.ts';

let axis: World;
beforeAll(async () => {
  axis = await world();
});
afterAll(() => axis.stop());

const personOfRole = (role: string, agency: string | null) =>
  axis.credentials.people.find((one) => one.role === role && one.agency === agency) as DemoPerson;

function logIn({ username, password }: Pick<DemoPerson, 'username' | 'password'>) {
  const browser = walker();
  return browser
    .post(`${axis.url}/login/demo`, { username, password, next: '/docs' })
    .then((page) => ({ browser, page }));
}

async function entriesOf(
  personId: string,
): Promise<{ type: string; facts: object; index: number | undefined }[]> {
  const events = await axis.demo.stores.events.of(personId);
  return events.map(({ type, facts, place }) => ({ type, facts, index: place?.index }));
}

describe('people of the demo', () => {
  test('of every agency an administrator, a leader, a deputy, a clerk and a specialist can log in', async () => {
    const { people, agencies, admin } = axis.credentials;
    expect(people).toHaveLength(2 + 5 * agencies.length);
    expect(people[0]).toMatchObject({ role: 'operator', username: admin.username, password: admin.password });
    for (const person of [personOfRole('auditor', null), personOfRole('clerk', 'H53.32.29')]) {
      const { browser, page } = await logIn(person);
      expect([page.url, browser.cookies.get('truc')?.length]).toEqual([`${axis.url}/docs`, 43]);
    }
    expect((await logIn({ username: 'admin', password: 'admin' })).page.status).toBe(401);
  });

  test('the official whose certificate signs for an agency is its leader', async () => {
    const { personId, name } = personOfRole('leader', 'H53.32.29');
    const certificate = axis.demo.pki.entity(officialName('H53.32.29')).certificate;
    const bound = await axis.demo.stores.bindings.of(sha256Hex(certificate));
    expect(bound).toMatchObject([{ kind: 'person', title: 'Chủ tịch', personId }]);
    expect((await axis.demo.stores.persons.get(personId))?.name).toBe(name);
  });

  test('they are the same after a restart, with the same passwords', async () => {
    const before = axis.credentials.people;
    await axis.restart();
    expect(axis.credentials.people).toEqual(before);
    expect((await logIn(personOfRole('specialist', 'H41'))).page.status).toBe(200);
    await axis.audit();
  });
});

describe('acts on persons', () => {
  test('are entries of the ledger without a name or a login, in a chain of their own', async () => {
    const { stations } = axis.demo;
    const by = personOfRole('operator', null);
    const operator = await stations.persons.get(by.personId);
    const order = { name: 'Tạ Thị Nhài', subject: { issuer: 'https://sso.example.vn', sub: 'nhai.tt' } };
    const { personId } = await registerPerson(order, operator?.ledgerDoc as string, stations);
    const agency = await stations.agencies.resolve('H53.32.29', stations.clock.now());
    const grant = {
      role: 'clerk' as const,
      ...{ agencyId: agency?.id as string, title: 'Văn thư' },
      ...{ validFrom: '2026-03-01T00:00:00.000Z', validTo: null },
    };
    await giveRole(personId, grant, operator?.ledgerDoc as string, stations);
    await lockPerson(personId, operator?.ledgerDoc as string, stations);
    const entries = await entriesOf(personId);
    expect(entries.map((one) => one.type)).toEqual([
      'person.registered',
      'person.role-given',
      'person.locked',
    ]);
    expect(entries[1]?.facts).toMatchObject({ role: 'clerk', agency: 'H53.32.29', by: operator?.ledgerDoc });
    expect(entries.every((one) => one.index !== undefined)).toBe(true);
    expect(JSON.stringify(entries)).not.toMatch(/Nhài|nhai\.tt|sso\.example/);
    await axis.audit();
  });

  test('on the command line, or cut off by a crash, reach the ledger at the next start', async () => {
    const { stores, stations } = axis.demo;
    const desk = { ...stores, clock: stations.clock };
    const told = await registerPerson({ name: 'Cù Thị Mơ', subject: null }, 'command-line', desk);
    const cut = { ...told, personId: `${told.personId.slice(0, -1)}f`, ledgerDoc: `${told.ledgerDoc}x` };
    await stores.persons.put(cut);
    expect(await entriesOf(cut.personId)).toEqual([]);
    await axis.restart();
    for (const { personId } of [told, cut])
      expect(await entriesOf(personId)).toMatchObject([
        { type: 'person.registered', index: expect.any(Number) },
      ]);
    const known = (await axis.demo.stores.persons.list({ limit: 500 })).length;
    expect(await repairPeople(axis.demo.stations)).toBe(known);
    await axis.audit();
  });
});

test('the comparison of passwords takes names in any case, and passwords as they are', () => {
  const person = personOfRole('leader', 'G22');
  const { people } = axis.credentials;
  expect(demoLogin(people, ` ${person.username.toUpperCase()} `, person.password)).toBe(person.personId);
  expect(demoLogin(people, person.username, person.password.toLowerCase())).toBeNull();
  expect(demoLogin(people, person.username, '')).toBeNull();
  expect(demoLogin(people, 'nobody', person.password)).toBeNull();
});
