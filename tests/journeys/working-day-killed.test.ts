import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { sleep } from '../../src/kernel/index.ts';
import {
  type Actor,
  COLLECTOR,
  collectArrivals,
  issueOutgoing,
  numberOutgoing,
  officesThatCollect,
  registerIncoming,
  setCollecting,
  type WorkDesk,
  type WorkRole,
} from '../../src/workflow/index.ts';
import { people, type WorkFile, workOffice } from '../work-office.ts';
import { type World, world } from '../world.ts';

const COMMUNE = 'H53.32.30';
const MINISTRY = 'G09';
const OTHER = 'H41.21.05';
const OWN_SYSTEM = 'H49.11.08';
let axis: World;
let office: ReturnType<typeof workOffice>;

beforeAll(async () => {
  axis = await world();
  office = workOffice(axis);
}, 60_000);
afterAll(() => axis.stop());

/** The clerk of an agency, as the portal would have them. */
async function clerkOf(code: string): Promise<Actor> {
  const { role, ...clerk } = people(axis, code).clerk;
  const agency = await axis.demo.stations.agencies.resolve(code, Date.now());
  return { ...clerk, agencyId: agency?.id ?? '', roles: [role as WorkRole], signer: {} };
}

/** The axis as it is when a store dies at one call: what was stored before stays, nothing after is. */
function dying<Port extends keyof WorkDesk>(port: Port, method: string): WorkDesk {
  const { stations } = axis.demo;
  const died = () => Promise.reject(new TypeError('killed'));
  return { ...stations, [port]: { ...(stations[port] as object), [method]: died } };
}

const told = async (documentId: string) => {
  const statuses = await axis.demo.stations.statuses.of(documentId);
  return statuses.map(({ code }) => code);
};

const waitFor = async (so: () => Promise<boolean>) => {
  for (let round = 0; !(await so()); round++) {
    if (round === 600) throw new TypeError('nothing happened');
    await sleep(50);
  }
};

test('killed between the decision to send and the submission: the next start sends it, once', async () => {
  const { file, letter } = await office.signed(COMMUNE, MINISTRY, 'V/v đứt giữa chừng');
  const clerk = await clerkOf(COMMUNE);
  await office.step(COMMUNE, `outgoing/${file.fileId}/number`, {
    revision: file.revision,
    by: people(axis, COMMUNE).clerk,
  });
  const { revision } = await office.sign(COMMUNE, file.fileId, 'seal', people(axis, COMMUNE).clerk, letter);
  const order = { fileId: file.fileId, revision, actor: clerk, to: null };
  await expect(issueOutgoing(order, dying('documents', 'register'))).rejects.toThrow('killed');
  expect(await office.file(COMMUNE, 'outgoing', file.fileId)).toMatchObject({
    state: 'issuing',
    unfinished: true,
  });
  await axis.restart();
  const sent = await office.file(COMMUNE, 'outgoing', file.fileId);
  expect(sent).toMatchObject({ state: 'sent', unfinished: false });
  expect((await office.step(COMMUNE, `outgoing/${file.fileId}/issue`, { revision, by: people(axis, COMMUNE).clerk })).sentAs).toBe(sent.sentAs); // biome-ignore format: one call
  const list = await axis.fetch(COMMUNE, '/v1/documents?direction=sent&limit=100');
  const { items } = (await list.json()) as { items: { subject: string }[] };
  expect(items.filter(({ subject }) => subject === 'V/v đứt giữa chừng')).toHaveLength(1);
  await axis.audit();
}, 90_000);

test('killed after the submission was accepted and before the file knows: the same submission is met again', async () => {
  const clerk = await clerkOf(COMMUNE);
  const { file, letter } = await office.signed(COMMUNE, MINISTRY, 'V/v đứt sau khi gửi');
  const by = people(axis, COMMUNE).clerk;
  await office.step(COMMUNE, `outgoing/${file.fileId}/number`, { revision: file.revision, by });
  const { revision } = await office.sign(COMMUNE, file.fileId, 'seal', by, letter);
  const { stations } = axis.demo;
  let writes = 0;
  const work: WorkDesk['work'] = {
    ...stations.work,
    replace: (next, events) =>
      ++writes === 2 ? Promise.reject(new TypeError('killed')) : stations.work.replace(next, events),
  };
  const order = { fileId: file.fileId, revision, actor: clerk, to: null };
  await expect(issueOutgoing(order, { ...stations, work })).rejects.toThrow('killed');
  await axis.restart();
  expect(await office.file(COMMUNE, 'outgoing', file.fileId)).toMatchObject({ state: 'sent' });
  const list = await axis.fetch(COMMUNE, '/v1/documents?direction=sent&limit=100');
  const { items } = (await list.json()) as { items: { subject: string }[] };
  expect(items.filter(({ subject }) => subject === 'V/v đứt sau khi gửi')).toHaveLength(1);
  await axis.audit();
}, 90_000);

test('killed between number and file: the file takes the number in, and says who gave it', async () => {
  const { file } = await office.signed(COMMUNE, MINISTRY, 'V/v cấp số dở dang');
  const { stations } = axis.demo;
  let writes = 0;
  const work: WorkDesk['work'] = {
    ...stations.work,
    replace: (next, events) =>
      ++writes === 2 ? Promise.reject(new TypeError('killed')) : stations.work.replace(next, events),
  };
  const clerk = await clerkOf(COMMUNE);
  const order = { fileId: file.fileId, revision: file.revision, actor: clerk, number: null, date: null };
  await expect(numberOutgoing(order, { ...stations, work })).rejects.toThrow('killed');
  const now = await office.file(COMMUNE, 'outgoing', file.fileId);
  expect(now).toMatchObject({ state: 'numbered', line: { register: 'outgoing' } });
  expect(now.steps.at(-1)).toMatchObject({ step: 'number', by: { id: clerk.id } });
}, 60_000);

test('what comes is taken in by itself, also what came while the axis was down; a clerk can stop it', async () => {
  const clerk = await clerkOf(OTHER);
  const { agencyId } = clerk;
  const { stations } = axis.demo;
  const files = () => axis.demo.stations.work.list({ agencyId, kind: 'incoming', before: '', limit: 10 });
  const send = async (subject: string) =>
    (await axis.as(MINISTRY).send(await axis.letter(MINISTRY, [OTHER], { subject }))).documentId;
  const first = await send('V/v đến khi chưa bật');
  await setCollecting(clerk, true, stations);
  await waitFor(async () => (await told(first)).length > 0);
  await axis.restart();
  const second = await send('V/v đến sau khi khởi động lại');
  await waitFor(async () => (await told(second)).length > 0);
  expect((await files()).map((file) => [file.documentId, file.steps[0]?.by])).toEqual(
    [second, first].map((documentId) => [documentId, { id: COLLECTOR, name: '', title: '' }]),
  );
  expect([await told(first), await told(second)]).toEqual([['01'], ['01']]);

  await setCollecting(clerk, false, axis.demo.stations);
  expect(await officesThatCollect(axis.demo.stations)).toEqual([]);
  const changes = (await axis.demo.stations.events.of(agencyId)).filter(({ type }) => type === 'endpoint.changed');
  expect(changes.map(({ place }) => place !== null)).toEqual([true, true]);
}, 60_000); // biome-ignore format: one story

test('an agency whose own system is told of arrivals keeps it; who is no clerk switches nothing', async () => {
  const { stations } = axis.demo;
  const clerk = await clerkOf(OWN_SYSTEM);
  const updatedAt = new Date().toISOString();
  const own = { url: 'https://qlvb.example.vn/x', push: 'notify', ca: null, active: false } as const;
  await stations.endpoints.put({ agencyId: clerk.agencyId, ...own, updatedAt });
  await expect(setCollecting(clerk, true, stations)).rejects.toMatchObject({ code: 'work.has-own-system' });
  const leader: Actor = { ...clerk, roles: ['leader'] };
  await expect(setCollecting(leader, true, stations)).rejects.toMatchObject({ code: 'work.role-missing' });
});

test('killed while documents arrive: offered again, one file, 01 and 03 are told once', async () => {
  const { sentAs } = await office.sent(COMMUNE, MINISTRY, 'V/v đến dở dang');
  const clerk = await clerkOf(MINISTRY);
  const { stations } = axis.demo;
  const deliveries = {
    ...stations.deliveries,
    replace: async (...[next, events]: Parameters<WorkDesk['deliveries']['replace']>) =>
      next.state === 'done' ? Promise.reject(new TypeError('killed')) : stations.deliveries.replace(next, events),
  }; // biome-ignore format: one method
  await expect(collectArrivals(clerk, 20, { ...stations, deliveries })).rejects.toThrow('killed');
  for (const one of await stations.deliveries.ofDocument(String(sentAs)))
    if (one.kind === 'document')
      await axis.fetch(MINISTRY, `/v1/inbox/${one.deliveryId}/release`, { method: 'POST' });
  await expect(collectArrivals(clerk, 20, dying('statuses', 'record'))).rejects.toThrow('killed');
  await axis.restart();
  const agencyId = clerk.agencyId;
  const files = await axis.demo.stations.work.list({
    ...{ agencyId, kind: 'incoming', documentId: String(sentAs), before: '', limit: 10 },
  });
  expect(files).toHaveLength(1);
  expect(await told(String(sentAs))).toEqual(['01']);

  const file = files[0] as unknown as WorkFile;
  const { revision } = await office.step(MINISTRY, `incoming/${file.fileId}/verify`, {
    revision: file.revision,
    by: people(axis, MINISTRY).clerk,
  });
  const order = { fileId: file.fileId, revision, actor: clerk, number: null };
  await expect(registerIncoming(order, dying('statuses', 'record'))).rejects.toThrow('killed');
  await axis.restart();
  expect(await told(String(sentAs))).toEqual(['01', '03']);
  expect(await office.file(MINISTRY, 'incoming', file.fileId)).toMatchObject({
    state: 'registered',
    owes: [],
    unfinished: false,
  });
  await axis.audit();
}, 90_000);
