import { Command, CommanderError } from 'commander';
import { isTrucError, systemCode, TrucError } from '../kernel/index.ts';
import { agencyCommand } from './agency.ts';
import { configCommand } from './config.ts';
import { deliveriesCommand } from './deliveries.ts';
import { drillCommand } from './drill.ts';
import { edxmlCommand } from './edxml.ts';
import { evidenceCommand } from './evidence.ts';
import type { ExitCode } from './exit-code.ts';
import { fetchCommand } from './fetch.ts';
import { fsckCommand } from './fsck.ts';
import { inboxCommand } from './inbox.ts';
import { ledgerCommand } from './ledger.ts';
import { migrateCommand } from './migrate.ts';
import { exportCommand, importCommand } from './move.ts';
import { complaint } from './output.ts';
import { pathCommand } from './path.ts';
import { pkiCommand } from './pki.ts';
import { retentionCommand } from './retention.ts';
import { sendCommand } from './send.ts';
import { serveCommand } from './serve.ts';
import { statusCommand } from './status.ts';
import { trustCommand } from './trust-list.ts';
import { verifyCommand } from './verify.ts';

const USAGE_ERROR = 2;

/** Runs one command line. @returns the exit code; never throws */
export async function run(args: string[]): Promise<number> {
  let code: number = 0;
  const done = (result: ExitCode) => {
    code = result;
  };
  const program = new Command('truc')
    .description('Trục liên thông văn bản: the document exchange axis')
    .version('0.1.0')
    .showHelpAfterError()
    .exitOverride();
  const commands = [
    serveCommand, verifyCommand, pathCommand, sendCommand, inboxCommand, fetchCommand, statusCommand, deliveriesCommand,
    ledgerCommand, evidenceCommand, edxmlCommand, agencyCommand, pkiCommand, trustCommand, fsckCommand, configCommand,
    exportCommand, importCommand, migrateCommand, drillCommand, retentionCommand,
  ]; // biome-ignore format: one line of help each
  for (const command of commands) program.addCommand(inherit(command(done)));
  try {
    await program.parseAsync(args, { from: 'user' });
    return code;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : USAGE_ERROR;
    process.stderr.write(`truc: ${sentenceOf(error)}\n`);
    return USAGE_ERROR;
  }
}

/** What went wrong for people; an error that nobody expected comes with its stack. */
function sentenceOf(error: unknown): string {
  if (isTrucError(error)) return complaint(error);
  if (!Error.isError(error)) return String(error);
  const cause = systemCode(error);
  if (cause === 'ERR_SQLITE_ERROR')
    return complaint(new TrucError('adapters.store-damaged', { cause: error.message }, error));
  if (cause !== undefined && 'path' in error)
    return complaint(new TrucError('cli.file-fault', { file: String(error.path), cause }, error));
  return error.stack ?? error.message;
}

/** Subcommands throw instead of ending the process, all the way down. */
function inherit(command: Command): Command {
  command.exitOverride();
  for (const child of command.commands) inherit(child);
  return command;
}
