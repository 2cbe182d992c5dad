import { spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const SCRIPT = join(import.meta.dirname, '..', 'scripts', 'services.sh');

export interface Services {
  mongoUrl: string;
  redisUrl: string;
}

let started: Services | null = null;

/** A real MongoDB replica set and a real Redis on loopback, started (and installed) where they do not run yet. */
export function services(): Services {
  started ??= start();
  return started;
}

/** Several test processes may ask at once: the lock lets one of them start what the others then find. */
function start(): Services {
  const lock = join(tmpdir(), 'truc-services.lock');
  const { status, stdout, stderr, error } = spawnSync('flock', ['--close', lock, 'bash', SCRIPT, 'start'], {
    encoding: 'utf8',
  });
  if (status !== 0) throw new RangeError(stderr || String(error));
  const value = (name: string) => new RegExp(`${name}='?([^'\\n]+)`).exec(stdout)?.[1] ?? '';
  return { mongoUrl: value('MONGODB_URI'), redisUrl: value('REDIS_URL') };
}
