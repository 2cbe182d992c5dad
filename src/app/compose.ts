import { join } from 'node:path';
import type {
  AgencyDirectory,
  BindingBook,
  ClientBook,
  EndpointBook,
  PersonBook,
  RateLimiter,
  SessionStore,
  ViewBook,
} from '../agency/index.ts';
import type { AlertBook } from '../alerts/index.ts';
import type { AttemptBook, DeliveryLog, DeliveryQueue, DeliveryStore } from '../delivery/index.ts';
import type {
  AugmentationBook,
  AugmentationSchedule,
  BlobStore,
  DocumentStore,
  EventBook,
  RefusalBook,
  ReviewBook,
  StatusStore,
} from '../document/index.ts';
import { DEFAULT_LIMITS } from '../edxml/index.ts';
import type { SigningDesk, Stations } from '../exchange/index.ts';
import { SECRET_MARKS } from '../intake/index.ts';
import { type Clock, isTrucError, type Log, randomFraction } from '../kernel/index.ts';
import {
  type LedgerJournal,
  openReader,
  openSigner,
  type Sequencer,
  type SequencerOptions,
  type SignerMemory,
} from '../ledger/index.ts';
import type { CeremonyStore, DelegationBook, DraftStore } from '../signing/index.ts';
import type { RevocationShelf, TrustStore, VerificationContext } from '../verification/index.ts';
import type { WorkBook, WorkDesk } from '../workflow/index.ts';
import type { ServerTime } from './clock-watch.ts';
import type { Config, StoreConfig } from './config.ts';
import { type Keys, openKeys } from './secrets.ts';
import { openSharedKeys, type SealedKeys } from './shared-keys.ts';
import type { StoreProbe } from './store-watch.ts';

/** One whole set of storage adapters. */
export interface Stores {
  agencies: AgencyDirectory;
  bindings: BindingBook;
  clients: ClientBook;
  endpoints: EndpointBook;
  persons: PersonBook;
  sessions: SessionStore;
  documents: DocumentStore;
  blobs: BlobStore;
  events: EventBook;
  statuses: StatusStore;
  refusals: RefusalBook;
  drafts: DraftStore;
  ceremonies: CeremonyStore;
  delegations: DelegationBook;
  work: WorkBook;
  reviews: ReviewBook;
  augmentations: AugmentationBook;
  augmentationSchedule: AugmentationSchedule;
  revocation: RevocationShelf;
  deliveries: DeliveryStore;
  attempts: AttemptBook;
  alerts: AlertBook;
  views: ViewBook;
  log: DeliveryLog;
  queue: DeliveryQueue;
  rates: RateLimiter;
  journal: LedgerJournal;
  signerMemory: SignerMemory;
  /** True where other nodes work on the same stores. */
  shared: boolean;
  /** Opens this node's way to write the ledger. */
  openSequencer(options: SequencerOptions): Promise<Sequencer>;
  /** Where the installation's sealed keys lie; only where many nodes share them. */
  keys?: SealedKeys;
  /** A right that one node at a time has; only where nodes share stores. */
  lease?(task: string, ttlMs: number): { take(): Promise<boolean>; give(): Promise<void> };
  /** Append requests that wait for the node that writes; only where nodes share a ledger. */
  waitingAppends?(): Promise<number>;
  /** The servers that this node depends on; none where everything is in the process. */
  probes: readonly StoreProbe[];
  /** The clock of the servers, milliseconds since 1970 UTC; only where there are any. */
  serverTime?: ServerTime;
  /** Brings shared stores to this program's layout; an embedded data folder is brought there when it is opened. */
  migrate?(options: {
    contract: boolean;
    onProgress(version: number, collection: string, rows: number): void;
  }): Promise<{ version: number; readableFrom: number }>;
  /** Bytes that are free where the data lie; absent where nobody can say. */
  freeBytes?(): Promise<number>;
  /** What the store finds wrong with its own files; absent where its servers look after that. */
  check?(): string[];
  close(): Promise<void>;
}

/** A profile's stores, and the installation's keys, which live with them. */
export interface Opened {
  stores: Stores;
  keys: Keys;
}

/** Opens a profile's stores and the installation's keys, which are made where there are none. */
export async function openProfile(config: StoreConfig, log: Log): Promise<Opened> {
  const stores = await openStores(config, log);
  try {
    return { stores, keys: await keysOf(config, stores) };
  } catch (error) {
    await stores.close();
    throw error;
  }
}

/** Opens the adapters of the profile; only that set is loaded. An embedded data folder must be held already. */
export async function openStores(config: StoreConfig, log: Log): Promise<Stores> {
  if (config.distributed !== null) {
    const { openDistributed } = await import('../adapters/distributed/index.ts');
    return openDistributed({ ...config.distributed, log });
  }
  const { openEmbedded } = await import('../adapters/embedded/index.ts');
  return openEmbedded(
    config.dataDir,
    config.signerState ?? join(config.dataDir, 'keys', 'signer-memory.json'),
  );
}

/** The keys that belong to these stores. */
export async function keysOf(
  { distributed, dataDir }: StoreConfig,
  { keys }: Pick<Stores, 'keys'>,
): Promise<Keys> {
  return distributed && keys ? openSharedKeys(keys, distributed.masterKey) : openKeys(dataDir);
}

export interface Composed {
  stations: WorkDesk;
  /** C2SP vkey of the log. */
  vkey: string;
  /** True once the ledger takes nothing more; only a start, which checks the journal, opens it again. */
  ledgerStopped(): boolean;
  close(): Promise<void>;
}

export interface ComposeOptions {
  config: Config;
  stores: Stores;
  keys: Keys;
  clock: Clock;
  log: Log;
  /** The trust data in force; asked for at every verdict, so that it can be renewed while running. */
  trust: () => TrustStore;
  signing: SigningDesk;
  /** Told of the certificates whose revocation verdicts ask about. */
  seen?: NonNullable<VerificationContext['seen']>;
  origin: string;
}

/** Puts the stations together. */
export async function compose({
  config,
  stores,
  keys,
  clock,
  log,
  trust,
  signing,
  seen,
  origin,
}: ComposeOptions): Promise<Composed> {
  const signer = await openSigner({ origin, privateKey: keys.ledger, memory: stores.signerMemory });
  const ledger = await stores.openSequencer({ journal: stores.journal, signer, clock, origin, log });
  const watched = watchedLedger(ledger);
  const { vkey } = signer;
  const { policy } = config;
  const stations: WorkDesk = {
    ...stores,
    signing,
    ledger: watched.ledger,
    reader: openReader({ journal: stores.journal, signer, shared: stores.shared }),
    vkey,
    axisCode: 'TRUC',
    verification: () => ({
      trust: trust(),
      policy,
      at: clock.now(),
      revocation: 'required',
      ...(seen ? { seen } : {}),
    }),
    clock,
    random: randomFraction,
    log,
    limits: { ...DEFAULT_LIMITS, bytes: config.maxBodyBytes },
    refuseOn: 'main',
    calendar: config.calendar,
    secretMarks: SECRET_MARKS,
    deadlineDays: config.deadlineDays,
    contentYears: config.contentYears,
    oncePerDocument: sharedWork(),
  };
  return { stations, vkey, ledgerStopped: watched.stopped, close: () => ledger.close() };
}

/** The ledger, and whether it has said that it takes nothing more. */
function watchedLedger(ledger: Sequencer): { ledger: Sequencer; stopped(): boolean } {
  let stopped = false;
  const append: Sequencer['append'] = async (requests) => {
    try {
      return await ledger.append(requests);
    } catch (error) {
      stopped ||= isTrucError(error, 'ledger.stopped');
      throw error;
    }
  };
  return { ledger: { ...ledger, append }, stopped: () => stopped };
}

/** Work under the same name that is asked for while it runs is not started again: its result is shared. */
function sharedWork(): Stations['oncePerDocument'] {
  const running = new Map<string, Promise<unknown>>();
  return <T>(documentId: string, work: () => Promise<T>): Promise<T> => {
    const known = running.get(documentId);
    if (known) return known as Promise<T>;
    const started = work().finally(() => running.delete(documentId));
    running.set(documentId, started);
    return started;
  };
}
