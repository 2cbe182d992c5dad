import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, readdirSync, readFileSync, renameSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import mongoose from 'mongoose';
import {
  configFrom,
  importArchive,
  makeLog,
  type Running,
  type RunningDemo,
  start,
  startDemo,
  storeConfigFrom,
  trustFolders,
} from '../../src/app/index.ts';
import { type InboxItem, type TrucClient, trucClient } from '../../src/client/index.ts';
import { verifyEvidence } from '../../src/evidence/index.ts';
import { checkStores, registerDraft } from '../../src/exchange/index.ts';
import { sha256Hex, sleep, systemClock } from '../../src/kernel/index.ts';
import { DEMO_AGENCIES } from '../../src/lab/demo/agencies.ts';
import { type DemoCredentials, readCredentials } from '../../src/lab/index.ts';
import { auditLog } from '../../src/ledger/index.ts';
import type { Draft } from '../../src/signing/index.ts';
import { environment, MAIN, trucBeside } from '../axis-process.ts';
import { nodeFolder, prefixed, type SharedStores, sharedStores } from '../nodes.ts';
import { describeWithServices } from '../services.ts';
import { fetchLog, type Letters, letters } from '../world.ts';

const COMMUNE = 'H53.32.29';
const MINISTRY = 'G09';
const PROVINCE = 'H41';

const folder = nodeFolder();
const archive = join(folder.path, 'moved');
const data = join(folder.path, 'data');
/** Pages of the archive's parts, and one document that is checked. */
const BREAKS = 13;
/** Many processes start in one test, on machines with other work too. */
const PATIENCE_MS = 600_000;

let stores: SharedStores;
let desk: Letters;
let node: Running;
let credentials: DemoCredentials;
let before: Before;

/** What callers had in hand before the move. */
interface Before {
  vkey: string;
  checkpoint: string;
  read: { documentId: string; bytes: Buffer; answer: object; timeline: unknown; evidence: Buffer };
  waiting: { documentId: string; bytes: Buffer };
  recalled: { documentId: string; timeline: unknown };
  draft: Draft;
  delegated: unknown;
}

const DELEGATION = {
  kind: 'TUQ',
  fromTitle: 'Chủ tịch',
  to: { serialNumber: '001180000002' },
  scope: 'Văn bản về tiếp công dân',
  legalBasis: 'Giấy ủy quyền 12/GUQ-UBND',
  validFrom: '2026-03-01T00:00:00Z',
  validTo: '2046-03-01T00:00:00Z',
};

/** A document that waits for its signature. */
async function aDraft({ pki, stations }: RunningDemo): Promise<Draft> {
  const agency = await stations.agencies.resolve(COMMUNE, systemClock.now());
  const caller = { clientId: 'qlvb', agencyIds: [agency?.id ?? ''], scopes: ['sign' as const] };
  const bytes = Buffer.from(pki.policyOid);
  const { draft } = await registerDraft(
    { bytes, agency: null, reference: null, title: 'Dự thảo' },
    caller,
    stations,
  );
  return draft;
}

function clientOf(url: string, code: string): TrucClient {
  const found = credentials.agencies.find((one) => one.code === code) as DemoCredentials['agencies'][0];
  return trucClient({ url, clientId: found.clientId, clientSecret: found.clientSecret });
}

async function json<Body>(client: TrucClient, path: string): Promise<Body> {
  return JSON.parse((await client.get(path)).toString()) as Body;
}

/** An embedded axis lives for a while, and stops. */
async function liveEmbedded(): Promise<Before> {
  const config = configFrom({ PORT: '0', OPERATIONS_PORT: '0', DATA: data, LOG_LEVEL: 'silent' }, true);
  const demo = await startDemo({ config, log: makeLog('silent'), tell: () => {}, everyMs: 0 });
  credentials = readCredentials(demo.folder) as DemoCredentials;
  desk = await letters(demo.pki);
  const at = (code: string) => clientOf(demo.url, code);
  const timeline = (documentId: string, code: string) =>
    json(at(code), `/v1/documents/${documentId}/timeline`);

  const first = await desk.letter(COMMUNE, [MINISTRY]);
  const answer = await at(COMMUNE).send(first);
  const { documentId } = answer;
  const [item] = (await at(MINISTRY).inbox({})) as [InboxItem];
  await at(MINISTRY).content(item.deliveryId);
  await at(MINISTRY).post(`/v1/inbox/${item.deliveryId}/ack`, { outcome: 'done' });
  await at(MINISTRY).post('/v1/statuses', { documentId, code: '03' });

  const second = await desk.letter(MINISTRY, [COMMUNE]);
  const taken = await at(MINISTRY).send(second);
  const [copy] = (await at(COMMUNE).inbox({})).filter((one) => one.documentId === taken.documentId) as [
    InboxItem,
  ];
  await at(COMMUNE).content(copy.deliveryId);
  await at(COMMUNE).post(`/v1/inbox/${copy.deliveryId}/ack`, { outcome: 'done' });
  await at(MINISTRY).post(`/v1/documents/${taken.documentId}/recall`, { reason: 'ban hành nhầm' });
  await at(COMMUNE).post('/v1/statuses', { documentId: taken.documentId, code: '15' });

  const draft = await aDraft(demo);
  const delegated = await at(COMMUNE).post('/v1/sign/delegations', DELEGATION);
  await expect(at(PROVINCE).send(Buffer.from('<khong/>'))).rejects.toMatchObject({});
  const third = await desk.letter(COMMUNE, [PROVINCE, MINISTRY]);
  const waiting = await at(COMMUNE).send(third);
  const checkpoint = (await (await fetch(`${demo.url}/ledger/checkpoint`)).text()) as string;
  const lived: Before = {
    vkey: demo.vkey,
    checkpoint,
    read: {
      documentId,
      bytes: first,
      answer,
      timeline: await timeline(documentId, COMMUNE),
      evidence: await at(COMMUNE).get(`/v1/documents/${documentId}/evidence`),
    },
    waiting: { documentId: waiting.documentId, bytes: third },
    recalled: { documentId: taken.documentId, timeline: await timeline(taken.documentId, MINISTRY) },
    draft,
    delegated,
  };
  await demo.stop();
  return lived;
}

const truc = (settings: Readonly<Record<string, string>>, ...args: string[]) =>
  trucBeside(args, { ...environment(), ...prefixed(settings) });
const shared = (...args: string[]) => truc(stores.settings, ...args);

/** A node on the shared stores that trusts what the embedded axis trusted. */
async function startNode(): Promise<Running> {
  const settings = {
    ...stores.settings,
    PORT: '0',
    OPERATIONS_PORT: '0',
    LOG_LEVEL: 'silent',
    DATA: folder.path,
  };
  const { trust, certs, crls } = credentials;
  const log = makeLog('warn');
  return start({
    config: configFrom(settings, true),
    log,
    trust: async () => trustFolders({ anchors: trust, intermediates: certs, crls }, systemClock, log),
  });
}

/** Ends imports at their first page, at their second, and so on; the last one ends in the checks. */
async function breakOffAgainAndAgain(): Promise<void> {
  const { distributed } = storeConfigFrom(stores.settings);
  for (let page = 0; page < BREAKS; page++) {
    let seen = 0;
    const broken = importArchive({
      folder: archive,
      config: distributed as NonNullable<typeof distributed>,
      log: makeLog('silent'),
      onProgress: () => {
        if (seen++ === page) throw new RangeError('broken off');
      },
    });
    await expect(broken).rejects.toThrow('broken off');
  }
}

/** Imports are killed a moment after they have taken the office of importing, each a little later than the one before. */
async function killAgainAndAgain(): Promise<void> {
  const connection = await mongoose.createConnection(stores.settings.MONGO_URL as string).asPromise();
  const offices = connection.collection<{ _id: string; until: Date }>('leases');
  for (const laterMs of [0, 30, 60]) {
    // The office of a killed import ends after half a minute; nobody need wait for that here.
    await offices.updateOne({ _id: 'import' }, { $set: { until: new Date(0) } });
    const child = spawn(process.execPath, [MAIN, 'import', archive], {
      env: { ...environment(), ...prefixed(stores.settings) },
      stdio: 'ignore',
    });
    const ended = once(child, 'exit');
    while (!(await offices.findOne({ _id: 'import', until: { $gt: new Date() } }))) await sleep(5);
    await sleep(laterMs);
    child.kill('SIGKILL');
    expect(await ended).toEqual([null, 'SIGKILL']);
    expect((await shared('import', archive)).stderr).toContain('[adapters.migration-running]');
  }
  await offices.updateOne({ _id: 'import' }, { $set: { until: new Date(0) } });
  await connection.close();
}

describeWithServices('an embedded axis moves into the distributed profile', () => {
  beforeAll(async () => {
    stores = await sharedStores();
    before = await liveEmbedded();
  });
  afterAll(async () => {
    await node?.stop();
    await desk?.stop();
    await stores?.remove();
    folder.remove();
  }, PATIENCE_MS);

  test(
    'export writes the stopped axis to a folder, once',
    async () => {
      const key = { MASTER_KEY: stores.settings.MASTER_KEY as string };
      const done = await truc(key, 'export', archive, '--data', data);
      expect({ code: done.code, stderr: done.stderr }).toEqual({ code: 0, stderr: '' });
      expect(done.stdout).toContain(`3 documents`);
      expect(done.stdout).toContain(before.vkey);
      expect((await truc(key, 'export', archive, '--data', data)).stderr).toContain('[app.archive-there]');
      expect((await truc({}, 'export', join(folder.path, 'x'), '--data', data)).stderr).toContain(
        'MASTER_KEY',
      );
    },
    PATIENCE_MS,
  );

  test(
    'an altered archive and another master key are refused before anything is written',
    async () => {
      const deliveries = join(archive, 'deliveries.ndjson');
      const { length } = readFileSync(deliveries);
      appendFileSync(deliveries, '{}\n');
      expect((await shared('import', archive)).stderr).toContain('[app.archive-damaged]');
      truncateSync(deliveries, length);
      const other = { ...stores.settings, MASTER_KEY: 'ab'.repeat(32) };
      expect((await truc(other, 'import', archive)).stderr).toContain('[app.archive-other-key]');
      expect((await shared('agency', 'list')).stdout).toBe('');
    },
    PATIENCE_MS,
  );

  test(
    'an import that ends in the middle keeps the stores closed; run again it goes on',
    async () => {
      const blobs = join(archive, 'blobs');
      renameSync(blobs, `${blobs}-away`);
      expect((await shared('import', archive)).stderr).toContain('[app.archive-damaged]');
      renameSync(`${blobs}-away`, blobs);
      expect((await shared('fsck')).stderr).toContain('[adapters.import-unfinished]');
      await expect(startNode()).rejects.toMatchObject({ code: 'adapters.import-unfinished' });
      await breakOffAgainAndAgain();
      await killAgainAndAgain();
      const done = await shared('import', archive);
      expect({ code: done.code, stderr: done.stderr }).toEqual({ code: 0, stderr: '' });
      expect((await shared('import', archive)).stderr).toContain('[app.import-not-empty]');
      expect(readdirSync(blobs)).not.toEqual([]);
    },
    PATIENCE_MS,
  );

  test(
    'the node has the same keys and the same log, from its first entry and after the old checkpoint',
    async () => {
      node = await startNode();
      expect(node.vkey).toBe(before.vkey);
      const audit = await auditLog(fetchLog(node.localUrl), {
        vkey: before.vkey,
        savedCheckpoints: [before.checkpoint],
      });
      expect(audit).toMatchObject({ ok: true });
    },
    PATIENCE_MS,
  );

  test(
    'timelines are the same, and a repeat gets the same answer',
    async () => {
      const at = (code: string) => clientOf(node.localUrl, code);
      const { read, recalled } = before;
      expect(await json(at(COMMUNE), `/v1/documents/${read.documentId}/timeline`)).toEqual(read.timeline);
      expect(await json(at(MINISTRY), `/v1/documents/${recalled.documentId}/timeline`)).toEqual(
        recalled.timeline,
      );
      expect(JSON.stringify(await at(COMMUNE).send(read.bytes))).toBe(JSON.stringify(read.answer));
    },
    PATIENCE_MS,
  );

  test(
    'evidence from before and from after the move holds under the key from before',
    async () => {
      const again = await clientOf(node.localUrl, COMMUNE).get(
        `/v1/documents/${before.read.documentId}/evidence`,
      );
      for (const bytes of [before.read.evidence, again])
        expect(await verifyEvidence(bytes, { vkey: before.vkey })).toMatchObject({ ok: true });
    },
    PATIENCE_MS,
  );

  test(
    'a draft with its bytes and its receipt, and a delegation, are there as they were',
    async () => {
      const { documentId, versions } = before.draft;
      const commune = clientOf(node.localUrl, COMMUNE);
      const moved = await json<{ versions: object[] }>(commune, `/v1/sign/documents/${documentId}`);
      expect(moved.versions).toMatchObject([{ sha256: versions[0]?.sha256 }]);
      const bytes = await commune.get(`/v1/sign/documents/${documentId}/versions/1`);
      expect(sha256Hex(bytes)).toBe(versions[0]?.sha256);
      const receipt = await commune.get(`/v1/sign/documents/${documentId}/versions/1/receipt`);
      expect(await verifyEvidence(receipt, { vkey: before.vkey })).toMatchObject({ ok: true });
      const { delegationId } = before.delegated as { delegationId: string };
      expect(await node.stations.delegations.get(delegationId)).toMatchObject({ scope: DELEGATION.scope });
      const officials = await node.stations.persons.list({ limit: 100 });
      expect(officials).toHaveLength(2 + 5 * DEMO_AGENCIES.length);
    },
    PATIENCE_MS,
  );

  test(
    'what waited is fetched, and a repeated answer to the recall is the same act',
    async () => {
      for (const code of [PROVINCE, MINISTRY]) {
        const client = clientOf(node.localUrl, code);
        const items = await client.inbox({ waitSeconds: 5 });
        const item = items.find((one) => one.documentId === before.waiting.documentId) as InboxItem;
        expect(await client.content(item.deliveryId)).toEqual(before.waiting.bytes);
        await client.post(`/v1/inbox/${item.deliveryId}/ack`, { outcome: 'done' });
      }
      const { documentId, timeline } = before.recalled;
      await clientOf(node.localUrl, COMMUNE).post('/v1/statuses', { documentId, code: '15' });
      expect(await json(clientOf(node.localUrl, MINISTRY), `/v1/documents/${documentId}/timeline`)).toEqual(
        timeline,
      );
    },
    PATIENCE_MS,
  );

  test(
    'new submissions continue the log, and stores and ledger agree',
    async () => {
      const sent = await clientOf(node.localUrl, PROVINCE).send(await desk.letter(PROVINCE, [MINISTRY]));
      expect(sent.state).toBe('accepted');
      const log = await auditLog(fetchLog(node.localUrl), {
        vkey: before.vkey,
        savedCheckpoints: [before.checkpoint],
      });
      const report = await checkStores(node.stores);
      expect({ ok: log.ok, size: log.size, faults: report.faults }).toEqual({
        ok: true,
        size: report.entries,
        faults: [],
      });
    },
    PATIENCE_MS,
  );
});
