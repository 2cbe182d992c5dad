import { TrucError } from '../kernel/index.ts';
import type { VerificationErrorCode } from './errors.ts';
import congVu from './policies/cong-vu.json' with { type: 'json' };
import dichVuCong from './policies/dich-vu-cong.json' with { type: 'json' };
import lab from './policies/lab.json' with { type: 'json' };
import strict from './policies/strict.json' with { type: 'json' };
import { readPolicy } from './policy-file.ts';
import type { Policy } from './policy-rules.ts';

export type { AlgorithmRule, Policy } from './policy-rules.ts';

export type PolicyName = 'cong-vu' | 'dich-vu-cong' | 'strict' | 'lab';

const FILES: Readonly<Record<PolicyName, unknown>> = {
  'cong-vu': congVu,
  'dich-vu-cong': dichVuCong,
  strict,
  lab,
};

const READ = new Map<string, Policy>();

/**
 * A built-in policy (`policies/*.json`): `cong-vu` (official duty, Decree 68/2024), `dich-vu-cong` (public CAs, Decree
 * 23/2025), `strict` (as the ETSI profiles demand), `lab` (demonstrations; the only one for demo anchors).
 * @throws TrucError `verification.unknown-policy`
 */
export function policyNamed(name: string): Policy {
  const known = READ.get(name);
  if (known) return known;
  if (!Object.hasOwn(FILES, name)) {
    const code: VerificationErrorCode = 'verification.unknown-policy';
    throw new TrucError(code, { name, known: Object.keys(FILES) });
  }
  const policy = readPolicy(FILES[name as PolicyName], policyNamed);
  READ.set(name, policy);
  return policy;
}

/**
 * A policy of the user's own.
 * @param text JSON as `schemas/policy/policy.schema.json` says
 * @throws TrucError `verification.policy-invalid` with path and cause
 */
export function policyFromFile(text: string): Policy {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    const code: VerificationErrorCode = 'verification.policy-invalid';
    throw new TrucError(code, { path: '', cause: 'not JSON' }, error);
  }
  return readPolicy(json, policyNamed);
}

export const policyNames: readonly PolicyName[] = ['cong-vu', 'dich-vu-cong', 'strict', 'lab'];
