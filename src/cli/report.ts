import { once } from 'node:events';
import { createWriteStream, writeFileSync } from 'node:fs';
import { buffer } from 'node:stream/consumers';
import { finished } from 'node:stream/promises';
import { Command } from 'commander';
import { keysOf, type StoreConfig, type Stores } from '../app/index.ts';
import { TrucError } from '../kernel/index.ts';
import { openReader, openSigner } from '../ledger/index.ts';
import { quarterPdf, quarterXlsx } from '../rendering/index.ts';
import { disclosedExport, figuresDesk, quarterReport } from '../reporting/index.ts';
import type { ExitCode } from './exit-code.ts';
import { endProgress, printJson, printLine, progress } from './output.ts';
import { DATA_OPTION, withStores } from './store.ts';

/** `truc report`: figures of the state, and what an auditor recomputes them from. */
export function reportCommand(_done: (code: ExitCode) => void): Command {
  const command = new Command('report').description(
    'figures of the state: of a stopped axis, or of running nodes on shared stores',
  );
  const withData = (child: Command) => child.option('--data <dir>', DATA_OPTION);

  withData(command.command('figures'))
    .description('print all indicators as JSON, with the checkpoint that they follow from')
    .action((options) =>
      withStores(options.data, async (stores, config) => {
        printJson(await figuresDesk(await deskOf(stores, config)).figures());
      }),
    );

  withData(command.command('quarter'))
    .argument('<quarter>', 'such as 2026-Q3')
    .description('write the quarterly report, as PDF or workbook by the ending of its name')
    .requiredOption('--out <file>', 'ends in .pdf or .xlsx')
    .option('--lang <lang>', 'vi or en', 'vi')
    .action((quarter, { out, lang, data }) =>
      withStores(data, async (stores, config) => {
        const figures = await figuresDesk(await deskOf(stores, config)).figures();
        const report = quarterReport(figures, quarter);
        if (report === null) throw new TrucError('cli.usage', { missing: `quarter: ${quarter}` });
        const form = /\.(pdf|xlsx)$/.exec(out)?.[1];
        if (form === undefined) throw new TrucError('cli.usage', { missing: '--out FILE.pdf|FILE.xlsx' });
        const language = lang === 'en' ? 'en' : 'vi';
        const bytes =
          form === 'pdf' ? await quarterPdf(report, language) : await buffer(quarterXlsx(report, language));
        writeFileSync(out, bytes);
        printLine(`${out}: ${report.tables.length} tables, ${report.source.size} entries`);
      }),
    );

  withData(command.command('export'))
    .description("write the auditor's disclosed export; scripts/recompute-figures.mjs counts again from it")
    .requiredOption('--out <file>')
    .action((options) =>
      withStores(options.data, async (stores, config) => {
        const lines = await writeExport(await deskOf(stores, config), options.out);
        printLine(`${lines - 1} entries written to ${options.out}`);
      }),
    );
  return command;
}

async function deskOf(stores: Stores, config: StoreConfig) {
  const remembered = await stores.signerMemory.load();
  if (!remembered) throw new TrucError('ledger.out-of-range', { size: 0 });
  const { ledger } = await keysOf(config, stores);
  const { journal, signerMemory, shared } = stores;
  const signer = await openSigner({ origin: remembered.origin, privateKey: ledger, memory: signerMemory });
  return {
    ...stores,
    calendar: config.calendar,
    vkey: signer.vkey,
    reader: openReader({ journal, signer, shared }),
  };
}

async function writeExport(desk: Awaited<ReturnType<typeof deskOf>>, file: string): Promise<number> {
  const out = createWriteStream(file, { mode: 0o600 });
  let lines = 0;
  for await (const line of disclosedExport(desk)) {
    if (!out.write(line)) await once(out, 'drain');
    lines++;
    if (lines % 1_000 === 0) progress(`${lines}`);
  }
  endProgress();
  out.end();
  await finished(out);
  return lines;
}
