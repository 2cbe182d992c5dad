import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import { Command } from 'commander';
import { type AgentErrorCode, agentMemory, type OwnerDesk, Pkcs11, startAgent } from '../agent/index.ts';
import { TrucError } from '../kernel/index.ts';
import type { ExitCode } from './exit-code.ts';
import { printLine } from './output.ts';

const PORT = 14_317;
/** Where systems put modules, in the order in which they are looked for. */
const MODULES = [
  '/usr/lib/x86_64-linux-gnu/opensc-pkcs11.so',
  '/usr/lib64/opensc-pkcs11.so',
  '/Library/OpenSC/lib/opensc-pkcs11.so',
  'C:\\Windows\\System32\\opensc-pkcs11.dll',
];

export function agentCommand(done: (code: ExitCode) => void): Command {
  const command = new Command('agent').description(
    "lets the signing widget use this machine's token (PKCS #11): confirmation and PIN are here, in the terminal",
  );
  return command
    .requiredOption(
      '--origin <url>',
      'signing origin that may ask, such as https://ky.example.vn',
      collect,
      [],
    )
    .option('--module <file>', "PKCS #11 module of the token's vendor; OpenSC's where not given")
    .option('--port <number>', 'port on this machine', String(PORT))
    .option(
      '--dir <folder>',
      'what it remembers: its key, paired pages, audit.jsonl',
      join(homedir(), '.truc-agent'),
    )
    .action(async (options: { origin: string[]; module?: string; port: string; dir: string }) => {
      const origins = options.origin.map(originOf);
      const path = options.module ?? MODULES.find((one) => existsSync(one)) ?? MODULES[0] ?? '';
      const module = await Pkcs11.load(path);
      const desk = terminalDesk();
      const parts = { module, memory: agentMemory(options.dir), desk, attention: { isTaken: false } };
      const agent = await startAgent(parts, { port: Number(options.port), origins });
      printLine(`ready ws://127.0.0.1:${agent.port} ${origins.join(' ')}`);
      await ended();
      await agent.close();
      desk.close();
      module.close();
      done(0);
    });
}

function collect(value: string, before: string[]): string[] {
  return [...before, value];
}

/** @throws TrucError `agent.origin-malformed` */
function originOf(text: string): string {
  const url = URL.parse(text);
  const isLocal = url?.hostname === '127.0.0.1' || url?.hostname === 'localhost';
  if (url && url.origin === text.replace(/\/$/, '') && (url.protocol === 'https:' || isLocal))
    return url.origin;
  throw new TrucError<AgentErrorCode>('agent.origin-malformed', { origin: text.slice(0, 200) });
}

function ended(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
  });
}

/** Questions on the terminal, one at a time; what is secret is not shown. Nobody is at a closed terminal. */
function terminalDesk(): OwnerDesk & { close(): void } {
  let isSecret = false;
  const shown = new Writable({
    write: (chunk, _encoding, next) => (isSecret ? next() : process.stdout.write(chunk, next)),
  });
  const terminal = process.stdin.isTTY === true;
  const lines = createInterface({ input: process.stdin, ...(terminal ? { output: shown, terminal } : {}) });
  let isClosed = false;
  lines.once('close', () => {
    isClosed = true;
  });
  return {
    say: printLine,
    ask: (question, secret, signal) => {
      if (isClosed || signal.aborted) return Promise.resolve(null);
      process.stdout.write(question);
      isSecret = secret;
      return new Promise((resolve) => {
        const answer = (text: string | null) => {
          lines.off('line', answer).off('close', gone);
          signal.removeEventListener('abort', gone);
          isSecret = false;
          process.stdout.write('\n');
          resolve(text?.trim() || null);
        };
        const gone = () => answer(null);
        lines.once('line', answer).once('close', gone);
        signal.addEventListener('abort', gone);
      });
    },
    close: () => lines.close(),
  };
}
