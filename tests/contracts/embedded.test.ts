import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach } from '@jest/globals';
import { openEmbedded } from '../../src/adapters/embedded/index.ts';
import { agencyDirectoryContract } from './agency-directory.contract.ts';
import { alertBookContract } from './alert-book.contract.ts';
import { attemptBookContract } from './attempt-book.contract.ts';
import { augmentationBookContract } from './augmentation-book.contract.ts';
import { augmentationScheduleContract } from './augmentation-schedule.contract.ts';
import { bindingBookContract } from './binding-book.contract.ts';
import { blobStoreContract } from './blob-store.contract.ts';
import { ceremonyStoreContract } from './ceremony-store.contract.ts';
import { clientBookContract } from './client-book.contract.ts';
import { delegationBookContract } from './delegation-book.contract.ts';
import { deliveryLogContract } from './delivery-log.contract.ts';
import { deliveryQueueContract } from './delivery-queue.contract.ts';
import { deliveryStoreContract } from './delivery-store.contract.ts';
import { documentStoreContract } from './document-store.contract.ts';
import { draftStoreContract } from './draft-store.contract.ts';
import { endpointBookContract } from './endpoint-book.contract.ts';
import { eventBookContract } from './event-book.contract.ts';
import { personBookContract } from './person-book.contract.ts';
import { refusalBookContract } from './refusal-book.contract.ts';
import { reviewBookContract } from './review-book.contract.ts';
import { revocationShelfContract } from './revocation-shelf.contract.ts';
import { sessionStoreContract } from './session-store.contract.ts';
import { signerMemoryContract } from './signer-memory.contract.ts';
import { statusStoreContract } from './status-store.contract.ts';
import { viewBookContract } from './view-book.contract.ts';
import { workBookContract } from './work-book.contract.ts';

const open: { close(): Promise<void>; folder: string }[] = [];

async function fresh() {
  const folder = mkdtempSync(join(tmpdir(), 'truc-contract-'));
  const stores = await openEmbedded(folder, join(folder, 'signer.json'));
  open.push({ close: stores.close, folder });
  return stores;
}

afterEach(async () => {
  for (const { close, folder } of open.splice(0)) {
    await close();
    rmSync(folder, { recursive: true });
  }
});

agencyDirectoryContract('embedded', async () => (await fresh()).agencies);
bindingBookContract('embedded', async () => (await fresh()).bindings);
clientBookContract('embedded', async () => (await fresh()).clients);
endpointBookContract('embedded', async () => (await fresh()).endpoints);
personBookContract('embedded', async () => (await fresh()).persons);
sessionStoreContract('embedded', async () => (await fresh()).sessions);
documentStoreContract('embedded', fresh);
eventBookContract('embedded', fresh);
statusStoreContract('embedded', fresh);
refusalBookContract('embedded', fresh);
blobStoreContract('embedded', async () => (await fresh()).blobs);
deliveryStoreContract('embedded', fresh);
deliveryLogContract('embedded', fresh);
viewBookContract('embedded', async () => (await fresh()).views);
alertBookContract('embedded', async () => (await fresh()).alerts);
attemptBookContract('embedded', async () => (await fresh()).attempts);
deliveryQueueContract('embedded', async () => (await fresh()).queue);
signerMemoryContract('embedded', async () => (await fresh()).signerMemory);
draftStoreContract('embedded', fresh);
delegationBookContract('embedded', fresh);
workBookContract('embedded', fresh);
ceremonyStoreContract('embedded', async () => (await fresh()).ceremonies);
reviewBookContract('embedded', async () => (await fresh()).reviews);
revocationShelfContract('embedded', async () => (await fresh()).revocation);
augmentationBookContract('embedded', fresh);
augmentationScheduleContract('embedded', async () => (await fresh()).augmentationSchedule);
