import type { Certificate } from '../certificate.ts';
import type { DistributionPoint } from '../distribution-point.ts';
import { buildPaths } from '../path-build.ts';
import type { TrustStore } from '../trust-store.ts';
import type { RevocationSource } from './revocation-shelf.ts';

const LONGEST_URL = 2_000;
/** More addresses than any authority has for one certificate. */
const MOST_URLS = 6;

/**
 * Where the revocation of a certificate can be asked about, as its issuer wrote it: HTTP addresses of its CRLs
 * (RFC 5280 §4.2.1.13), whole and delta (§4.2.1.15), and of OCSP responders (§4.2.2.1). Only for certificates whose path to an anchor is known.
 * @param now milliseconds: nobody answers for a certificate that has ended
 */
export function sourcesOf(certificate: Certificate, issuer: Certificate, now: number): RevocationSource[] {
  const { crlDistributionPoints, freshestCrls, ocspUrls, ocspNoCheck } = certificate.extensions;
  if (ocspNoCheck) return [];
  const above = base64(issuer.der);
  const urisOf = (points: readonly DistributionPoint[]) =>
    points
      .flatMap(({ names }) => names ?? [])
      .flatMap((name) => (name.startsWith('uri:') ? [name.slice(4)] : []));
  const lists = [...webUrls(urisOf(crlDistributionPoints)), ...webUrls(urisOf(freshestCrls))];
  const responders = certificate.notAfter >= now ? ocspUrls : [];
  return [
    ...[...new Set(lists)].map((url) => ({ ...crlSource(url), issuer: above })),
    ...webUrls(responders).map((url) => ({
      key: `ocsp|${certificate.sha256}|${url}`,
      kind: 'ocsp' as const,
      url,
      certificate: base64(certificate.der),
      issuer: above,
    })),
  ];
}

/** A list at an address that the operator names. */
export function crlSource(url: string): RevocationSource {
  return { key: `crl|${url}`, kind: 'crl', url, certificate: null, issuer: null };
}

/** The sources for all authorities of a trust store that have a path to one of its anchors. */
export function sourcesOfTrust(trust: TrustStore, now: number): RevocationSource[] {
  return trust.intermediates.flatMap((certificate) => {
    for (const [, issuer] of buildPaths(certificate, trust, { wrongSignature: false, limitReached: false }))
      return issuer ? sourcesOf(certificate, issuer, now) : [];
    return [];
  });
}

function webUrls(urls: readonly string[]): string[] {
  const usable = urls.filter((url) => /^https?:\/\//i.test(url) && url.length <= LONGEST_URL);
  return [...new Set(usable)].slice(0, MOST_URLS);
}

function base64(der: Uint8Array): string {
  return Buffer.from(der.buffer, der.byteOffset, der.length).toString('base64');
}
