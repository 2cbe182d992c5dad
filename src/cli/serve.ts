import { Command } from 'commander';
import {
  configFrom,
  makeLog,
  type Running,
  settingsFrom,
  start,
  startDemo,
  trustFolders,
} from '../app/index.ts';
import { systemClock, TrucError } from '../kernel/index.ts';
import { storyLine, welcome } from '../messages/index.ts';
import { flagsOf, withSettings } from './config.ts';
import type { ExitCode } from './exit-code.ts';
import { printLine } from './output.ts';

const DEMO_LETTER_EVERY_MS = 4_000;

export function serveCommand(_done: (code: ExitCode) => void): Command {
  return withSettings(new Command('serve').description('run the axis'))
    .option('--demo', 'with demo agencies that exchange signed documents')
    .option('--quiet', 'with --demo: agencies stay still until somebody sends')
    .action(async (options) => {
      const config = configFrom(settingsFrom(flagsOf(options)), options.demo === true);
      const log = makeLog(config.logLevel);
      const demo = options.demo
        ? await startDemo({
            config,
            log,
            tell: (event) => printLine(storyLine(event)),
            everyMs: options.quiet ? 0 : DEMO_LETTER_EVERY_MS,
          })
        : null;
      const running = demo ?? (await start({ config, log, trust: async () => trustOf(config, log) }));
      if (demo) for (const line of welcome(demo.url, demo.officeUrl, config.dataDir)) printLine(line);
      printLine(`ready ${running.url}`);
      await untilSignalled(running);
    });
}

function trustOf(config: ReturnType<typeof configFrom>, log: ReturnType<typeof makeLog>) {
  if (config.trust === null)
    throw new TrucError('app.config-invalid', { setting: 'TRUST_DIR', cause: 'missing' });
  return trustFolders(config.trust, systemClock, log);
}

/** Ends on SIGTERM or SIGINT after draining; a second signal ends at once. */
function untilSignalled(running: Running): Promise<void> {
  return new Promise((resolve, reject) => {
    let ending = false;
    const end = () => {
      if (ending) process.exit(130);
      ending = true;
      running.stop().then(resolve, reject);
    };
    for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, end);
  });
}
