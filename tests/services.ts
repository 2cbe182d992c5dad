import { spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe } from '@jest/globals';

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

/** For suites that need the services: skipped with a line where they cannot run, an error in CI. */
export const describeWithServices = canRun() ? describe : describe.skip;

function canRun(): boolean {
  try {
    services();
    return true;
  } catch (error) {
    if (process.env.CI) throw error;
    console.info(`not run: MongoDB and Redis cannot be started here (${String(error)})`);
    return false;
  }
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
