import { Command } from 'commander';
import { withConnection } from './connection.ts';
import type { ExitCode } from './exit-code.ts';
import { printJson } from './output.ts';

export function inboxCommand(_done: (code: ExitCode) => void): Command {
  return withConnection(
    new Command('inbox').description('lease what waits for an agency, one JSON line each'),
  )
    .option('--limit <n>', 'most deliveries', '50')
    .option('--wait <seconds>', 'how long to wait for something to come (at most 60)', '0')
    .action(async (options) => {
      const items = await options
        .connect()
        .inbox({ limit: Number(options.limit), waitSeconds: Number(options.wait) });
      for (const item of items) printJson(item);
    });
}
