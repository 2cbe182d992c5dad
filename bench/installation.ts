import { mkdtempSync, rmSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { tsaClient } from '../src/adapters/wire/tsa-client.ts';
import { systemClock } from '../src/kernel/index.ts';
import { demoFolder, edxmlOf, openDemoPki, startTsa } from '../src/lab/index.ts';
import { type AxisProcess, axisProcess } from '../tests/axis-process.ts';
import { prefixed, sharedStores } from '../tests/nodes.ts';
import { cpuOf } from './line.ts';
import { type ReferenceDocument, referenceDocument } from './reference-document.ts';
import { type MongoUsage, mongoUsage } from './stores-usage.ts';
import { profiling, type Span, sharedMicroseconds, whereTimeGoes } from './where.ts';

export interface NodeUsage {
  totalMs: number;
  systemMs: number;
  writes: boolean;
}

export interface Usage {
  nodes: NodeUsage[];
  mongo: MongoUsage | null;
}

export interface Turn {
  before: Usage;
  after: Usage;
  span: Span;
  clientCpuMs: number;
}

/** An axis of one or more nodes, in processes of their own, to which documents are sent. */
export interface Installation {
  document: ReferenceDocument;
  /** Sends so many documents that it has not seen yet, so many at a time; each sender keeps to one node. */
  send(count: number, parallel: number): Promise<Turn>;
  /** Ends the nodes. @returns where their CPU time went in the turns given, CPU milliseconds by room and driver */
  stop(turns: readonly Turn[]): Promise<Map<string, number>>;
  remove(): Promise<void>;
}

/** The distributed profile with stores of its own. */
export async function distributedInstallation(nodes: number): Promise<Installation> {
  const stores = await sharedStores();
  try {
    return await installation(prefixed(stores.settings), nodes, stores.remove);
  } catch (error) {
    await stores.remove();
    throw error;
  }
}

/**
 * @param nodes more than one only with shared stores
 * @param andThen what else is to be removed at the end
 * @param options.profiled whether the nodes tell where their time goes, which costs some of it
 */
export async function installation(
  settings: Record<string, string>,
  nodes: number,
  andThen = async () => {},
  { profiled = true } = {},
): Promise<Installation> {
  const { TRUC_BENCH_PROFILE: kept } = process.env;
  const folder = mkdtempSync(join(kept ?? tmpdir(), 'accept-'));
  const axes = await Promise.all(
    Array.from({ length: nodes }, () => axisProcess(profiled ? profiling(folder) : [], settings)),
  );
  const remove = async () => {
    for (const axis of axes) await axis.remove();
    if (kept === undefined) rmSync(folder, { recursive: true, force: true });
    await andThen();
  };
  try {
    for (const axis of axes) await axis.start();
    const [first] = axes as [AxisProcess];
    const document = await makeDocument(first);
    let sent = 0;
    return {
      document,
      send: async (count, parallel) => {
        const letters = numbered(document, sent, count);
        sent += count;
        const token = await bearer(first, 'H53.32.29');
        const before = await usage(axes, settings.TRUC_MONGO_URL);
        const from = sharedMicroseconds();
        const { cpuMs: clientCpuMs } = await cpuOf(() => sendAll(axes, token, letters, parallel));
        const span = { from, to: sharedMicroseconds() };
        return { before, after: await usage(axes, settings.TRUC_MONGO_URL), span, clientCpuMs };
      },
      stop: async (turns) => {
        for (const axis of axes) await axis.stop();
        return whereTimeGoes(
          folder,
          turns.map(({ span }) => span),
        );
      },
      remove,
    };
  } catch (error) {
    await remove();
    throw error;
  }
}

async function makeDocument(axis: AxisProcess): Promise<ReferenceDocument> {
  const now = systemClock.now();
  const pki = await openDemoPki(demoFolder(axis.dataDir), now);
  const tsa = await startTsa({ pki, clock: systemClock });
  try {
    return await referenceDocument(pki, tsaClient({ url: tsa.url }), now);
  } finally {
    await tsa.close();
  }
}

/** The same PDF in envelopes with numbers of their own: other documents to the axis. */
function numbered({ order, pdf }: ReferenceDocument, first: number, count: number): Buffer[] {
  return Array.from({ length: count }, (_, i) => edxmlOf({ ...order, number: 10_000 + first + i }, pdf));
}

async function bearer(axis: AxisProcess, code: string): Promise<string> {
  const { clientId = '', clientSecret = '' } =
    axis.credentials().agencies.find((one) => one.code === code) ?? {};
  const body = new URLSearchParams({
    grant_type: 'client_credentials',
    client_id: clientId,
    client_secret: clientSecret,
  });
  const answer = await fetch(`${axis.url}/oauth/token`, { method: 'POST', body });
  return ((await answer.json()) as { access_token: string }).access_token;
}

async function usage(axes: readonly AxisProcess[], mongoUrl: string | undefined): Promise<Usage> {
  const nodes = await Promise.all(axes.map(nodeUsage));
  return { nodes, mongo: mongoUrl === undefined ? null : await mongoUsage(mongoUrl) };
}

async function nodeUsage({ operationsUrl }: AxisProcess): Promise<NodeUsage> {
  const text = await (await fetch(`${operationsUrl}/metrics`)).text();
  const figure = (name: string) => Number(new RegExp(`^${name} ([\\d.e+-]+)`, 'm').exec(text)?.[1]);
  return {
    totalMs: figure('process_cpu_seconds_total') * 1000,
    systemMs: figure('process_cpu_system_seconds_total') * 1000,
    writes: figure('truc_ledger_writer') === 1,
  };
}

async function sendAll(
  axes: readonly AxisProcess[],
  token: string,
  letters: Buffer[],
  parallel: number,
): Promise<void> {
  const agent = new Agent({ keepAlive: true, maxSockets: parallel });
  const waiting = [...letters];
  const sender = async (_: unknown, i: number) => {
    const { url } = axes[i % axes.length] as AxisProcess;
    for (let next = waiting.pop(); next; next = waiting.pop()) await post(url, agent, token, next);
  };
  await Promise.all(Array.from({ length: parallel }, sender));
  agent.destroy();
}

/** node:http with kept connections: fetch would cost the client, which shares the machine, several times as much. */
function post(url: string, agent: Agent, token: string, body: Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    const sending = request(
      `${url}/v1/documents`,
      {
        method: 'POST',
        agent,
        headers: {
          authorization: `Bearer ${token}`,
          'content-type': 'application/xml',
          'content-length': body.length,
        },
      },
      (answer) => {
        const chunks: Buffer[] = [];
        answer.on('data', (chunk: Buffer) => chunks.push(chunk));
        answer.on('end', () => {
          if (answer.statusCode === 202) resolve();
          else reject(new Error(`${answer.statusCode} ${Buffer.concat(chunks)}`));
        });
      },
    );
    sending.on('error', reject);
    sending.end(body);
  });
}
