import { rateLimiter } from '../../src/adapters/embedded/rate-limiter.ts';
import type { Stores } from '../../src/app/compose.ts';
import { openSequencer } from '../../src/ledger/index.ts';
import { signerMemoryFake, weakJournal } from './ledger.ts';
import { weakAgencies } from './weak-agencies.ts';
import { weakAlerts } from './weak-alerts.ts';
import { weakAttempts } from './weak-attempts.ts';
import { weakAugmentationSchedule, weakAugmentations } from './weak-augmentations.ts';
import { weakBlobs } from './weak-blobs.ts';
import { weakBindings, weakClients, weakEndpoints } from './weak-books.ts';
import { weakDeliveries } from './weak-deliveries.ts';
import { weakDocuments } from './weak-documents.ts';
import { weakEvents } from './weak-events.ts';
import { weakLog } from './weak-log.ts';
import { weakPersons, weakSessions } from './weak-people.ts';
import { weakQueue } from './weak-queue.ts';
import { weakReviews, weakRevocation } from './weak-reviews.ts';
import { emptyShelf } from './weak-shelf.ts';
import { weakCeremonies, weakDelegations, weakDrafts } from './weak-signing.ts';
import { weakRefusals, weakStatuses } from './weak-statuses.ts';
import { weakViews } from './weak-views.ts';
import { weakWork } from './weak-work.ts';

/** A whole set of deliberately weak stores: they keep what the ports promise and nothing more. */
export function weakStores(): Stores {
  const shelf = emptyShelf();
  return {
    agencies: weakAgencies(),
    bindings: weakBindings(),
    clients: weakClients(),
    endpoints: weakEndpoints(),
    persons: weakPersons(),
    sessions: weakSessions(),
    documents: weakDocuments(shelf),
    events: weakEvents(shelf),
    statuses: weakStatuses(shelf),
    refusals: weakRefusals(shelf),
    drafts: weakDrafts(shelf),
    ceremonies: weakCeremonies(),
    delegations: weakDelegations(shelf),
    work: weakWork(shelf),
    reviews: weakReviews(),
    augmentations: weakAugmentations(shelf),
    augmentationSchedule: weakAugmentationSchedule(),
    revocation: weakRevocation(),
    deliveries: weakDeliveries(shelf),
    attempts: weakAttempts(),
    alerts: weakAlerts(),
    views: weakViews(),
    log: weakLog(shelf),
    queue: weakQueue(),
    blobs: weakBlobs(),
    journal: weakJournal(),
    signerMemory: signerMemoryFake(),
    shared: false,
    openSequencer,
    rates: rateLimiter(),
    probes: [],
    close: async () => {},
  };
}
