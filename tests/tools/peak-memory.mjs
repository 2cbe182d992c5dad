// Preloaded into a child process (`node --import`): prints its peak of resident memory, octets, on standard error when it ends.
import { readFileSync, writeSync } from 'node:fs';

/** On Linux of this program alone: the counters of getrusage also hold the peak of the process that it was forked from. */
function peak() {
  try {
    return Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]) * 1024;
  } catch {
    return process.resourceUsage().maxRSS * 1024;
  }
}

process.on('exit', () => writeSync(2, `\npeak ${peak()}\n`));
