import type { VerificationCode } from '../codes.ts';
import type { VerificationContext } from '../context.ts';
import { type EmbeddedData, withProof } from '../path.ts';
import type { Policy } from '../policy.ts';
import { type TimestampVerdict, verifyTimestamp } from '../timestamps.ts';
import type { Imprints, Stamped } from './imprints.ts';

/** What the time-stamps of a signature prove. */
export interface Stamps {
  /** Content time-stamps, then those of the signature, then archive time-stamps. */
  verdicts: TimestampVerdict[];
  /** Earliest time at which the signature provably existed, milliseconds. */
  proven: number | undefined;
  /** Latest time before which it provably did not exist, milliseconds. */
  notBefore: number | undefined;
  /** A time-stamp of the signature's own was accepted. */
  stamped: boolean;
  /** An archive time-stamp was accepted, so the validation data before it is covered. */
  archived: boolean;
  /** The validation data, with the times by which archive time-stamps prove it to have been there. */
  embedded: EmbeddedData;
  codes: VerificationCode[];
}

/**
 * Judges all time-stamps, newest first: an accepted archive time-stamp proves the time of the tokens that it covers
 * (EN 319 102-1 §5.6.3).
 * @param provenAt time at which all of it provably existed, milliseconds: a time-stamp of the container says so
 */
export function judgeStamps(
  imprints: Imprints,
  ctx: VerificationContext,
  embedded: EmbeddedData,
  provenAt?: number,
): Stamps {
  let later = provenAt;
  let data = withProof(embedded, provenAt);
  const judge = (one: Stamped, kind: 'signature' | 'archive') => {
    const octets = one.octets();
    // Octets that could not be had match no imprint.
    return one.tokens.map((token) =>
      verifyTimestamp(token, octets ?? [], ctx, {
        kind,
        embedded: data,
        ...(later === undefined ? {} : { provenAt: later }),
      }),
    );
  };
  const archive = imprints.archive.toReversed().flatMap((one) => {
    const verdicts = judge(one, 'archive');
    later = earliest(verdicts, later);
    data = proven(data, one.covered, earliest(verdicts, undefined));
    return verdicts;
  });
  const signature = imprints.signature.flatMap((one) => judge(one, 'signature'));
  const content = imprints.content.flatMap((one) => judge(one, 'signature'));
  const verdicts = [...content, ...signature, ...archive.toReversed()];
  const existed = earliest([...signature, ...archive], provenAt);
  const notBefore = latest(content);
  const codes: VerificationCode[] = verdicts.some((one) => !one.passed) ? ['timestamp.not-accepted'] : [];
  const accuracy = Math.max(0, ...[...signature, ...archive].map((one) => one.accuracy));
  if (existed !== undefined && notBefore !== undefined && notBefore > existed + accuracy)
    codes.push('timestamp.order');
  const archived = archive.some((one) => one.passed);
  const stamped = archived || signature.some((one) => one.passed);
  return { verdicts, proven: existed, notBefore, stamped, archived, embedded: data, codes };
}

/** The data with the proof that the first so many of its lists and responses were there at `time`. */
function proven(
  data: EmbeddedData,
  covered: { crls: number; ocsps: number },
  time: number | undefined,
): EmbeddedData {
  const crls = data.crls.slice(0, covered.crls);
  const ocsps = data.ocsps.slice(0, covered.ocsps);
  const { proofs } = withProof({ certificates: [], crls, ocsps, proofs: data.proofs ?? new Map() }, time);
  return proofs && proofs.size > 0 ? { ...data, proofs } : data;
}

function times(verdicts: readonly TimestampVerdict[]): number[] {
  return verdicts.flatMap((one) => (one.passed && one.time !== null ? [one.time] : []));
}

function earliest(verdicts: readonly TimestampVerdict[], known: number | undefined): number | undefined {
  const all = [...times(verdicts), ...(known === undefined ? [] : [known])];
  return all.length > 0 ? Math.min(...all) : undefined;
}

function latest(verdicts: readonly TimestampVerdict[]): number | undefined {
  const all = times(verdicts);
  return all.length > 0 ? Math.max(...all) : undefined;
}

const HOUR = 3_600_000;
const VIETNAM_OFFSET = 7 * HOUR;

/** What the policy demands of time, and how the claimed time compares with the proven one. */
export function timeCodes(
  signingTime: number | null,
  proven: number | undefined,
  policy: Policy,
): VerificationCode[] {
  if (proven === undefined) return policy.timestamp.value === 'demanded' ? ['policy.timestamp-demanded'] : [];
  if (signingTime === null) return [];
  const ahead = signingTime - proven;
  if (Math.abs(ahead) <= policy.signingTimeTolerance.value) return [];
  const slipped = Math.abs(Math.abs(ahead) - VIETNAM_OFFSET) <= HOUR;
  return [slipped ? 'xml.signing-time-offset' : 'xml.signing-time-differs'];
}
