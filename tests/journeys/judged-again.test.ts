import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { configFrom, makeLog, type RunningDemo, startDemo } from '../../src/app/index.ts';
import {
  type InboxItem,
  type SubmissionAnswer,
  type TrucClient,
  trucClient,
} from '../../src/client/index.ts';
import { checkStores } from '../../src/exchange/index.ts';
import { sha256Hex, sleep, systemClock } from '../../src/kernel/index.ts';
import { type DemoCredentials, readCredentials } from '../../src/lab/index.ts';
import { auditLog } from '../../src/ledger/index.ts';
import { type Listening, listening } from '../builders/listening.ts';
import { nodeFolder, type SharedStores, sharedStores } from '../nodes.ts';
import { describeWithServices } from '../services.ts';
import { fetchLog, type Letters, letters } from '../world.ts';

const COMMUNE = 'H53.32.29';
const MINISTRY = 'G09';
const MINUTE = 60_000;

/** Takes the lists of the demo's folder away from a node's verdicts: what is left is what was fetched. */
function withoutFolder({ stations, pki }: RunningDemo): void {
  const whole = stations.verification.bind(stations);
  const folder = new Set(pki.crls.map((der) => sha256Hex(der)));
  stations.verification = () => {
    const context = whole();
    const { trust } = context;
    const crlsFrom = (issuer: string) => trust.crlsFrom(issuer).filter(({ sha256 }) => !folder.has(sha256));
    return { ...context, trust: { ...trust, id: `fetched ${trust.id}`, crlsFrom } };
  };
}

interface View {
  state: string;
  verification: { indication: string; latest?: { indication: string } };
}

/** An authority's server that is away until it is told to serve. */
async function authority(pki: () => RunningDemo['pki']) {
  const state = { serves: false, asked: 0 };
  const server: Listening = await listening((request, response) => {
    state.asked++;
    const name = /^\/([a-z0-9-]+)\.crl$/.exec(request.url ?? '')?.[1];
    if (!state.serves || !name) response.writeHead(503).end();
    else
      response
        .writeHead(200, { 'content-type': 'application/pkix-crl' })
        .end(pki().crlOf(name, systemClock.now() - MINUTE));
  });
  return { state, ...server };
}

function journeys(nodeCount: number, settingsOf: () => Promise<Record<string, string>>): void {
  const folders = Array.from({ length: nodeCount }, nodeFolder);
  const nodes: RunningDemo[] = [];
  let crls: Awaited<ReturnType<typeof authority>>;
  let desk: Letters;
  let settings: Record<string, string>;

  const startNode = (path: string) =>
    startDemo({
      config: configFrom({ ...settings, PORT: '0', OPERATIONS_PORT: '0', DATA: path }, true),
      log: makeLog('silent'),
      tell: () => {},
      everyMs: 0,
    });
  const at = (node: number, code: string): TrucClient => {
    const demo = nodes[node] as RunningDemo;
    const { agencies } = readCredentials(demo.folder) as DemoCredentials;
    const found = agencies.find((one) => one.code === code);
    const { clientId, clientSecret } = found as DemoCredentials['agencies'][0];
    return trucClient({ url: demo.localUrl, clientId, clientSecret });
  };
  const asAdmin = async (path: string, body: string): Promise<Response> => {
    const { localUrl, folder } = nodes[0] as RunningDemo;
    const { admin } = readCredentials(folder) as DemoCredentials;
    const asked = await fetch(`${localUrl}/oauth/token`, {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: 'client_credentials',
        client_id: admin.username,
        client_secret: admin.password,
      }),
    });
    const { access_token } = (await asked.json()) as { access_token: string };
    return fetch(`${localUrl}${path}`, {
      method: 'PUT',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${access_token}` },
      body,
    });
  };
  const json = async <Body>(client: TrucClient, path: string): Promise<Body> =>
    JSON.parse((await client.get(path)).toString()) as Body;
  const eventually = async <Body>(
    read: () => Promise<Body>,
    done: (body: Body) => boolean,
  ): Promise<Body> => {
    for (;;) {
      const body = await read();
      if (done(body)) return body;
      await sleep(200);
    }
  };

  beforeAll(async () => {
    crls = await authority(() => (nodes[0] as RunningDemo).pki);
    settings = {
      ...(await settingsOf()),
      PKI_NETS: '127.0.0.0/8',
      CRL_URLS: ['root-g2', 'ca-g2'].map((name) => `${crls.url}/${name}.crl`).join(','),
    };
    for (const { path } of folders) nodes.push(await startNode(path));
    for (const node of nodes) withoutFolder(node);
    desk = await letters((nodes[0] as RunningDemo).pki);
  }, 400_000);
  afterAll(async () => {
    await Promise.all(nodes.map((node) => node.stop()));
    await desk?.stop();
    await crls?.close();
    for (const folder of folders) folder.remove();
  });

  const last = nodeCount - 1;
  let sent: SubmissionAnswer;
  let firstReport: Buffer;

  test('while no list is to be had, a letter is taken and not judged to the end', async () => {
    sent = await at(0, COMMUNE).send(await desk.letter(COMMUNE, [MINISTRY]));
    expect(sent).toMatchObject({ state: 'accepted', verification: { indication: 'INDETERMINATE' } });
    firstReport = await at(0, COMMUNE).get(`/v1/documents/${sent.documentId}/report`);
    const { attachments } = JSON.parse(firstReport.toString()) as { attachments: { signatures: object[] }[] };
    expect(attachments[0]?.signatures[0]).toMatchObject({ subIndication: 'TRY_LATER' });
  });

  test('a held one waits for the list, and not for the operator', async () => {
    const answer = await asAdmin('/v1/agencies/G22/settings', '{"holdIndeterminate":true}');
    expect(answer.status).toBe(200);
    const held = await at(0, COMMUNE).send(await desk.letter(COMMUNE, ['G22']));
    expect(held.state).toBe('held');
    crls.state.serves = true;
    const view = await eventually(
      () => json<View>(at(last, COMMUNE), `/v1/documents/${held.documentId}`),
      ({ state, verification }) => state === 'accepted' && verification.latest !== undefined,
    );
    expect(view).toMatchObject({
      state: 'accepted',
      verification: { indication: 'INDETERMINATE', latest: { indication: 'TOTAL_PASSED' } },
    });
    const items = await at(last, 'G22').inbox({ waitSeconds: 5 });
    expect(items.map((one) => [one.kind, one.documentId])).toContainEqual(['document', held.documentId]);
  }, 150_000);

  test('the other one is judged again: one entry, one notice each, the first report as it was', async () => {
    const { documentId } = sent;
    const report = await eventually(
      () => json<{ latest?: { number: number } }>(at(last, COMMUNE), `/v1/documents/${documentId}/report`),
      ({ latest }) => latest !== undefined,
    );
    const first = JSON.parse(firstReport.toString()) as object;
    expect(report).toMatchObject({
      ...first,
      latest: { number: 1, indication: 'TOTAL_PASSED', legalValue: 'replaces_paper' },
      later: [{ number: 1, report: { indication: 'TOTAL_PASSED' } }],
    });
    const text = await at(last, COMMUNE).get(`/v1/documents/${documentId}/report?number=0`);
    expect(text).toEqual(firstReport);
    const second = await at(last, COMMUNE).get(`/v1/documents/${documentId}/report?number=1`);
    expect(report.latest).toMatchObject({ reportSha256: sha256Hex(second) });
    await expect(at(0, COMMUNE).get(`/v1/documents/${documentId}/report?number=2`)).rejects.toMatchObject({
      facts: { status: 404 },
    });
    const { events } = await json<{ events: { type: string; detail?: object }[] }>(
      at(0, COMMUNE),
      `/v1/documents/${documentId}/timeline`,
    );
    expect(events.filter((one) => one.type === 'signature.reverified')).toMatchObject([
      { detail: { indication: 'TOTAL_PASSED', previous: 'INDETERMINATE' } },
    ]);
    for (const code of [COMMUNE, MINISTRY]) {
      const items = await at(last, code).inbox({ waitSeconds: 5 });
      const notices = items.filter((one) => one.kind === 'notice' && one.documentId === documentId);
      expect(notices).toHaveLength(1);
      const { deliveryId } = notices[0] as InboxItem;
      expect(JSON.parse((await at(last, code).content(deliveryId)).toString())).toMatchObject({
        ...{ notice: 'signature.reverified', documentId, number: 1 },
        ...{ indication: 'TOTAL_PASSED', previous: 'INDETERMINATE' },
      });
    }
  }, 300_000);

  test('from now on letters pass at once', async () => {
    const next = await at(last, COMMUNE).send(await desk.letter(COMMUNE, [MINISTRY]));
    expect(next).toMatchObject({ state: 'accepted', verification: { indication: 'TOTAL_PASSED' } });
  });

  test('the metrics tell how old the lists are, when they end and that their sources answer', async () => {
    const { operationsUrl } = nodes[last] as RunningDemo;
    const text = await (await fetch(`${operationsUrl}/metrics`)).text();
    const value = (name: string) =>
      Number(new RegExp(`^${name.replace(/[{}]/g, '\\$&')} (.+)$`, 'm').exec(text)?.[1]);
    expect(value('truc_crl_oldest_age_seconds')).toBeGreaterThan(0);
    expect(value('truc_crl_next_expiry_seconds')).toBeGreaterThan(6 * 86_400);
    expect(value('truc_revocation_sources{state="good"}')).toBeGreaterThanOrEqual(2);
  });

  test('the evidence has both reports, and stores and ledger agree', async () => {
    const evidence = await at(0, COMMUNE).get(`/v1/documents/${sent.documentId}/evidence`);
    expect(evidence.includes('reports/001.json')).toBe(true);
    const demo = nodes[0] as RunningDemo;
    expect((await checkStores(demo.stores)).faults).toEqual([]);
    expect((await auditLog(fetchLog(demo.localUrl), { vkey: demo.vkey })).ok).toBe(true);
  }, 300_000);
}

describe('judged again, embedded', () => {
  journeys(1, async () => ({}));
});

describeWithServices('judged again, two nodes on shared stores', () => {
  let stores: SharedStores;
  journeys(2, async () => {
    stores = await sharedStores();
    return stores.settings;
  });
  afterAll(() => stores?.remove());
});
