import { tsaClient } from '../adapters/wire/tsa-client.ts';
import type { AgencyDraft } from '../agency/index.ts';
import { changeRegistry } from '../exchange/index.ts';
import { type Clock, type Log, systemClock } from '../kernel/index.ts';
import {
  type DemoFolder,
  type DemoPerson,
  demoFolder,
  demoLogin,
  openDemoPki,
  type Pki,
  playStory,
  type RunningOffice,
  renewCrls,
  type SharedShelf,
  type StoryEvent,
  seedDemo,
  seedDemoPeople,
  startOffice,
  startTsa,
  writeCredentials,
  writeSamples,
  writeSigners,
} from '../lab/index.ts';
import { takeSnapshot } from '../reporting/index.ts';
import type { TimestampClient } from '../signing/index.ts';
import type { Config } from './config.ts';
import { type Running, start } from './lifecycle.ts';
import { trustFolders } from './trust.ts';

const DAY_MS = 86_400_000;
/** A node that plays the story says so before each letter. */
const STORY_LEASE_MS = 60_000;

export interface RunningDemo extends Running {
  folder: DemoFolder;
  pki: Pki;
  /** Page of the demo's document system, where drafts are signed. */
  officeUrl: string;
}

export interface DemoOptions {
  config: Config;
  log: Log;
  clock?: Clock;
  tell(event: StoryEvent): void;
  /** Pause between letters of the story in milliseconds; 0 plays none. */
  everyMs: number;
}

/**
 * Starts the axis with the demo world: PKI, time-stamp authority, agencies, credentials, samples, and agencies that
 * really exchange signed letters.
 * @throws TrucError `app.demo-refused` on a store that holds real agencies, and what `start` throws
 */
export async function startDemo(options: DemoOptions): Promise<RunningDemo> {
  const clock = options.clock ?? systemClock;
  const folder = demoFolder(options.config.dataDir);
  const opening = Promise.withResolvers<{ pki: Pki; shelf: SharedShelf | null }>();
  const trust = { anchors: folder.trust, intermediates: folder.certs, crls: folder.crls };
  const stamping = Promise.withResolvers<TimestampClient>();
  const people = Promise.withResolvers<DemoPerson[]>();
  const running = await start({
    ...options,
    clock,
    demoLogin: async (username, password) => demoLogin(await people.promise, username, password),
    timestamp: async (digest) => (await stamping.promise)(digest),
    trust: async ({ keys: shelf = null }) => {
      opening.resolve({ pki: await openDemoPki(folder, clock.now(), shelf), shelf });
      return trustFolders(trust, clock, options.log);
    },
  });
  const { pki, shelf } = await opening.promise;
  const stopping = new AbortController();
  const tsa = await startTsa({ pki, clock });
  const timestamp = tsaClient({ url: tsa.url });
  stamping.resolve(timestamp);
  const renewal = setInterval(() => renewCrls(folder, pki, clock.now()), DAY_MS);
  let office: RunningOffice | null = null;
  const stop = async () => {
    stopping.abort();
    clearInterval(renewal);
    await office?.close();
    await running.stop();
    await tsa.close();
  };
  try {
    const { stores } = running;
    const desk = { ...stores, clock, ledger: running.stations.ledger };
    const importAgencies = (drafts: AgencyDraft[]) => changeRegistry(drafts, 'import', 'demo', desk);
    const seeded = await seedDemo(folder, { ...stores, importAgencies }, pki, shelf);
    const persons = await seedDemoPeople(folder, desk, seeded.admin, pki, shelf);
    people.resolve(persons);
    await takeSnapshot(running.stations);
    const known = {
      url: running.url,
      signingUrl: running.signingUrl,
      ...seeded,
      people: persons,
      signers: await writeSigners(folder, pki, clock.now()),
      trust: folder.trust,
      certs: folder.certs,
      crls: folder.crls,
      vkey: running.vkey,
    };
    office = await startOffice({ folder, credentials: known });
    const credentials = { ...known, officeUrl: office.url };
    writeCredentials(folder, credentials);
    await writeSamples(folder, pki, timestamp, clock.now());
    if (options.everyMs > 0) {
      const turn = stores.lease?.('demo-story', STORY_LEASE_MS);
      playStory({
        mayPlay: async () => turn?.take() ?? true,
        credentials,
        pki,
        timestamp,
        clock,
        tell: options.tell,
        everyMs: options.everyMs,
        signal: stopping.signal,
      }).catch((error: unknown) => {
        options.log.error({ error: String(error) }, 'the demo story stopped');
      });
    }
    return { ...running, folder, pki, officeUrl: office.url, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
