import { Command, CommanderError } from 'commander';
import { isTrucError, systemCode, TrucError } from '../kernel/index.ts';
import type { ExitCode } from './exit-code.ts';
import { complaint } from './output.ts';

const USAGE_ERROR = 2;

type MakeCommand = (done: (code: ExitCode) => void) => Command;

/** In the order of the help. A command loads only what it needs: judging a file takes a third of the axis's memory. */
const COMMANDS: Readonly<Record<string, () => Promise<MakeCommand>>> = {
  serve: async () => (await import('./serve.ts')).serveCommand,
  verify: async () => (await import('./verify.ts')).verifyCommand,
  augment: async () => (await import('./augment.ts')).augmentCommand,
  path: async () => (await import('./path.ts')).pathCommand,
  send: async () => (await import('./send.ts')).sendCommand,
  inbox: async () => (await import('./inbox.ts')).inboxCommand,
  fetch: async () => (await import('./fetch.ts')).fetchCommand,
  status: async () => (await import('./status.ts')).statusCommand,
  deliveries: async () => (await import('./deliveries.ts')).deliveriesCommand,
  ledger: async () => (await import('./ledger.ts')).ledgerCommand,
  evidence: async () => (await import('./evidence.ts')).evidenceCommand,
  edxml: async () => (await import('./edxml.ts')).edxmlCommand,
  agency: async () => (await import('./agency.ts')).agencyCommand,
  person: async () => (await import('./person.ts')).personCommand,
  report: async () => (await import('./report.ts')).reportCommand,
  pki: async () => (await import('./pki.ts')).pkiCommand,
  trust: async () => (await import('./trust-list.ts')).trustCommand,
  fsck: async () => (await import('./fsck.ts')).fsckCommand,
  config: async () => (await import('./config.ts')).configCommand,
  export: async () => (await import('./move.ts')).exportCommand,
  import: async () => (await import('./move.ts')).importCommand,
  migrate: async () => (await import('./migrate.ts')).migrateCommand,
  keys: async () => (await import('./keys.ts')).keysCommand,
  agent: async () => (await import('./agent.ts')).agentCommand,
  drill: async () => (await import('./drill.ts')).drillCommand,
  retention: async () => (await import('./retention.ts')).retentionCommand,
};

/** The command that is asked for; all where the line begins with none of them, for the help. */
function wanted([first = '']: readonly string[]): Promise<MakeCommand[]> {
  const load = Object.hasOwn(COMMANDS, first) ? COMMANDS[first] : undefined;
  return Promise.all((load ? [load] : Object.values(COMMANDS)).map((one) => one()));
}

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
  for (const command of await wanted(args)) program.addCommand(inherit(command(done)));
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
