import { Command } from 'commander';
import { checkStores } from '../exchange/index.ts';
import type { ExitCode } from './exit-code.ts';
import { endProgress, printJson, printLine, progress } from './output.ts';
import { DATA_OPTION, withStores } from './store.ts';

export function fsckCommand(done: (code: ExitCode) => void): Command {
  return new Command('fsck')
    .description(
      'check the stores: ledger, documents, drafts, content, deliveries and events must agree (a data folder: only of a stopped axis)',
    )
    .option('--data <dir>', DATA_OPTION)
    .option('--json', 'the report as JSON')
    .action(async (options) => {
      await withStores(options.data, async (stores) => {
        const report = await checkStores(stores, (checked) => progress(`${checked} documents`));
        endProgress();
        if (options.json) printJson(report);
        else {
          for (const fault of report.faults) printLine(`✗ ${fault.code} ${JSON.stringify(fault.facts)}`);
          printLine(
            `${report.documents} documents, ${report.drafts} drafts, ${report.files} files, ${report.deliveries} deliveries, ${report.events} events, ${report.entries} ledger entries: ${report.faults.length === 0 ? 'ok' : `${report.faults.length} faults`}`,
          );
        }
        done(report.faults.length === 0 ? 0 : 1);
      });
    });
}
