import { pino } from 'pino';
import type { Log } from '../kernel/index.ts';
import type { LogLevel } from './config.ts';

/** JSON lines on stderr; stdout belongs to what commands print. */
export function makeLog(level: LogLevel): Log {
  return pino(
    { level, base: null, timestamp: pino.stdTimeFunctions.isoTime },
    pino.destination({ dest: 2, sync: false }),
  );
}
