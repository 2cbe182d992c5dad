import { isoTime, type Log } from '../kernel/index.ts';
import {
  crlSource,
  type HeldAnswers,
  refreshDue,
  type Sightings,
  sourcesOfTrust,
  type Upkeep,
} from '../verification/index.ts';
import { repeating, type Worker } from './repeating.ts';

const EVERY_MS = 10_000;
/** The authorities' own sources are looked up again so often: the trust folders may have changed. */
const AUTHORITIES_EVERY_MS = 60_000;
/** Who has signed nothing for so long is asked about no more. */
const FORGOTTEN_AFTER_MS = 7 * 86_400_000;

export interface RevocationWorkerOptions {
  /** Null on a node that may ask nobody: it reads what other nodes bring. */
  upkeep: Upkeep | null;
  held: HeldAnswers;
  sightings: Sightings;
  /** Addresses of CRLs that the operator names. */
  crlUrls: readonly string[];
  log: Log;
}

export interface RevocationWorker extends Worker {
  /** One round at once: want what was seen, ask what is due, read what is new. */
  round(): Promise<void>;
}

/** Keeps CRLs and OCSP responses fresh for the authorities and for signers seen lately, ahead of the verdicts that need them. */
export function revocationWorker(options: RevocationWorkerOptions): RevocationWorker {
  const { upkeep, held, sightings, crlUrls, log } = options;
  let wantedAt = Number.NEGATIVE_INFINITY;

  async function want({ shelf, clock, context }: Upkeep): Promise<void> {
    const now = clock.now();
    const sources = sightings.take(now);
    if (now - wantedAt >= AUTHORITIES_EVERY_MS) {
      sources.push(...crlUrls.map(crlSource), ...sourcesOfTrust(context().trust, now));
      await shelf.forget(isoTime(now - FORGOTTEN_AFTER_MS));
      wantedAt = now;
    }
    if (sources.length > 0) await shelf.want(sources, isoTime(now));
  }

  async function round(): Promise<void> {
    if (upkeep) {
      await want(upkeep);
      const { renewed, failed } = await refreshDue(upkeep);
      if (renewed > 0) log.info({ renewed, failed }, 'revocation data renewed');
    }
    await held.renew();
  }

  return { round, ...repeating({ what: 'renewal of revocation data', everyMs: EVERY_MS, log }, round) };
}
