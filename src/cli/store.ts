import { join } from 'node:path';
import { type DataFolder, openDataFolder } from '../app/index.ts';

/**
 * Opens the embedded stores of a data folder for one command, and closes them whatever happens.
 * @throws TrucError `app.data-in-use` while an axis runs on it
 */
export async function withStores<T>(
  dataDir: string,
  work: (stores: Awaited<ReturnType<typeof open>>) => Promise<T>,
): Promise<T> {
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
  return openEmbedded(dataDir, join(dataDir, 'keys', 'signer-memory.json'));
}
