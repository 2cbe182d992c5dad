import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type DataFolder, openDataFolder, settingsFrom } from '../app/index.ts';
import { TrucError } from '../kernel/index.ts';

export const DATA_OPTION = 'data folder (default: TRUC_DATA, else ./data)';

/** The data folder named by the flag or the environment. */
export function dataFolderOf(flag: string | undefined): string {
  return resolve(flag ?? settingsFrom({}).DATA ?? './data');
}

/**
 * Opens the embedded stores of a data folder for one command, and closes them whatever happens.
 * @param flag what `--data` said
 * @param make for commands that may begin a new data folder; the others would find nothing wrong with an empty one
 * @throws TrucError `cli.no-data`, `app.data-in-use` while an axis runs on it
 */
export async function withStores<T>(
  flag: string | undefined,
  work: (stores: Awaited<ReturnType<typeof open>>) => Promise<T>,
  { make = false } = {},
): Promise<T> {
  const dataDir = dataFolderOf(flag);
  if (!existsSync(join(dataDir, 'VERSION')) && !make) throw new TrucError('cli.no-data', { path: dataDir });
  const folder: DataFolder = openDataFolder(dataDir);
  try {
    const stores = await open(dataDir);
    try {
      return await work(stores);
    } finally {
      await stores.close();
    }
  } finally {
    folder.release();
  }
}

async function open(dataDir: string) {
  const { openEmbedded } = await import('../adapters/embedded/index.ts');
  const signerState = settingsFrom({}).SIGNER_STATE ?? join(dataDir, 'keys', 'signer-memory.json');
  return openEmbedded(dataDir, signerState);
}
