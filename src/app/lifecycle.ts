import { createServer, type Server } from 'node:http';
import { collectDefaultMetrics, Registry } from 'prom-client';
import { httpCourier } from '../adapters/wire/http-courier.ts';
import { openidProvider } from '../adapters/wire/openid-provider.ts';
import { targetGuard } from '../adapters/wire/target-guard.ts';
import type { Sample } from '../alerts/index.ts';
import {
  type BodyBudget,
  type DemoLogin,
  httpMetrics,
  operationsGate,
  peopleService,
  publicGate,
  signingGate,
  type TokenService,
  tokenService,
} from '../api/index.ts';
import { consoleRoutes } from '../console/index.ts';
import { dayOf, isAnnounced } from '../document/index.ts';
import {
  type EndpointTest,
  personByCertificate,
  recover,
  repairNotices,
  repairPeople,
  repairRegistry,
} from '../exchange/index.ts';
import {
  type Clock,
  isTrucError,
  type Log,
  type SteadyClock,
  sha256Hex,
  sleep,
  steadyClock,
  systemClock,
} from '../kernel/index.ts';
import { portalRoutes } from '../portal/index.ts';
import type { TimestampClient } from '../signing/index.ts';
import type { TrustStore } from '../verification/index.ts';
import {
  alertWorker,
  augmentWorker,
  collectWorker,
  deliverWorker,
  reviewWorker,
  sweepWorker,
} from '../workers/index.ts';
import { OFFICE_CLIENT, recoverWork, type WorkDesk } from '../workflow/index.ts';
import { tellersOf } from './alerting.ts';
import { demandSameTime, watchClock } from './clock-watch.ts';
import { type Composed, compose, openProfile, type Stores } from './compose.ts';
import type { Config } from './config.ts';
import { openDataFolder } from './data-folder.ts';
import { endpointTester } from './endpoint-test.ts';
import { registerGauges } from './gauges.ts';
import { address, close, listen, listener, nextPort } from './listening.ts';
import { outwardWorkers } from './outward.ts';
import { readingsOf } from './readings.ts';
import { keepFresh, openRevocation, type Revocation } from './revocation.ts';
import { type Keys, publicKeyDer, webhookPublicKey } from './secrets.ts';
import { shownSettings } from './shown-settings.ts';
import { signingDesk } from './signing-desk.ts';
import { watchStores } from './store-watch.ts';
import { type TimestampWatch, watchTimestamps } from './timestamp-watch.ts';

export interface Running {
  /** As callers see it, over whatever stands before the node. */
  url: string;
  /** Where this node itself listens. */
  localUrl: string;
  /** The signing origin as browsers see it. */
  signingUrl: string;
  operationsUrl: string;
  vkey: string;
  stations: WorkDesk;
  stores: Stores;
  /** Says that it ends and serves on for the time of the drain, then drains requests and workers, then closes every store. */
  stop(): Promise<void>;
}

export interface StartOptions {
  config: Config;
  log: Log;
  clock?: Clock;
  /** Trust data in force; asked for at every verdict. */
  trust: (stores: Stores) => Promise<() => TrustStore>;
  /** In place of the configured time-stamp authority. */
  timestamp?: TimestampClient;
  /** People who log in by name and password; only the demo has any. */
  demoLogin?: DemoLogin;
}

const SHARED_GRACE_MS = 30_000;
/** Some rounds of the watch; when its holder dies, another node goes on after it. */
const ALERT_LEASE_MS = 2 * 60_000;
/** Longer than one slow time-stamp takes; when its holder dies, another node goes on after it. */
const AUGMENTATION_LEASE_MS = 10 * 60_000;
/** Each waits as long as an append waits for a writer. */
const START_ATTEMPTS = 6;

/**
 * Starts one node: (data folder →) stores → ledger → recovery → gates → workers.
 * @throws TrucError `app.…` when it cannot start; nothing is left open then
 */
export async function start(options: StartOptions): Promise<Running> {
  const { config, log } = options;
  const closers: (() => Promise<void> | void)[] = [];
  const closeAll = async () => {
    for (const close of closers.reverse()) await close();
  };
  try {
    if (config.distributed === null) {
      const folder = openDataFolder(config.dataDir);
      closers.push(() => folder.release());
    }
    const { stores, keys } = await openProfile(config, log);
    closers.push(() => stores.close());
    const clock = await nodeClock(options.clock ?? systemClock, stores, log, closers);
    const revocation = await openRevocation(await options.trust(stores), stores, log);
    const { trust, sightings } = revocation;
    const origin = config.ledgerOrigin ?? demoOrigin(keys);
    const seen = sightings.note;
    const { policy } = config;
    const signing = signingDesk({
      ...{ config, clock, log, given: options.timestamp },
      context: () => ({ trust: trust(), policy, at: clock.now(), revocation: 'required', seen }),
    });
    const timestamps = watchTimestamps(signing.timestamp, clock);
    signing.timestamp = timestamps.client;
    const composed = await compose({
      ...{ config, stores, keys, clock, log, trust, signing, origin },
      seen,
    });
    closers.push(() => composed.close());
    const today = dayOf(clock.now());
    if (!isAnnounced(today, config.calendar))
      log.warn({ year: today.slice(0, 4) }, 'the calendar of working days does not know this year');
    await repairPeople(composed.stations);
    await repairRegistry(composed.stations, stores.shared ? SHARED_GRACE_MS : 0);
    // What other nodes have in hand is left to them.
    const found = await patiently(() => recover(composed.stations, stores.shared ? SHARED_GRACE_MS : 0), log);
    const files = await patiently(
      () => recoverWork(composed.stations, stores.shared ? SHARED_GRACE_MS : 0),
      log,
    );
    const notices = await patiently(() => repairNotices(composed.stations), log);
    if (found.documents + found.events + files + notices > 0)
      log.warn({ ...found, files, notices }, 'finished what the last run left behind');
    const demoLogin = options.demoLogin ?? null;
    return await openGates({
      ...{ config, keys, stores, composed, revocation, clock, timestamps, demoLogin, closers, closeAll },
    });
  } catch (error) {
    await closeAll();
    throw error;
  }
}

/** Another node may hold the office and be in trouble, or the stores: a node that starts then waits and does not end. */
async function patiently<T>(work: () => Promise<T>, log: Log): Promise<T> {
  for (let attempt = 1; ; attempt++)
    try {
      return await work();
    } catch (error) {
      if (!isTrucError(error, 'ledger.no-writer') || attempt === START_ATTEMPTS) throw error;
      log.warn({ attempt }, 'nobody writes the ledger; the start waits');
    }
}

/** Nodes that share stores keep time by them; a process alone has only its machine's clock. */
async function nodeClock(
  wall: Clock,
  { serverTime }: Stores,
  log: Log,
  closers: (() => void)[],
): Promise<Clock & Partial<SteadyClock>> {
  // A clock that somebody hands in is theirs to move.
  if (!serverTime || wall !== systemClock) return wall;
  const clock = steadyClock(wall);
  await demandSameTime(clock, serverTime);
  const stopping = new AbortController();
  closers.push(() => stopping.abort());
  void watchClock(clock, serverTime, log, stopping.signal);
  return clock;
}

/** `demo-<8 hex of the key>.invalid/ledger/1`: no demo log can be taken for a real one. */
function demoOrigin(keys: Keys): string {
  return `demo-${sha256Hex(publicKeyDer(keys.ledger)).slice(0, 8)}.invalid/ledger/1`;
}

interface Opening {
  config: Config;
  keys: Keys;
  stores: Stores;
  composed: Composed;
  revocation: Revocation;
  clock: Clock & Partial<SteadyClock>;
  timestamps: TimestampWatch;
  demoLogin: DemoLogin | null;
  closers: (() => Promise<void> | void)[];
  closeAll(): Promise<void>;
}

async function openGates({
  config,
  keys,
  stores,
  composed,
  revocation,
  clock,
  timestamps,
  demoLogin,
  closers,
  closeAll,
}: Opening): Promise<Running> {
  const { stations, vkey } = composed;
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const watch = watchStores({ probes: stores.probes, log: stations.log });
  closers.push(() => watch.stop());
  let watched: () => Sample | null = () => null;
  registerGauges(registry, {
    ...{ stations, stores, watch, held: revocation.held, clock },
    watched: () => watched(),
  });
  const stopping = new AbortController();
  let state: 'starting' | 'ready' | 'draining' | 'stopping' = 'starting';
  const readiness = {
    notReady: () =>
      state !== 'ready'
        ? state
        : composed.ledgerStopped()
          ? 'ledger-stopped'
          : (stations.ledger.fault() ?? watch.away()),
  };
  const budget: BodyBudget = {
    limit: config.maxBodyBytes,
    total: Math.max(512 * 1024 * 1024, 2 * config.maxBodyBytes),
    used: 0,
  };
  // Each as soon as it listens: a start that fails at the next one must not leave it open.
  const gates: Server[] = [];
  closers.push(async () => void (await Promise.all(gates.map(close))));
  const server = listener(config);
  const url = await listen(server, config.port, config.bind, config.tls !== null);
  gates.push(server);
  const publicUrl = config.publicUrl ?? url;
  const tokens: TokenService = tokenService({
    clients: stores.clients,
    key: keys.token,
    audience: publicUrl,
    clock,
    limiter: stores.rates,
    rates: config.rates,
  });
  const shard = stations.reader.origin.split('/').at(-1) ?? '1';
  const metrics = httpMetrics(registry);
  const signing = listener(config);
  const localSigningUrl = await listenForSigners(signing, server, config);
  gates.push(signing);
  const signingUrl = config.signingUrl ?? localSigningUrl;
  signing.on('request', signingGate({ stations, signingUrl, metrics, readiness, takeTurn: tokens.takeTurn }));
  await registerOffice(stores, publicUrl);
  const people = peopleService({ persons: stores.persons, sessions: stores.sessions, publicUrl, clock });
  const operations = createServer(operationsGate(readiness, registry));
  const own = () => [address(server), address(signing), address(operations)];
  const pushGuard = targetGuard({ allowed: config.pushNets, own });
  const endpointTest = endpointTester({ key: keys.webhook, clock, guard: pushGuard });
  const gate = publicGate({
    stations,
    tokens,
    log: stores.log,
    budget,
    publicUrl,
    signingUrl,
    shard,
    vkey,
    webhookKey: webhookPublicKey(keys.webhook),
    leaseSeconds: config.leaseSeconds,
    stopping: stopping.signal,
    metrics,
    readiness,
    login: {
      people,
      persons: stores.persons,
      provider: config.oidc && openidProvider(config.oidc),
      demoLogin,
      certificate: certificateLogin(config, stations),
      key: keys.token,
      limiter: stores.rates,
      clock,
      log: stations.log,
    },
    pages: [
      portalRoutes({ desk: stations, signingUrl, publicUrl, limiter: stores.rates }, people),
      consoleRoutes(consoleDesk(config, stations, stores, endpointTest), people),
    ],
    trustedProxies: config.trustedProxies,
    publicFigures: config.publicFigures,
  });
  server.on('request', gate);
  const operationsUrl = await listenForOperators(operations, server, config);
  gates.push(operations);
  const tellers = tellersOf({
    ...{ config: config.alerts, publicUrl, key: keys.webhook, clock },
    guard: targetGuard({ allowed: ['0.0.0.0/0', '::/0'], own }),
  });
  const wires = { key: keys.webhook, clock, guard: pushGuard };
  const courier = httpCourier(wires);
  const alerting = alertWorker(
    readingsOf({ stations, stores, clock, timestamps }),
    { book: stores.alerts, rules: config.alerts.rules, tellers, log: stations.log },
    stores.lease?.('alerts', ALERT_LEASE_MS),
  );
  watched = alerting.latest;
  const workers = [
    alerting,
    deliverWorker(stations, courier),
    collectWorker(stations),
    sweepWorker(stations),
    reviewWorker(stations),
    augmentWorker(stations, stores.lease?.('augmentation', AUGMENTATION_LEASE_MS)),
    ...outwardWorkers(config, stations, stores, wires),
    keepFresh({ config, stations, stores, revocation, own, stopping: stopping.signal }),
  ];
  closers.push(async () => {
    if (state === 'ready') {
      // Whoever shares out requests sees it at /readyz, and needs a moment to.
      state = 'draining';
      await sleep(config.drainSeconds * 1_000);
    }
    state = 'stopping';
    stopping.abort();
    await Promise.all(workers.map((worker) => worker.stop()));
  });
  state = 'ready';
  return { url: publicUrl, localUrl: url, signingUrl, operationsUrl, vkey, stations, stores, stop: closeAll };
}

function consoleDesk(config: Config, stations: WorkDesk, stores: Stores, testEndpoint: EndpointTest) {
  const { rules, mail, webhook } = config.alerts;
  const told = [...(mail ? (['mail'] as const) : []), ...(webhook ? (['webhook'] as const) : [])];
  return {
    ...{ stations, log: stores.log, views: stores.views, testEndpoint },
    alerts: { book: stores.alerts, rules, told },
    settings: shownSettings(config),
    ...(config.oidc ? { issuer: config.oidc.issuer } : {}),
  };
}

function certificateLogin({ certificateLogin: login, trustedProxies }: Config, stations: WorkDesk) {
  return login === null
    ? null
    : { ...login, trustedProxies, personOf: (der: Buffer) => personByCertificate(der, stations) };
}

/** The pages of officials hold the signing window: their origin is registered as that of a system without a secret. */
async function registerOffice({ clients }: Stores, publicUrl: string): Promise<void> {
  const { origin } = new URL(publicUrl);
  const known = await clients.find(OFFICE_CLIENT);
  if (known?.signingOrigins?.includes(origin)) return;
  await clients.put({
    clientId: OFFICE_CLIENT,
    name: 'Công tác văn thư',
    // No secret has this digest: nobody gets a token as this system.
    secretSha256: '',
    agencyIds: [],
    scopes: [],
    disabledAt: null,
    signingOrigins: [...new Set([...(known?.signingOrigins ?? []), origin])],
  });
}

/** Port + 1 unless set otherwise; where any public port would do, any signing port does too. */
async function listenForSigners(signing: Server, server: Server, config: Config): Promise<string> {
  const on = (port: number) => listen(signing, port, config.bind, config.tls !== null);
  if (config.signingPort !== null) return on(config.signingPort);
  const next = on(nextPort(server, 1));
  return config.port === 0 ? next.catch(() => on(0)) : next;
}

/** A port that was asked for is taken or nothing: probes would look there. */
function listenForOperators(operations: Server, server: Server, config: Config): Promise<string> {
  const on = (port: number) => listen(operations, port, config.operationsBind, false);
  if (config.operationsPort !== null) return on(config.operationsPort);
  return on(nextPort(server, 2)).catch(() => on(0));
}
