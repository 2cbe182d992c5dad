import type { Certificate } from '../certificate.ts';
import type { EmbeddedData } from '../path.ts';

/**
 * True when the file itself carries revocation data for every certificate of a path below its anchor
 * (level LT of ETSI EN 319 122-1 §6 and EN 319 142-1 §6). Whether the data are right is the path's verdict.
 */
export function hasLongTermData(chain: readonly Certificate[], embedded: EmbeddedData): boolean {
  if (chain.length < 2) return false;
  return chain.slice(0, -1).every((certificate) => {
    const listed = embedded.crls.some((crl) => crl.issuer.folded === certificate.issuer.folded);
    return (
      listed ||
      embedded.ocsps.some((response) =>
        response.statuses.some((status) => status.number === certificate.number),
      )
    );
  });
}
