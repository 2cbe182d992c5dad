import { mkdtempSync, rmSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import mongoose from 'mongoose';
import { openMongo } from '../src/adapters/distributed/database.ts';
import { deliveryLog as deliveryLogOnMongo } from '../src/adapters/distributed/delivery-log.ts';
import {
  DELIVERIES,
  DELIVERY_PLANS,
  rowOf as deliveryRow,
} from '../src/adapters/distributed/delivery-rows.ts';
import {
  DOCUMENT_PLANS,
  DOCUMENTS,
  rowOf as documentRow,
} from '../src/adapters/distributed/document-rows.ts';
import { documentStore as documentStoreOnMongo } from '../src/adapters/distributed/document-store.ts';
import { EVENT_PLANS } from '../src/adapters/distributed/event-rows.ts';
import { writeLane } from '../src/adapters/distributed/write-lane.ts';
import { openDatabase } from '../src/adapters/embedded/database.ts';
import { deliveryLog } from '../src/adapters/embedded/delivery-log.ts';
import { deliveryStore } from '../src/adapters/embedded/delivery-store.ts';
import { documentStore } from '../src/adapters/embedded/document-store.ts';
import type { ConsoleDesk } from '../src/console/desk.ts';
import { csv } from '../src/console/exports.ts';
import { allLines } from '../src/console/log-read.ts';
import type { Delivery, DeliveryLog, LogFilter, LogPlace, TransportState } from '../src/delivery/index.ts';
import { planDocument } from '../src/delivery/index.ts';
import {
  type DocumentRecord,
  type DocumentStore,
  digestKey,
  edxmlKey,
  numberKey,
} from '../src/document/index.ts';
import { isoTime, newId, sha256Hex, systemClock } from '../src/kernel/index.ts';
import { type BenchLine, rounded } from './line.ts';

/** How many documents; TRUC_BENCH_LOG sets another number. A nation has 550,000 in a month. */
const DOCUMENTS_SEEDED = Number(process.env.TRUC_BENCH_LOG ?? 100_000);
const AGENCIES = Array.from({ length: 3_400 }, () => newId());
const BATCH = 2_000;
const ROUNDS = 60;

/**
 * The administrators' log: what looks for deliveries cost; on MongoDB as well where TRUC_BENCH_MONGO_URL names a replica set, and
 * there alone with TRUC_BENCH_STORE=mongodb.
 */
export async function log(): Promise<BenchLine[]> {
  const url = process.env.TRUC_BENCH_MONGO_URL;
  const lines = process.env.TRUC_BENCH_STORE === 'mongodb' ? [] : [await embedded()];
  return url ? [...lines, await distributed(url)] : lines;
}

async function embedded(): Promise<BenchLine> {
  const folder = mkdtempSync(join(tmpdir(), 'truc-bench-log-'));
  const database = openDatabase(join(folder, 'truc.sqlite'));
  const [documents, deliveries] = [documentStore(database), deliveryStore(database)];
  try {
    const reads = { log: deliveryLog(database), documents };
    return await measured('embedded', reads, async (batch) => {
      await Promise.all(batch.map(({ document }) => documents.register(document, [])));
      await deliveries.plan(batch.map(({ delivery }) => delivery));
    });
  } finally {
    await database.close();
    rmSync(folder, { recursive: true });
  }
}

/** In a database of its own, which is dropped afterwards. */
async function distributed(url: string): Promise<BenchLine> {
  const name = `truc-bench-${newId()}`;
  const mongo = await openMongo(url, name, [...DOCUMENT_PLANS, ...DELIVERY_PLANS, ...EVENT_PLANS]);
  try {
    const documents = documentStoreOnMongo(mongo, writeLane(mongo));
    const reads = { log: deliveryLogOnMongo(mongo), documents };
    return await measured('MongoDB', reads, async (batch) => {
      await mongo.raw
        .collection(DOCUMENTS)
        .insertMany(batch.map(({ document }) => documentRow(document)) as never[]);
      await mongo.raw
        .collection(DELIVERIES)
        .insertMany(batch.map(({ delivery }) => deliveryRow(delivery)) as never[]);
    });
  } finally {
    await mongo.close();
    const connection = await mongoose.createConnection(url, { dbName: name }).asPromise();
    await connection.dropDatabase();
    await connection.close();
  }
}

interface Seeded {
  document: DocumentRecord;
  delivery: Delivery;
}

const START = systemClock.now() - 30 * 86_400_000;

/** Letters of a month, each to one recipient; one in a hundred failed, two wait. */
function seeded(i: number): Seeded {
  const at = START + Math.floor((i * 30 * 86_400_000) / DOCUMENTS_SEEDED);
  const documentId = newId();
  const [from, to] = [i % AGENCIES.length, (i * 7 + 1) % AGENCIES.length];
  const document: DocumentRecord = {
    documentId,
    key: {
      senderId: AGENCIES[from] as string,
      edxmlId: `H${from},2026/11/01,${i}`,
      businessType: 0,
      ordinal: 1,
    },
    state: 'accepted',
    ledgerDoc: newId(),
    ledgerKey: 'x'.repeat(43),
    senderCode: `H${from}`,
    senderLevel: from % 10 === 0 ? 'central' : 'commune',
    clientId: 'bench',
    recipients: [
      { agencyId: AGENCIES[to] as string, code: `H${to}`, level: to % 3 === 0 ? 'province' : 'commune' },
    ],
    sha256: sha256Hex(String(i)),
    size: 135_000,
    contentSha256: sha256Hex(`c${i}`),
    original: 's:0:0:1',
    subject: 'V/v báo cáo kết quả triển khai nhiệm vụ chuyển đổi số',
    codeNumber: `${i % 20_000}/UBND-VP`,
    promulgationDate: '2026/11/01',
    typeName: 'Công văn',
    priority: (i % 50 === 0 ? 3 : 0) as 0,
    concerns: [],
    attachments: [
      {
        name: 'a.pdf',
        contentType: 'application/pdf',
        sha256: sha256Hex(`a${i}`),
        size: 97_000,
        role: 'main',
      },
    ],
    legalValue: 'replaces_paper',
    indication: 'TOTAL_PASSED',
    report: '{}',
    receipt: '{}',
    hold: false,
    receivedAt: isoTime(at),
    acceptedAt: isoTime(at),
  };
  const [planned] = planDocument(document, { now: at, deadlineDays: 7 });
  const state: TransportState = i % 100 === 0 ? 'failed' : i % 100 < 3 ? 'waiting' : 'done';
  const failure = state === 'failed' ? (i % 200 === 0 ? 'http-410' : 'ETIMEDOUT') : null;
  return { document, delivery: { ...(planned as Delivery), state, failure } };
}

async function measured(
  store: string,
  { log: reads, documents }: { log: DeliveryLog; documents: DocumentStore },
  put: (batch: Seeded[]) => Promise<void>,
): Promise<BenchLine> {
  const started = performance.now();
  for (let i = 0; i < DOCUMENTS_SEEDED; i += BATCH)
    await put(Array.from({ length: Math.min(BATCH, DOCUMENTS_SEEDED - i) }, (_, k) => seeded(i + k)));
  const seconds = (performance.now() - started) / 1000;
  const all: LogFilter = { reach: null, kind: 'document' };
  const page = (filter: Partial<LogFilter>, after?: LogPlace) =>
    reads.page({ ...all, ...filter, order: 'newest', limit: 51, ...(after ? { after } : {}) });
  const deep = { createdAt: isoTime(START + 86_400_000), deliveryId: newId() };
  const n = (k: number) => (k * 7_919) % DOCUMENTS_SEEDED;
  const agency = (k: number) => AGENCIES[(k * 31) % AGENCIES.length] as string;
  const looks: Record<string, (k: number) => Promise<unknown>> = {
    'first page': () => page({}),
    'a page 29 days back': () => page({}, deep),
    failed: () => page({ states: ['failed'] }),
    'open, oldest': () => reads.page({ ...all, states: ['waiting', 'leased'], order: 'oldest', limit: 51 }),
    'failed with a reason': () => page({ states: ['failed'], failure: 'http-410' }),
    'sender and state': (k) => page({ senderId: agency(k), states: ['failed'] }),
    receiver: (k) => page({ recipientId: agency(k) }),
    'levels and urgency': () => page({ senderLevel: 'central', recipientLevel: 'province', priority: 3 }),
    "one agency's own": (k) => page({ reach: [agency(k)] }),
    'figures, all': () => reads.counts(all, 10_000),
    'figures, one agency': (k) => reads.counts({ ...all, reach: [agency(k)] }, 10_000),
    'by number': (k) => reads.documents(numberKey(`${n(k) % 20_000}/UBND-VP`), true, 200),
    'by beginning of number': (k) => reads.documents(numberKey(`${n(k) % 20_000}/`), false, 200),
    'by edXML id': (k) =>
      reads.documents(edxmlKey(`H${n(k) % AGENCIES.length},2026/11/01,${n(k)}`), true, 200),
    'by sha256': (k) => reads.documents(digestKey(sha256Hex(`a${n(k)}`)), true, 200),
    loads: () => reads.loads(null, 5),
  };
  const figures: Record<string, number | string> = {};
  for (const [name, look] of Object.entries(looks)) figures[`${name}, p95 ms`] = await p95(look);
  return {
    name: `delivery log, ${DOCUMENTS_SEEDED} documents, ${store}`,
    figures: {
      ...{ 'seeded in s': rounded(seconds), ...figures, ...(await exported(reads, documents)) },
      'load average': rounded(loadavg()[0] ?? 0),
    },
  };
}

/** Every line as CSV, as the console streams it: how long, and how much memory it takes at most beside what was there. */
async function exported(log: DeliveryLog, documents: DocumentStore): Promise<Record<string, number>> {
  const desk = { log, stations: { documents, agencies: { get: async () => null } } } as never as ConsoleDesk;
  const before = process.memoryUsage().rss;
  const started = performance.now();
  let [rows, most] = [-1, before];
  for await (const part of csv(allLines([{ reach: null, kind: 'document' }], {}, desk), 'vi', true)) {
    rows += String(part).split('\r\n').length - 1;
    most = Math.max(most, process.memoryUsage().rss);
  }
  return {
    'rows exported': rows,
    'export, s': rounded((performance.now() - started) / 1_000),
    'export, MB more at most': rounded((most - before) / 1e6),
  };
}

async function p95(look: (k: number) => Promise<unknown>): Promise<number> {
  const times: number[] = [];
  for (let k = 0; k < ROUNDS; k++) {
    const started = performance.now();
    await look(k);
    times.push(performance.now() - started);
  }
  times.sort((a, b) => a - b);
  return rounded(times[Math.floor(ROUNDS * 0.95)] ?? 0);
}
