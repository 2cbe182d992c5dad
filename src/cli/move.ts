import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Command } from 'commander';
import {
  exportArchive,
  importArchive,
  makeLog,
  masterKeyOf,
  openDataFolder,
  settingsFrom,
  storeConfigFrom,
} from '../app/index.ts';
import { TrucError } from '../kernel/index.ts';
import type { ExitCode } from './exit-code.ts';
import { endProgress, printLine, progress } from './output.ts';
import { DATA_OPTION } from './store.ts';

const onProgress = (part: string, rows: number) => progress(`${part} ${rows}`);

export function exportCommand(_done: (code: ExitCode) => void): Command {
  return new Command('export')
    .description('write a stopped axis of the embedded profile to a folder, to move it (docs/spec/export.md)')
    .argument('<dir>', 'new folder of the archive')
    .option('--data <dir>', DATA_OPTION)
    .action(async (out: string, options) => {
      const settings = settingsFrom({});
      const dataDir = resolve(options.data ?? settings.DATA ?? './data');
      if (!settings.MASTER_KEY)
        throw new TrucError('app.config-invalid', { setting: 'MASTER_KEY', cause: 'missing-for-export' });
      if (!existsSync(join(dataDir, 'VERSION'))) throw new TrucError('cli.no-data', { path: dataDir });
      const folder = openDataFolder(dataDir);
      try {
        const { log, parts } = await exportArchive({
          dataDir,
          signerState: settings.SIGNER_STATE ?? join(dataDir, 'keys', 'signer-memory.json'),
          masterKey: masterKeyOf(settings.MASTER_KEY),
          out,
          onProgress,
        });
        endProgress();
        printLine(
          `${parts.documents.rows} documents, ${log.size} ledger entries written to ${out}; ${log.vkey}`,
        );
      } finally {
        folder.release();
      }
    });
}

export function importCommand(_done: (code: ExitCode) => void): Command {
  return new Command('import')
    .description('take an export into the empty stores of the distributed profile; broken off, run it again')
    .argument('<dir>', 'folder of the archive')
    .action(async (folder: string) => {
      const config = storeConfigFrom(settingsFrom({})).distributed;
      if (config === null)
        throw new TrucError('app.config-invalid', { setting: 'PROFILE', cause: 'import-needs-distributed' });
      const { log, parts } = await importArchive({ folder, config, log: makeLog('warn'), onProgress });
      endProgress();
      printLine(`${parts.documents.rows} documents, ${log.size} ledger entries imported; ${log.vkey}`);
    });
}
