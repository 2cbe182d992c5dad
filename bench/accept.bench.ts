import { loadavg } from 'node:os';
import { floorOf } from './floor.ts';
import { distributedInstallation, type Installation, installation, type Turn } from './installation.ts';
import { type BenchLine, rounded } from './line.ts';

/** Documents on their way at a time. */
const PARALLEL = 32;
const WARM = 300;
const TURNS = 5;
const MEASURED = 1_000;
/** What is done for a document in the same way by whatever keeps it; its price tells how busy the machine is. */
const SAME_WORK = ['verification', 'XML parser', 'edxml', 'intake'];

/**
 * Submissions over HTTP to an axis in processes of its own: parse, verify, store durably, ledger, plan, answer; embedded, and
 * distributed over one node and over two, with the stores on the same machine. One node and two take turns, so that other
 * work on the machine meets them alike. Every line tells where the time goes.
 * TRUC_BENCH_PROFILE names a folder where the CPU profiles of the nodes stay.
 */
export async function accept(): Promise<BenchLine[]> {
  // The profiler costs time of its own: what is held against the bar goes without it.
  const unprofiled = await installation({}, 1, undefined, { profiled: false });
  const [plain] = await measured([{ installed: unprofiled, parallel: PARALLEL }], TURNS);
  const [embedded] = await measured([{ installed: await installation({}, 1), parallel: PARALLEL }], 1);
  const [one, two, busy] = await measured(await oneNodeAndTwo(), TURNS);
  if (!plain || !embedded || !one || !two || !busy) return [];
  return [
    // The bar is for what the program does by itself; drivers are compared with it.
    { ...plain, bar: { ratio: plain.serverMs / plain.floorMs, atMost: 20 } },
    { ...embedded, name: `${embedded.name}, under the profiler` },
    compared(one, 'one node', embedded, 'the embedded'),
    compared(two, 'two nodes together, the same callers over both', one, 'one node'),
    compared(busy, 'two nodes together, as many callers on each', one, 'one node'),
  ];
}

async function oneNodeAndTwo(): Promise<Measurable[]> {
  const one = await distributedInstallation(1);
  try {
    const two = await distributedInstallation(2);
    return [
      { installed: one, parallel: PARALLEL },
      { installed: two, parallel: PARALLEL },
      { installed: two, parallel: 2 * PARALLEL },
    ];
  } catch (error) {
    await one.remove();
    throw error;
  }
}

function compared(line: Accepted, what: string, to: Accepted, name: string): BenchLine {
  const [times, equalWork] = [line.serverMs / to.serverMs, line.sameMs / to.sameMs];
  return {
    name: `${line.name}, distributed profile, ${what} (without the stores)`,
    figures: {
      ...line.figures,
      [`CPU, times ${name}`]: rounded(times),
      '  price of equal work': rounded(equalWork),
      '  at an equal price': rounded(times / equalWork),
    },
  };
}

type Accepted = BenchLine & { serverMs: number; sameMs: number; floorMs: number };

interface Measurable {
  installed: Installation;
  parallel: number;
}

/** @param turns in how many parts each gets its documents, one after the other */
async function measured(all: readonly Measurable[], turns: number): Promise<Accepted[]> {
  try {
    for (const { installed, parallel } of all) await installed.send(WARM, parallel);
    const runs = all.map((one) => ({ ...one, floors: [] as number[], done: [] as Turn[] }));
    for (let i = 0; i < turns; i++)
      for (const { installed, parallel, floors, done } of runs) {
        floors.push(await floorOf(installed.document));
        done.push(await installed.send(MEASURED / turns, parallel));
      }
    const lines: Accepted[] = [];
    for (const run of runs) lines.push(lineOf(run, await run.installed.stop(run.done)));
    return lines;
  } finally {
    for (const installed of new Set(all.map((one) => one.installed))) await installed.remove();
  }
}

interface Run extends Measurable {
  floors: number[];
  done: Turn[];
}

function lineOf(
  { installed: { document }, parallel, floors, done }: Run,
  where: ReadonlyMap<string, number>,
): Accepted {
  const floorMs = mean(floors);
  const perDocument = (figure: (turn: Turn) => number) => sum(done.map(figure)) / MEASURED;
  const ofNodes = (what: 'totalMs' | 'systemMs') =>
    perDocument(
      ({ before, after }) => sum(after.nodes.map((n) => n[what])) - sum(before.nodes.map((n) => n[what])),
    );
  const serverMs = ofNodes('totalMs');
  const profiled = sum([...where.values()]);
  const sameMs = (sum(SAME_WORK.map((room) => where.get(room) ?? 0)) / profiled) * serverMs;
  return {
    serverMs,
    sameMs,
    floorMs,
    name: 'accept one document, end to end over HTTP (server CPU)',
    figures: {
      'edXML bytes': document.edxml.length,
      'PDF bytes': document.pdf.length,
      'floor ms': rounded(floorMs),
      'server ms': rounded(serverMs),
      'of it in the kernel': rounded(ofNodes('systemMs')),
      'documents/s': rounded(1e6 / perDocument(({ span }) => span.to - span.from)),
      'client CPU ms': rounded(perDocument(({ clientCpuMs }) => clientCpuMs)),
      parallel,
      'load average': rounded(loadavg()[0] as number),
      ...nodeFigures(done, perDocument),
      ...mongoFigures(perDocument),
      ...(profiled > 0 ? { "where the nodes' CPU goes": '', ...shares(where, profiled) } : {}),
    },
  };
}

type PerDocument = (figure: (turn: Turn) => number) => number;

/** CPU of each node per document that passed the whole installation. */
function nodeFigures(turns: readonly Turn[], perDocument: PerDocument): Record<string, number> {
  const nodes = turns.at(-1)?.after.nodes ?? [];
  if (nodes.length < 2) return {};
  const spent = (i: number) => perDocument(({ before, after }) => msOf(after, i) - msOf(before, i));
  return Object.fromEntries(
    nodes.map(({ writes }, i) => [`  node ${i + 1}${writes ? ', the writer' : ''}, ms`, rounded(spent(i))]),
  );
}

function msOf({ nodes }: Turn['after'], i: number): number {
  return nodes[i]?.totalMs ?? 0;
}

/** Of the whole server, which may have had other work too. */
function mongoFigures(perDocument: PerDocument): Record<string, number> {
  const grown = (figure: (of: NonNullable<Turn['after']['mongo']>) => number) =>
    perDocument(({ before, after }) =>
      before.mongo && after.mongo ? figure(after.mongo) - figure(before.mongo) : 0,
    );
  const cpuMs = grown((mongo) => mongo.cpuMs);
  if (cpuMs === 0) return {};
  return {
    'mongod CPU ms': rounded(cpuMs),
    'commands to mongod': rounded(grown((mongo) => sum(Object.values(mongo.commands)))),
    '  transactions': rounded(grown((mongo) => mongo.committed)),
    '  aborted ones': rounded(grown((mongo) => mongo.aborted)),
  };
}

/** The largest first; what is less than one in a hundred is left out. */
function shares(where: ReadonlyMap<string, number>, profiled: number): Record<string, string> {
  const shown = [...where].filter(([, ms]) => ms / profiled >= 0.01).sort(([, a], [, b]) => b - a);
  return Object.fromEntries(
    shown.map(([owner, ms]) => [`  ${owner}`, `${Math.round((100 * ms) / profiled)} %`]),
  );
}

function sum(figures: readonly number[]): number {
  return figures.reduce((total, figure) => total + figure, 0);
}

function mean(figures: readonly number[]): number {
  return sum(figures) / figures.length;
}
