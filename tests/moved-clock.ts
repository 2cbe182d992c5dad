import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const LIBRARIES = '/usr/lib';

/** The wall clock of one process, which its test sets; the counter that the process measures time with stays as it is. */
export interface MovedClock {
  /** What a process must be started with. */
  env: Readonly<Record<string, string>>;
  /** From a second later on its clock is wrong by this much; 0 sets it right. */
  move(seconds: number): void;
}

/**
 * Clocks made of libfaketime, whose offset lies in a file that the process reads again every second. No clock of the
 * machine is touched, and no privilege is needed.
 * @returns null where libfaketime is not installed, which CI takes for an error
 */
export function clockMover(): ((folder: string, name: string) => MovedClock) | null {
  const library = libraryPath();
  if (library === null) {
    if (process.env.CI) throw new Error('libfaketime is missing: clocks cannot be moved');
    console.info('not run: clocks that move (libfaketime is not installed)');
    return null;
  }
  return (folder, name) => {
    const file = join(folder, `${name}.clock`);
    // Written in place: a file that is not there for a moment would be the machine's time.
    const move = (seconds: number) => writeFileSync(file, `${seconds < 0 ? '' : '+'}${seconds}`);
    move(0);
    return {
      env: {
        LD_PRELOAD: library,
        FAKETIME_TIMESTAMP_FILE: file,
        FAKETIME_CACHE_DURATION: '1',
        FAKETIME_DONT_FAKE_MONOTONIC: '1',
        // Waits by the monotonic counter would else end at once, and a server that waits so takes whole processors.
        FAKETIME_FORCE_MONOTONIC_FIX: '0',
      },
      move,
    };
  };
}

function libraryPath(): string | null {
  for (const machine of existsSync(LIBRARIES) ? readdirSync(LIBRARIES) : []) {
    const path = join(LIBRARIES, machine, 'faketime', 'libfaketimeMT.so.1');
    if (existsSync(path)) return path;
  }
  return null;
}
