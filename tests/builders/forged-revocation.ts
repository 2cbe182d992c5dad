import { digestOf } from '../../src/kernel/index.ts';
import { certificateParts, der } from '../../src/signing/index.ts';
import {
  DAY,
  DIGESTS,
  type DigestAlgorithm,
  directoryName,
  extension,
  general,
  type Party,
  signatureIdentifier,
  signedFrame,
} from './forged-pki.ts';

export interface CrlRequest {
  issuer: Party;
  /** Another key than the issuer's. */
  signer?: Party;
  thisUpdate: number;
  nextUpdate?: number | null;
  number?: number;
  entries?: readonly CrlEntry[];
  /** Base number: makes it a delta list. */
  deltaBase?: number;
  /** IssuingDistributionPoint, DER. */
  scope?: Buffer;
  more?: readonly Buffer[];
  digest?: DigestAlgorithm;
}

export interface CrlEntry {
  party: { number: Buffer };
  at: number;
  reason?: number;
  /** Issuer of the certificate, in indirect lists. */
  certificateIssuer?: Buffer;
  more?: readonly Buffer[];
}

/** A CRL (RFC 5280 §5); for a week unless told otherwise. */
export function revocationList(request: CrlRequest): Buffer {
  const { issuer, thisUpdate, nextUpdate = thisUpdate + 7 * DAY, digest = 'sha256' } = request;
  const key = (request.signer ?? issuer).key;
  const extensions = [
    extension('2.5.29.20', false, der.integer(request.number ?? 1)),
    ...(request.deltaBase === undefined
      ? []
      : [extension('2.5.29.27', true, der.integer(request.deltaBase))]),
    ...(request.scope ? [extension('2.5.29.28', true, request.scope)] : []),
    ...(request.more ?? []),
  ];
  const entries = (request.entries ?? []).map(crlEntry);
  const toBeSigned = der.sequence(
    der.integer(1),
    signatureIdentifier(key, digest),
    issuer.subject,
    der.time(thisUpdate),
    ...(nextUpdate === null ? [] : [der.time(nextUpdate)]),
    ...(entries.length > 0 ? [der.sequence(...entries)] : []),
    der.explicit(0, der.sequence(...extensions)),
  );
  return signedFrame(toBeSigned, key, digest);
}

function crlEntry({ party, at, reason, certificateIssuer, more = [] }: CrlEntry): Buffer {
  const extensions = [
    ...(reason === undefined ? [] : [extension('2.5.29.21', false, der.enumerated(reason))]),
    ...(certificateIssuer
      ? [extension('2.5.29.29', true, der.sequence(directoryName(certificateIssuer)))]
      : []),
    ...more,
  ];
  return der.sequence(
    party.number,
    der.time(at),
    ...(extensions.length > 0 ? [der.sequence(...extensions)] : []),
  );
}

/** IssuingDistributionPoint (RFC 5280 §5.2.5). */
export function crlScope(input: {
  uri?: string;
  onlyUsers?: boolean;
  onlyCas?: boolean;
  reasons?: number[];
  indirect?: boolean;
}): Buffer {
  const flag = (n: number, set: boolean | undefined) => (set ? [der.implicit(n, der.boolean(true))] : []);
  return der.sequence(
    ...(input.uri === undefined ? [] : [der.explicit(0, der.explicit(0, general.uri(input.uri)))]),
    ...flag(1, input.onlyUsers),
    ...flag(2, input.onlyCas),
    ...(input.reasons ? [der.implicit(3, der.namedBits(input.reasons))] : []),
    ...flag(4, input.indirect),
  );
}

export interface OcspRequest {
  target: Party;
  issuer: Party;
  signer: Party;
  thisUpdate: number;
  nextUpdate?: number | null;
  status?: 'good' | 'unknown' | { revokedAt: number; reason?: number };
  /** Names the responder by key hash instead of by name. */
  byKey?: boolean;
  certificates?: readonly Buffer[];
  nonce?: Buffer;
  /** Certificate number to speak of, INTEGER. */
  number?: Buffer;
  digest?: DigestAlgorithm;
  /** Archive cutoff, milliseconds. */
  keptSince?: number;
  /** Further extensions of the single response. */
  more?: readonly Buffer[];
}

/** An OCSPResponse, successful (RFC 6960 §4.2.1). */
export function ocspResponse(request: OcspRequest): Buffer {
  const { target, issuer, signer, thisUpdate, nextUpdate = thisUpdate + DAY, digest = 'sha256' } = request;
  const { issuer: issuerName } = certificateParts(target.certificate);
  const id = der.sequence(
    der.sequence(der.oid(DIGESTS.sha1), der.derNull),
    der.octetString(digestOf('sha1', issuerName)),
    der.octetString(digestOf('sha1', issuer.keyBits)),
    request.number ?? target.number,
  );
  const { keptSince, more = [] } = request;
  const cutoff =
    keptSince === undefined ? [] : [extension('1.3.6.1.5.5.7.48.1.6', false, der.generalizedTime(keptSince))];
  const extensions = [...cutoff, ...more];
  const single = der.sequence(
    id,
    ocspStatus(request.status ?? 'good'),
    der.generalizedTime(thisUpdate),
    ...(nextUpdate === null ? [] : [der.explicit(0, der.generalizedTime(nextUpdate))]),
    ...(extensions.length > 0 ? [der.explicit(1, der.sequence(...extensions))] : []),
  );
  const nonce =
    request.nonce && der.sequence(extension('1.3.6.1.5.5.7.48.1.2', false, der.octetString(request.nonce)));
  const toBeSigned = der.sequence(
    request.byKey
      ? der.explicit(2, der.octetString(digestOf('sha1', signer.keyBits)))
      : der.explicit(1, signer.subject),
    der.generalizedTime(thisUpdate),
    der.sequence(single),
    ...(nonce ? [der.explicit(1, nonce)] : []),
  );
  const certificates = request.certificates ?? [];
  const basic = signedFrame(
    toBeSigned,
    signer.key,
    digest,
    ...(certificates.length > 0 ? [der.explicit(0, der.sequence(...certificates))] : []),
  );
  return der.sequence(
    der.enumerated(0),
    der.explicit(0, der.sequence(der.oid('1.3.6.1.5.5.7.48.1.1'), der.octetString(basic))),
  );
}

function ocspStatus(status: NonNullable<OcspRequest['status']>): Buffer {
  if (status === 'good') return der.implicit(0, der.derNull);
  if (status === 'unknown') return der.implicit(2, der.derNull);
  const reason = status.reason === undefined ? [] : [der.explicit(0, der.enumerated(status.reason))];
  return der.explicit(1, der.generalizedTime(status.revokedAt), ...reason);
}
