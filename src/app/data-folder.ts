import { closeSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { systemCode, TrucError } from '../kernel/index.ts';

/** Layout version of the data folder; a higher one on disk is refused. Since 2 content lies by quarters beside what lay there before. */
const VERSION = 2;

export interface DataFolder {
  path: string;
  /** Gives the folder back to the next process. */
  release(): void;
}

/**
 * Opens (makes) the data folder for this process alone.
 * @throws TrucError `app.data-in-use` with the pid that holds it, `app.data-newer` when a newer Trục wrote it
 */
export function openDataFolder(path: string): DataFolder {
  mkdirSync(path, { recursive: true, mode: 0o700 });
  const lock = join(path, 'lock');
  takeLock(lock, path);
  try {
    checkVersion(join(path, 'VERSION'));
  } catch (error) {
    rmSync(lock, { force: true });
    throw error;
  }
  for (const folder of ['blobs', 'ledger', 'logs']) mkdirSync(join(path, folder), { recursive: true });
  mkdirSync(join(path, 'keys'), { recursive: true, mode: 0o700 });
  return { path, release: () => rmSync(lock, { force: true }) };
}

function takeLock(lock: string, path: string): void {
  for (let round = 0; round < 2; round++) {
    try {
      const descriptor = openSync(lock, 'wx', 0o600);
      writeSync(descriptor, `${process.pid}\n${startOf(process.pid)}\n`);
      closeSync(descriptor);
      return;
    } catch (error) {
      if (systemCode(error) !== 'EEXIST') throw error;
      const holder = liveHolder(lock);
      if (holder !== null) throw new TrucError('app.data-in-use', { path, pid: holder });
      rmSync(lock, { force: true });
    }
  }
  throw new TrucError('app.data-in-use', { path, pid: 0 });
}

/** The process that holds the lock, or null when it is gone (killed): pid and start time must both agree. */
function liveHolder(lock: string): number | null {
  const [pidLine = '', start = ''] = readFileSync(lock, 'utf8').split('\n');
  const pid = Number(pidLine);
  if (!Number.isInteger(pid) || pid <= 0 || pid === process.pid) return null;
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (systemCode(error) === 'ESRCH') return null;
  }
  return start === '' || start === startOf(pid) ? pid : null;
}

/** When a process started (Linux: field 22 of its stat), so that a reused pid is not taken for the old process. */
function startOf(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
  } catch {
    return '';
  }
}

function checkVersion(file: string): void {
  let written: string | null = null;
  try {
    written = readFileSync(file, 'utf8').trim();
  } catch (error) {
    if (systemCode(error) !== 'ENOENT') throw error;
  }
  if (written !== null && Number(written) > VERSION)
    throw new TrucError('app.data-newer', { found: written, known: VERSION });
  if (Number(written) < VERSION) writeFileSync(file, `${VERSION}\n`);
}
