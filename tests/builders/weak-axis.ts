import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { tsaClient } from '../../src/adapters/wire/tsa-client.ts';
import type { AgencyDraft } from '../../src/agency/index.ts';
import { compose, type Stores } from '../../src/app/compose.ts';
import { configFrom } from '../../src/app/index.ts';
import type { Caller, Stations } from '../../src/exchange/index.ts';
import { type ManualClock, manualClock, silentLog, TrucError } from '../../src/kernel/index.ts';
import {
  type DemoFolder,
  demoFolder,
  edxmlOf,
  letterOrder,
  openDemoPki,
  type Pki,
  seedDemo,
  signedLetter,
  startTsa,
  timestampToken,
  tinos,
} from '../../src/lab/index.ts';
import type { TimestampClient } from '../../src/signing/index.ts';
import { type TrustStore, trustStore } from '../../src/verification/index.ts';
import { LOG_KEY, ORIGIN, START } from './ledger.ts';
import { weakStores } from './weak-stores.ts';

const DAY_MS = 86_400_000;

/** The demo's certificates and one really signed letter, for any number of axes. */
export interface WeakWorld {
  letter: Buffer;
  pki: Pki;
  /** A fresh axis over weak stores, with the demo's agencies registered. */
  axis(): Promise<WeakAxis>;
  /** One that trusts nobody, with agencies that want held what cannot be judged: every letter is held. */
  holdingAxis(): Promise<WeakAxis>;
  /** One that knows no CRL until it is told so: letters before cannot be judged to the end. */
  blindAxis(holding: boolean): Promise<WeakAxis & { publish(): void }>;
  /** One whose time-stamp authority and revocation lists are there at any time of its clock. */
  provingAxis(): Promise<ProvingAxis>;
  remove(): void;
}

export interface ProvingAxis extends WeakAxis {
  /** Tokens asked for. */
  asked(): number;
  /** The entity that stamps from now on; null: nobody answers. */
  stampBy(entity: string | null): void;
  /** Whether revocation lists are published. */
  publish(lists: boolean): void;
}

export interface WeakAxis {
  stores: Stores;
  clock: ManualClock;
  /** Puts stations together over these stores, as a start of the axis does. */
  start(stores: Stores): Promise<Stations>;
  as(code: string): Caller;
}

/** @param start time of the certificates, the letter and the clocks; ids are made by the real clock whatever it is */
export async function weakWorld(
  from: string,
  to: readonly string[],
  start: number = START,
): Promise<WeakWorld> {
  const dataDir = mkdtempSync(join(tmpdir(), 'truc-weak-'));
  const folder = demoFolder(dataDir);
  const pki = await openDemoPki(folder, start);
  const trust = trustStore({ anchors: pki.anchors, intermediates: pki.intermediates, crls: pki.crls });
  const tsa = await startTsa({ pki, clock: manualClock(start) });
  const order = letterOrder({ from, to, number: 412, subject: 'V/v thử nghiệm', priority: 1 }, start);
  const letter = edxmlOf(order, await signedLetter(order, pki, tsaClient({ url: tsa.url })));
  await tsa.close();
  return {
    letter,
    pki,
    axis: () => openAxis(folder, pki, start, () => trust),
    holdingAxis: async () => {
      const axis = await openAxis(folder, pki, start, () => trustStore({ anchors: [] }));
      await holdAll(axis);
      return axis;
    },
    blindAxis: async (holding) => {
      const blind = trustStore({ anchors: pki.anchors, intermediates: pki.intermediates });
      let inForce = blind;
      const axis = await openAxis(folder, pki, start, () => inForce);
      if (holding) await holdAll(axis);
      return {
        ...axis,
        publish: () => {
          inForce = trust;
        },
      };
    },
    provingAxis: () => openProving(folder, pki, start),
    remove: () => rmSync(dataDir, { recursive: true }),
  };
}

async function openProving(folder: DemoFolder, pki: Pki, start: number): Promise<ProvingAxis> {
  let [asked, lists, entity] = [0, true, 'tsa' as string | null];
  const known = new Map<string, TrustStore>();
  const trustAt = (now: number) => {
    const day = Math.floor(now / DAY_MS) * DAY_MS;
    const key = `${lists} ${day}`;
    const crls = lists ? ['root-g1', 'ca-g1', 'root-g2', 'ca-g2'].map((name) => pki.crlOf(name, day)) : [];
    const made =
      known.get(key) ?? trustStore({ anchors: pki.anchors, intermediates: pki.intermediates, crls });
    known.set(key, made);
    return made;
  };
  const timestamp: TimestampClient = async (digest) => {
    asked++;
    if (entity === null) throw new TrucError('signing.timestamp-unreachable', { cause: 'away' });
    return timestampToken(digest, { pki, now: axis.clock.now(), entity });
  };
  const axis = await openAxis(folder, pki, start, () => trustAt(axis.clock.now()), timestamp);
  return {
    ...axis,
    asked: () => asked,
    stampBy: (name) => {
      entity = name;
    },
    publish: (wanted) => {
      lists = wanted;
    },
  };
}

async function holdAll({ stores }: WeakAxis): Promise<void> {
  const { agencies } = await stores.agencies.list({ limit: 500 });
  await stores.agencies.put(
    agencies.map((agency) => ({ ...agency, holdIndeterminate: true })),
    START,
  );
}

async function openAxis(
  folder: DemoFolder,
  pki: Pki,
  start: number,
  trust: () => TrustStore,
  timestamp: TimestampClient | null = null,
): Promise<WeakAxis> {
  const stores = weakStores();
  const clock = manualClock(start);
  const importAgencies = (drafts: AgencyDraft[]) => stores.agencies.put(drafts, start);
  await seedDemo(folder, { ...stores, importAgencies }, pki);
  const { agencies } = await stores.agencies.list({ limit: 500 });
  const ids = new Map(agencies.map((agency) => [agency.code, agency.id]));
  const { privateKey } = generateKeyPairSync('ed25519');
  return {
    stores,
    clock,
    start: async (given) => {
      const composed = await compose({
        config: configFrom({ DATA: folder.path }, true),
        stores: given,
        keys: { ledger: LOG_KEY, token: privateKey, webhook: privateKey },
        clock,
        log: silentLog,
        trust,
        signing: {
          timestamp,
          fonts: { regular: tinos('regular'), italic: tinos('italic') },
          softwareKeys: true,
        },
        origin: ORIGIN,
      });
      return composed.stations;
    },
    as: (code) => ({
      clientId: `qlvb-${code}`,
      agencyIds: [ids.get(code) as string],
      scopes: ['documents.send', 'inbox', 'statuses', 'sign'],
    }),
  };
}
