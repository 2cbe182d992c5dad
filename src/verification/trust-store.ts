import { isTrucError, sha256Hex } from '../kernel/index.ts';
import { pemOrDer } from './asn1/pem.ts';
import { type Certificate, readCertificate } from './certificate.ts';
import { type Crl, readCrl } from './crl.ts';
import { looksLikeOcsp, type OcspResponse, readOcsp } from './ocsp.ts';

/** Files as they lie in a folder: each PEM (any number of blocks) or DER. CRLs and OCSP responses may be mixed. */
export interface TrustInput {
  anchors: readonly Uint8Array[];
  intermediates?: readonly Uint8Array[];
  crls?: readonly Uint8Array[];
  ocsps?: readonly Uint8Array[];
}

/** Local data that verdicts rest on. Immutable: other data is another store with another `id`. */
export interface TrustStore {
  /** SHA-256 over the fingerprints of all contents: caches key on it. */
  readonly id: string;
  readonly anchors: readonly Certificate[];
  readonly intermediates: readonly Certificate[];
  /** How many inputs could not be read. */
  readonly unreadable: number;
  /** Anchors are pinned: only the same bytes are an anchor, not another certificate with that name or key. */
  isAnchor(certificate: Certificate): boolean;
  /** Anchors first, then intermediates with this folded subject name. */
  named(foldedSubject: string): readonly Certificate[];
  /** CRLs issued under this folded name, newest first. */
  crlsFrom(foldedIssuer: string): readonly Crl[];
  /** OCSP responses with a status for this certificate number, newest first. */
  ocspsFor(number: string): readonly OcspResponse[];
}

/**
 * Builds a trust store, which may keep the input's octets. What cannot be read is left out and counted: an unreadable anchor
 * never trusts anything.
 */
export function trustStore(input: TrustInput): TrustStore {
  let unreadable = 0;
  const readAll = <Value>(files: readonly Uint8Array[] = [], read: (der: Uint8Array) => Value): Value[] =>
    files.flatMap((file) => {
      try {
        return pemOrDer(file).flatMap(({ der }) => {
          try {
            return [read(der)];
          } catch (error) {
            if (!isTrucError(error)) throw error;
            unreadable++;
            return [];
          }
        });
      } catch (error) {
        if (!isTrucError(error)) throw error;
        unreadable++;
        return [];
      }
    });
  const anchors = readAll(input.anchors, readCertificate);
  const intermediates = readAll(input.intermediates, readCertificate);
  const lists = readAll([...(input.crls ?? []), ...(input.ocsps ?? [])], readRevocation);
  const crls = lists.flatMap((one) => ('crl' in one ? [one.crl] : []));
  const ocsps = lists.flatMap((one) => ('ocsp' in one ? [one.ocsp] : []));
  return build(anchors, intermediates, crls, ocsps, unreadable);
}

function readRevocation(der: Uint8Array): { crl: Crl } | { ocsp: OcspResponse } {
  return looksLikeOcsp(der) ? { ocsp: readOcsp(der) } : { crl: readCrl(owned(der)) };
}

/**
 * Octets that keep nothing else alive: a list in the middle of a larger buffer is copied, one that fills its own is
 * not, since the largest lists have tens of megabytes. The caller must not change the file's octets afterwards.
 */
function owned(der: Uint8Array): Uint8Array {
  return der.byteLength * 2 > der.buffer.byteLength ? der : Uint8Array.from(der);
}

function build(
  anchors: Certificate[],
  intermediates: Certificate[],
  crls: Crl[],
  ocsps: OcspResponse[],
  unreadable: number,
): TrustStore {
  const pinned = new Set(anchors.map((one) => one.sha256));
  const others = intermediates.filter((one) => !pinned.has(one.sha256));
  const bySubject = groupBy([...anchors, ...others], (one) => [one.subject.folded]);
  const byIssuer = groupBy(
    crls.toSorted((a, b) => b.thisUpdate - a.thisUpdate),
    (one) => [one.issuer.folded],
  );
  const byNumber = groupBy(
    ocsps.toSorted((a, b) => b.producedAt - a.producedAt),
    (one) => one.statuses.map((status) => status.number),
  );
  const sections = [anchors, others, crls, ocsps].map((list) =>
    list
      .map((one) => one.sha256)
      .sort()
      .join(','),
  );
  return {
    id: sha256Hex(sections.join(';')),
    anchors,
    intermediates: others,
    unreadable,
    isAnchor: (certificate) => pinned.has(certificate.sha256),
    named: (foldedSubject) => bySubject.get(foldedSubject) ?? [],
    crlsFrom: (foldedIssuer) => byIssuer.get(foldedIssuer) ?? [],
    ocspsFor: (number) => byNumber.get(number) ?? [],
  };
}

/**
 * A trust store with further CRLs and OCSP responses beside its own; those that it has already are not doubled. Costs
 * what is added, not what is there.
 */
export function withRevocation(
  trust: TrustStore,
  crls: readonly Crl[],
  ocsps: readonly OcspResponse[],
): TrustStore {
  const byIssuer = groupBy(crls, (one) => [one.issuer.folded]);
  const byNumber = groupBy(ocsps, (one) => one.statuses.map((status) => status.number));
  const ids = [...crls, ...ocsps].map((one) => one.sha256).sort();
  return {
    ...trust,
    id: sha256Hex(`${trust.id};${ids.join(',')}`),
    crlsFrom: (issuer) => merged(trust.crlsFrom(issuer), byIssuer.get(issuer) ?? [], (one) => one.thisUpdate),
    ocspsFor: (number) => merged(trust.ocspsFor(number), byNumber.get(number) ?? [], (one) => one.producedAt),
  };
}

/** Newest first, each once. */
function merged<Value extends { sha256: string }>(
  own: readonly Value[],
  more: readonly Value[],
  time: (value: Value) => number,
): readonly Value[] {
  if (more.length === 0) return own;
  const known = new Set<string>();
  const all = [...own, ...more].filter(({ sha256 }) => !known.has(sha256) && known.add(sha256));
  return all.sort((a, b) => time(b) - time(a));
}

function groupBy<Value>(
  values: readonly Value[],
  keys: (value: Value) => readonly string[],
): Map<string, Value[]> {
  const groups = new Map<string, Value[]>();
  for (const value of values) {
    for (const key of new Set(keys(value))) {
      const group = groups.get(key);
      if (group) group.push(value);
      else groups.set(key, [value]);
    }
  }
  return groups;
}
