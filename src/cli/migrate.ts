import { Command } from 'commander';
import { TrucError } from '../kernel/index.ts';
import type { ExitCode } from './exit-code.ts';
import { endProgress, printJson, progress } from './output.ts';
import { withStores } from './store.ts';

export function migrateCommand(_done: (code: ExitCode) => void): Command {
  return new Command('migrate')
    .description(
      'bring the shared stores to the layout of this program, while nodes of the version before serve',
    )
    .option('--contract', 'once no older node runs: take away what only they needed, and keep them out')
    .action(async (options) => {
      await withStores(undefined, async ({ migrate }) => {
        if (!migrate)
          throw new TrucError('app.config-invalid', {
            setting: 'PROFILE',
            cause: 'migrate-needs-distributed',
          });
        const onProgress = (version: number, collection: string, rows: number) =>
          progress(`version ${version}: ${collection} ${rows}`);
        const state = await migrate({ contract: options.contract === true, onProgress });
        endProgress();
        printJson(state);
      });
    });
}
