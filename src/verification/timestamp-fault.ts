import { type DigestName, ImpossibleError } from '../kernel/index.ts';
import type { VerificationCode } from './codes.ts';
import type { VerificationContext } from './context.ts';
import { wantsRevocationData } from './later-data.ts';
import { verifyTimestamp } from './timestamps.ts';

/**
 * What is wrong with a fresh time-stamp token over a SHA-256 digest, or null where it may be used: signed by an authority
 * below an anchor, over that digest, of this time. That nothing is known of the authority's revocation yet is no fault
 * here: a verdict on the file asks again.
 */
export function timestampFault(
  token: Uint8Array,
  digest: Buffer,
  ctx: VerificationContext,
): VerificationCode | null {
  const stamped = {
    parts: [],
    digest: (name: DigestName) => {
      // The client asks for SHA-256 and has compared the imprint.
      if (name !== 'sha256') throw new ImpossibleError('a token over another digest');
      return digest;
    },
  };
  const { report } = verifyTimestamp(token, stamped, ctx, { kind: 'signature' });
  const harmless = (code: VerificationCode) => code !== 'revocation.on-hold' && wantsRevocationData(code);
  return report.errors.find((code) => !harmless(code)) ?? null;
}
