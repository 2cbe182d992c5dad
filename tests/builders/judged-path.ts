import type { VerificationContext } from '../../src/verification/context.ts';
import { judgePath, type PathOptions } from '../../src/verification/path.ts';
import { policyNamed } from '../../src/verification/policy.ts';
import { trustStore } from '../../src/verification/trust-store.ts';
import { type CertificateRequest, certify, ext, type Party, rootAuthority, YEAR } from './forged-pki.ts';
import { TEST_NOW as NOW } from './pki.ts';

/** An authority that may do everything; tests that want another make it. */
export const root = rootAuthority(NOW, 'Gốc');

/** A context that trusts these and has no revocation data. */
export function context(
  anchors: readonly Party[],
  intermediates: readonly Party[] = [],
): VerificationContext {
  const der = (list: readonly Party[]) => list.map((one) => one.certificate);
  const trust = trustStore({ anchors: der(anchors), intermediates: der(intermediates) });
  return { trust, policy: policyNamed('cong-vu'), at: NOW, revocation: 'none' };
}

/** An authority below another. */
export function authority(subject: string | Buffer, issuer: Party, extensions?: Buffer[]): Party {
  return certify(NOW, {
    subject,
    issuer,
    extensions: extensions ?? [ext.ca(), ext.keyUsage(5, 6)],
    notBefore: NOW - 5 * YEAR,
    notAfter: NOW + 5 * YEAR,
  });
}

/** A signer below an authority. */
export function leaf(issuer: Party, request: Partial<CertificateRequest> = {}): Party {
  return certify(NOW, { subject: 'Người ký', issuer, ...request });
}

/** What is said to a leaf below the given authorities, the first of which is the anchor. */
export function said(chain: readonly Party[], options: PathOptions = {}, at = NOW) {
  const [anchor, ...rest] = chain as [Party, ...Party[]];
  const { indication, subIndication, errors } = judgePath(
    rest.at(-1)!.certificate,
    { ...context([anchor], rest.slice(0, -1)), at },
    options,
  );
  return { indication, subIndication, errors };
}
