import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Command } from 'commander';
import { keysOf } from '../app/index.ts';
import { TrucError } from '../kernel/index.ts';
import {
  type AuditReport,
  auditLog,
  exportLog,
  openReader,
  openSigner,
  proveEntry,
  proveGrowth,
} from '../ledger/index.ts';
import type { ExitCode } from './exit-code.ts';
import { endProgress, printJson, printLine, progress } from './output.ts';
import { DATA_OPTION, withStores } from './store.ts';

/** Reads a path under a log's prefix: over HTTP from any C2SP log. Null when it is not there. */
async function fetchFrom(base: string, path: string): Promise<Buffer | null> {
  let response: Response;
  try {
    response = await fetch(`${base.replace(/\/+$/, '')}/${path}`);
  } catch (error) {
    throw new TrucError('client.unreachable', { url: base }, error);
  }
  if (response.status === 404) return null;
  if (!response.ok) throw new TrucError('client.refused', { title: `HTTP ${response.status}`, detail: path });
  return Buffer.from(await response.arrayBuffer());
}

export function ledgerCommand(done: (code: ExitCode) => void): Command {
  const command = new Command('ledger').description('the ledger: audit, checkpoint, proofs, export');
  const withUrl = (child: Command) =>
    child.option('--url <url>', 'log prefix', 'http://127.0.0.1:8080/ledger');

  withUrl(command.command('audit'))
    .description('replay the whole log and check root, signature, chains, times and saved checkpoints')
    .option('--vkey <vkey>', 'public key of the log (default: the one it serves, which proves less)')
    .option('--checkpoint <file...>', 'checkpoints saved earlier: the log must still contain them')
    .option('--json', 'the report as JSON')
    .action(async (options) => {
      const fetchPath = (path: string) => fetchFrom(options.url, path);
      const vkey = options.vkey ?? (await fetchPath('vkey'))?.toString().trim();
      const savedCheckpoints = (options.checkpoint ?? []).map((file: string) => readFileSync(file, 'utf8'));
      const report: AuditReport = await auditLog(fetchPath, {
        vkey,
        savedCheckpoints,
        onProgress: (checked: number, size: number) => progress(`${checked}/${size}`),
      });
      endProgress();
      if (options.json) printJson(report);
      else printAudit(report);
      done(report.ok ? 0 : 1);
    });

  withUrl(command.command('checkpoint'))
    .description('print the signed checkpoint; keep it: a later audit compares')
    .action(async (options) => {
      process.stdout.write((await needed(options.url, 'checkpoint')).toString());
    });

  withUrl(command.command('prove'))
    .description('prove an entry, or with --from that the log still contains all of an earlier checkpoint')
    .argument('[index]', 'of the entry', Number)
    .option('--from <file>', 'a checkpoint saved earlier')
    .option('--vkey <vkey>', 'public key of the log (default: the one it serves, which proves less)')
    .action(async (index: number | undefined, options) => {
      const source = (path: string) => fetchFrom(options.url, path);
      const vkey = options.vkey ?? (await needed(options.url, 'vkey')).toString().trim();
      if (options.from !== undefined) {
        const growth = await proveGrowth(source, vkey, readFileSync(options.from, 'utf8'));
        printJson(growth);
        done(growth.consistent ? 0 : 1);
        return;
      }
      if (index === undefined) throw new TrucError('cli.usage', { missing: 'index' });
      const { entry, proof } = await proveEntry(source, vkey, index);
      printJson({ index, entry: JSON.parse(entry.toString('utf8')), proof });
    });

  command
    .command('export')
    .description('write the log as files (checkpoint, tiles, entry bundles) that any C2SP client reads')
    .option('--data <dir>', DATA_OPTION)
    .requiredOption('--out <dir>')
    .action(async (options) => {
      printLine(`${await exportFiles(options.data, options.out)} files written to ${options.out}`);
    });
  return command;
}

/** Reads what was signed last; the office of writing the ledger stays with the node that has it. */
async function exportFiles(flag: string | undefined, out: string): Promise<number> {
  let written = 0;
  await withStores(flag, async (stores, config) => {
    const { journal, signerMemory, shared } = stores;
    const remembered = await signerMemory.load();
    if (!remembered) return;
    const { ledger } = await keysOf(config, stores);
    const signer = await openSigner({ origin: remembered.origin, privateKey: ledger, memory: signerMemory });
    for await (const file of exportLog(openReader({ journal, signer, shared }))) {
      const target = join(out, file.path);
      mkdirSync(dirname(target), { recursive: true });
      writeFileSync(target, file.bytes);
      written++;
    }
  });
  return written;
}

async function needed(url: string, path: string): Promise<Buffer> {
  const bytes = await fetchFrom(url, path);
  if (!bytes) throw new TrucError('client.refused', { title: 'HTTP 404', detail: path });
  return bytes;
}

function printAudit(report: AuditReport): void {
  printLine(JSON.stringify(report, null, 2));
}
