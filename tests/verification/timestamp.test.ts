import { describe, expect, test } from '@jest/globals';
import { der, oids } from '../../src/signing/index.ts';
import { verifyCms } from '../../src/verification/cms/verify-cms.ts';
import type { VerificationContext } from '../../src/verification/context.ts';
import { policyNamed } from '../../src/verification/policy.ts';
import { type TimestampOptions, verifyTimestamp } from '../../src/verification/timestamps.ts';
import { trustStore } from '../../src/verification/trust-store.ts';
import {
  attribute,
  type CmsRequest,
  type SignerRequest,
  signedData,
  type TokenRequest,
  token,
} from '../builders/forged-cms.ts';
import { certify, DAY, ext, keyOf, type Party, rootAuthority, YEAR } from '../builders/forged-pki.ts';
import { type CrlEntry, ocspResponse, revocationList } from '../builders/forged-revocation.ts';
import { TEST_NOW as NOW } from '../builders/pki.ts';

const STAMPING = '1.3.6.1.5.5.7.3.8';
const SIGNATURE_TIMESTAMP = oids.timeStampToken;
const CONTENT_TIMESTAMP = '1.2.840.113549.1.9.16.2.20';
const root = rootAuthority(NOW, 'Gốc TSA');
const authority = (subject: string, more: Partial<Parameters<typeof certify>[1]> = {}) =>
  certify(NOW, {
    subject,
    issuer: root,
    extensions: [ext.keyUsage(0), ext.purposes(true, STAMPING)],
    notBefore: NOW - 3 * YEAR,
    ...more,
  });
const tsa = authority('TSA');
const signature = Buffer.from('chữ ký');

function context(revoked: readonly CrlEntry[] = [], policy = 'cong-vu'): VerificationContext {
  const crl = revocationList({ issuer: root, thisUpdate: NOW - 3_600_000, entries: revoked });
  return {
    trust: trustStore({ anchors: [root.certificate], crls: [crl] }),
    policy: policyNamed(policy),
    at: NOW,
    revocation: 'required',
  };
}

const stamp = (request: Partial<TokenRequest> = {}) =>
  token({ authority: tsa, stamped: signature, time: NOW - DAY, ...request });

function said(bytes: Buffer, ctx = context(), options: Partial<TimestampOptions> = {}, stamped = signature) {
  const { report } = verifyTimestamp(bytes, [stamped], ctx, { kind: 'signature', ...options });
  return [report.indication, ...report.errors, ...report.warnings];
}
const PASSED = ['TOTAL_PASSED'];

describe('a token', () => {
  test('proves its time', () => {
    const verdict = verifyTimestamp(stamp(), [signature], context(), { kind: 'signature' });
    expect(verdict).toMatchObject({
      passed: true,
      time: NOW - DAY,
      report: { indication: 'TOTAL_PASSED', time: '2026-03-15T02:00:00.000Z', authority: 'CN=TSA' },
    });
  });

  test('over other bytes: another token’s, or reused', () => {
    expect(said(stamp({ stamped: Buffer.from('khác') }))).toEqual([
      'TOTAL_FAILED',
      'timestamp.imprint-mismatch',
    ]);
    expect(said(stamp(), context(), {}, Buffer.from('chữ ký khác'))).toEqual([
      'TOTAL_FAILED',
      'timestamp.imprint-mismatch',
    ]);
  });

  test('from the future', () => {
    expect(said(stamp({ time: NOW + DAY }))).toEqual(['INDETERMINATE', 'timestamp.in-the-future']);
    expect(said(stamp({ time: NOW + 60_000 }))).toEqual(PASSED);
  });

  test('from before or after its authority’s life', () => {
    const young = authority('TSA trẻ', { notBefore: NOW - DAY / 2 });
    expect(said(stamp({ authority: young }))).toEqual([
      'INDETERMINATE',
      'timestamp.outside-certificate-life',
    ]);
  });

  test('later than a token that covers it', () => {
    expect(said(stamp(), context(), { provenAt: NOW - 2 * DAY })).toEqual([
      'INDETERMINATE',
      'timestamp.order',
    ]);
    expect(said(stamp(), context(), { provenAt: NOW - DAY / 2 })).toEqual(PASSED);
  });

  test.each([
    ['SHA-1', 'sha1', 'policy.digest-not-allowed'],
    ['MD5', 'md5', 'policy.digest-not-allowed'],
  ] as const)('whose imprint is %s', (_, imprintDigest, code) => {
    expect(said(stamp({ imprintDigest }))).toEqual(['INDETERMINATE', code]);
  });

  test('over SHA-512', () => expect(said(stamp({ imprintDigest: 'sha512' }))).toEqual(PASSED));

  test('signed with SHA-1', () => {
    expect(said(stamp({ digest: 'sha1' }))).toEqual(['INDETERMINATE', 'policy.digest-not-allowed']);
  });

  test.each([
    ['of another version', { version: 2 }],
    [
      'with a critical extension that nobody knows',
      { extensions: [ext.raw('1.2.3', true, Buffer.from([5, 0]))] },
    ],
    ['of another content type', { contentType: oids.data }],
  ])('%s is malformed', (_, request) => {
    expect(said(stamp(request))).toEqual(['TOTAL_FAILED', 'timestamp.malformed']);
  });

  test('with an extension that is not critical', () => {
    expect(said(stamp({ extensions: [ext.raw('1.2.3', false, Buffer.from([5, 0]))] }))).toEqual(PASSED);
  });

  test('with two signers is malformed', () => {
    const info = Buffer.from('30', 'hex');
    const two = signedData({
      content: info,
      contentType: oids.tstInfo,
      signers: [{ party: tsa }, { party: tsa }],
    });
    expect(said(two)).toEqual(['TOTAL_FAILED', 'timestamp.malformed']);
  });

  test('that does not bind its certificate', () => {
    expect(said(stamp({ attributes: (honest) => honest.slice(0, 2) }))).toEqual([
      'INDETERMINATE',
      'timestamp.signing-certificate-missing',
    ]);
  });

  test('without signed attributes', () => {
    const [indication, ...codes] = said(stamp({ attributes: null }));
    expect(indication).toBe('TOTAL_FAILED');
    expect(codes).toContain('cms.content-type-missing');
  });

  test('that names the signing certificate of somebody else', () => {
    expect(said(stamp({ authority: { ...tsa, key: keyOf('p256', 'tsa thief') } }))).toEqual([
      'TOTAL_FAILED',
      'cms.signature-wrong',
    ]);
  });
});

describe('the authority', () => {
  test.each([
    ['without the time-stamping usage', { extensions: [ext.keyUsage(0)] }],
    ['with the usage not critical', { extensions: [ext.purposes(false, STAMPING)] }],
    ['with another usage beside it', { extensions: [ext.purposes(true, STAMPING, '1.3.6.1.5.5.7.3.4')] }],
  ])('%s', (_, request) => {
    expect(said(stamp({ authority: authority('TSA sai', request) }))).toEqual([
      'INDETERMINATE',
      'timestamp.usage',
    ]);
  });

  test('that nobody trusts', () => {
    const own = rootAuthority(NOW, 'Tự lập');
    const rogue = authority('TSA tự lập', { issuer: own });
    expect(said(stamp({ authority: rogue, certificates: [rogue.certificate, own.certificate] }))).toEqual([
      'INDETERMINATE',
      'path.no-chain',
    ]);
  });

  test('that is expired now cannot vouch for its own tokens, unless a later one covers them', () => {
    const old = authority('TSA cũ', { notAfter: NOW - DAY / 2 });
    expect(said(stamp({ authority: old }))[0]).toBe('INDETERMINATE');
    expect(said(stamp({ authority: old }), context(), { provenAt: NOW - DAY / 2 - 1_000 })).toEqual([
      'TOTAL_PASSED',
      'revocation.only-after-expiry',
    ]);
  });

  const revoked = (reason: number | undefined, at: number) => [
    { party: tsa, at, ...(reason === undefined ? {} : { reason }) },
  ];

  test('revoked for a stated harmless reason after the token’s time: the token stands', () => {
    expect(said(stamp(), context(revoked(5, NOW - DAY / 2)))).toEqual([
      'TOTAL_PASSED',
      'timestamp.authority-revoked-later',
    ]);
  });

  test.each([
    ['for a compromised key', revoked(1, NOW - DAY / 2)],
    ['without a reason', revoked(undefined, NOW - DAY / 2)],
    ['before the token’s time', revoked(5, NOW - 2 * DAY)],
  ])('revoked %s: it proves nothing', (_, entries) => {
    expect(said(stamp(), context(entries))).toEqual(['INDETERMINATE', 'revocation.revoked']);
  });
});

describe('time-stamps of signatures', () => {
  const content = Buffer.from('văn bản');
  const signer = certify(NOW, { subject: 'Người ký', issuer: root, notBefore: NOW - 2 * YEAR });
  const withToken =
    (time: number, party: Party = tsa, type: string = SIGNATURE_TIMESTAMP) =>
    (signature: Buffer) => [attribute(type, token({ authority: party, stamped: signature, time }))];
  const cms = (one: Partial<SignerRequest> = {}, more: Partial<CmsRequest> = {}) =>
    signedData({ content, signers: [{ party: signer, ...one }], ...more });
  const report = (bytes: Buffer, ctx = context()) => verifyCms(bytes, 'attached', ctx)[0]!;
  const codes = (bytes: Buffer, ctx = context()) => {
    const { indication, baseline, errors, warnings } = report(bytes, ctx);
    return [indication, baseline, ...errors, ...warnings];
  };

  test('raise the level to T and prove the time', () => {
    expect(report(cms({ unsigned: withToken(NOW - DAY) }))).toMatchObject({
      indication: 'TOTAL_PASSED',
      baseline: 'B-T',
      bestSignatureTime: '2026-03-15T02:00:00.000Z',
      timestamps: [{ kind: 'signature', indication: 'TOTAL_PASSED' }],
    });
  });

  test('that are not accepted leave level B and prove nothing', () => {
    const rogue = authority('TSA lạ', { issuer: rootAuthority(NOW, 'Gốc lạ') });
    expect(codes(cms({ unsigned: withToken(NOW - DAY, rogue) }))).toEqual([
      'TOTAL_PASSED',
      'B-B',
      'timestamp.not-accepted',
    ]);
    expect(codes(cms({ unsigned: () => [attribute(SIGNATURE_TIMESTAMP, der.sequence())] }))).toEqual([
      'TOTAL_PASSED',
      'B-B',
      'timestamp.not-accepted',
    ]);
  });

  test('the strict policy demands an accepted one', () => {
    expect(codes(cms(), context([], 'strict'))).toContain('policy.timestamp-demanded');
    expect(codes(cms({ unsigned: withToken(NOW - DAY) }), context([], 'strict'))[0]).toBe('TOTAL_PASSED');
  });

  test('rescue a signature made before its certificate was revoked, and none made after', () => {
    const revoked = [{ party: signer, at: NOW - 2 * DAY, reason: 1 }];
    expect(codes(cms(), context(revoked))).toEqual(['INDETERMINATE', 'B-B', 'revocation.revoked']);
    expect(codes(cms({ unsigned: withToken(NOW - 3 * DAY) }), context(revoked))).toEqual([
      'TOTAL_PASSED',
      'B-T',
      'revocation.revoked-later',
    ]);
    expect(codes(cms({ unsigned: withToken(NOW - DAY) }), context(revoked))).toEqual([
      'INDETERMINATE',
      'B-T',
      'revocation.revoked',
    ]);
  });

  test('a claimed signing time rescues nothing', () => {
    const revoked = [{ party: signer, at: NOW - 2 * DAY, reason: 1 }];
    const claimed = (honest: Buffer[]) => [...honest, attribute(oids.signingTime, der.time(NOW - 9 * DAY))];
    expect(codes(cms({ attributes: claimed }), context(revoked))[0]).toBe('INDETERMINATE');
  });

  test('of several the earliest accepted one counts', () => {
    const several = (signature: Buffer) => [
      attribute(
        SIGNATURE_TIMESTAMP,
        token({ authority: tsa, stamped: signature, time: NOW - DAY }),
        token({ authority: tsa, stamped: signature, time: NOW - 5 * DAY }),
        token({ authority: tsa, stamped: Buffer.from('khác'), time: NOW - 9 * DAY }),
      ),
    ];
    expect(report(cms({ unsigned: several })).bestSignatureTime).toBe('2026-03-11T02:00:00.000Z');
  });

  test('more than a few are not looked at', () => {
    const many = (signature: Buffer) => [
      attribute(
        SIGNATURE_TIMESTAMP,
        ...Array.from({ length: 20 }, (_, i) =>
          token({ authority: tsa, stamped: signature, time: NOW - i * 1_000 }),
        ),
      ),
    ];
    const { timestamps, warnings } = report(cms({ unsigned: many }));
    expect(timestamps).toHaveLength(8);
    expect(warnings).toContain('timestamp.too-many');
  });

  test('a token of the content among the signed attributes says when the signature did not exist yet', () => {
    const early = (time: number) => (honest: Buffer[]) => [
      ...honest,
      attribute(CONTENT_TIMESTAMP, token({ authority: tsa, stamped: content, time })),
    ];
    expect(codes(cms({ attributes: early(NOW - DAY) }))).toEqual(['TOTAL_PASSED', 'B-B']);
    const revoked = [{ party: signer, at: NOW - 2 * DAY, reason: 1 }];
    expect(codes(cms({ attributes: early(NOW - DAY) }), context(revoked))).toContain(
      'revocation.revoked-when-signed',
    );
    expect(report(cms({ attributes: early(NOW - DAY) }), context(revoked)).subIndication).toBe('REVOKED');
    expect(codes(cms({ attributes: early(NOW - DAY), unsigned: withToken(NOW - 3 * DAY) }))).toContain(
      'timestamp.order',
    );
  });

  test('a content time-stamp after the certificate’s end: expired when signed', () => {
    const old = certify(NOW, { subject: 'Hết hạn', issuer: root, notAfter: NOW - 5 * DAY });
    const early = (honest: Buffer[]) => [
      ...honest,
      attribute(CONTENT_TIMESTAMP, token({ authority: tsa, stamped: content, time: NOW - DAY })),
    ];
    expect(report(cms({ party: old, attributes: early }))).toMatchObject({
      indication: 'TOTAL_FAILED',
      subIndication: 'EXPIRED',
    });
  });

  test('a signature time-stamp among the signed attributes, or the other way round, is none', () => {
    expect(report(cms({ unsigned: withToken(NOW - DAY, tsa, CONTENT_TIMESTAMP) })).timestamps).toEqual([]);
  });

  test('a claimed time that differs from the proven one is told; seven hours off, too', () => {
    const claimed = (time: number) => (honest: Buffer[]) => [
      ...honest,
      attribute(oids.signingTime, der.time(time)),
    ];
    const judged = (time: number) =>
      codes(cms({ attributes: claimed(time), unsigned: withToken(NOW - DAY) })).slice(2);
    expect(judged(NOW - DAY - 30_000)).toEqual([]);
    expect(judged(NOW - 2 * DAY)).toEqual(['cms.signing-time-differs']);
    expect(judged(NOW - DAY + 7 * 3_600_000)).toEqual(['cms.signing-time-offset']);
  });

  test('the level is LT only with revocation data that the issuer signed', () => {
    const level = (revocation: Buffer[]) =>
      report(cms({ unsigned: withToken(NOW - DAY) }, { revocation })).baseline;
    const impostor = { ...root, key: keyOf('p256', 'lt impostor') };
    const answer = (responder: Party) =>
      der.implicit(
        1,
        der.sequence(
          der.oid('1.3.6.1.5.5.7.16.2'),
          ocspResponse({ target: signer, issuer: root, signer: responder, thisUpdate: NOW - 60_000 }),
        ),
      );
    expect(level([])).toBe('B-T');
    expect(level([revocationList({ issuer: root, thisUpdate: NOW - 60_000 })])).toBe('B-LT');
    expect(level([revocationList({ issuer: impostor, thisUpdate: NOW - 60_000 })])).toBe('B-T');
    expect(level([answer(root)])).toBe('B-LT');
    expect(level([answer(impostor)])).toBe('B-T');
  });
});
