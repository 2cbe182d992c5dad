import type {
  AgencyDirectory,
  BindingBook,
  ClientBook,
  EndpointBook,
  PersonBook,
  SessionStore,
} from '../agency/index.ts';
import type { AttemptBook, DeliveryQueue, DeliveryStore } from '../delivery/index.ts';
import type {
  AugmentationBook,
  AugmentationSchedule,
  BlobStore,
  DocumentStore,
  EventBook,
  RefusalBook,
  ReviewBook,
  StatusStore,
  WorkingCalendar,
} from '../document/index.ts';
import type { EdxmlLimits } from '../edxml/index.ts';
import type { Clock, Log } from '../kernel/index.ts';
import type { LogReader, Sequencer } from '../ledger/index.ts';
import type {
  CeremonyStore,
  DelegationBook,
  DraftStore,
  RemoteSigning,
  TimestampClient,
} from '../signing/index.ts';
import type { VerificationContext } from '../verification/index.ts';

/** What signing needs beside the stores. */
export interface SigningDesk {
  /** RFC 3161 authority; null where none is configured, and signatures stay at level B-B. */
  timestamp: TimestampClient | null;
  /** TrueType files for what signatures and numbers show. */
  fonts: { regular: Uint8Array; italic: Uint8Array };
  /** Whether keys that are kept in software may sign; only for demonstrations and training. */
  softwareKeys: boolean;
  /** The remote signing service, where there is one. */
  remote?: RemoteSigning;
}

/** Everything the conductor works with: one station per room, and the settings that its decisions need. */
export interface Stations {
  agencies: AgencyDirectory;
  bindings: BindingBook;
  endpoints: EndpointBook;
  persons: PersonBook;
  sessions: SessionStore;
  documents: DocumentStore;
  blobs: BlobStore;
  events: EventBook;
  statuses: StatusStore;
  refusals: RefusalBook;
  reviews: ReviewBook;
  augmentations: AugmentationBook;
  augmentationSchedule: AugmentationSchedule;
  drafts: DraftStore;
  ceremonies: CeremonyStore;
  delegations: DelegationBook;
  clients: ClientBook;
  signing: SigningDesk;
  deliveries: DeliveryStore;
  attempts: AttemptBook;
  queue: DeliveryQueue;
  ledger: Sequencer;
  reader: LogReader;
  /** The log's public key, C2SP vkey form. */
  vkey: string;
  /** Code of the axis itself in trace headers. */
  axisCode: string;
  /** Trust, policy and time for judging signatures now. */
  verification(): VerificationContext;
  clock: Clock;
  /** A number in [0, 1), for jitter only. */
  random(): number;
  log: Log;
  limits: EdxmlLimits;
  /** Which days are worked: behind deadlines and what is overdue. */
  calendar: WorkingCalendar;
  /** Which failing signatures refuse a submission: the main file's, or any. */
  refuseOn: 'main' | 'any';
  /** Markings of state secrecy, upper case. */
  secretMarks: readonly string[];
  deadlineDays: number;
  /** Full years after its quarter for which content is kept. */
  contentYears: number;
  /** Runs work for a document; callers that come while it runs share its result. */
  oncePerDocument<T>(documentId: string, work: () => Promise<T>): Promise<T>;
}
