import { expect, test } from '@jest/globals';
import type { VerificationContext } from '../../src/verification/context.ts';
import { judgePath } from '../../src/verification/path.ts';
import { type Policy, policyNamed } from '../../src/verification/policy.ts';
import { trustStore } from '../../src/verification/trust-store.ts';
import { gzippedVectors } from '../vectors/gzipped.ts';

/** One case (or part of one) of the NIST Public Key Interoperability Test Suite, version 1.0.1. */
interface Case {
  Name: string;
  /** Anchor first. */
  CertPath: string[];
  CRLPath: string[] | null;
  ShouldValidate: boolean;
  InitialPolicySet: string[] | null;
  InitialPolicyMappingInhibit: boolean;
  InitialExplicitPolicy: boolean;
  InitialAnyPolicyInhibit: boolean;
}

const { cases, files } = gzippedVectors<{ cases: Case[]; files: Record<string, string> }>(
  'pkits/pkits.json.gz',
);

/** PKITS is about paths, not about the strength of algorithms: SHA-1 and DSA are let in. */
const strict = policyNamed('lab');
const open: Policy = {
  ...strict,
  name: 'pkits',
  digests: { value: [...strict.digests.value, { name: 'sha1', until: null }], source: 'PKITS §4.1' },
  schemes: { value: [...strict.schemes.value, { name: 'dsa', until: null }], source: 'PKITS §4.1' },
  smallestKeys: { value: { ...strict.smallestKeys.value, rsa: 1_024, dsa: 1_024 }, source: 'PKITS §4.1' },
};

/** NIST's test policies 1 to 6 (PKITS §2). */
const policyOid = (name: string) =>
  name === 'anyPolicy' ? [] : [`2.16.840.1.101.3.2.1.48.${name.replace('NIST-test-policy-', '')}`];

function bytes(name: string): Buffer {
  const text = files[name];
  expect(text).toBeDefined();
  return Buffer.from(text ?? '', 'base64');
}

function verdictOf(one: Case) {
  const [anchor = '', ...path] = one.CertPath;
  const trust = trustStore({
    anchors: [bytes(anchor)],
    intermediates: path.slice(0, -1).map(bytes),
    crls: (one.CRLPath ?? []).map(bytes),
  });
  const at = Date.UTC(2012, 0, 1);
  const context: VerificationContext = { trust, policy: open, at, revocation: 'required' };
  return judgePath(bytes(path.at(-1) ?? ''), context, {
    purpose: 'any',
    policyInputs: {
      policies: (one.InitialPolicySet ?? []).flatMap(policyOid),
      explicitPolicy: one.InitialExplicitPolicy,
      inhibitAny: one.InitialAnyPolicyInhibit,
      inhibitMapping: one.InitialPolicyMappingInhibit,
    },
  });
}

/** Cases judged otherwise than PKITS asks, with the reason. */
const DEVIATIONS: Readonly<Record<string, string>> = {
  '4.1.5 Valid DSA Parameter Inheritance Test5':
    'DSA keys without parameters cannot be used by node:crypto, and no policy accepts DSA',
};

test('NIST PKITS: every case as its authors ask, but for the deviations that are listed with their reason', () => {
  const differing = cases.filter(
    (one) => (verdictOf(one).indication === 'TOTAL_PASSED') !== one.ShouldValidate,
  );
  console.info(`NIST PKITS: ${cases.length - differing.length} of ${cases.length}`);
  expect(cases).toHaveLength(249);
  expect(differing.map(({ Name }) => Name)).toEqual(Object.keys(DEVIATIONS));
});
