import type { Agency, CertificateBinding, ClientSystem, Endpoint, Person } from '../agency/index.ts';
import type { Delivery } from '../delivery/index.ts';
import type {
  Augmentation,
  DocumentRecord,
  RecordedEvent,
  RefusalRecord,
  Review,
  StatusRecord,
} from '../document/index.ts';
import type { Delegation, Draft } from '../signing/index.ts';
import type { WorkFile } from '../workflow/index.ts';

/** What an installation holds, part by part, as it moves from one adapter set to another (docs/spec/export.md). */
export interface MovedRows {
  agencies: Agency;
  'agency-history': { recordedAt: string; agency: Agency };
  bindings: CertificateBinding;
  clients: ClientSystem;
  endpoints: Endpoint;
  persons: Person;
  ledger: MovedEntry;
  /** `original` is the name of the bytes in the store that the row is of. */
  documents: DocumentRecord;
  /** `content` of each version is the name of the bytes in the store that the row is of. */
  drafts: Draft;
  delegations: Delegation;
  'work-files': WorkFile;
  events: RecordedEvent;
  deliveries: Delivery;
  /** In the order of documents, the messages of each oldest first. */
  statuses: StatusRecord & { repeats: number };
  refusals: RefusalRecord;
  /** With all later verdicts. */
  reviews: Review;
  /** `content` as in `documents`. */
  augmentations: Augmentation;
}

/** An entry of the ledger: idempotency key in hexadecimal, exact bytes in base64. In the order of the log. */
export interface MovedEntry {
  idem: string;
  bytes: string;
}

export type MovedPart = keyof MovedRows;

/** In the order in which they are moved: what a part refers to comes before it. */
export const MOVED_PARTS: readonly MovedPart[] = [
  'agencies',
  'agency-history',
  'bindings',
  'clients',
  'endpoints',
  'persons',
  'ledger',
  'documents',
  'drafts',
  'delegations',
  'work-files',
  'events',
  'deliveries',
  'statuses',
  'refusals',
  'reviews',
  'augmentations',
];

/** Reads everything; the rows of a part in pages, so that memory does not grow with the installation. */
export type RowSource = { [Part in MovedPart]: () => AsyncIterable<MovedRows[Part][]> };

/** Takes the rows of each part in order. A page that comes again changes nothing. */
export type RowSink = { [Part in MovedPart]: (rows: MovedRows[Part][]) => Promise<void> };
