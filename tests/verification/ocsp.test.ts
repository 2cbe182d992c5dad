import { describe, expect, test } from '@jest/globals';
import { der } from '../../src/signing/index.ts';
import { readOcsp } from '../../src/verification/ocsp.ts';
import { judgePath, type PathOptions } from '../../src/verification/path.ts';
import { policyNamed } from '../../src/verification/policy.ts';
import { trustStore } from '../../src/verification/trust-store.ts';
import {
  certify,
  DAY,
  ext,
  extension,
  keyOf,
  type Party,
  rootAuthority,
  YEAR,
} from '../builders/forged-pki.ts';
import { type OcspRequest, ocspResponse, revocationList } from '../builders/forged-revocation.ts';
import { TEST_NOW as NOW } from '../builders/pki.ts';

const HOUR = 3_600_000;
const OCSP_SIGNING = '1.3.6.1.5.5.7.3.9';
const root = rootAuthority(NOW, 'Gốc OCSP');
const signer = certify(NOW, { subject: 'Người ký', issuer: root });
const responder = (subject: string, more: Buffer[] = [ext.noCheck()], issuer: Party = root) =>
  certify(NOW, {
    subject,
    issuer,
    extensions: [ext.keyUsage(0), ext.purposes(false, OCSP_SIGNING), ...more],
  });
const good = responder('OCSP');

function said(answers: readonly Buffer[], crls: readonly Buffer[] = [], options: PathOptions = {}) {
  const verdict = judgePath(
    signer.certificate,
    {
      trust: trustStore({ anchors: [root.certificate], crls, ocsps: answers }),
      policy: policyNamed('cong-vu'),
      at: NOW,
      revocation: 'required',
    },
    options,
  );
  return [verdict.indication, ...verdict.errors, ...verdict.warnings];
}

/** An answer of the delegated responder, its certificate inside. */
const answer = (request: Partial<OcspRequest> = {}) =>
  ocspResponse({
    target: signer,
    issuer: root,
    signer: good,
    thisUpdate: NOW - HOUR,
    certificates: [(request.signer ?? good).certificate],
    ...request,
  });
const unknown = (...codes: string[]) => ['INDETERMINATE', ...codes];
const PASSED = ['TOTAL_PASSED'];
const NOT_AUTHORISED = unknown('revocation.responder-not-authorised');

describe('answers', () => {
  test('good, by the authority itself or by its responder, named by name or by key, with a nonce or without', () => {
    expect(said([answer({ signer: root, certificates: [] })])).toEqual(PASSED);
    expect(said([answer()])).toEqual(PASSED);
    expect(said([answer({ byKey: true })])).toEqual(PASSED);
    expect(said([answer({ nonce: Buffer.from('nonce') })])).toEqual(PASSED);
  });

  test('revoked: at which time matters only beside a proven one', () => {
    const revoked = answer({ status: { revokedAt: NOW - DAY, reason: 1 } });
    expect(said([revoked])).toEqual(unknown('revocation.revoked'));
    expect(said([revoked], [], { provenAt: NOW - 2 * DAY })).toEqual([
      'TOTAL_PASSED',
      'revocation.revoked-later',
    ]);
  });

  test('unknown is not good', () => {
    expect(said([answer({ status: 'unknown' })])).toEqual(unknown('revocation.status-unknown'));
  });

  test('one revocation outweighs any number of good answers', () => {
    const crl = revocationList({
      issuer: root,
      thisUpdate: NOW - DAY,
      entries: [{ party: signer, at: NOW - 2 * DAY }],
    });
    expect(said([answer()], [crl])).toEqual(unknown('revocation.revoked'));
    const clean = revocationList({ issuer: root, thisUpdate: NOW - HOUR });
    expect(said([answer({ status: { revokedAt: NOW - DAY } }), answer()], [clean])).toEqual(
      unknown('revocation.revoked'),
    );
  });

  test('a current list answers where the response does not', () => {
    const clean = revocationList({ issuer: root, thisUpdate: NOW - HOUR });
    expect(said([answer({ status: 'unknown' })], [clean])).toEqual(PASSED);
  });

  test('stale or from the future: no answer', () => {
    expect(said([answer({ thisUpdate: NOW - 3 * DAY })])).toEqual(unknown('revocation.stale'));
    expect(said([answer({ thisUpdate: NOW + DAY })])).toEqual(unknown('revocation.stale'));
    expect(said([answer({ thisUpdate: NOW - 8 * DAY, nextUpdate: null })])).toEqual(
      unknown('revocation.stale'),
    );
  });
});

describe('whom an answer is about', () => {
  test('another number', () => {
    expect(said([answer({ number: der.integer(42) })])).toEqual(unknown('revocation.missing'));
  });

  test('the same number of another authority', () => {
    const other = rootAuthority(NOW, 'Gốc khác');
    const twin = certify(NOW, {
      subject: 'Trùng số',
      issuer: other,
      number: BigInt(`0x${signer.number.subarray(2).toString('hex')}`),
    });
    expect(said([answer({ target: twin, issuer: other })])).toEqual(unknown('revocation.missing'));
  });

  test('an authority of the same name with another key', () => {
    const impostor = {
      ...root,
      keyBits: certify(NOW, { subject: 'Gốc OCSP', key: keyOf('p256', 'ocsp impostor') }).keyBits,
    };
    expect(said([answer({ issuer: impostor })])).toEqual(unknown('revocation.missing'));
  });
});

describe('responders', () => {
  test('without the OCSP usage they answer nothing', () => {
    const plain = certify(NOW, { subject: 'Người thường', issuer: root });
    expect(said([answer({ signer: plain })])).toEqual(NOT_AUTHORISED);
  });

  test('the certificate in question cannot answer for itself', () => {
    expect(said([answer({ signer })])).toEqual(NOT_AUTHORISED);
  });

  test('certified by another authority, even a trusted one, they answer nothing', () => {
    const other = rootAuthority(NOW, 'Gốc lạ');
    expect(said([answer({ signer: responder('OCSP lạ', [ext.noCheck()], other) })])).toEqual(NOT_AUTHORISED);
  });

  test('self-signed they answer nothing', () => {
    const own = certify(NOW, {
      subject: 'Tự phong',
      extensions: [ext.purposes(false, OCSP_SIGNING), ext.noCheck()],
    });
    expect(said([answer({ signer: own })])).toEqual(NOT_AUTHORISED);
  });

  test('whose certificate is not there cannot be asked', () => {
    expect(said([answer({ certificates: [] })])).toEqual(NOT_AUTHORISED);
  });

  test('another key than the certificate’s', () => {
    const impostor = { ...good, key: keyOf('p256', 'ocsp forger') };
    expect(said([answer({ signer: impostor, certificates: [good.certificate] })])).toEqual(
      unknown('revocation.signature-wrong'),
    );
  });

  test('expired when they answered', () => {
    const old = certify(NOW, {
      subject: 'OCSP cũ',
      issuer: root,
      notBefore: NOW - 2 * YEAR,
      notAfter: NOW - YEAR,
      extensions: [ext.purposes(false, OCSP_SIGNING), ext.noCheck()],
    });
    expect(said([answer({ signer: old })])).toEqual(NOT_AUTHORISED);
  });

  test('with a weak key, for other uses only, or with a critical extension that nobody knows', () => {
    const purposes = ext.purposes(false, OCSP_SIGNING);
    const weak = certify(NOW, {
      subject: 'OCSP yếu',
      issuer: root,
      key: keyOf('rsa-1024', 'ocsp'),
      extensions: [purposes, ext.noCheck()],
    });
    const encrypting = certify(NOW, {
      subject: 'OCSP mã hóa',
      issuer: root,
      extensions: [purposes, ext.noCheck(), ext.keyUsage(2)],
    });
    const strange = responder('OCSP khác thường', [
      ext.noCheck(),
      ext.raw('1.2.3', true, Buffer.from([5, 0])),
    ]);
    for (const one of [weak, encrypting, strange])
      expect(said([answer({ signer: one })])).toEqual(NOT_AUTHORISED);
  });

  test('that must be asked about themselves count only when they are not revoked', () => {
    const asked = responder('OCSP phải hỏi', []);
    const crl = (...revoked: Party[]) =>
      revocationList({
        issuer: root,
        thisUpdate: NOW - HOUR,
        scope: der.sequence(),
        entries: revoked.map((party) => ({ party, at: NOW - DAY })),
      });
    expect(said([answer({ signer: asked })])).toEqual(NOT_AUTHORISED);
    const about = said([answer({ signer: asked, status: { revokedAt: NOW - DAY } })], [crl()]);
    expect(about).toEqual(unknown('revocation.revoked'));
    expect(said([answer({ signer: asked, status: { revokedAt: NOW - DAY } })], [crl(asked)])).toEqual(PASSED);
  });

  test('an answer signed with SHA-1 proves nothing', () => {
    expect(said([answer({ digest: 'sha1' })])).toEqual(unknown('revocation.weak-signature'));
  });
});

describe('what is no answer', () => {
  test.each([
    ['a refusal (tryLater)', der.sequence(der.enumerated(3))],
    [
      'another type of answer',
      der.sequence(
        der.enumerated(0),
        der.explicit(0, der.sequence(der.oid('1.2.3'), der.octetString(Buffer.alloc(2)))),
      ),
    ],
    ['nothing', Buffer.alloc(0)],
    ['a cut-off answer', answer().subarray(0, -1)],
  ])('%s', (_, bytes) => {
    expect(() => readOcsp(bytes)).toThrow(
      expect.objectContaining({ code: 'verification.not-an-ocsp-response' }),
    );
  });
});

describe('an answer that was made after the certificate had ended (RFC 6960 §4.4.4)', () => {
  const endedAt = NOW - 10 * DAY;
  const ended = certify(NOW, { subject: 'Đã hết hạn', issuer: root, notAfter: endedAt });
  const codes = (request: Partial<OcspRequest>, policy = 'cong-vu') => {
    const { errors, warnings } = judgePath(
      ended.certificate,
      {
        trust: trustStore({
          anchors: [root.certificate],
          ocsps: [answer({ target: ended, ...request })],
        }),
        policy: policyNamed(policy),
        at: NOW,
        revocation: 'required',
      },
      { provenAt: NOW - 20 * DAY },
    );
    return [...errors, ...warnings];
  };

  test('may have forgotten it, unless its archive cutoff says that it has not', () => {
    expect(codes({})).toEqual(['revocation.only-after-expiry']);
    expect(codes({ keptSince: endedAt })).toEqual([]);
    expect(codes({ keptSince: endedAt - YEAR })).toEqual([]);
    expect(codes({ keptSince: endedAt + DAY })).toEqual(['revocation.only-after-expiry']);
  });

  test('is refused by the strict policy, unless the archive cutoff says so', () => {
    expect(codes({}, 'strict')).toEqual(['revocation.issued-after-expiry']);
    expect(codes({ keptSince: endedAt }, 'strict')).toEqual([]);
  });

  test('with a critical extension that nobody knows is not used', () => {
    const strange = extension('1.3.6.1.4.1.32473.9', true, der.derNull);
    expect(codes({ more: [strange] })).toEqual(['revocation.malformed']);
    expect(
      codes({ keptSince: endedAt, more: [extension('1.3.6.1.4.1.32473.9', false, der.derNull)] }),
    ).toEqual([]);
  });
});
