import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach } from '@jest/globals';
import { agencyDirectory } from '../../src/adapters/embedded/agency-directory.ts';
import { type Database, openDatabase } from '../../src/adapters/embedded/database.ts';
import { deliveryStore } from '../../src/adapters/embedded/delivery-store.ts';
import { documentStore } from '../../src/adapters/embedded/document-store.ts';
import { eventBook } from '../../src/adapters/embedded/event-book.ts';
import { agencyDirectoryContract } from './agency-directory.contract.ts';
import { deliveryStoreContract } from './delivery-store.contract.ts';
import { documentStoreContract } from './document-store.contract.ts';

const open: { database: Database; folder: string }[] = [];

function fresh(): Database {
  const folder = mkdtempSync(join(tmpdir(), 'truc-contract-'));
  const database = openDatabase(join(folder, 'truc.sqlite'));
  open.push({ database, folder });
  return database;
}

afterEach(async () => {
  for (const { database, folder } of open.splice(0)) {
    await database.close();
    rmSync(folder, { recursive: true });
  }
});

agencyDirectoryContract('embedded', async () => agencyDirectory(fresh()));
documentStoreContract('embedded', async () => {
  const database = fresh();
  return { documents: documentStore(database), events: eventBook(database) };
});
deliveryStoreContract('embedded', async () => {
  const database = fresh();
  return { deliveries: deliveryStore(database), events: eventBook(database) };
});
