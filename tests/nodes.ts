import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import mongoose from 'mongoose';
import { newId, randomBytes } from '../src/kernel/index.ts';
import { startS3Server } from './s3-server.ts';
import { type Services, services } from './service-urls.ts';

/** Stores of one installation of the distributed profile, for any number of nodes of a test. */
export interface SharedStores {
  /** `TRUC_…` settings without the prefix; every node gets the same. */
  settings: Readonly<Record<string, string>>;
  database: string;
  remove(): Promise<void>;
}

/**
 * A database of its own on the real replica set, the real Redis, and an S3 server of its own.
 * @param publicUrl what callers see of all nodes together
 * @param servers others than the shared ones
 */
export async function sharedStores(
  publicUrl = 'http://127.0.0.1',
  { mongoUrl, redisUrl }: Pick<Services, 'mongoUrl' | 'redisUrl'> = services(),
): Promise<SharedStores> {
  const s3 = await startS3Server();
  const database = `truc-test-${newId()}`;
  return {
    database,
    settings: {
      PROFILE: 'distributed',
      MONGO_URL: mongoUrl.replace('/?', `/${database}?`),
      REDIS_URL: redisUrl,
      S3_URL: `http://S3RVER:S3RVER@127.0.0.1:${s3.port}/truc`,
      MASTER_KEY: randomBytes(32).toString('hex'),
      PUBLIC_URL: publicUrl,
    },
    remove: async () => {
      const admin = await mongoose.createConnection(mongoUrl).asPromise();
      for (const name of [database, `${database}-signer`]) await admin.useDb(name).dropDatabase();
      await admin.close();
      await s3.stop();
    },
  };
}

/** Settings as the environment of a process names them. */
export function prefixed(settings: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(settings).map(([name, value]) => [`TRUC_${name}`, value]));
}

/** A folder of a node's own, removed at the end. */
export function nodeFolder(): { path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), 'truc-node-'));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}
