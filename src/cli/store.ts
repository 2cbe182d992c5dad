import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import {
  makeLog,
  openDataFolder,
  openStores,
  type StoreConfig,
  type Stores,
  settingsFrom,
  storeConfigFrom,
} from '../app/index.ts';
import { TrucError } from '../kernel/index.ts';

export const DATA_OPTION = 'data folder (default: TRUC_DATA, else ./data)';

/**
 * Opens the stores of one command as its environment names them, and closes them whatever happens: the shared ones of
 * `TRUC_PROFILE=distributed`, also while nodes run, or else the data folder of a stopped axis.
 * @param flag what `--data` said
 * @param make for commands that may begin a new data folder; the others would find nothing wrong with an empty one
 * @throws TrucError `cli.no-data`, `app.data-in-use` while an axis runs on the folder, `app.config-invalid`
 */
export async function withStores<T>(
  flag: string | undefined,
  work: (stores: Stores, config: StoreConfig) => Promise<T>,
  { make = false } = {},
): Promise<T> {
  const config = storeConfigFrom(settingsFrom({}));
  if (config.distributed === null)
    return inFolder({ ...config, dataDir: resolve(flag ?? config.dataDir) }, work, make);
  // Who names a folder means its data, not the shared ones.
  if (flag !== undefined)
    throw new TrucError('app.config-invalid', { setting: 'DATA', cause: 'only-embedded' });
  return opened(config, work);
}

async function inFolder<T>(
  config: StoreConfig,
  work: (stores: Stores, config: StoreConfig) => Promise<T>,
  make: boolean,
): Promise<T> {
  const { dataDir } = config;
  if (!existsSync(join(dataDir, 'VERSION')) && !make) throw new TrucError('cli.no-data', { path: dataDir });
  const folder = openDataFolder(dataDir);
  try {
    return await opened(config, work);
  } finally {
    folder.release();
  }
}

async function opened<T>(
  config: StoreConfig,
  work: (stores: Stores, config: StoreConfig) => Promise<T>,
): Promise<T> {
  const stores = await openStores(config, makeLog('warn'));
  try {
    return await work(stores, config);
  } finally {
    await stores.close();
  }
}
