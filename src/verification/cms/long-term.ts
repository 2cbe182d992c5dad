import { type Certificate, isSignedBy } from '../certificate.ts';
import { isAbout, isResponder, type OcspResponse } from '../ocsp.ts';
import type { EmbeddedData } from '../path.ts';

/**
 * True when the file itself carries revocation data for every certificate of a path below its anchor
 * signed by its issuer or by a responder of the issuer (level LT of ETSI EN 319 122-1 §6 and EN 319 142-1 §6).
 * Whether they are current is the path's verdict.
 */
export function hasLongTermData(chain: readonly Certificate[], embedded: EmbeddedData): boolean {
  if (chain.length < 2) return false;
  return chain.slice(0, -1).every((certificate, i) => {
    const issuer = chain[i + 1] as Certificate;
    const listed = embedded.crls.some(
      (crl) => crl.issuer.folded === certificate.issuer.folded && crl.isSignedBy(issuer),
    );
    return listed || embedded.ocsps.some((response) => answersFor(response, certificate, issuer));
  });
}

function answersFor(response: OcspResponse, certificate: Certificate, issuer: Certificate): boolean {
  if (!response.statuses.some((status) => isAbout(status, certificate, issuer))) return false;
  const responders = response.certificates.filter((one) => isSignedBy(one, issuer));
  return [issuer, ...responders].some((one) => isResponder(response, one) && response.isSignedBy(one));
}
