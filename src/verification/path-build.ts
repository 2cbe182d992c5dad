import { type Certificate, isSignedBy } from './certificate.ts';

/** Bounds on the search, so that no set of hostile certificates keeps it busy. */
export const PATH_LIMITS = { length: 12, signatures: 200, paths: 24 } as const;

export interface PathSource {
  isAnchor(certificate: Certificate): boolean;
  /** Possible issuers by folded subject name, the likeliest first. */
  named(foldedSubject: string): readonly Certificate[];
}

export interface BuildOutcome {
  /** True when an issuer by name was there whose key did not make the signature. */
  wrongSignature: boolean;
  limitReached: boolean;
}

/**
 * Every way from a certificate to an anchor, leaf first, each signature checked on the way (RFC 4158 §2: depth first).
 * A self-issued or cross certificate may appear, the same name and key twice may not.
 * @param outcome is filled in while the caller iterates
 */
export function* buildPaths(
  leaf: Certificate,
  source: PathSource,
  outcome: BuildOutcome,
): Generator<Certificate[]> {
  let signatures = 0;
  let paths = 0;
  const stack: { chain: Certificate[]; issuers: Certificate[] }[] = [
    { chain: [leaf], issuers: issuersOf(leaf, source) },
  ];
  if (source.isAnchor(leaf)) yield [leaf];
  while (stack.length > 0) {
    const top = stack.at(-1) as (typeof stack)[number];
    const issuer = top.issuers.shift();
    if (!issuer) {
      stack.pop();
      continue;
    }
    if (isRepeated(issuer, top.chain)) continue;
    if (++signatures > PATH_LIMITS.signatures || paths >= PATH_LIMITS.paths) {
      outcome.limitReached = true;
      return;
    }
    if (!isSignedBy(top.chain.at(-1) as Certificate, issuer)) {
      outcome.wrongSignature = true;
      continue;
    }
    const chain = [...top.chain, issuer];
    if (source.isAnchor(issuer)) {
      paths++;
      yield chain;
    } else if (chain.length < PATH_LIMITS.length) {
      stack.push({ chain, issuers: issuersOf(issuer, source) });
    } else {
      outcome.limitReached = true;
    }
  }
}

function isRepeated(certificate: Certificate, chain: readonly Certificate[]): boolean {
  return chain.some(
    (one) =>
      one.sha256 === certificate.sha256 ||
      (one.subject.folded === certificate.subject.folded &&
        Buffer.from(one.spki.buffer, one.spki.byteOffset, one.spki.length).equals(certificate.spki)),
  );
}

/** Issuers by name, those whose key identifier fits first (it is a hint, not a condition: RFC 5280 §4.2.1.1). */
function issuersOf(certificate: Certificate, source: PathSource): Certificate[] {
  const named = source.named(certificate.issuer.folded);
  const wanted = certificate.extensions.authorityKeyId;
  if (wanted === null || named.length < 2) return [...named];
  const fits = (one: Certificate) => (one.extensions.subjectKeyId === wanted ? 0 : 1);
  return named.toSorted((a, b) => fits(a) - fits(b));
}
