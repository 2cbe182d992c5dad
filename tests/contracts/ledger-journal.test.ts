import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach } from '@jest/globals';
import { type EmbeddedLedgerJournal, openLedgerJournal } from '../../src/adapters/embedded/ledger-journal.ts';
import { weakJournal } from '../builders/ledger.ts';
import { ledgerJournalContract } from './ledger-journal.contract.ts';

const open: { journal: EmbeddedLedgerJournal; folder: string }[] = [];

afterEach(async () => {
  for (const { journal, folder } of open.splice(0)) {
    await journal.close();
    rmSync(folder, { recursive: true });
  }
});

ledgerJournalContract('weak fake', async () => weakJournal());
ledgerJournalContract('embedded', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'truc-ledger-'));
  const journal = await openLedgerJournal(folder);
  open.push({ journal, folder });
  return journal;
});
