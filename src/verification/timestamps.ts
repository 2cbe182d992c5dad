import { type DigestName, equalBytes, isoTime, isTrucError } from '../kernel/index.ts';
import { digestAnswer, lastTimeOf } from './algorithm-rules.ts';
import { digestAlgorithm, readAlgorithm, type SignatureAlgorithm } from './algorithms.ts';
import { children, context, type DerNode, notDer, open, readDer, TAG } from './asn1/der-reader.ts';
import { readBoolean, readOctets, readOid, readSmallInteger } from './asn1/der-values.ts';
import { nameText } from './asn1/names.ts';
import { OID } from './asn1/oids.ts';
import { readTime } from './asn1/time.ts';
import type { BytePart } from './byte-source.ts';
import type { Certificate } from './certificate.ts';
import { readExtension } from './certificate-extensions.ts';
import { readSignedData, type SignedData } from './cms/signed-data.ts';
import { algorithmCodes, type Content, checkSigner, contentOf } from './cms/signer-check.ts';
import { judge, type VerificationCode } from './codes.ts';
import type { VerificationContext } from './context.ts';
import { type EmbeddedData, judgePath, NO_EMBEDDED, withProof } from './path.ts';
import type { TimestampReport } from './report.ts';
import { isHarmlessForTokens } from './revocation.ts';

/** ETSI EN 319 421 §7.7.2 asks for a second; house rule: beyond a minute a token proves no time. */
const LEAST_ACCURATE_MS = 60_000;

/** TSTInfo (RFC 3161 §2.4.2) as far as verdicts need it. */
export interface TokenInfo {
  digest: DigestName | 'md5' | null;
  imprint: Uint8Array;
  /** Milliseconds since 1970 UTC. */
  time: number;
  /** Milliseconds that the time may be off; 0 where the token does not say. */
  accuracy: number;
}

export interface TimestampOptions {
  kind: TimestampReport['kind'];
  /** Time at which the token itself provably existed (a later token covers it), milliseconds. */
  provenAt?: number;
  embedded?: EmbeddedData;
  /** What the caller found wrong with what the token covers. */
  codes?: readonly VerificationCode[];
}

export interface TimestampVerdict {
  report: TimestampReport;
  /** genTime in milliseconds, whatever the verdict; null where the token cannot be read. */
  time: number | null;
  accuracy: number;
  /** Only then the token proves that the stamped bytes existed at `time`. */
  passed: boolean;
  /** Certificates inside the token, for whoever looks for validation data. */
  chain: Certificate[];
}

/**
 * Judges one RFC 3161 TimeStampToken over `stamped`: imprint, signature, binding, authority's path and usage,
 * and revocation from local data. The authority's certificate must be good now, or at `provenAt`: a token's own time
 * cannot vouch for itself. Never throws.
 */
export function verifyTimestamp(
  token: Uint8Array,
  stamped: readonly BytePart[] | Content,
  ctx: VerificationContext,
  options: TimestampOptions,
): TimestampVerdict {
  try {
    const data = readSignedData(token);
    return judgeToken(data, readInfo(data), 'digest' in stamped ? stamped : contentOf(stamped), ctx, options);
  } catch (error) {
    if (!isTrucError(error)) throw error;
    return verdict(options, ['timestamp.malformed'], null, null);
  }
}

function verdict(
  options: TimestampOptions,
  codes: VerificationCode[],
  info: TokenInfo | null,
  authority: Certificate | null,
  chain: Certificate[] = [],
  until: number | null = null,
): TimestampVerdict {
  const judgement = judge(codes);
  return {
    report: {
      ...judgement,
      kind: options.kind,
      time: info ? isoTime(info.time) : null,
      validUntil: until === null ? null : isoTime(until),
      authority: authority ? nameText(authority.subject) : null,
    },
    time: info?.time ?? null,
    accuracy: info?.accuracy ?? 0,
    passed: judgement.indication === 'TOTAL_PASSED',
    chain,
  };
}

function judgeToken(
  data: SignedData,
  info: TokenInfo,
  stamped: Content,
  ctx: VerificationContext,
  options: TimestampOptions,
): TimestampVerdict {
  const signer = data.signers[0];
  // RFC 3161 §2.4.2: exactly one signer, the authority.
  if (!signer || data.signers.length > 1 || !data.content)
    return verdict(options, ['timestamp.malformed'], info, null);
  const check = checkSigner(data, signer, contentOf([data.content]), ctx.trust);
  const codes = [...(options.codes ?? []), ...check.codes, ...imprintCodes(info, stamped, ctx)];
  if (data.unreadable > 0) codes.push('cms.certificate-unreadable');
  codes.push(...algorithmCodes(check, ctx.policy, options.provenAt ?? ctx.at));
  if (!check.bound) codes.push('timestamp.signing-certificate-missing');
  if (info.time > ctx.at + ctx.policy.revocation.clockSkew.value) codes.push('timestamp.in-the-future');
  if (info.accuracy > LEAST_ACCURATE_MS) codes.push('timestamp.inaccurate');
  // What a later token covers was made before it.
  if (options.provenAt !== undefined && info.time - info.accuracy > options.provenAt)
    codes.push('timestamp.order');
  if (!check.certificate) return verdict(options, codes, info, null);
  const { notBefore, notAfter } = check.certificate;
  if (info.time < notBefore || info.time > notAfter) codes.push('timestamp.outside-certificate-life');
  const path = judgePath(check.certificate, ctx, {
    purpose: 'timestamping',
    ...(options.provenAt === undefined ? {} : { provenAt: options.provenAt }),
    embedded: usefulData(data, check.certificate, options),
  });
  codes.push(...pathCodes(path.errors, path.warnings, path.leafStatus, info.time));
  const until = path.chain.length > 0 ? endOf(path.chain, [check.algorithm, info.digest], ctx) : null;
  return verdict(options, codes, info, check.certificate, path.chain, until);
}

/** The first end of a certificate of the path or of the policy's trust in an algorithm that the token rests on. */
function endOf(
  chain: readonly Certificate[],
  [signature, imprint]: [SignatureAlgorithm | null, TokenInfo['digest']],
  { policy }: VerificationContext,
): number {
  const digests = policy.digests.value.filter(({ name, until }) => until !== null && name === imprint);
  return Math.min(
    ...chain.map((one) => one.notAfter),
    // The anchor is trusted as it is, whatever signed it.
    ...chain.slice(0, -1).map((one) => lastTimeOf(policy, one.signatureAlgorithm)),
    lastTimeOf(policy, signature),
    ...digests.map(({ until }) => until as number),
  );
}

/**
 * What surrounds the token, and what it carries itself, which is as old as the token; without the authority's own
 * certificate, so that leaf-only tokens share one cached path.
 */
function usefulData(data: SignedData, own: Certificate, options: TimestampOptions): EmbeddedData {
  const embedded = options.embedded ?? NO_EMBEDDED;
  const certificates = [...embedded.certificates, ...data.certificates.filter((one) => one !== own)];
  if (data.crls.length === 0 && data.ocsps.length === 0) return { ...embedded, certificates };
  const { crls, ocsps, proofs = new Map<string, number>() } = embedded;
  const carried = withProof(
    { certificates: [], crls: data.crls, ocsps: data.ocsps, proofs },
    options.provenAt,
  );
  return {
    certificates,
    crls: [...crls, ...data.crls],
    ocsps: [...ocsps, ...data.ocsps],
    proofs: carried.proofs ?? proofs,
  };
}

/** RFC 3161 §4: what a stated harmless revocation after the token's time leaves standing. */
function pathCodes(
  errors: readonly VerificationCode[],
  warnings: readonly VerificationCode[],
  status: ReturnType<typeof judgePath>['leafStatus'],
  time: number,
): VerificationCode[] {
  const harmless = status?.state === 'revoked' && isHarmlessForTokens(status) && time < status.at;
  const kept = harmless ? errors.filter((code) => code !== 'revocation.revoked') : errors;
  return [...kept, ...warnings, ...(harmless ? (['timestamp.authority-revoked-later'] as const) : [])];
}

function imprintCodes(info: TokenInfo, stamped: Content, ctx: VerificationContext): VerificationCode[] {
  if (info.digest === null) return ['cms.algorithm-unsupported'];
  if (info.digest === 'md5') return ['policy.digest-not-allowed'];
  if (!equalBytes(stamped.digest(info.digest), info.imprint)) return ['timestamp.imprint-mismatch'];
  const answer = digestAnswer(ctx.policy, info.digest, info.time);
  if (answer === 'allowed') return [];
  return [answer === 'expired' ? 'policy.algorithm-expired' : 'policy.digest-not-allowed'];
}

function readInfo(data: SignedData): TokenInfo {
  const content = data.contentType === OID.tstInfo ? data.content : null;
  const cursor = open(readDer(content ?? new Uint8Array(0)), TAG.sequence);
  const version = cursor.next(TAG.integer);
  if (readSmallInteger(version) !== 1) throw notDer(version.start, 'version');
  readOid(cursor.next(TAG.oid));
  const imprint = open(cursor.next(TAG.sequence), TAG.sequence);
  const digest = digestAlgorithm(readAlgorithm(imprint.next(TAG.sequence)));
  const hash = readOctets(imprint.next(TAG.octetString));
  imprint.finish();
  cursor.next(TAG.integer);
  const time = readTime(cursor.next(TAG.generalizedTime), true);
  const accuracy = cursor.optional(TAG.sequence);
  const ordering = cursor.optional(TAG.boolean);
  if (ordering) readBoolean(ordering);
  cursor.optional(TAG.integer);
  cursor.optional(context(0));
  const extensions = cursor.optional(context(1));
  cursor.finish();
  // RFC 3161 §2.4.2: extensions as in RFC 5280, so a critical one that nobody processes spoils the token.
  if (extensions && children(extensions, 50).some((node) => readExtension(node).critical))
    throw notDer(extensions.start, 'critical extension');
  return { digest, imprint: hash, time, accuracy: accuracy ? readAccuracy(accuracy) : 0 };
}

/** Accuracy in milliseconds, microseconds rounded up. */
function readAccuracy(node: DerNode): number {
  const cursor = open(node, TAG.sequence);
  const seconds = cursor.optional(TAG.integer);
  const millis = cursor.optional(context(0, false));
  const micros = cursor.optional(context(1, false));
  cursor.finish();
  return (
    (seconds ? readSmallInteger(seconds) * 1_000 : 0) +
    (millis ? readSmallInteger(millis, context(0, false)) : 0) +
    (micros ? Math.ceil(readSmallInteger(micros, context(1, false)) / 1_000) : 0)
  );
}
