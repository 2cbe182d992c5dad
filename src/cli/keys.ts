import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import { masterKeyOf, resealKeys } from '../app/index.ts';
import { systemCode, TrucError } from '../kernel/index.ts';
import type { ExitCode } from './exit-code.ts';
import { printLine } from './output.ts';
import { withStores } from './store.ts';

export function keysCommand(_done: (code: ExitCode) => void): Command {
  const command = new Command('keys').description("the installation's keys in the shared stores");
  command
    .command('reseal')
    .description(
      'seal them under a new master key; running nodes go on, and every later start needs the new one (TRUC_MASTER_KEY is the old one here)',
    )
    .requiredOption('--new-key-file <file>', 'the new master key: 32 bytes, hexadecimal or base64')
    .action(async (options) => {
      const next = masterKeyOf(readKey(options.newKeyFile));
      await withStores(undefined, async ({ keys }, { distributed }) => {
        if (!keys || !distributed)
          throw new TrucError('app.config-invalid', { setting: 'PROFILE', cause: 'keys-need-distributed' });
        for (const name of await resealKeys(keys, distributed.masterKey, next)) printLine(`${name} resealed`);
      });
    });
  return command;
}

function readKey(file: string): string {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (error) {
    throw new TrucError('cli.unreadable', { file, cause: systemCode(error) ?? '' }, error);
  }
}
