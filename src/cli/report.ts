import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { finished } from 'node:stream/promises';
import { Command } from 'commander';
import { keysOf, type StoreConfig, type Stores } from '../app/index.ts';
import { TrucError } from '../kernel/index.ts';
import { openReader, openSigner } from '../ledger/index.ts';
import { disclosedExport, figuresDesk } from '../reporting/index.ts';
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
  return { ...stores, vkey: signer.vkey, reader: openReader({ journal, signer, shared }) };
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
