import { afterEach, describe, expect, test } from '@jest/globals';
import mongoose from 'mongoose';
import { AGENCY_PLANS, agencyDirectory } from '../../src/adapters/distributed/agency-directory.ts';
import { BINDING_PLANS, bindingBook } from '../../src/adapters/distributed/binding-book.ts';
import { CLIENT_PLANS, clientBook } from '../../src/adapters/distributed/client-book.ts';
import { type MongoDatabase, openMongo } from '../../src/adapters/distributed/database.ts';
import { ENDPOINT_PLANS, endpointBook } from '../../src/adapters/distributed/endpoint-book.ts';
import { PERSON_PLANS, personBook } from '../../src/adapters/distributed/person-book.ts';
import { SESSION_PLANS, sessionStore } from '../../src/adapters/distributed/session-store.ts';
import type { AgencyDirectory, AgencyDraft } from '../../src/agency/index.ts';
import { newId, sha256Hex } from '../../src/kernel/index.ts';
import { aBinding, aClient, anAgency, anEndpoint, aPerson, aSession } from '../builders/records.ts';
import { describeWithServices, services } from '../services.ts';
import { agencyDirectoryContract } from './agency-directory.contract.ts';
import { bindingBookContract } from './binding-book.contract.ts';
import { clientBookContract } from './client-book.contract.ts';
import { endpointBookContract } from './endpoint-book.contract.ts';
import { personBookContract } from './person-book.contract.ts';
import { sessionStoreContract } from './session-store.contract.ts';

const PLANS = [
  ...AGENCY_PLANS,
  ...BINDING_PLANS,
  ...CLIENT_PLANS,
  ...ENDPOINT_PLANS,
  ...PERSON_PLANS,
  ...SESSION_PLANS,
];
const used = new Set<string>();
const open: { close(): Promise<void> }[] = [];

async function opened(name: string) {
  const database = await openMongo(services().mongoUrl, name, PLANS);
  open.push(database);
  used.add(name);
  return database;
}

const freshName = () => `truc-test-${newId()}`;

/** One node with a database of its own, or with the one named. */
async function node(name = freshName()) {
  const database = await opened(name);
  return {
    close: database.close,
    agencies: agencyDirectory(database),
    bindings: bindingBook(database),
    clients: clientBook(database),
    endpoints: endpointBook(database),
    persons: personBook(database),
    sessions: sessionStore(database),
  };
}

async function server() {
  const connection = await mongoose.createConnection(services().mongoUrl).asPromise();
  open.push(connection);
  return connection.getClient();
}

afterEach(async () => {
  if (used.size > 0) {
    const client = await server();
    for (const name of used) await client.db(name).dropDatabase();
    used.clear();
  }
  for (const one of open.splice(0)) await one.close();
});

describeWithServices('the books of agencies on MongoDB', () => {
  agencyDirectoryContract('MongoDB', async () => (await node()).agencies);
  bindingBookContract('MongoDB', async () => (await node()).bindings);
  clientBookContract('MongoDB', async () => (await node()).clients);
  endpointBookContract('MongoDB', async () => (await node()).endpoints);
  personBookContract('MongoDB', async () => (await node()).persons);
  sessionStoreContract('MongoDB', async () => (await node()).sessions);

  test('look-ups of every kind that come together get their own answers, and one that cannot be asked fails alone', async () => {
    const { agencies, bindings } = await node();
    const drafts = Array.from({ length: 20 }, (_, i) => anAgency({ code: `H${i}` }));
    await agencies.put(drafts, AT);
    const certificates = drafts.map((_, i) => sha256Hex(`${i}`));
    await bindings.put(certificates.map((certificateSha256) => aBinding({ certificateSha256 })));
    // More than a command may hold.
    const beyond = agencies.resolve('H'.repeat(17 * 1024 * 1024), AT);
    const [codes, ids, bound] = await Promise.all([
      Promise.all(drafts.map(async ({ code }) => (await agencies.resolve(code, AT))?.code)),
      Promise.all(drafts.map(async ({ id }) => (await agencies.get(id))?.id)),
      Promise.all(certificates.map(async (one) => (await bindings.of(one)).map((b) => b.certificateSha256))),
      expect(beyond).rejects.toMatchObject({ code: 'adapters.store-failed' }),
    ]);
    expect(codes).toEqual(drafts.map(({ code }) => code));
    expect(ids).toEqual(drafts.map(({ id }) => id));
    expect(bound).toEqual(certificates.map((one) => [one]));
    expect(await agencies.resolve('H99', AT)).toBeNull();
  });

  describe('several nodes', () => {
    test('changes of five nodes at once are gapless, and who follows them misses none', async () => {
      const name = freshName();
      const nodes = await Promise.all(Array.from({ length: 5 }, async () => (await node(name)).agencies));
      const drafts = Array.from({ length: 60 }, (_, i) => anAgency({ code: `H${i}` }));
      let writing = true;
      const follower = follow((await node(name)).agencies, () => writing);
      const revisions = await Promise.all(
        drafts.map((draft, i) => (nodes[i % 5] as AgencyDirectory).put([draft], AT)),
      );
      writing = false;
      expect(revisions.sort((a, b) => a - b)).toEqual(drafts.map((_, i) => i + 1));
      expect((await follower).sort()).toEqual(drafts.map((draft) => draft.code).sort());
    });

    test('of agencies that take one code at two nodes one gets it', async () => {
      const name = freshName();
      const nodes = [(await node(name)).agencies, (await node(name)).agencies];
      const rivals = Array.from({ length: 20 }, () => anAgency({ code: 'G22' }));
      const outcomes = await Promise.allSettled(
        rivals.map((one, i) => (nodes[i % 2] as AgencyDirectory).put([one], AT)),
      );
      const lost = outcomes.filter((one) => one.status === 'rejected');
      expect(lost).toHaveLength(19);
      for (const { reason } of lost) expect(reason).toMatchObject({ code: 'agency.code-taken' });
      expect(await nodes[0]?.revision()).toBe(1);
    });

    test('what the driver throws is one typed error', async () => {
      const { agencies, clients, close } = await node();
      await close();
      await expect(agencies.get('x')).rejects.toMatchObject({ code: 'adapters.store-failed' });
      await expect(clients.put(aClient())).rejects.toMatchObject({ code: 'adapters.store-failed' });
    });
  });

  describe('a change too large for one transaction', () => {
    test('is one revision, for all its agencies', async () => {
      const name = freshName();
      const [one, other] = [(await node(name)).agencies, (await node(name)).agencies];
      const [a, b] = await Promise.all([one.put(nation('H', 1_201), AT), other.put(nation('G', 1_201), AT)]);
      expect([a, b].sort()).toEqual([1, 2]);
      expect(await followed(one, 0)).toHaveLength(2_402);
      expect(await followed(one, 1)).toHaveLength(1_201);
      expect(await leftovers(name)).toBe(0);
    });

    test('leaves nothing behind when a code in it is taken', async () => {
      const name = freshName();
      const { agencies } = await node(name);
      await agencies.put([anAgency({ code: 'H1200' })], AT);
      await expect(agencies.put(nation('H', 1_201), AT)).rejects.toMatchObject({ code: 'agency.code-taken' });
      expect((await agencies.list({ limit: 10 })).agencies).toHaveLength(1);
      expect(await agencies.revision()).toBe(1);
      expect(await leftovers(name)).toBe(0);
    });

    test('is finished by the next node when its own dies in the middle; until then no follower sees it', async () => {
      const name = freshName();
      const dying = agencyDirectory(dyingAfter(await opened(name), 2));
      await expect(dying.put(nation('H', 1_201), AT)).rejects.toMatchObject({
        code: 'adapters.store-failed',
      });
      const { agencies } = await node(name);
      expect(await agencies.revision()).toBe(0);
      expect(await followed(agencies, 0)).toEqual([]);
      expect(await agencies.put([anAgency({ code: 'G22' })], AT)).toBe(2);
      expect(await followed(agencies, 0)).toHaveLength(1_202);
      expect(await leftovers(name)).toBe(0);
    });
  });

  test('every query is served by an index, and reads little more than it gives', async () => {
    const name = freshName();
    const { agencies, bindings, clients, endpoints, persons, sessions } = await node(name);
    const drafts = nation('H10.', 2_600);
    const [person, session] = [aPerson(), aSession()];
    const [parent] = drafts as [AgencyDraft];
    await agencies.put(drafts, AT);
    const profiled = (await server()).db(name);
    await profiled.command({ profile: 2 });
    await agencies.put([{ ...parent, name: 'Tên mới' }], AT);
    await agencies.put(nation('H20.', 501), AT);
    await agencies.get(parent.id);
    await agencies.history(parent.id);
    await agencies.revision();
    await agencies.resolve(parent.code, AT);
    await agencies.resolve('000.00.06.H53', AT);
    for (const narrowed of [{}, { level: 'province' }, { parentId: parent.id }] as const)
      for (const text of [undefined, 'so mau', '77', 'H10.1'])
        await agencies.list({ limit: 10, after: 'H10.05', ...narrowed, ...(text ? { text } : {}) });
    const page = await agencies.list({ limit: 10, since: 0 });
    await agencies.list({ limit: 10, since: 0, after: page.next as string });
    await agencies.nearest('H11.06', 'Sở Mẫu 77', 3);
    await bindings.put([aBinding()]);
    await bindings.of(aBinding().certificateSha256);
    await clients.put(aClient());
    await clients.find('x');
    await clients.list();
    await endpoints.put(anEndpoint());
    await endpoints.of('x');
    await endpoints.list();
    await persons.put(person);
    await persons.put({ ...person, revision: 2 });
    await persons.get(person.personId);
    await persons.bySubject({ issuer: 'https://sso.example.vn', sub: '42' });
    await persons.list({ limit: 5 });
    await persons.list({ limit: 5, agencyId: parent.id, after: person.personId });
    await sessions.add(session);
    await sessions.find(session.sessionSha256);
    await sessions.touch(session.sessionSha256, session);
    await sessions.ofPerson(session.personId);
    await sessions.removeOfPerson(person.personId);
    await sessions.removeExpired(session.createdAt);
    await sessions.take(session.sessionSha256);
    await profiled.command({ profile: 0 });
    const seen = await profiled
      .collection<Profiled>('system.profile')
      .find({ planSummary: { $exists: true }, ns: { $ne: `${name}.system.profile` } })
      .toArray();
    const collections = new Set(seen.map((one) => one.ns.slice(name.length + 1)));
    expect([...collections].sort()).toEqual([
      'agencies',
      'agency_slices',
      'agency_states',
      'bindings',
      'clients',
      'endpoints',
      'persons',
      'registry',
      'sessions',
    ]);
    expect(seen.filter((one) => one.planSummary.includes('COLLSCAN'))).toEqual([]);
    const fetched = seen.filter((one) => one.op === 'query' && one.ns.endsWith('.agencies'));
    expect(fetched.filter((one) => one.docsExamined > one.nreturned + 1).map((one) => one.command)).toEqual(
      [],
    );
  });
});

const AT = Date.parse('2026-03-16T00:00:00Z');

interface Profiled {
  ns: string;
  op: string;
  planSummary: string;
  docsExamined: number;
  nreturned: number;
  command: unknown;
}

function nation(root: string, count: number): AgencyDraft[] {
  return Array.from({ length: count }, (_, i) => anAgency({ code: `${root}${i}`, name: `Sở Mẫu ${i}` }));
}

/** Codes of all agencies changed after a revision, page by page. */
async function followed(directory: AgencyDirectory, since: number): Promise<string[]> {
  const codes: string[] = [];
  for (let after: string | null | undefined; after !== null; ) {
    const page = await directory.list({ since, limit: 500, ...(after === undefined ? {} : { after }) });
    codes.push(...page.agencies.map((one) => one.code));
    after = page.next;
  }
  return codes;
}

/** Asks again and again for what came after the last revision seen, as a delta client does. */
async function follow(directory: AgencyDirectory, goesOn: () => boolean): Promise<string[]> {
  const codes: string[] = [];
  let since = 0;
  for (let last = false; !last; ) {
    last = !goesOn();
    const { agencies } = await directory.list({ since, limit: 500 });
    codes.push(...agencies.map((one) => one.code));
    since = agencies.at(-1)?.revision ?? since;
  }
  return codes;
}

async function leftovers(name: string): Promise<number> {
  return (await server()).db(name).collection('agency_slices').countDocuments();
}

/** A node that loses its database after some transactions. */
function dyingAfter(database: MongoDatabase, transactions: number): MongoDatabase {
  let left = transactions;
  return {
    ...database,
    atomically: (work) =>
      left-- > 0 ? database.atomically(work) : Promise.reject(new RangeError('the node is gone')),
  };
}
