import { equalBytes, isoTime } from '../../kernel/index.ts';
import { type DerNode, wholeOf } from '../asn1/der-reader.ts';
import { nameText } from '../asn1/names.ts';
import { OID } from '../asn1/oids.ts';
import type { BytePart } from '../byte-source.ts';
import { type Certificate, identityOf } from '../certificate.ts';
import { judge, type VerificationCode } from '../codes.ts';
import type { VerificationContext } from '../context.ts';
import { type EmbeddedData, judgePath, NO_EMBEDDED, type PathVerdict, withProof } from '../path.ts';
import type { Policy } from '../policy.ts';
import type { SignatureReport } from '../report.ts';
import { type TimestampVerdict, verifyTimestamp } from '../timestamps.ts';
import { type ArchiveTimestamp, judgeArchives, provenTime } from './archive.ts';
import type { Attributes } from './attributes.ts';
import { decodeCms } from './decode.ts';
import { hasLongTermData } from './long-term.ts';
import { attempt, readSigner, type SignedData, type SignerInfo } from './signed-data.ts';
import {
  algorithmCodes,
  type Content,
  checkSigner,
  contentOf,
  type SignerCheck,
  type SignerRole,
} from './signer-check.ts';
import { validationData } from './validation-data.ts';

/** What a caller knows beside the CMS itself. */
export interface CmsOptions {
  /** Name of the signature in the report; with several signers `/2`, `/3`… is appended. Default "1", "2"… */
  id?: string;
  /** Certificates, CRLs and OCSP responses that the surrounding file carries (a PDF's DSS). */
  embedded?: EmbeddedData;
  /** Of these, what an accepted document time-stamp of the surrounding file covers. */
  archived?: EmbeddedData;
  /** An accepted document time-stamp covers the signature: EN 319 142-1 §6 takes it for the signature's own. */
  stampedOutside?: boolean;
  /** Time at which the whole CMS provably existed (an accepted document time-stamp covers it), milliseconds. */
  provenAt?: number;
  /** Counter-signatures are judged, or only told of where a profile has none (EN 319 142-1 §6.3). Default judged. */
  counterSignatures?: 'judged' | 'told';
  /** The CMS stands in a space filled up with zero octets, as /Contents of a PDF does. */
  zeroPadded?: boolean;
}

export type CmsContent = { parts: readonly BytePart[] } | 'attached';

/**
 * Judges every signer of a CMS SignedData (RFC 5652, ETSI EN 319 122-1) as EN 319 102-1 asks.
 * @param cms DER (BER where the policy accepts it)
 * @param content the detached content as consecutive parts, or `attached` where it is inside
 * @returns one report per SignerInfo, each followed by those of its counter-signatures; none where nobody signed; never
 * throws for bad input
 */
export function verifyCms(
  cms: Uint8Array,
  content: CmsContent,
  ctx: VerificationContext,
  options: CmsOptions = {},
): SignatureReport[] {
  const decoded = decodeCms(cms, ctx.policy, options.zeroPadded ?? false);
  if ('code' in decoded) return [brokenReport(decoded.code, ctx, options)];
  const { data, warnings } = decoded;
  const parts = content === 'attached' ? (data.content ? [data.content] : null) : content.parts;
  if (!parts) return [brokenReport('cms.content-missing', ctx, options)];
  const digests = contentOf(parts);
  if (data.unreadable > 0) warnings.push('cms.certificate-unreadable');
  if (content !== 'attached' && data.content && !isContent(data.content, digests))
    warnings.push('cms.content-differs');
  const state = { left: MOST_COUNTER_SIGNATURES };
  return data.signers.flatMap((signer, i) => {
    const id = options.id === undefined ? String(i + 1) : i === 0 ? options.id : `${options.id}/${i + 1}`;
    return new SignerJudge({
      data,
      signer,
      content: digests,
      ctx,
      options,
      state,
      wholeAt: options.provenAt,
    }).reports(id, warnings);
  });
}

/** Whether what a CMS carries is what it is judged over. */
function isContent(inside: Uint8Array, judged: Content): boolean {
  return equalBytes(contentOf([inside]).digest('sha256'), judged.digest('sha256'));
}

/** The report on something that has the place of a signature and is none that can be read. */
export function brokenReport(
  code: VerificationCode,
  ctx: VerificationContext,
  options: CmsOptions = {},
): SignatureReport {
  return {
    id: options.id ?? '1',
    ...judge([code]),
    baseline: null,
    signer: null,
    signingTime: null,
    bestSignatureTime: isoTime(options.provenAt ?? ctx.at),
    timestamps: [],
    algorithm: null,
    coverage: 'none',
    revision: 0,
    laterChanges: [],
    chain: [],
  };
}

/** More tokens than this at one signature are a way to keep a server busy. */
const MOST_TOKENS = 8;
/** In one file, nested ones included; each may have time-stamps and a path of its own. */
const MOST_COUNTER_SIGNATURES = 20;
const DEEPEST = 3;

interface SignerTask {
  data: SignedData;
  signer: SignerInfo;
  content: Content;
  ctx: VerificationContext;
  options: CmsOptions;
  /** Counter-signatures that may still be judged in this file. */
  state: { left: number };
  /** Time at which the whole CMS provably existed, milliseconds: what it brings along was there then. */
  wholeAt: number | undefined;
  /** Set for a counter-signature. */
  countered?: { id: string; depth: number };
}

class SignerJudge {
  private readonly task: SignerTask;
  private readonly data: SignedData;
  private readonly signer: SignerInfo;
  private readonly ctx: VerificationContext;
  private readonly options: CmsOptions;
  private readonly embedded: EmbeddedData;
  /** The same data with what is proven of them, known once the archive time-stamps are judged. */
  private proven: EmbeddedData;
  private archives: ArchiveTimestamp[] = [];

  constructor(task: SignerTask) {
    this.task = task;
    this.data = task.data;
    this.signer = task.signer;
    this.ctx = task.ctx;
    this.options = task.options;
    this.embedded = validationData(task.data, task.signer, task.options.embedded ?? NO_EMBEDDED);
    this.proven = this.provenData();
  }

  /** The report on this signer, and those on whoever confirmed its signature. */
  reports(id: string, warnings: readonly VerificationCode[]): SignatureReport[] {
    const codes = [...warnings];
    this.archives = this.judgeArchives(codes);
    this.proven = this.provenData();
    const counters = this.counterSignatures(id, codes);
    return [this.report(id, codes), ...counters];
  }

  private report(id: string, codes: VerificationCode[]): SignatureReport {
    const { ctx, archives } = this;
    const { content, countered } = this.task;
    const role: SignerRole = countered ? 'counter-signer' : 'signer';
    const check = checkSigner(this.data, this.signer, content, ctx.trust, role);
    codes.push(...check.codes);
    const { signature } = this.signer;
    const stamps = this.tokens(this.signer.unsigned, OID.signatureTimeStamp, contentOf([signature]), codes);
    const early = this.tokens(this.signer.signed, OID.contentTimeStamp, content, codes);
    const late = archives.map(({ verdict }) => verdict);
    const proven = earliest([...stamps, ...late], this.options.provenAt);
    const path = check.certificate ? this.path(check.certificate, proven) : null;
    codes.push(...algorithmCodes(check, ctx.policy, proven ?? ctx.at));
    codes.push(...bindingCodes(check, ctx.policy));
    codes.push(...timeCodes(check, stamps, early, ctx.policy));
    if (late.some(({ passed }) => !passed)) codes.push('timestamp.not-accepted');
    if (path) codes.push(...pathCodes(path, latest(early)));
    return {
      id,
      ...(countered ? { counterSigns: countered.id } : {}),
      ...judge(codes),
      baseline: this.baseline(check, stamps, path),
      signer: check.certificate ? identityOf(check.certificate) : null,
      signingTime: check.signingTime === null ? null : isoTime(check.signingTime),
      bestSignatureTime: isoTime(proven ?? ctx.at),
      timestamps: [...early, ...stamps, ...late].map((one) => one.report),
      algorithm: check.text,
      coverage: countered ? 'part' : 'whole-file',
      revision: 0,
      laterChanges: [],
      chain: (path?.chain ?? []).map((one) => ({ subject: nameText(one.subject), sha256: one.sha256 })),
    };
  }

  private judgeArchives(codes: VerificationCode[]): ArchiveTimestamp[] {
    const { data, signer, ctx } = this;
    const embedded = this.forTokens();
    const { provenAt } = this.options;
    if (signer.unsigned?.byType.has(OID.archiveTimeStampV2)) codes.push('cms.archive-timestamp-not-judged');
    return judgeArchives(
      {
        data,
        signer,
        content: this.task.content,
        ctx,
        embedded,
        ...(provenAt === undefined ? {} : { provenAt }),
      },
      codes,
    );
  }

  /** RFC 5652 §11.4: each value is a SignerInfo over the octets of this signature. */
  private counterSignatures(id: string, codes: VerificationCode[]): SignatureReport[] {
    const values = this.signer.unsigned?.byType.get(OID.counterSignature) ?? [];
    if (values.length === 0) return [];
    if (this.options.counterSignatures === 'told') {
      codes.push('cms.counter-signature-not-judged');
      return [];
    }
    const { state, countered, ctx } = this.task;
    const depth = (countered?.depth ?? 0) + 1;
    return values.flatMap((value, i) => {
      const name = `${id}/counter-${i + 1}`;
      if (depth > DEEPEST || --state.left < 0) {
        if (!codes.includes('cms.too-many-signatures')) codes.push('cms.too-many-signatures');
        return [];
      }
      const signer = attempt(() => readSigner(value));
      if (!signer) return [{ ...brokenReport('cms.malformed', ctx, { id: name }), counterSigns: id }];
      const proven = this.provenAt(value);
      const next: SignerTask = {
        ...this.task,
        signer,
        content: contentOf([this.signer.signature]),
        options: withTime(this.options, proven),
        countered: { id, depth },
      };
      return new SignerJudge(next).reports(name, []);
    });
  }

  /** When an unsigned value provably existed: an archive time-stamp that lists it says so. */
  private provenAt(value: DerNode | null): number | undefined {
    return provenTime(this.archives, value, this.options.provenAt);
  }

  private tokens(
    attributes: Attributes | null,
    type: string,
    stamped: Content,
    codes: VerificationCode[],
  ): TimestampVerdict[] {
    const values = attributes?.byType.get(type) ?? [];
    if (values.length > MOST_TOKENS) codes.push('timestamp.too-many');
    // Signed attributes are as old as the signature, which every archive time-stamp covers.
    const signed = attributes === this.signer.signed;
    return values.slice(0, MOST_TOKENS).map((value) => {
      const provenAt = this.provenAt(signed ? null : value);
      return verifyTimestamp(wholeOf(value), stamped, this.ctx, {
        kind: 'signature',
        embedded: this.forTokens(),
        ...(provenAt === undefined ? {} : { provenAt }),
      });
    });
  }

  /**
   * What the CMS brings for its time-stamps. Its certificates are for them only where it brings revocation data too (level
   * LT): elsewhere tokens of one authority share remembered paths.
   */
  private forTokens(): EmbeddedData {
    const { proven, data } = this;
    if (data.crls.length + data.ocsps.length === 0) return proven;
    return { ...proven, certificates: [...proven.certificates, ...data.certificates] };
  }

  private path(certificate: Certificate, proven: number | undefined): PathVerdict {
    const others = this.data.certificates.filter((one) => one !== certificate);
    const embedded = this.proven;
    return judgePath(certificate, this.ctx, {
      purpose: 'signing',
      embedded: { ...embedded, certificates: [...embedded.certificates, ...others] },
      ...(proven === undefined ? {} : { provenAt: proven }),
    });
  }

  /** What the CMS itself carries is as old as the CMS, or as the oldest archive time-stamp that covers all of it. */
  private provenData(): EmbeddedData {
    const times = this.archives.flatMap(({ verdict, complete }) =>
      complete && verdict.passed && verdict.time !== null ? [verdict.time] : [],
    );
    if (this.task.wholeAt !== undefined) times.push(this.task.wholeAt);
    if (times.length === 0) return this.embedded;
    const own = validationData(this.data, this.signer, NO_EMBEDDED);
    const { proofs } = withProof({ ...own, proofs: this.embedded.proofs ?? new Map() }, Math.min(...times));
    return proofs ? { ...this.embedded, proofs } : this.embedded;
  }

  /** ETSI EN 319 122-1 §6: the level reached, not the one claimed. */
  private baseline(
    check: SignerCheck,
    stamps: readonly TimestampVerdict[],
    path: PathVerdict | null,
  ): SignatureReport['baseline'] {
    if (!check.bound || !this.signer.signed) return null;
    if (!this.options.stampedOutside && !stamps.some(({ passed }) => passed)) return 'B-B';
    if (!path || !hasLongTermData(path.chain, this.embedded)) return 'B-T';
    const { archived } = this.options;
    const outside = archived && hasLongTermData(path.chain, validationData(this.data, this.signer, archived));
    const inside = this.archives.some(({ verdict, complete }) => verdict.passed && complete);
    return inside || outside ? 'B-LTA' : 'B-LT';
  }
}

function withTime(options: CmsOptions, provenAt: number | undefined): CmsOptions {
  return provenAt === undefined ? options : { ...options, provenAt };
}

function earliest(stamps: readonly TimestampVerdict[], outside: number | undefined): number | undefined {
  const times = stamps.flatMap((one) => (one.passed && one.time !== null ? [one.time] : []));
  if (outside !== undefined) times.push(outside);
  return times.length > 0 ? Math.min(...times) : undefined;
}

/** The latest time before which, as content time-stamps prove, the signature did not exist. */
function latest(early: readonly TimestampVerdict[]): number | null {
  const times = early.flatMap((one) => (one.passed && one.time !== null ? [one.time] : []));
  return times.length > 0 ? Math.max(...times) : null;
}

function bindingCodes(check: SignerCheck, policy: Policy): VerificationCode[] {
  if (check.bound || !check.certificate) return [];
  return policy.signingCertificate.value === 'demanded'
    ? ['policy.signing-certificate-demanded']
    : ['cms.signing-certificate-missing'];
}

/** EN 319 102-1 §5.3.4, §5.5.4: with a content time-stamp after the end of the certificate the case is decided. */
function pathCodes(path: PathVerdict, notBefore: number | null): VerificationCode[] {
  const codes = [...path.errors, ...path.warnings];
  const leaf = path.chain[0];
  if (notBefore === null || !leaf) return codes;
  if (path.leafStatus?.state === 'revoked' && path.leafStatus.at <= notBefore)
    codes.push('revocation.revoked-when-signed');
  if (notBefore > leaf.notAfter) codes.push('path.expired-when-signed');
  return codes;
}

const VIETNAM_OFFSET = 7 * 3_600_000;
const HOUR = 3_600_000;

/** Order of time-stamps (EN 319 102-1 §5.6.2) and how the claimed time compares with the proven one. */
function timeCodes(
  check: SignerCheck,
  stamps: readonly TimestampVerdict[],
  early: readonly TimestampVerdict[],
  policy: Policy,
): VerificationCode[] {
  const codes: VerificationCode[] = [];
  const accepted = stamps.filter((one) => one.passed && one.time !== null);
  if ([...stamps, ...early].some((one) => !one.passed)) codes.push('timestamp.not-accepted');
  if (accepted.length === 0 && policy.timestamp.value === 'demanded') codes.push('policy.timestamp-demanded');
  const proven = earliest(accepted, undefined);
  const after = latest(early);
  if (
    proven !== undefined &&
    after !== null &&
    after > proven + Math.max(...accepted.map((one) => one.accuracy))
  )
    codes.push('timestamp.order');
  if (proven === undefined || check.signingTime === null) return codes;
  const ahead = check.signingTime - proven;
  if (Math.abs(ahead) <= policy.signingTimeTolerance.value) return codes;
  codes.push(
    Math.abs(ahead - VIETNAM_OFFSET) <= HOUR ? 'cms.signing-time-offset' : 'cms.signing-time-differs',
  );
  return codes;
}
