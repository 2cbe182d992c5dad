import type { Certificate } from '../certificate.ts';
import type { RevocationSource } from './revocation-shelf.ts';
import { sourcesOf } from './sources.ts';

/** Which certificates verdicts have asked about, kept in memory until somebody takes them to the shelf. */
export interface Sightings {
  note(certificate: Certificate, issuer: Certificate): void;
  /** The sources of what was noted and not yet taken lately. */
  take(now: number): RevocationSource[];
}

const MOST = 20_000;
/** A certificate that signs all day is taken once in so long. */
const AGAIN_MS = 12 * 3_600_000;

/** Losing it costs nothing but time: what matters is seen again. */
export function sightings(): Sightings {
  const noted = new Map<string, { certificate: Certificate; issuer: Certificate }>();
  const taken = new Map<string, number>();
  return {
    note: (certificate, issuer) => {
      if (noted.size < MOST && !noted.has(certificate.sha256))
        noted.set(certificate.sha256, { certificate, issuer });
    },
    take: (now) => {
      for (const [sha256, at] of taken) if (now - at >= AGAIN_MS || taken.size > MOST) taken.delete(sha256);
      const fresh = [...noted.values()].filter(({ certificate }) => !taken.has(certificate.sha256));
      noted.clear();
      for (const { certificate } of fresh) taken.set(certificate.sha256, now);
      return fresh.flatMap(({ certificate, issuer }) => sourcesOf(certificate, issuer, now));
    },
  };
}
