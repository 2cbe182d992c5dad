import { resolve } from 'node:path';
import { Command } from 'commander';
import { tsaClient } from '../adapters/wire/tsa-client.ts';
import { settingsFrom } from '../app/index.ts';
import { randomFraction, sleep, systemClock, TrucError } from '../kernel/index.ts';
import {
  checkHistory,
  type DemoCredentials,
  demoFolder,
  emptyHistory,
  letterMill,
  openDemoPki,
  readCredentials,
  startLoad,
  startTsa,
} from '../lab/index.ts';
import type { ExitCode } from './exit-code.ts';
import { endProgress, printJson, printLine, progress } from './output.ts';
import { DATA_OPTION } from './store.ts';

const LAST_DELIVERY_MS = 120_000;
const TICK_MS = 500;
/** Above the numbers of the demo's samples and of its story. */
const FIRST_NUMBER = 100_000;

interface DrillOptions {
  data?: string;
  url?: string[];
  minutes: string;
  senders: string;
}

/** Load and check; what fails meanwhile is the operator's doing: kill, cut off and fill up what you like. */
export function drillCommand(done: (code: ExitCode) => void): Command {
  return new Command('drill')
    .description(
      'send, fetch, acknowledge and answer letters over the nodes of a demo installation while you break things, then check that nothing was lost or doubled',
    )
    .option('--data <dir>', DATA_OPTION)
    .option('--url <url...>', 'addresses of the nodes (default: the one of the demo)')
    .option('--minutes <n>', 'how long letters are sent', '1')
    .option('--senders <n>', 'letters on their way at the same time', '4')
    .action(async (options: DrillOptions) => {
      const dataDir = resolve(options.data ?? settingsFrom({}).DATA ?? './data');
      const folder = demoFolder(dataDir);
      const credentials = readCredentials(folder);
      if (!credentials) throw new TrucError('cli.no-data', { path: folder.credentials });
      const minutes = positive(options.minutes, 'minutes');
      const senders = Math.ceil(positive(options.senders, 'senders'));
      const urls = options.url ?? [credentials.url];
      const violations = await drill(dataDir, credentials, { urls, minutes, senders });
      done(violations === 0 ? 0 : 1);
    });
}

function positive(written: string, option: string): number {
  const value = Number(written);
  if (!(value > 0 && value <= 10_000)) throw new TrucError('cli.usage', { missing: `--${option}` });
  return value;
}

async function drill(
  dataDir: string,
  { agencies, vkey }: DemoCredentials,
  { urls, minutes, senders }: { urls: readonly string[]; minutes: number; senders: number },
): Promise<number> {
  const clock = systemClock;
  const pki = await openDemoPki(demoFolder(dataDir), clock.now());
  const tsa = await startTsa({ pki, clock });
  const timestamp = tsaClient({ url: tsa.url });
  // Numbers grow with time, so that a second drill on the same day writes other letters.
  const first = FIRST_NUMBER + (Math.floor(clock.now() / 1_000) % 10_000_000);
  const letter = await letterMill({ pki, timestamp, clock, random: randomFraction }, first);
  await tsa.close();
  const history = emptyHistory();
  const load = startLoad({ urls, agencies, letter, random: randomFraction, senders, pauseMs: 100, history });
  const until = performance.now() + minutes * 60_000;
  while (performance.now() < until) {
    await sleep(TICK_MS);
    const left = Math.max(0, Math.round((until - performance.now()) / 1_000));
    progress(`${history.sent.length} letters, ${history.taken.length} deliveries, ${left} s`);
  }
  progress('letters on their way …');
  await load.endSending();
  await load.endTaking(LAST_DELIVERY_MS);
  progress('checking …');
  const violations = await checkHistory({ url: urls[0] as string, agencies, vkey, history });
  endProgress();
  for (const { what, documentId, detail } of violations)
    printLine(`✗ ${what} ${documentId ?? ''} ${detail}`.trimEnd());
  printJson({
    letters: history.sent.length,
    deliveries: history.taken.length,
    longestSilenceMs: Math.round(history.longestSilenceMs),
    acts: Object.fromEntries([...history.counts].sort()),
    violations: violations.length,
  });
  return violations.length;
}
