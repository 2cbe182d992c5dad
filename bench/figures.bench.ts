import { loadavg } from 'node:os';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { RecordedEvent } from '../src/document/index.ts';
import { canonicalJson, isoTime, newId, sha256Hex } from '../src/kernel/index.ts';
import { type DisclosingDesk, figuresDesk } from '../src/reporting/index.ts';
import { type BenchLine, cpuOf, rounded } from './line.ts';

/** Entries of the log; TRUC_BENCH_FIGURES sets another number. */
const ENTRIES = Number(process.env.TRUC_BENCH_FIGURES ?? 100_000);
/** Submitted, verified, queued, fetched, acknowledged: what an ordinary letter leaves. */
const STEPS = [
  'document.submitted',
  'signature.verified',
  'delivery.queued',
  'delivery.fetched',
  'delivery.acknowledged',
];
const AGENCIES = 3_400;
const START = Date.parse('2026-01-05T01:00:00.000Z');
const KEY = Buffer.alloc(32, 7).toString('base64url');

/** The first figures after a start: counting, without what the stores need to read. */
export async function figures(): Promise<BenchLine[]> {
  const size = ENTRIES - (ENTRIES % STEPS.length);
  const before = memory();
  const delay = monitorEventLoopDelay({ resolution: 5 });
  delay.enable();
  const desk = figuresDesk(deskOf(size));
  const started = performance.now();
  const { cpuMs, value } = await cpuOf(() => desk.figures());
  const seconds = (performance.now() - started) / 1_000;
  delay.disable();
  const held = memory() - before;
  // Asked again, so that what it holds is still held.
  await desk.figures();
  return [
    {
      name: `figures of ${size} entries, counted from the beginning (load ${loadavg()[0]?.toFixed(1)})`,
      figures: {
        seconds: rounded(seconds),
        'CPU seconds': rounded(cpuMs / 1_000),
        'CPU µs an entry': rounded((cpuMs * 1_000) / size),
        'longest pause ms': rounded(delay.max / 1e6),
        'memory held MB': rounded(held / 1e6),
        indicators: value.indicators.length,
      },
    },
  ];
}

function memory(): number {
  globalThis.gc?.();
  return process.memoryUsage().heapUsed;
}

/** A log that is made as it is read: every document with one recipient, five entries one after the other. */
function deskOf(size: number): DisclosingDesk {
  const eventAt = (index: number): RecordedEvent => {
    const [number, step] = [Math.floor(index / STEPS.length), index % STEPS.length];
    const code = (n: number) => `H${10 + (n % 60)}.${n % AGENCIES}`;
    const kind = { recipient: code(number * 7 + 1), kind: 'document' };
    const facts = [
      { documentId: `d${number}`, sender: code(number), businessType: 0, sha256: '0'.repeat(64) },
      {
        indication: 'TOTAL_PASSED',
        legalValue: 'replaces_paper',
        officials: [{ agency: code(number), official: `o${number % 9_000}` }],
      },
      { count: 1, [`recipient:${code(number * 7 + 1)}`]: 'x' },
      kind,
      kind,
    ][step] as RecordedEvent['facts'];
    const type = STEPS[step] as RecordedEvent['type'];
    const at = timeOf(index);
    const place = { eventId: `${index}`, index, seq: step + 1, recordedAt: at };
    return {
      eventId: `${index}`,
      subjectId: `d${number}`,
      ledgerDoc: `l${number}`,
      type,
      erds: null,
      actorId: null,
      recipientId: null,
      facts,
      commit: '',
      at,
      position: index,
      place,
    };
  };
  const range = (from: number, count: number) => Array.from({ length: count }, (_, i) => from + i);
  return {
    reader: {
      origin: 'bench',
      size: async () => size,
      checkpoint: async () => 'bench',
      entries: async (from: number, count: number) => range(from, count).map(entryAt),
    },
    events: { placed: async (from: number, count: number) => range(from, count).map(eventAt) },
    documents: { get: async () => ({ ledgerKey: KEY }) },
    refusals: { get: async () => null },
  } as unknown as DisclosingDesk;
}

const timeOf = (index: number) => isoTime(START + index * 500);

function entryAt(index: number): Buffer {
  const [number, step] = [Math.floor(index / STEPS.length), index % STEPS.length];
  const entry = {
    ...{ at: timeOf(index), commit: COMMIT, doc: `l${number}`, erds: null, prev: step === 0 ? null : COMMIT },
    ...{ seq: step + 1, type: STEPS[step] as string, v: 1 },
  };
  return Buffer.from(canonicalJson(entry));
}

const COMMIT = sha256Hex(newId());
