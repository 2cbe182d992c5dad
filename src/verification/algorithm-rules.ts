import type { DigestName } from '../kernel/index.ts';
import type { PublicKey, SignatureAlgorithm } from './algorithms.ts';
import type { SignatureScheme } from './asn1/oids.ts';
import type { AlgorithmRule, Policy } from './policy.ts';

/** What a policy says to an algorithm at a time. */
export type AlgorithmAnswer = 'allowed' | 'refused' | 'expired';

function answer<Name extends string>(
  rules: readonly AlgorithmRule<Name>[],
  name: string,
  at: number,
): AlgorithmAnswer {
  const rule = rules.find((one) => one.name === name);
  if (!rule) return 'refused';
  return rule.until !== null && at > rule.until ? 'expired' : 'allowed';
}

/** @param at time of use that is proven (milliseconds), else the time of validation */
export function digestAnswer(policy: Policy, digest: DigestName | 'md5', at: number): AlgorithmAnswer {
  return answer(policy.digests.value, digest, at);
}

export function schemeAnswer(policy: Policy, scheme: SignatureScheme, at: number): AlgorithmAnswer {
  return answer(policy.schemes.value, scheme, at);
}

/** The worse of what a policy says to the digest and the scheme of a signature; one that we do not know is refused. */
export function algorithmAnswer(
  policy: Policy,
  algorithm: SignatureAlgorithm | null,
  at: number,
): AlgorithmAnswer {
  if (!algorithm) return 'refused';
  const { scheme, digest } = algorithm;
  const answers = [schemeAnswer(policy, scheme, at), ...(digest ? [digestAnswer(policy, digest, at)] : [])];
  return answers.find((one) => one === 'refused') ?? answers.find((one) => one === 'expired') ?? 'allowed';
}

/** Last time for which a policy trusts the algorithm of a signature, milliseconds; Infinity where it sets no end. */
export function lastTimeOf(policy: Policy, algorithm: SignatureAlgorithm | null): number {
  const rules: readonly AlgorithmRule<string>[] = [...policy.digests.value, ...policy.schemes.value];
  const names: readonly (string | null | undefined)[] = [algorithm?.digest, algorithm?.scheme];
  const ends = rules.flatMap(({ name, until }) => (until !== null && names.includes(name) ? [until] : []));
  return Math.min(Number.POSITIVE_INFINITY, ...ends);
}

/** True when the key is of a kind, size and curve that the policy accepts. */
export function isKeyStrongEnough(policy: Policy, key: PublicKey): boolean {
  const smallest = policy.smallestKeys.value[key.kind];
  if (smallest === undefined || key.bits < smallest) return false;
  return key.curve === null || policy.curves.value.includes(key.curve);
}
