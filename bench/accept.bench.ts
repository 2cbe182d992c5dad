import { mkdtempSync, rmSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { tsaClient } from '../src/adapters/wire/tsa-client.ts';
import { systemClock } from '../src/kernel/index.ts';
import { demoFolder, edxmlOf, openDemoPki, startTsa } from '../src/lab/index.ts';
import { type AxisProcess, axisProcess } from '../tests/axis-process.ts';
import { sharedStores } from '../tests/nodes.ts';
import { floorOf } from './floor.ts';
import { type BenchLine, cpuOf, rounded } from './line.ts';
import { type ReferenceDocument, referenceDocument } from './reference-document.ts';
import { type MongoUsage, mongoUsage } from './stores-usage.ts';
import { profiling, sharedMicroseconds, whereTimeGoes } from './where.ts';

const WARM = 300;
const MEASURED = 1_000;
const PARALLEL = 32;

/**
 * Submissions over HTTP to an axis in a process of its own: parse, verify, store durably, ledger, plan, answer; in both
 * profiles, the distributed one with its stores on the same machine. Every line tells where the time goes.
 * TRUC_BENCH_PROFILE names a folder where the CPU profiles of the axis stay.
 */
export async function accept(): Promise<BenchLine[]> {
  const embedded = await acceptWith({}, 1);
  const [one, two] = [await distributed(1), await distributed(2)];
  const named = (line: Accepted, what: string, against: Accepted, ratio: string): BenchLine => ({
    name: `${line.name}, distributed profile, ${what}`,
    // The bar is for what the program does by itself; drivers are compared with it.
    figures: { ...line.figures, [ratio]: rounded(line.serverMs / against.serverMs) },
  });
  return [
    embedded,
    named(one, 'one node (without the stores)', embedded, 'CPU, times the embedded'),
    named(two, 'two nodes together (without the stores)', one, 'CPU, times one node'),
  ];
}

type Accepted = BenchLine & { serverMs: number };

async function distributed(nodes: number): Promise<Accepted> {
  const stores = await sharedStores();
  try {
    const settings = Object.entries(stores.settings).map(([name, value]) => [`TRUC_${name}`, value]);
    return await acceptWith(Object.fromEntries(settings), nodes);
  } finally {
    await stores.remove();
  }
}

/** @param nodes how many share the submissions; more than one only with shared stores */
async function acceptWith(settings: Record<string, string>, nodes: number): Promise<Accepted> {
  const { TRUC_BENCH_PROFILE: kept } = process.env;
  const folder = mkdtempSync(join(kept ?? tmpdir(), 'accept-'));
  const axes = await Promise.all(
    Array.from({ length: nodes }, () => axisProcess(profiling(folder), settings)),
  );
  try {
    for (const axis of axes) await axis.start();
    const { line, span } = await measured(axes, settings.TRUC_MONGO_URL);
    for (const axis of axes) await axis.stop();
    const where = whereTimeGoes(folder, span);
    return { ...line, figures: { ...line.figures, "where the nodes' CPU goes": '', ...where } };
  } finally {
    for (const axis of axes) await axis.remove();
    if (kept === undefined) rmSync(folder, { recursive: true, force: true });
  }
}

async function measured(axes: readonly AxisProcess[], mongoUrl: string | undefined) {
  const [first] = axes as [AxisProcess];
  const document = await makeDocument(first);
  const floorMs = await floorOf(document);
  const letters = numbered(document);
  const token = await bearer(first, 'H53.32.29');
  await sendAll(axes, token, letters.splice(0, WARM));
  const before = await usage(axes, mongoUrl);
  const from = sharedMicroseconds();
  const { cpuMs: clientCpuMs } = await cpuOf(() => sendAll(axes, token, letters));
  const to = sharedMicroseconds();
  const after = await usage(axes, mongoUrl);
  const perDocument = (figure: (of: Usage) => number) => (figure(after) - figure(before)) / MEASURED;
  const serverMs = perDocument(({ nodes }) => sum(nodes.map((node) => node.totalMs)));
  const line: Accepted = {
    serverMs,
    name: 'accept one document, end to end over HTTP (server CPU)',
    figures: {
      'edXML bytes': document.edxml.length,
      'PDF bytes': document.pdf.length,
      'floor ms': rounded(floorMs),
      'server ms': rounded(serverMs),
      'of it in the kernel': rounded(perDocument(({ nodes }) => sum(nodes.map((node) => node.systemMs)))),
      'documents/s': rounded((MEASURED / (to - from)) * 1e6),
      'client CPU ms': rounded(clientCpuMs / MEASURED),
      parallel: PARALLEL,
      'load average': rounded(loadavg()[0] as number),
      ...(axes.length > 1 ? nodeFigures(before, after) : {}),
      ...(before.mongo && after.mongo ? mongoFigures(before.mongo, after.mongo) : {}),
    },
    bar: { ratio: serverMs / floorMs, atMost: 20 },
  };
  return { line, span: { from, to } };
}

/** CPU of each node per document that passed the whole installation. */
function nodeFigures(before: Usage, after: Usage): Record<string, number> {
  return Object.fromEntries(
    after.nodes.map(({ totalMs, writes }, i) => [
      `  node ${i + 1}${writes ? ', the writer' : ''}, ms`,
      rounded((totalMs - (before.nodes[i] as NodeUsage).totalMs) / MEASURED),
    ]),
  );
}

/** Of the whole server, which may have had other work too. */
function mongoFigures(before: MongoUsage, after: MongoUsage): Record<string, number> {
  const commands = Object.entries(after.commands).map(([name, count]): [string, number] => [
    `  ${name}`,
    rounded((count - (before.commands[name] as number)) / MEASURED),
  ]);
  return {
    'mongod CPU ms': rounded((after.cpuMs - before.cpuMs) / MEASURED),
    'commands to mongod': rounded(sum(commands.map(([, count]) => count))),
    ...Object.fromEntries(commands.filter(([, count]) => count > 0)),
    transactions: rounded((after.committed - before.committed) / MEASURED),
    'transactions aborted': rounded((after.aborted - before.aborted) / MEASURED),
  };
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
function numbered({ order, pdf }: ReferenceDocument): Buffer[] {
  return Array.from({ length: WARM + MEASURED }, (_, i) => edxmlOf({ ...order, number: 10_000 + i }, pdf));
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

interface NodeUsage {
  totalMs: number;
  systemMs: number;
  writes: boolean;
}

interface Usage {
  nodes: NodeUsage[];
  mongo: MongoUsage | null;
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

function sum(figures: readonly number[]): number {
  return figures.reduce((total, figure) => total + figure, 0);
}

/** Each sender keeps to one node. */
async function sendAll(axes: readonly AxisProcess[], token: string, letters: Buffer[]): Promise<void> {
  const agent = new Agent({ keepAlive: true, maxSockets: PARALLEL });
  const waiting = [...letters];
  const sender = async (_: unknown, i: number) => {
    const { url } = axes[i % axes.length] as AxisProcess;
    for (let next = waiting.pop(); next; next = waiting.pop()) await post(url, agent, token, next);
  };
  await Promise.all(Array.from({ length: PARALLEL }, sender));
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
