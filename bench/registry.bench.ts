import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import mongoose from 'mongoose';
import {
  AGENCY_PLANS,
  agencyDirectory as agencyDirectoryOnMongo,
} from '../src/adapters/distributed/agency-directory.ts';
import { openMongo } from '../src/adapters/distributed/database.ts';
import { agencyDirectory } from '../src/adapters/embedded/agency-directory.ts';
import { openDatabase } from '../src/adapters/embedded/database.ts';
import type { AgencyDirectory, AgencyDraft } from '../src/agency/index.ts';
import { newId, systemClock } from '../src/kernel/index.ts';
import { type BenchLine, rounded } from './line.ts';

/** The real directory had 111,339 entries in 2026 (details in the domain notes); this is a little more. */
const PROVINCES = 34;
const PER_PROVINCE = 3_529;

/**
 * The registry at national size: what look-ups, pages, delta sync, searches and suggestions cost; on MongoDB as well
 * where TRUC_BENCH_MONGO_URL names a replica set.
 */
export async function registry(): Promise<BenchLine[]> {
  const url = process.env.TRUC_BENCH_MONGO_URL;
  return url ? [await embedded(), await distributed(url)] : [await embedded()];
}

async function embedded(): Promise<BenchLine> {
  const folder = mkdtempSync(join(tmpdir(), 'truc-bench-registry-'));
  const database = openDatabase(join(folder, 'truc.sqlite'));
  try {
    return await measured('embedded', agencyDirectory(database));
  } finally {
    await database.close();
    rmSync(folder, { recursive: true });
  }
}

/** In a database of its own, which is dropped afterwards. */
async function distributed(url: string): Promise<BenchLine> {
  const name = `truc-bench-${newId()}`;
  const database = await openMongo(url, name, AGENCY_PLANS);
  try {
    return await measured('MongoDB', agencyDirectoryOnMongo(database));
  } finally {
    await database.close();
    const connection = await mongoose.createConnection(url, { dbName: name }).asPromise();
    await connection.dropDatabase();
    await connection.close();
  }
}

async function measured(store: string, directory: AgencyDirectory): Promise<BenchLine> {
  const now = systemClock.now();
  const nation = agencies();
  const started = performance.now();
  for (let i = 0; i < nation.length; i += 5_000) await directory.put(nation.slice(i, i + 5_000), now);
  const loadSeconds = (performance.now() - started) / 1000;
  return {
    name: `registry of ${nation.length.toLocaleString('en')} agencies, ${store}`,
    figures: await asked(directory, now, loadSeconds),
  };
}

async function asked(directory: AgencyDirectory, now: number, loadSeconds: number) {
  return {
    'load, s': rounded(loadSeconds),
    'resolve a code, ms': await each(2_000, (i) =>
      directory.resolve(`H${10 + (i % PROVINCES)}.${i % 3_000}`, now),
    ),
    'page of 500, ms': await each(100, (i) =>
      directory.list({ limit: 500, after: `H${10 + (i % PROVINCES)}` }),
    ),
    'delta sync, ms': await each(100, () => directory.list({ limit: 500, since: 20 })),
    'name search, ms': await each(50, (i) => directory.list({ limit: 50, text: `ubnd xa mau ${i}` })),
    'common words never together, ms': await each(10, () => directory.list({ limit: 50, text: '1 2' })),
    'suggest for a wrong code, ms': await each(50, (i) =>
      directory.nearest(`H${10 + (i % PROVINCES)}.99.${i}`, 'UBND xã Mẫu 7', 3),
    ),
  };
}

/** Milliseconds for one of `rounds` calls. */
async function each(rounds: number, ask: (round: number) => Promise<unknown>): Promise<number> {
  await ask(0);
  const started = performance.now();
  for (let i = 0; i < rounds; i++) await ask(i);
  return rounded((performance.now() - started) / rounds);
}

function agencies(): AgencyDraft[] {
  return Array.from({ length: PROVINCES }, (_, p) => province(`H${10 + p}`)).flat();
}

function province(code: string): AgencyDraft[] {
  const head = draft(code, `Ủy ban nhân dân tỉnh ${code}`, null, 'province');
  const units = Array.from({ length: PER_PROVINCE }, (_, i) =>
    draft(`${code}.${i}`, `UBND xã Mẫu ${i} tỉnh ${code}`, head.id, 'commune'),
  );
  return [head, ...units];
}

function draft(
  code: string,
  name: string,
  parentId: string | null,
  level: AgencyDraft['level'],
): AgencyDraft {
  return {
    id: newId(),
    code,
    name,
    level,
    parentId,
    validFrom: '2025-07-01T00:00:00.000Z',
    validTo: null,
    lockedSince: null,
    successorId: null,
    aliases: [],
    holdIndeterminate: false,
  };
}
