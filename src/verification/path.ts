import { isTrucError, sha256Hex } from '../kernel/index.ts';
import { lastTimeOf } from './algorithm-rules.ts';
import { anchorAnswerLife, anchorCodes } from './anchor-rules.ts';
import { BoundedMap } from './bounded-map.ts';
import { type Certificate, readCertificate } from './certificate.ts';
import { judge, type VerificationCode } from './codes.ts';
import type { VerificationContext } from './context.ts';
import type { Crl } from './crl.ts';
import type { Indication, SubIndication } from './indication.ts';
import type { OcspResponse } from './ocsp.ts';
import { type BuildOutcome, buildPaths, type PathSource } from './path-build.ts';
import { type PathPurpose, validatePath } from './path-validate.ts';
import type { PolicyInputs } from './policy-tree.ts';
import {
  type RevocationAsk,
  type RevocationStatus,
  revocationCodes,
  revocationData,
  revocationStatus,
} from './revocation.ts';

/** Certificates and revocation data that came with a file: never trusted, only used. */
export interface EmbeddedData {
  certificates: readonly Certificate[];
  crls: readonly Crl[];
  ocsps: readonly OcspResponse[];
  /** Proofs of existence: SHA-256 of a list or response to the time by which it was there, milliseconds. */
  proofs?: ReadonlyMap<string, number>;
}

export const NO_EMBEDDED: EmbeddedData = { certificates: [], crls: [], ocsps: [] };

/** The same data with the proof that all of its lists and responses were there at `time` (milliseconds). */
export function withProof(data: EmbeddedData, time: number | undefined): EmbeddedData {
  if (time === undefined) return data;
  const proofs = new Map(data.proofs);
  for (const { sha256 } of [...data.crls, ...data.ocsps])
    proofs.set(sha256, Math.min(time, proofs.get(sha256) ?? time));
  return { ...data, proofs };
}

export interface PathOptions {
  purpose?: PathPurpose;
  /** Proven time of the signature, milliseconds; absent: nothing is proven and the time of validation counts. */
  provenAt?: number;
  embedded?: EmbeddedData;
  policyInputs?: PolicyInputs;
}

/** The verdict on one certificate with its path. */
export interface PathVerdict {
  indication: Indication;
  subIndication: SubIndication | null;
  /** Leaf first, anchor last; only the leaf where no path was found. */
  chain: Certificate[];
  errors: VerificationCode[];
  warnings: VerificationCode[];
  /** Revocation of the leaf as far as it is known: what timestamps and content-timestamps are held against. */
  leafStatus: RevocationStatus | null;
  /** Control times, milliseconds, for which the same data give the same verdict. */
  validFrom: number;
  validUntil: number;
}

export const ANY_POLICY: PolicyInputs = {
  policies: [],
  explicitPolicy: false,
  inhibitAny: false,
  inhibitMapping: false,
};

interface Remembered {
  verdict: PathVerdict;
  /** Times of validation for which it may be used. */
  from: number;
  until: number;
}

const CACHE = new BoundedMap<string, Remembered>(8_192);
const LONGEST_MEMORY = 5 * 60_000;
const LONGEST_KEY = 1_024;

/**
 * Judges a certificate: builds paths to the pinned anchors, validates them (RFC 5280 §6.1) and looks at revocation
 * (§6.3, RFC 6960), all from local data. Never throws for bad data.
 * Accepted verdicts are remembered for at most five minutes of validation time, and only for control times at which
 * every certificate lives and every revocation answer is current.
 * @param certificate read, or DER
 */
export function judgePath(
  certificate: Certificate | Uint8Array,
  ctx: VerificationContext,
  options: PathOptions = {},
): PathVerdict {
  const leaf = certificate instanceof Uint8Array ? readOrNull(certificate) : certificate;
  if (!leaf) return verdictOf([], ['path.certificate-unreadable'], null);
  const key = cacheKey(leaf, ctx, options);
  const controlTime = options.provenAt ?? ctx.at;
  const known = CACHE.get(key);
  if (
    known &&
    ctx.at >= known.from &&
    ctx.at <= known.until &&
    controlTime >= known.verdict.validFrom &&
    controlTime <= known.verdict.validUntil
  )
    return known.verdict;
  const verdict = new PathJudge(ctx, options).judge(leaf, options.purpose ?? 'signing');
  if (
    verdict.indication === 'TOTAL_PASSED' &&
    verdict.warnings.every((code) => code === 'revocation.not-checked')
  )
    CACHE.set(key, {
      verdict,
      from: ctx.at,
      until: Math.min(ctx.at + LONGEST_MEMORY, ctx.policy.inForce.until),
    });
  return verdict;
}

/**
 * What one OCSP response says about a certificate, as a verdict would take it: the responder authorised, the answer
 * current and about this certificate of this issuer.
 */
export function statusByResponse(
  response: OcspResponse,
  certificate: Certificate,
  issuer: Certificate,
  ctx: VerificationContext,
): RevocationStatus {
  return new PathJudge(ctx, {}).statusBy(response, certificate, issuer);
}

function readOrNull(der: Uint8Array): Certificate | null {
  try {
    return readCertificate(der);
  } catch (error) {
    if (!isTrucError(error)) throw error;
    return null;
  }
}

function cacheKey(leaf: Certificate, ctx: VerificationContext, options: PathOptions): string {
  const { certificates, crls, ocsps } = options.embedded ?? NO_EMBEDDED;
  const extra = [certificates, crls, ocsps].map((list) => list.map((one) => one.sha256).join(','));
  const inputs = options.policyInputs ? JSON.stringify(options.policyInputs) : '';
  const proven = options.provenAt === undefined ? '' : 'proven';
  const key = [
    leaf.sha256,
    ctx.trust.id,
    policyId(ctx),
    [...(options.embedded?.proofs ?? [])].join(),
    ctx.revocation,
    options.purpose,
    proven,
    inputs,
    ...extra,
  ].join(' ');
  // Files that bring much with them must not fill the memory with keys.
  return key.length > LONGEST_KEY ? sha256Hex(key) : key;
}

/** Policies are values: two objects with one name need not say the same. */
const POLICY_IDS = new WeakMap<object, number>();
let lastPolicyId = 0;

function policyId({ policy }: VerificationContext): number {
  let id = POLICY_IDS.get(policy);
  if (id === undefined) {
    id = ++lastPolicyId;
    POLICY_IDS.set(policy, id);
  }
  return id;
}

function verdictOf(
  chain: Certificate[],
  codes: VerificationCode[],
  leafStatus: RevocationStatus | null,
): PathVerdict {
  const judgement = judge(codes);
  return { ...judgement, chain, leafStatus, validFrom: -Infinity, validUntil: Infinity };
}

/**
 * True where a certificate's issuer made it the signer of the very lists that answer for it (RFC 5280 §4.2.1.13,
 * cRLIssuer; PKITS 4.14.30): then its own entry in those lists is all that there can be.
 */
function isNamedForItself({ extensions, subject }: Certificate): boolean {
  const points = extensions.crlDistributionPoints;
  return (
    points.length > 0 &&
    points.every(({ crlIssuers }) => crlIssuers.some(({ folded }) => folded === subject.folded))
  );
}

/** Most nested questions: signer of a CRL, its own status, that CRL's signer. */
const DEEPEST = 3;

class PathJudge {
  private readonly ctx: VerificationContext;
  private readonly options: PathOptions;
  private readonly source: PathSource;
  private readonly data: ReturnType<typeof revocationData>;
  private readonly controlTime: number;
  /** Certificates whose status is being asked for: an answer must not rest on itself. */
  private readonly asking: string[] = [];

  constructor(ctx: VerificationContext, options: PathOptions) {
    this.ctx = ctx;
    this.options = options;
    const embedded = options.embedded ?? NO_EMBEDDED;
    this.source = {
      isAnchor: (certificate) => ctx.trust.isAnchor(certificate),
      named: (subject) => {
        const own = ctx.trust.named(subject);
        const extra = embedded.certificates.filter(
          (one) => one.subject.folded === subject && !own.some((known) => known.sha256 === one.sha256),
        );
        return extra.length > 0 ? [...own, ...extra] : own;
      },
    };
    this.data = revocationData(ctx.trust, embedded.crls, embedded.ocsps);
    this.controlTime = options.provenAt ?? ctx.at;
  }

  judge(leaf: Certificate, purpose: PathPurpose): PathVerdict {
    const outcome: BuildOutcome = { wrongSignature: false, limitReached: false };
    let best: PathVerdict | null = null;
    for (const chain of buildPaths(leaf, this.source, outcome)) {
      const verdict = this.judgeChain(chain, purpose);
      if (verdict.indication === 'TOTAL_PASSED') return verdict;
      // Of several failing paths the one with the fewest errors says most about the certificate itself.
      if (!best || verdict.errors.length < best.errors.length) best = verdict;
    }
    if (best) return best;
    const codes: VerificationCode[] = outcome.limitReached ? ['path.limit-exceeded'] : [];
    codes.push(outcome.wrongSignature ? 'path.signature-wrong' : 'path.no-chain');
    return verdictOf([leaf], codes, null);
  }

  private judgeChain(chain: Certificate[], purpose: PathPurpose): PathVerdict {
    const codes = validatePath({
      chain,
      time: this.controlTime,
      proven: this.options.provenAt !== undefined,
      purpose,
      policy: this.ctx.policy,
      inputs: this.options.policyInputs ?? ANY_POLICY,
    });
    codes.push(...this.policyCodes(chain.at(-1) as Certificate));
    const { mode, statuses } = this.statuses(chain, codes);
    for (const [i, status] of statuses.entries())
      codes.push(...this.codesOf(status, chain[i] as Certificate, i, mode));
    const leafStatus = statuses[0] ?? null;
    const verdict = verdictOf(chain, this.refine(codes, leafStatus), leafStatus);
    return this.withLife(verdict, statuses);
  }

  /** Whether the policy is in force and lets a verdict rest on this anchor. */
  private policyCodes(anchor: Certificate): VerificationCode[] {
    const { policy, at } = this.ctx;
    const inForce = at >= policy.inForce.from && at <= policy.inForce.until;
    return [
      ...anchorCodes(policy, anchor, this.controlTime),
      ...(inForce ? [] : (['policy.not-in-force'] as const)),
    ];
  }

  /** The statuses of all certificates below the anchor; none where the path fails anyway for other reasons. */
  private statuses(chain: Certificate[], codes: VerificationCode[]) {
    const mode = this.ctx.revocation;
    const hopeless = codes.some((code) => code !== 'path.expired' && code !== 'path.not-yet-valid');
    if (mode === 'none') codes.push('revocation.not-checked');
    if (mode === 'none' || hopeless) return { mode, statuses: [] };
    const statuses: RevocationStatus[] = [];
    let provenBefore = Number.POSITIVE_INFINITY;
    for (let i = chain.length - 2; i >= 0; i--) {
      const status = this.statusOf(chain[i] as Certificate, chain[i + 1] as Certificate, provenBefore);
      statuses.unshift(status);
      // Where nothing proves that the signature is older than this, the revocation itself decides.
      if (status.state === 'revoked' && this.options.provenAt !== undefined)
        provenBefore = Math.min(provenBefore, status.at);
    }
    return { mode, statuses };
  }

  private codesOf(
    status: RevocationStatus,
    certificate: Certificate,
    i: number,
    mode: string,
  ): VerificationCode[] {
    if (
      status.state === 'unknown' &&
      mode === 'if-available' &&
      status.codes.every((code) => code === 'revocation.missing')
    )
      return ['revocation.not-available'];
    return revocationCodes(
      status,
      certificate,
      this.controlTime,
      this.options.provenAt !== undefined,
      i === 0,
    );
  }

  /** EN 319 102-1 table 6 tells an expired certificate that is known not to be revoked from one that is not. */
  private refine(codes: VerificationCode[], leaf: RevocationStatus | null): VerificationCode[] {
    const known = leaf?.state === 'good' && leaf.warnings.length === 0;
    return known ? codes.map((code) => (code === 'path.expired' ? 'path.expired-not-revoked' : code)) : codes;
  }

  private withLife(verdict: PathVerdict, statuses: readonly RevocationStatus[]): PathVerdict {
    const anchor = verdict.chain.at(-1) as Certificate;
    const life = anchorAnswerLife(this.ctx.policy, anchor, this.controlTime);
    const until = statuses.map((status) => (status.state === 'good' ? status.until : -Infinity));
    return {
      ...verdict,
      validFrom: Math.max(life.from, ...verdict.chain.map((one) => one.notBefore)),
      validUntil: Math.min(
        ...verdict.chain.map((one) => one.notAfter),
        ...verdict.chain.map((one) => lastTimeOf(this.ctx.policy, one.signatureAlgorithm)),
        ...until,
        life.until,
      ),
    };
  }

  private statusOf(certificate: Certificate, issuer: Certificate, provenBefore: number): RevocationStatus {
    if (this.asking.includes(certificate.sha256) && isNamedForItself(certificate))
      return { state: 'good', from: -Infinity, until: Infinity, warnings: [] };
    if (this.asking.includes(certificate.sha256) || this.asking.length >= DEEPEST)
      return { state: 'unknown', codes: ['revocation.issuer-not-authorised'] };
    this.ctx.seen?.(certificate, issuer);
    this.asking.push(certificate.sha256);
    try {
      return revocationStatus(this.ask(certificate, issuer, provenBefore));
    } finally {
      this.asking.pop();
    }
  }

  /** What one OCSP response alone says; its responder may rest on everything at hand. */
  statusBy(response: OcspResponse, certificate: Certificate, issuer: Certificate): RevocationStatus {
    const data = { crlsFrom: () => [], ocspsFor: () => [response] };
    return revocationStatus({ ...this.ask(certificate, issuer, Number.POSITIVE_INFINITY), data });
  }

  private ask(certificate: Certificate, issuer: Certificate, provenBefore: number): RevocationAsk {
    return {
      certificate,
      issuer,
      at: this.ctx.at,
      controlTime: this.controlTime,
      policy: this.ctx.policy,
      provenBefore,
      data: this.data,
      named: this.source.named,
      existedAt: (list) => this.existedAt(list),
      isValidSigner: (signer) => this.isValidSigner(signer, issuer),
      responderStatus: (responder, above) => this.statusOf(responder, above, provenBefore),
    };
  }

  private existedAt({ sha256 }: { sha256: string }): number {
    return Math.min(this.ctx.at, this.options.embedded?.proofs?.get(sha256) ?? Number.POSITIVE_INFINITY);
  }

  private isValidSigner(signer: Certificate, issuer: Certificate): boolean {
    if (this.ctx.trust.isAnchor(signer)) return true;
    const verdict = this.judge(signer, 'crl-signing');
    if (verdict.indication !== 'TOTAL_PASSED') return false;
    // RFC 5280 §6.3.3 (f): the path of a CRL's signer must end at the anchor of the certificate's own path.
    const anchor = verdict.chain.at(-1)?.sha256;
    const own = this.ctx.trust.isAnchor(issuer) ? issuer : this.judgeAnchor(issuer);
    return own === null || own.sha256 === anchor;
  }

  private judgeAnchor(issuer: Certificate): Certificate | null {
    for (const chain of buildPaths(issuer, this.source, { wrongSignature: false, limitReached: false }))
      return chain.at(-1) ?? null;
    return null;
  }
}
