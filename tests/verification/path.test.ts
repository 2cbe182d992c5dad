import { describe, expect, test } from '@jest/globals';
import type { VerificationContext } from '../../src/verification/context.ts';
import { judgePath, type PathOptions } from '../../src/verification/path.ts';
import { policyNamed } from '../../src/verification/policy.ts';
import { trustStore } from '../../src/verification/trust-store.ts';
import { certify, DAY, ext, keyOf, type Party, rootAuthority, YEAR } from '../builders/forged-pki.ts';
import { authority, context, leaf, root, said } from '../builders/judged-path.ts';
import { TEST_NOW as NOW, testPki } from '../builders/pki.ts';

const PASSED = { indication: 'TOTAL_PASSED', subIndication: null, errors: [] };
const undecided = (subIndication: string, ...errors: string[]) => ({
  indication: 'INDETERMINATE',
  subIndication,
  errors,
});

describe('every entity of the test PKI', () => {
  const judge = async (name: string, options: PathOptions = {}, at = NOW) => {
    const pki = await testPki();
    const trust = trustStore({ anchors: pki.anchors, intermediates: pki.intermediates, crls: pki.crls });
    const ctx: VerificationContext = { trust, policy: policyNamed('cong-vu'), at, revocation: 'required' };
    const { indication, subIndication, errors } = judgePath(pki.entity(name).certificate, ctx, options);
    return { indication, subIndication, errors };
  };

  test.each(['seal-province', 'seal-g1', 'official-chairman', 'official-vice', 'official-g1'])(
    '%s may sign',
    async (name) => expect(await judge(name)).toEqual(PASSED),
  );

  test.each([
    ['official-expired', 'OUT_OF_BOUNDS_NO_POE', 'path.expired'],
    ['official-not-yet-valid', 'OUT_OF_BOUNDS_NO_POE', 'path.not-yet-valid'],
    ['official-revoked-early', 'REVOKED_NO_POE', 'revocation.revoked'],
    ['official-revoked-late', 'REVOKED_NO_POE', 'revocation.revoked'],
    ['official-on-hold', 'TRY_LATER', 'revocation.on-hold'],
    ['official-wrong-usage', 'CHAIN_CONSTRAINTS_FAILURE', 'path.key-usage'],
    ['official-weak', 'CRYPTO_CONSTRAINTS_FAILURE', 'path.weak-key'],
    ['official-rogue', 'CERTIFICATE_CHAIN_GENERAL_FAILURE', 'path.signature-wrong'],
    ['rogue-ca-g2', 'CERTIFICATE_CHAIN_GENERAL_FAILURE', 'path.signature-wrong'],
    ['tsa', 'CHAIN_CONSTRAINTS_FAILURE', 'path.extended-key-usage'],
    ['ocsp', 'CHAIN_CONSTRAINTS_FAILURE', 'path.extended-key-usage'],
  ])('%s may not: %s', async (name, subIndication, code) => {
    expect(await judge(name)).toEqual(undecided(subIndication, code));
  });

  test('the time-stamping authority may time-stamp, another service may not', async () => {
    expect(await judge('tsa', { purpose: 'timestamping' })).toEqual(PASSED);
    expect(await judge('tsa-without-purpose', { purpose: 'timestamping' })).toEqual(
      undecided('CHAIN_CONSTRAINTS_FAILURE', 'timestamp.usage'),
    );
    expect((await judge('official-chairman', { purpose: 'timestamping' })).errors).toEqual([
      'timestamp.usage',
    ]);
  });

  test('revoked after the proven time of the signature: it stands', async () => {
    const before = await judge('official-revoked-late', { provenAt: NOW - 2 * DAY });
    expect(before).toEqual(PASSED);
    const after = await judge('official-revoked-late', { provenAt: NOW - DAY / 2 });
    expect(after).toEqual(undecided('REVOKED_NO_POE', 'revocation.revoked'));
  });

  test('expired, with a proven time in its life: it stands; without one nobody can tell', async () => {
    expect(await judge('official-expired', { provenAt: NOW - 60 * DAY })).toEqual(PASSED);
    expect((await judge('official-expired', { provenAt: NOW - 10 * DAY })).subIndication).toMatch(
      /^OUT_OF_BOUNDS/,
    );
  });

  test('signed before the certificate began, provably: failed', async () => {
    expect(await judge('official-chairman', { provenAt: NOW - 2 * YEAR })).toMatchObject({
      indication: 'TOTAL_FAILED',
      subIndication: 'NOT_YET_VALID',
    });
  });
});

describe('anchors', () => {
  test('an unknown anchor is no anchor, however well the path fits', () => {
    const stranger = rootAuthority(NOW, 'Kẻ lạ');
    const ctx = context([root], [stranger]);
    expect(judgePath(leaf(stranger).certificate, ctx).errors).toEqual(['path.no-chain']);
  });

  test('an anchor’s name with another key is told as a wrong signature', () => {
    const impostor = certify(NOW, { subject: 'Gốc', key: keyOf('p256', 'impostor'), extensions: [ext.ca()] });
    expect(said([root, leaf(impostor)])).toEqual(
      undecided('CERTIFICATE_CHAIN_GENERAL_FAILURE', 'path.signature-wrong'),
    );
  });

  test('a self-signed certificate that nobody trusts has no path', () => {
    const own = rootAuthority(NOW, 'Tự ký');
    expect(judgePath(own.certificate, context([root])).errors).toEqual(['path.no-chain']);
  });

  test('an anchor itself may sign', () => {
    const signer = certify(NOW, { subject: 'Gốc ký', extensions: [ext.keyUsage(0, 5)] });
    expect(judgePath(signer.certificate, context([signer])).indication).toBe('TOTAL_PASSED');
  });

  test('certificates that come with a file are used, never trusted', () => {
    const middle = authority('Trung gian', root);
    const own = rootAuthority(NOW, 'Tự đem');
    const embedded = (list: Party[]) => ({ certificates: list, crls: [], ocsps: [] });
    const parsed = (list: Party[]) =>
      embedded(list).certificates.map((one) => trustStore({ anchors: [one.certificate] }).anchors[0]!);
    const judge = (issuer: Party, brought: Party[]) =>
      judgePath(leaf(issuer).certificate, context([root]), {
        embedded: { certificates: parsed(brought), crls: [], ocsps: [] },
      }).indication;
    expect(judge(middle, [middle])).toBe('TOTAL_PASSED');
    expect(judge(middle, [])).toBe('INDETERMINATE');
    expect(judge(own, [own])).toBe('INDETERMINATE');
  });

  test('an expired anchor carries nothing', () => {
    const old = certify(NOW, {
      subject: 'Gốc cũ',
      extensions: [ext.ca()],
      notBefore: NOW - 9 * YEAR,
      notAfter: NOW - DAY,
    });
    expect(said([old, leaf(old)])).toEqual(undecided('OUT_OF_BOUNDS_NO_POE', 'path.ca-out-of-bounds'));
    expect(said([old, leaf(old)], { provenAt: NOW - 2 * DAY })).toEqual(PASSED);
  });
});

describe('authorities', () => {
  test('a signer’s certificate issues nothing', () => {
    const signer = leaf(root, { subject: 'Không phải CA' });
    expect(said([root, signer, leaf(signer)])).toEqual(
      undecided('CERTIFICATE_CHAIN_GENERAL_FAILURE', 'path.not-a-ca', 'path.ca-key-usage'),
    );
  });

  test('without basicConstraints there is no authority', () => {
    const ca = authority('Không ràng buộc', root, [ext.keyUsage(5)]);
    expect(said([root, ca, leaf(ca)]).errors).toEqual(['path.not-a-ca']);
  });

  test('a version 1 certificate is no authority below an anchor', () => {
    const ca = certify(NOW, { subject: 'V1', issuer: root, version: 1 });
    expect(said([root, ca, leaf(ca)]).errors).toEqual(['path.not-a-ca']);
  });

  test('an authority without keyCertSign signs no certificates', () => {
    const ca = authority('Chỉ CRL', root, [ext.ca(), ext.keyUsage(6)]);
    expect(said([root, ca, leaf(ca)]).errors).toEqual(['path.ca-key-usage']);
  });

  test('pathLength 0 allows signers and no further authority', () => {
    const ca = authority('Dài 0', root, [ext.ca(0), ext.keyUsage(5)]);
    const below = authority('Dưới', ca);
    expect(said([root, ca, leaf(ca)])).toEqual(PASSED);
    expect(said([root, ca, below, leaf(below)]).errors).toEqual(['path.too-long']);
  });

  test('pathLength does not count self-issued certificates', () => {
    const ca = authority('Dài 0', root, [ext.ca(0), ext.keyUsage(5)]);
    const renewed = certify(NOW, {
      subject: 'Dài 0',
      issuer: ca,
      key: keyOf('p256', 'new key'),
      extensions: [ext.ca(), ext.keyUsage(5)],
    });
    expect(said([root, ca, renewed, leaf(renewed)])).toEqual(PASSED);
  });

  test('the anchor’s own pathLength holds', () => {
    const short = rootAuthority(NOW, 'Gốc ngắn', []);
    const strict = certify(NOW, { subject: 'Gốc ngắn', key: short.key, extensions: [ext.ca(0)] });
    const ca = authority('Dưới gốc ngắn', strict);
    expect(said([strict, ca, leaf(ca)]).errors).toEqual(['path.too-long']);
  });

  test('a chain longer than the limit ends with a code, not with a search', () => {
    const chain: Party[] = [root];
    for (let i = 0; i < 14; i++) chain.push(authority(`Tầng ${i}`, chain.at(-1)!));
    chain.push(leaf(chain.at(-1)!));
    expect(said(chain)).toMatchObject({
      indication: 'INDETERMINATE',
      subIndication: 'POLICY_PROCESSING_ERROR',
    });
  });

  test('two authorities that certify each other do not go round for ever', () => {
    const [a, b] = [rootAuthority(NOW, 'Vòng A'), rootAuthority(NOW, 'Vòng B')];
    const cross = (from: Party, to: Party) =>
      certify(NOW, { subject: to.subject, key: to.key, issuer: from, extensions: [ext.ca()] });
    const ctx = context([root], [cross(a, b), cross(b, a)]);
    expect(judgePath(leaf(a).certificate, ctx).errors).toEqual(['path.no-chain']);
  });

  test('hundreds of authorities of one name end with a code', () => {
    const many = Array.from({ length: 300 }, (_, i) =>
      certify(NOW, {
        subject: 'Đông',
        key: keyOf('p256', `many ${i % 3}`),
        number: i,
        extensions: [ext.ca()],
      }),
    );
    const signer = certify(NOW, {
      subject: 'Người ký',
      issuer: { ...many[0]!, key: keyOf('p256', 'nobody') },
    });
    expect(judgePath(signer.certificate, context([root], many)).errors).toContain('path.limit-exceeded');
  });
});

describe('extensions', () => {
  test('a critical extension that nobody knows refuses the certificate that has it', () => {
    const unknown = ext.raw('1.2.3.4.5', true, Buffer.from([5, 0]));
    const ca = authority('Lạ', root, [ext.ca(), unknown]);
    expect(said([root, leaf(root, { extensions: [unknown] })]).errors).toEqual(['path.critical-extension']);
    expect(said([root, ca, leaf(ca)]).errors).toEqual(['path.critical-extension']);
  });

  test('the same extension, not critical, does not', () => {
    const known = ext.raw('1.2.3.4.5', false, Buffer.from([5, 0]));
    expect(said([root, leaf(root, { extensions: [known] })])).toEqual(PASSED);
  });

  test.each([
    ['digitalSignature', [0], []],
    ['nonRepudiation', [1], []],
    ['keyEncipherment', [2], ['path.key-usage']],
    ['keyCertSign', [5], ['path.key-usage']],
  ])('key usage %s', (_, bits, errors) => {
    expect(said([root, leaf(root, { extensions: [ext.keyUsage(...bits)] })]).errors).toEqual(errors);
  });

  test.each([
    ['server authentication', '1.3.6.1.5.5.7.3.1', ['path.extended-key-usage']],
    ['OCSP signing', '1.3.6.1.5.5.7.3.9', ['path.extended-key-usage']],
    ['time-stamping', '1.3.6.1.5.5.7.3.8', ['path.extended-key-usage']],
    ['e-mail', '1.3.6.1.5.5.7.3.4', []],
    ['document signing', '1.3.6.1.5.5.7.3.36', []],
  ])('extended key usage %s', (_, purpose, errors) => {
    expect(said([root, leaf(root, { extensions: [ext.purposes(false, purpose)] })]).errors).toEqual(errors);
  });

  test('a time-stamping authority has this one usage, and critical', () => {
    const stamping = '1.3.6.1.5.5.7.3.8';
    const judge = (...extensions: Buffer[]) =>
      said([root, leaf(root, { extensions })], { purpose: 'timestamping' }).errors;
    expect(judge(ext.purposes(true, stamping))).toEqual([]);
    expect(judge(ext.purposes(false, stamping))).toEqual(['timestamp.usage']);
    expect(judge(ext.purposes(true, stamping, '1.3.6.1.5.5.7.3.4'))).toEqual(['timestamp.usage']);
    expect(judge()).toEqual(['timestamp.usage']);
  });
});

describe('algorithms', () => {
  test.each([
    ['MD5', 'md5'],
    ['SHA-1', 'sha1'],
  ] as const)('a certificate signed with %s proves nothing', (_, digest) => {
    const old = certify(NOW, {
      subject: 'Gốc RSA',
      key: keyOf('rsa', 'old'),
      extensions: [ext.ca()],
    });
    const { indication, errors } = said([old, leaf(old, { digest })]);
    expect(indication).toBe('INDETERMINATE');
    expect(errors).toEqual([digest === 'md5' ? 'path.signature-wrong' : 'path.weak-signature']);
  });

  test('SHA-224 counts for signatures that provably existed while it was trusted', () => {
    const signer = leaf(root, { digest: 'sha224', notBefore: NOW - 2 * YEAR });
    const before = Date.UTC(2025, 11, 1);
    expect(said([root, signer], { provenAt: before })).toEqual(PASSED);
    expect(said([root, signer], { provenAt: Date.UTC(2026, 1, 1) }).errors).toEqual([
      'path.algorithm-expired',
    ]);
    expect(said([root, signer], { provenAt: before })).toEqual(PASSED);
  });

  test.each([
    ['rsa-1024', ['path.weak-key']],
    ['rsa', []],
    ['p256', []],
    ['p384', []],
    ['ed25519', []],
    ['secp256k1', ['path.weak-key']],
  ] as const)('a signer’s %s key', (kind, errors) => {
    expect(said([root, leaf(root, { key: keyOf(kind, 'leaf') })]).errors).toEqual(errors);
  });

  test('a weak key of an authority refuses everything below it', () => {
    const ca = certify(NOW, {
      subject: 'CA yếu',
      issuer: root,
      key: keyOf('rsa-1024', 'ca'),
      extensions: [ext.ca()],
    });
    expect(said([root, ca, leaf(ca)]).errors).toContain('path.weak-key');
  });
});

describe('what cannot be read', () => {
  test('is a verdict, not an exception', () => {
    expect(judgePath(Buffer.from('no certificate'), context([root]))).toMatchObject({
      indication: 'INDETERMINATE',
      errors: ['path.certificate-unreadable'],
      chain: [],
    });
  });
});
