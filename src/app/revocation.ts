import { crlClient } from '../adapters/wire/crl-client.ts';
import { ocspClient } from '../adapters/wire/ocsp-client.ts';
import { targetGuard } from '../adapters/wire/target-guard.ts';
import type { Stations } from '../exchange/index.ts';
import type { Log } from '../kernel/index.ts';
import {
  type HeldAnswers,
  heldAnswers,
  type Sightings,
  sightings,
  type TrustStore,
  type Upkeep,
} from '../verification/index.ts';
import { type RevocationWorker, revocationWorker } from '../workers/index.ts';
import type { Stores } from './compose.ts';
import type { Config } from './config.ts';

/** What a node knows of revocation beside its trust folders. */
export interface Revocation {
  /** The folders' trust with what is held beside it. */
  trust: () => TrustStore;
  held: HeldAnswers;
  sightings: Sightings;
}

/** Reads what the installation holds, so that the first verdict after a start rests on it already. */
export async function openRevocation(
  folders: () => TrustStore,
  { revocation }: Pick<Stores, 'revocation'>,
  log: Log,
): Promise<Revocation> {
  const held = heldAnswers(revocation, log);
  await held.renew();
  return { trust: () => held.over(folders()), held, sightings: sightings() };
}

export interface KeepFreshOptions {
  config: Pick<Config, 'authorities'>;
  stations: Stations;
  stores: Pick<Stores, 'revocation'>;
  revocation: Revocation;
  /** Our own listeners, which nobody is to be asked at. */
  own: () => readonly { address: string; port: number }[];
  stopping: AbortSignal;
}

/** Starts the worker. Without networks to ask in, the node reads what others bring. */
export function keepFresh(options: KeepFreshOptions): RevocationWorker {
  const { config, stations, revocation } = options;
  const { nets, crlUrls } = config.authorities;
  return revocationWorker({
    ...{ held: revocation.held, sightings: revocation.sightings, crlUrls, log: stations.log },
    upkeep: nets.length === 0 ? null : upkeepOf(options),
  });
}

/** An address in a certificate may name these; others are asked only where an address that the operator names has one. */
const WEB_PORTS = [80, 443] as const;

function portOf(written: string): number {
  const { port, protocol } = new URL(written);
  return Number(port || (protocol === 'https:' ? 443 : 80));
}

function upkeepOf({ config, stations, stores, own, stopping }: KeepFreshOptions): Upkeep {
  const { nets, crlUrls, ocspNonce, everyMs } = config.authorities;
  const { clock, random, log } = stations;
  const ports = [...WEB_PORTS, ...crlUrls.map(portOf)];
  const client = { guard: targetGuard({ allowed: nets, own, ports }), clock, stopping };
  return {
    ...{ shelf: stores.revocation, clock, random, log, everyMs },
    nonceRule: ocspNonce,
    fetchCrl: crlClient(client),
    fetchOcsp: ocspClient(client),
    context: () => stations.verification(),
  };
}
