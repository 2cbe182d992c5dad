import { children, context, type DerNode, expectTag, inner, open, TAG } from './asn1/der-reader.ts';
import { readNamedBits } from './asn1/der-values.ts';
import { type DistinguishedName, foldRdn, readRdn } from './asn1/names.ts';
import { generalNameKey, readGeneralNames } from './general-names.ts';

/** Bits of ReasonFlags (RFC 5280 §4.2.1.13) that a CRL can answer for: all but the unused bit 0. */
export const ALL_REASONS = 0x1fe;

export interface DistributionPoint {
  /** Compared forms of its full names; null where the point has none. */
  names: string[] | null;
  /** Folded relative name, to be put behind the CRL issuer's name. */
  relative: string | null;
  reasons: number;
  /** Issuers of indirect CRLs; empty: the certificate's own issuer. */
  crlIssuers: DistinguishedName[];
}

/** CRLDistributionPoints (RFC 5280 §4.2.1.13). */
export function readDistributionPoints(node: DerNode): DistributionPoint[] {
  expectTag(node, TAG.sequence);
  return children(node, 200).map(readPoint);
}

function readPoint(node: DerNode): DistributionPoint {
  const cursor = open(node, TAG.sequence);
  const name = cursor.optional(context(0));
  const reasons = cursor.optional(context(1, false));
  const issuers = cursor.optional(context(2));
  cursor.finish();
  const crlIssuers = issuers
    ? readGeneralNames(issuers, context(2)).flatMap((one) => (one.type === 'directory' ? [one.name] : []))
    : [];
  return {
    ...(name ? readPointName(inner(name)) : { names: null, relative: null }),
    reasons: reasons ? readNamedBits(reasons, context(1, false)) & ALL_REASONS : ALL_REASONS,
    crlIssuers,
  };
}

/** DistributionPointName. */
export function readPointName(node: DerNode): Pick<DistributionPoint, 'names' | 'relative'> {
  if (node.tag === context(1)) return { names: null, relative: foldRdn(readRdn(node, context(1))) };
  return { names: readGeneralNames(node, context(0)).map(generalNameKey), relative: null };
}

/** All names under which a distribution point is known, given the issuer that relative names refer to. */
export function pointKeys(
  point: Pick<DistributionPoint, 'names' | 'relative'>,
  issuer: DistinguishedName,
): string[] {
  if (point.names) return point.names;
  if (point.relative === null) return [];
  return [`directory:${[...issuer.foldedRdns, point.relative].join(',')}`];
}
