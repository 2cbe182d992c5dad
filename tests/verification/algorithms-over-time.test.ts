import { describe, expect, test } from '@jest/globals';
import type { VerificationContext } from '../../src/verification/context.ts';
import { readCrl } from '../../src/verification/crl.ts';
import { readOcsp } from '../../src/verification/ocsp.ts';
import { type EmbeddedData, judgePath, NO_EMBEDDED, withProof } from '../../src/verification/path.ts';
import { policyFromFile } from '../../src/verification/policy.ts';
import { trustStore } from '../../src/verification/trust-store.ts';
import { certify, type DigestAlgorithm, type Party, rootAuthority, YEAR } from '../builders/forged-pki.ts';
import { ocspResponse, revocationList } from '../builders/forged-revocation.ts';
import { TEST_NOW as NOW } from '../builders/pki.ts';

const day = (time: number) => new Date(time).toISOString().slice(0, 10);

/** SHA-256 stopped being trusted a year ago, SHA-512 is trusted still. */
const policy = policyFromFile(
  JSON.stringify({
    name: 'sau-sha256',
    base: 'lab',
    title: 'Sau SHA-256',
    validFrom: null,
    validUntil: null,
    source: 'house rule of this test',
    rules: {
      digests: {
        value: [{ name: 'sha256', until: day(NOW - YEAR) }, { name: 'sha512' }],
        source: 'house rule of this test',
      },
    },
  }),
);

const root = rootAuthority(NOW, 'Gốc lâu dài');
const signers = new Map<DigestAlgorithm, Party>();

function signerWith(digest: DigestAlgorithm): Party {
  const request = { subject: `Người ký ${digest}`, issuer: root, digest, notBefore: NOW - 3 * YEAR };
  const known = signers.get(digest) ?? certify(NOW, request);
  signers.set(digest, known);
  return known;
}

function said(
  digest: DigestAlgorithm,
  embedded: EmbeddedData | null,
  provenAt: number | undefined,
): (string | null)[] {
  const ctx: VerificationContext = {
    trust: trustStore({ anchors: [root.certificate] }),
    policy,
    at: NOW,
    revocation: embedded ? 'required' : 'none',
  };
  const verdict = judgePath(signerWith(digest).certificate, ctx, {
    embedded: embedded ?? NO_EMBEDDED,
    ...(provenAt === undefined ? {} : { provenAt }),
  });
  return [verdict.subIndication, ...verdict.errors];
}

describe('the algorithm of a certificate (EN 319 102-1 §5.2.8)', () => {
  const GONE = ['CRYPTO_CONSTRAINTS_FAILURE_NO_POE', 'path.algorithm-expired'];

  test('is trusted as of the time that is proven', () => {
    expect(said('sha256', null, undefined)).toEqual(GONE);
    expect(said('sha256', null, NOW - 2 * YEAR)).toEqual([null]);
    expect(said('sha256', null, NOW - YEAR / 2)).toEqual(GONE);
    expect(said('sha512', null, undefined)).toEqual([null]);
  });

  test('is refused for good where the policy never named it', () => {
    expect(said('sha1', null, NOW - 2 * YEAR)).toEqual(['CRYPTO_CONSTRAINTS_FAILURE', 'path.weak-signature']);
  });
});

describe('the algorithm of revocation data', () => {
  const GONE = ['CRYPTO_CONSTRAINTS_FAILURE_NO_POE', 'revocation.algorithm-expired'];
  const signedAt = NOW - 2 * YEAR;
  const list = (digest: DigestAlgorithm): EmbeddedData => ({
    ...NO_EMBEDDED,
    crls: [readCrl(revocationList({ issuer: root, thisUpdate: signedAt, digest }))],
  });
  const response = (digest: DigestAlgorithm): EmbeddedData => ({
    ...NO_EMBEDDED,
    ocsps: [
      readOcsp(
        ocspResponse({
          target: signerWith('sha512'),
          issuer: root,
          signer: root,
          thisUpdate: signedAt,
          digest,
        }),
      ),
    ],
  });

  test.each([
    ['a CRL', list],
    ['an OCSP response', response],
  ])('%s that nothing proves to be old is judged by today’s rules', (_, data) => {
    expect(said('sha512', data('sha256'), signedAt)).toEqual(GONE);
    expect(said('sha512', data('sha512'), signedAt)).toEqual([null]);
  });

  test.each([
    ['a CRL', list],
    ['an OCSP response', response],
  ])('%s is judged by the rules of the time by which an archive time-stamp proves it', (_, data) => {
    expect(said('sha512', withProof(data('sha256'), NOW - 1.5 * YEAR), signedAt)).toEqual([null]);
    expect(said('sha512', withProof(data('sha256'), NOW - YEAR / 2), signedAt)).toEqual(GONE);
    expect(said('sha512', withProof(data('sha256'), undefined), signedAt)).toEqual(GONE);
  });

  test('of several proofs the earliest counts, and one from the future proves nothing', () => {
    const early = withProof(withProof(list('sha256'), NOW - YEAR / 2), NOW - 1.5 * YEAR);
    expect(said('sha512', early, signedAt)).toEqual([null]);
    const late = withProof(withProof(list('sha256'), NOW - 1.5 * YEAR), NOW - YEAR / 2);
    expect(said('sha512', late, signedAt)).toEqual([null]);
    expect(said('sha512', withProof(list('sha512'), NOW + YEAR), signedAt)).toEqual([null]);
  });

  test('a proof of one list proves nothing about another', () => {
    const { proofs } = withProof(list('sha512'), NOW - 1.5 * YEAR);
    expect(said('sha512', { ...list('sha256'), ...(proofs ? { proofs } : {}) }, signedAt)).toEqual(GONE);
  });
});
