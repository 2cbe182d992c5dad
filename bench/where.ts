import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Flags for node: a profile that is written to the folder when the process ends; it costs 5 % of the CPU on a quiet machine, several times that on a busy one. */
export function profiling(folder: string): string[] {
  return ['--cpu-prof', '--cpu-prof-interval', '2000', '--cpu-prof-dir', folder];
}

/** A span of time by the clock that all processes of a machine share, microseconds. */
export interface Span {
  from: number;
  to: number;
}

/** For `Span`. */
export function sharedMicroseconds(): number {
  return Number(process.hrtime.bigint() / 1000n);
}

interface Node {
  id: number;
  callFrame: { functionName: string; url: string };
  children?: number[];
}

interface Profile {
  nodes: Node[];
  samples: number[];
  timeDeltas: number[];
  startTime: number;
}

const PACKAGES: readonly [RegExp, string][] = [
  [/^(mongodb|bson|mongoose)$/, 'MongoDB driver'],
  [/^@(aws-sdk|smithy|aws)\//, 'S3 client'],
  [/^ioredis$|^redis-/, 'Redis client'],
  [/^libxml2-wasm$/, 'XML parser'],
  [/^(express|router|finalhandler|send|body-parser|helmet)$/, 'express'],
];

/**
 * What the processes that left profiles in the folder did in these spans, milliseconds. What is below a room's or a
 * driver's function counts as its own; the kernel's helpers count as their caller's.
 */
export function whereTimeGoes(folder: string, spans: readonly Span[]): Map<string, number> {
  const spent = new Map<string, number>();
  for (const file of readdirSync(folder).filter((name) => name.endsWith('.cpuprofile'))) {
    const profile = JSON.parse(readFileSync(join(folder, file), 'utf8')) as Profile;
    const owners = ownersOf(profile.nodes);
    let at = profile.startTime;
    profile.samples.forEach((id, i) => {
      at += profile.timeDeltas[i] ?? 0;
      const owner = owners.get(id);
      if (owner === undefined || !spans.some(({ from, to }) => at >= from && at <= to)) return;
      spent.set(owner, (spent.get(owner) ?? 0) + (profile.timeDeltas[i + 1] ?? 0) / 1000);
    });
  }
  return spent;
}

/** Whose time a sample is, by its innermost function; nobody's where the process had nothing to do. */
function ownersOf(nodes: readonly Node[]): Map<number, string> {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const owners = new Map<number, string>();
  const visit = (node: Node, above: string): void => {
    const owner = ownerOf(node, above);
    if (node.callFrame.functionName !== '(idle)') owners.set(node.id, owner);
    for (const child of node.children ?? []) visit(byId.get(child) as Node, owner);
  };
  visit(nodes[0] as Node, 'Node itself');
  return owners;
}

function ownerOf({ callFrame: { functionName, url } }: Node, above: string): string {
  if (functionName === '(garbage collector)') return 'garbage collection';
  const packageName = /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(url)?.[1];
  if (packageName !== undefined)
    return PACKAGES.find(([pattern]) => pattern.test(packageName))?.[1] ?? packageName;
  const [, room, set] = /\/src\/([a-z]+)\/(?:([a-z]+)\/)?/.exec(url) ?? [];
  if (room === 'kernel' && above !== 'Node itself') return above;
  if (room !== undefined) return room === 'adapters' ? `${room}/${set}` : room;
  return above;
}
