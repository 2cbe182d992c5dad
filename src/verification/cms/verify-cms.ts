import { isoTime } from '../../kernel/index.ts';
import { wholeOf } from '../asn1/der-reader.ts';
import { nameText } from '../asn1/names.ts';
import { OID } from '../asn1/oids.ts';
import { type Certificate, identityOf } from '../certificate.ts';
import { judge, type VerificationCode } from '../codes.ts';
import type { VerificationContext } from '../context.ts';
import { type EmbeddedData, judgePath, NO_EMBEDDED, type PathVerdict } from '../path.ts';
import type { Policy } from '../policy.ts';
import type { SignatureReport } from '../report.ts';
import { type TimestampVerdict, verifyTimestamp } from '../timestamps.ts';
import type { Attributes } from './attributes.ts';
import { decodeCms } from './decode.ts';
import { hasLongTermData } from './long-term.ts';
import type { SignedData, SignerInfo } from './signed-data.ts';
import { algorithmCodes, type Content, checkSigner, contentOf, type SignerCheck } from './signer-check.ts';

/** What a caller knows beside the CMS itself. */
export interface CmsOptions {
  /** Name of the signature in the report; with several signers `/2`, `/3`… is appended. Default "1", "2"… */
  id?: string;
  /** Certificates, CRLs and OCSP responses that the surrounding file carries (a PDF's DSS). */
  embedded?: EmbeddedData;
  /** Time at which the whole CMS provably existed (an accepted document time-stamp covers it), milliseconds. */
  provenAt?: number;
  /** The CMS stands in a space filled up with zero octets, as /Contents of a PDF does. */
  zeroPadded?: boolean;
}

export type CmsContent = { parts: readonly Uint8Array[] } | 'attached';

/**
 * Judges every signer of a CMS SignedData (RFC 5652, ETSI EN 319 122-1) as EN 319 102-1 asks.
 * @param cms DER (BER where the policy accepts it)
 * @param content the detached content as consecutive parts, or `attached` where it is inside
 * @returns one report per SignerInfo, none where nobody signed; never throws for bad input
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
  return data.signers.map((signer, i) => {
    const id = options.id === undefined ? String(i + 1) : i === 0 ? options.id : `${options.id}/${i + 1}`;
    return new SignerJudge(data, signer, digests, ctx, options).report(id, warnings);
  });
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

class SignerJudge {
  private readonly data: SignedData;
  private readonly signer: SignerInfo;
  private readonly content: Content;
  private readonly ctx: VerificationContext;
  private readonly options: CmsOptions;
  private readonly embedded: EmbeddedData;

  constructor(
    data: SignedData,
    signer: SignerInfo,
    content: Content,
    ctx: VerificationContext,
    options: CmsOptions,
  ) {
    this.data = data;
    this.signer = signer;
    this.content = content;
    this.ctx = ctx;
    this.options = options;
    const outside = options.embedded ?? NO_EMBEDDED;
    this.embedded = {
      certificates: outside.certificates,
      crls: [...outside.crls, ...data.crls],
      ocsps: [...outside.ocsps, ...data.ocsps],
    };
  }

  report(id: string, warnings: readonly VerificationCode[]): SignatureReport {
    const { ctx } = this;
    const check = checkSigner(this.data, this.signer, this.content, ctx.trust);
    const codes = [...warnings, ...check.codes];
    const stamps = this.tokens(
      this.signer.unsigned,
      OID.signatureTimeStamp,
      contentOf([this.signer.signature]),
      codes,
    );
    const early = this.tokens(this.signer.signed, OID.contentTimeStamp, this.content, codes);
    const proven = earliest([...stamps, ...early.map(() => null)], this.options.provenAt);
    const path = check.certificate ? this.path(check.certificate, proven) : null;
    codes.push(...algorithmCodes(check, ctx.policy, proven ?? ctx.at));
    codes.push(...bindingCodes(check, ctx.policy));
    codes.push(...timeCodes(check, stamps, early, ctx.policy));
    if (this.signer.unsigned?.byType.has(OID.counterSignature))
      codes.push('cms.counter-signature-not-judged');
    if (path) codes.push(...pathCodes(path, latest(early)));
    const stamped = stamps.some((one) => one.passed);
    return {
      id,
      ...judge(codes),
      baseline: this.baseline(check, stamped, path),
      signer: check.certificate ? identityOf(check.certificate) : null,
      signingTime: check.signingTime === null ? null : isoTime(check.signingTime),
      bestSignatureTime: isoTime(proven ?? ctx.at),
      timestamps: [...early, ...stamps].map((one) => one.report),
      algorithm: check.text,
      coverage: 'whole-file',
      revision: 0,
      laterChanges: [],
      chain: (path?.chain ?? []).map((one) => ({ subject: nameText(one.subject), sha256: one.sha256 })),
    };
  }

  private tokens(
    attributes: Attributes | null,
    type: string,
    stamped: Content,
    codes: VerificationCode[],
  ): TimestampVerdict[] {
    const values = attributes?.byType.get(type) ?? [];
    if (values.length > MOST_TOKENS) codes.push('timestamp.too-many');
    return values.slice(0, MOST_TOKENS).map((value) =>
      verifyTimestamp(wholeOf(value), stamped, this.ctx, {
        kind: 'signature',
        embedded: this.embedded,
        ...(this.options.provenAt === undefined ? {} : { provenAt: this.options.provenAt }),
      }),
    );
  }

  private path(certificate: Certificate, proven: number | undefined): PathVerdict {
    const others = this.data.certificates.filter((one) => one !== certificate);
    return judgePath(certificate, this.ctx, {
      purpose: 'signing',
      embedded: { ...this.embedded, certificates: [...this.embedded.certificates, ...others] },
      ...(proven === undefined ? {} : { provenAt: proven }),
    });
  }

  /** ETSI EN 319 122-1 §6: the level reached, not the one claimed. */
  private baseline(
    check: SignerCheck,
    stamped: boolean,
    path: PathVerdict | null,
  ): SignatureReport['baseline'] {
    if (!check.bound || !this.signer.signed) return null;
    if (!stamped) return 'B-B';
    return path && hasLongTermData(path.chain, this.embedded) ? 'B-LT' : 'B-T';
  }
}

function earliest(
  stamps: readonly (TimestampVerdict | null)[],
  outside: number | undefined,
): number | undefined {
  const times = stamps.flatMap((one) => (one?.passed && one.time !== null ? [one.time] : []));
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
