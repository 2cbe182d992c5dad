import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import mongoose from 'mongoose';
import { sleep } from '../../src/kernel/index.ts';
import type { MovedClock } from '../moved-clock.ts';
import { services } from '../services.ts';

const SCRIPT = join(import.meta.dirname, '..', '..', 'scripts', 'services.sh');
const PROGRAMS = join(import.meta.dirname, '..', '..', '.runtime', 'services', 'programs');

/** A replica set and a Redis of a test's own, which it may kill. */
export interface OwnServices {
  mongoUrl: string;
  redisPort: number;
  redisUrl: string;
  /** Process of the member that is primary now. */
  primary(): Promise<{ pid: number; member: number }>;
  stepDown(): Promise<void>;
  flushRedis(): Promise<void>;
  killRedis(): void;
  /** Starts whatever does not run. */
  start(): Promise<void>;
  remove(): Promise<void>;
}

/**
 * @param options.members of the replica set
 * @param options.clock of all members; the machine's when not given
 */
export async function ownServices({
  members = 3,
  clock,
}: {
  members?: number;
  clock?: MovedClock;
} = {}): Promise<OwnServices> {
  // The programs are fetched once, for these and for the shared servers.
  services();
  const folder = mkdtempSync(join(tmpdir(), 'truc-services-'));
  mkdirSync(folder, { recursive: true });
  if (existsSync(PROGRAMS)) symlinkSync(PROGRAMS, join(folder, 'programs'));
  const mongoPort = await freeRun(4);
  const redisPort = mongoPort + 3;
  const env = {
    ...process.env,
    TRUC_SERVICES_DIR: folder,
    MONGO_PORT: String(mongoPort),
    MONGO_NODES: String(members),
    REDIS_PORT: String(redisPort),
    ...(clock && {
      MONGO_CLOCK: Object.entries(clock.env)
        .map((pair) => pair.join('='))
        .join(' '),
    }),
  };
  // Beside the test, whose own servers must go on.
  const script = (...words: string[]) => run('bash', [SCRIPT, ...words], env);
  const hosts = Array.from({ length: members }, (_, i) => `127.0.0.1:${mongoPort + i}`).join(',');
  const mongoUrl = `mongodb://${hosts}/?replicaSet=rs0`;
  const pidOf = (name: string) => Number(readFileSync(join(folder, 'data', `${name}.pid`), 'utf8'));
  const admin = async <T>(work: (db: mongoose.mongo.Db) => Promise<T>) => {
    const connection = await mongoose
      .createConnection(mongoUrl, { serverSelectionTimeoutMS: 20_000 })
      .asPromise();
    try {
      return await work(connection.getClient().db('admin'));
    } finally {
      await connection.close();
    }
  };
  await script('start');
  return {
    mongoUrl,
    redisPort,
    redisUrl: `redis://127.0.0.1:${redisPort}`,
    primary: () =>
      admin(async (db) => {
        const { primary } = await db.command({ hello: 1 });
        const member = Number(String(primary).split(':')[1]) - mongoPort;
        return { member, pid: pidOf(`mongo${member}`) };
      }),
    stepDown: () =>
      admin(async (db) => {
        await db.command({ replSetStepDown: 10, secondaryCatchUpPeriodSecs: 5 }).catch(() => undefined);
      }),
    flushRedis: async () => {
      const redis = new Redis(`redis://127.0.0.1:${redisPort}`);
      await redis.flushall().finally(() => redis.disconnect());
    },
    killRedis: () => process.kill(pidOf('redis'), 'SIGKILL'),
    start: () => script('start'),
    remove: async () => {
      // A primary that is asked to end first hands over, one member after the other.
      await script('kill', 'mongo');
      await script('kill', 'redis');
      await script('clean');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function run(program: string, words: string[], env: NodeJS.ProcessEnv): Promise<void> {
  const child = spawn(program, words, { env, stdio: ['ignore', 'ignore', 'pipe'] });
  let told = '';
  child.stderr.on('data', (chunk: Buffer) => {
    told += chunk.toString();
  });
  // What the script has started keeps its output open: its own end counts.
  const [code] = (await once(child, 'exit')) as [number | null];
  if (code !== 0) throw new RangeError(`${words.join(' ')}: ${told.slice(-2_000)}`);
}

/** First of `count` free neighbouring ports below the range that outgoing connections use. */
async function freeRun(count: number): Promise<number> {
  for (let port = 20_000 + (process.pid % 4_000); port < 32_000; port += count) {
    const free = await Promise.all(Array.from({ length: count }, (_, i) => isFree(port + i)));
    if (free.every(Boolean)) return port;
    await sleep(1);
  }
  throw new RangeError('no free ports');
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}
