import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What we use of s3rver, which has no types. */
interface Server {
  run(): Promise<{ port: number }>;
  close(): Promise<void>;
}
type ServerClass = new (options: object) => Server;

export interface S3Server {
  port: number;
  folder: string;
  stop(): Promise<void>;
}

/** An S3 server of the test's own, on a free port, with one empty bucket `truc` and the keys S3RVER:S3RVER. */
export async function startS3Server(): Promise<S3Server> {
  const S3rver = createRequire(import.meta.url)('s3rver') as ServerClass;
  const folder = mkdtempSync(join(tmpdir(), 'truc-s3-'));
  const server = new S3rver({
    address: '127.0.0.1',
    port: 0,
    silent: true,
    directory: folder,
    vhostBuckets: false,
    configureBuckets: [{ name: 'truc' }],
  });
  const { port } = await server.run();
  return {
    port,
    folder,
    stop: async () => {
      await server.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
