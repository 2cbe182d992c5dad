import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { changeRegistry, lockAgency, registerSystem, repairRegistry } from '../../src/exchange/index.ts';
import { sha256 } from '../../src/kernel/index.ts';
import { commitFacts, parseEntry } from '../../src/ledger/index.ts';
import { type World, world } from '../world.ts';

let axis: World;
beforeAll(async () => {
  axis = await world();
});
afterAll(() => axis.stop());

const acts = () => axis.demo.stores.events.of('registry-acts');

test('each act on the registry, its certificates and its systems is an entry that anybody can open', async () => {
  const { stations, stores } = axis.demo;
  const before = (await acts()).length;
  await lockAgency('H41', true, 'command-line', stations);
  await lockAgency('H41', false, 'command-line', stations);
  const answer = await axis.fetch('admin', '/v1/agencies/H41/settings', {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ holdIndeterminate: false }),
  });
  expect(answer.status).toBe(200);
  const known = await stores.clients.find('qlvb-h41');
  if (!known) throw new RangeError('no system');
  await registerSystem({ ...known, scopes: ['inbox'] }, 'command-line', stations);
  const told = (await acts()).slice(before);
  expect(told.map(({ type, facts: { by, act, codes } }) => [type, by, act, codes])).toEqual([
    ['registry.changed', 'command-line', 'lock', 'H41'],
    ['registry.changed', 'command-line', 'unlock', 'H41'],
    ['registry.changed', `system:${axis.credentials.admin.username}`, 'settings', 'H41'],
    ['system.registered', 'command-line', undefined, 'H41'],
  ]);
  expect(JSON.stringify(told)).not.toContain(known.secretSha256);
  const name = sha256('registry-acts');
  for (const { eventId, facts, place, type } of told) {
    const [bytes] = await stations.reader.entries(place?.index as number, 1);
    const entry = parseEntry(bytes as Buffer);
    expect([entry.type, entry.commit]).toEqual([type, commitFacts(name, eventId, facts).commit]);
  }
});

test('a change that no entry tells of is told at the next start, once', async () => {
  const { stations, stores } = axis.demo;
  expect(await repairRegistry(stations)).toBe(false);
  const [agency] = (await stores.agencies.list({ limit: 1 })).agencies;
  if (!agency) throw new RangeError('no agency');
  const revision = await stores.agencies.put([agency], stations.clock.now());
  await axis.restart();
  const last = (await acts()).at(-1);
  expect(last?.facts).toMatchObject({ by: null, act: 'unknown', revision, after: revision - 1 });
  expect(last?.place).not.toBeNull();
  expect(await repairRegistry(axis.demo.stations)).toBe(false);
  await axis.audit();
});

test('what another node has in hand is left to it, and one change told twice in other words is one entry', async () => {
  const { stations, stores } = axis.demo;
  const [agency] = (await stores.agencies.list({ limit: 1 })).agencies;
  if (!agency) throw new RangeError('no agency');
  // Another node repairs between a change and its entry.
  const between = {
    ...stations,
    agencies: {
      ...stations.agencies,
      put: async (drafts: Parameters<typeof stations.agencies.put>[0], at: number) => {
        const revision = await stores.agencies.put(drafts, at);
        expect(await repairRegistry(stations, 30_000)).toBe(false);
        expect(await repairRegistry(stations)).toBe(true);
        return revision;
      },
    },
  };
  const before = (await acts()).length;
  const { revision: _, ...draft } = agency;
  await changeRegistry([draft], 'import', 'command-line', between);
  expect(await acts()).toHaveLength(before + 1);
  await axis.audit();
});

test('a change that is refused leaves no entry', async () => {
  const { stations, stores } = axis.demo;
  const { agencies } = await stores.agencies.list({ limit: 2 });
  const [one, two] = agencies;
  if (!one || !two) throw new RangeError('no agencies');
  const before = (await acts()).length;
  const refused = changeRegistry([{ ...one, code: two.code }], 'import', 'command-line', stations);
  await expect(refused).rejects.toMatchObject({ code: 'agency.code-taken' });
  expect(await acts()).toHaveLength(before);
});
