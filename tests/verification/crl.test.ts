import { describe, expect, test } from '@jest/globals';
import { der } from '../../src/signing/index.ts';
import type { VerificationContext } from '../../src/verification/context.ts';
import { readCrl } from '../../src/verification/crl.ts';
import { judgePath, type PathOptions } from '../../src/verification/path.ts';
import { policyNamed } from '../../src/verification/policy.ts';
import { trustStore } from '../../src/verification/trust-store.ts';
import {
  certify,
  crlPoint,
  DAY,
  ext,
  keyOf,
  nameOf,
  type Party,
  rootAuthority,
  YEAR,
} from '../builders/forged-pki.ts';
import { type CrlRequest, crlScope, revocationList } from '../builders/forged-revocation.ts';
import { TEST_NOW as NOW } from '../builders/pki.ts';

const root = rootAuthority(NOW, 'Gốc CRL');
const ca = certify(NOW, {
  subject: 'CA CRL',
  issuer: root,
  extensions: [ext.ca(), ext.keyUsage(5, 6)],
  notBefore: NOW - 3 * YEAR,
});
const signer = certify(NOW, { subject: 'Người ký', issuer: ca });
const HOUR = 3_600_000;
const uri = 'http://crl.invalid/1.crl';

interface Setting {
  at?: number;
  policy?: string;
  revocation?: VerificationContext['revocation'];
  options?: PathOptions;
  leaf?: Party;
  others?: readonly Party[];
  anchors?: readonly Party[];
}

/** The list of the root, which is always good. */
const rootList = () => revocationList({ issuer: root, thisUpdate: NOW - HOUR });

function said(lists: readonly Buffer[], setting: Setting = {}) {
  const { at = NOW, leaf = signer, others = [], anchors = [root] } = setting;
  const verdict = judgePath(
    leaf.certificate,
    {
      trust: trustStore({
        anchors: anchors.map((one) => one.certificate),
        intermediates: [ca, ...others].map((one) => one.certificate),
        crls: [rootList(), ...lists],
      }),
      policy: policyNamed(setting.policy ?? 'cong-vu'),
      at,
      revocation: setting.revocation ?? 'required',
    },
    setting.options,
  );
  return [verdict.indication, ...verdict.errors, ...verdict.warnings];
}

const list = (request: Partial<CrlRequest> = {}) =>
  revocationList({ issuer: ca, thisUpdate: NOW - HOUR, ...request });
const unknown = (...codes: string[]) => ['INDETERMINATE', ...codes];
const PASSED = ['TOTAL_PASSED'];

describe('a current list', () => {
  test('without the certificate: it is good', () => expect(said([list()])).toEqual(PASSED));

  test('with it: revoked, from which day on does not matter as long as no time is proven', () => {
    const revoked = list({ entries: [{ party: signer, at: NOW - DAY, reason: 1 }] });
    expect(said([revoked])).toEqual(unknown('revocation.revoked'));
    expect(said([revoked], { options: { provenAt: NOW - 2 * DAY } })).toEqual([
      'TOTAL_PASSED',
      'revocation.revoked-later',
    ]);
    expect(said([revoked], { options: { provenAt: NOW - DAY } })).toEqual(unknown('revocation.revoked'));
  });

  test('with another certificate of the same authority: good', () => {
    const other = certify(NOW, { subject: 'Người khác', issuer: ca });
    expect(said([list({ entries: [{ party: other, at: NOW - DAY }] })])).toEqual(PASSED);
  });

  test('a hold is told apart, and an old hold decides nothing', () => {
    const hold = { entries: [{ party: signer, at: NOW - DAY, reason: 6 }] };
    expect(said([list(hold)])).toEqual(unknown('revocation.on-hold'));
    const old = list({ ...hold, thisUpdate: NOW - 20 * DAY });
    expect(said([old, list()])).toEqual(PASSED);
  });

  test('the authority itself may be revoked', () => {
    const lists = [
      revocationList({ issuer: root, thisUpdate: NOW - HOUR, entries: [{ party: ca, at: NOW - DAY }] }),
    ];
    expect(said([list(), ...lists])).toEqual(unknown('revocation.ca-revoked'));
  });

  test('the earliest of several entries counts', () => {
    const twice = list({
      entries: [
        { party: signer, at: NOW - DAY, reason: 1 },
        { party: signer, at: NOW - 9 * DAY, reason: 1 },
      ],
    });
    expect(said([twice], { options: { provenAt: NOW - 2 * DAY } })).toEqual(unknown('revocation.revoked'));
  });

  test('a key that was suspect before its revocation counts as revoked from then on', () => {
    const suspect = ext.raw('2.5.29.24', false, der.generalizedTime(NOW - 9 * DAY));
    const revoked = list({ entries: [{ party: signer, at: NOW - DAY, reason: 1, more: [suspect] }] });
    expect(said([revoked], { options: { provenAt: NOW - 2 * DAY } })).toEqual(unknown('revocation.revoked'));
    expect(said([revoked], { options: { provenAt: NOW - 10 * DAY } })).toEqual([
      'TOTAL_PASSED',
      'revocation.revoked-later',
    ]);
  });

  test('a number written with leading zeros, which would hide it, spoils the list', () => {
    const padded = der.tlv(0x02, Buffer.concat([Buffer.alloc(1), signer.number.subarray(2)]));
    expect(said([list({ entries: [{ party: { number: padded }, at: NOW - DAY }] })])).toEqual(
      unknown('revocation.malformed'),
    );
  });

  test('an entry with a critical extension that nobody knows proves nothing', () => {
    const strange = ext.raw('1.2.3.4', true, Buffer.from([5, 0]));
    expect(said([list({ entries: [{ party: signer, at: NOW - DAY, more: [strange] }] })])).toEqual(
      unknown('revocation.crl-extension-unsupported'),
    );
  });
});

describe('freshness', () => {
  test('no list: nobody knows, unless nobody has to', () => {
    expect(said([])).toEqual(unknown('revocation.missing'));
    expect(said([], { revocation: 'if-available' })).toEqual(['TOTAL_PASSED', 'revocation.not-available']);
    expect(said([], { revocation: 'none' })).toEqual(['TOTAL_PASSED', 'revocation.not-checked']);
  });

  test('a stale list is no answer, even where answers are optional', () => {
    const stale = list({ thisUpdate: NOW - 8 * DAY });
    expect(said([stale])).toEqual(unknown('revocation.stale'));
    expect(said([stale], { revocation: 'if-available' })).toEqual(unknown('revocation.stale'));
    expect(said([stale], { options: { provenAt: NOW - 3 * DAY } })).toEqual(PASSED);
  });

  test('a stale list still proves a revocation', () => {
    const stale = list({ thisUpdate: NOW - 90 * DAY, entries: [{ party: signer, at: NOW - 91 * DAY }] });
    expect(said([stale, list()])).toEqual(unknown('revocation.revoked'));
  });

  test('without nextUpdate a list is used for a week', () => {
    expect(said([list({ thisUpdate: NOW - 6 * DAY, nextUpdate: null })])).toEqual(PASSED);
    expect(said([list({ thisUpdate: NOW - 8 * DAY, nextUpdate: null })])).toEqual(
      unknown('revocation.stale'),
    );
  });

  test('a list from the future is no answer', () => {
    expect(said([list({ thisUpdate: NOW + DAY })])).toEqual(unknown('revocation.stale'));
    expect(said([list({ thisUpdate: NOW + 60_000 })])).toEqual(PASSED);
  });

  test('a list made after the certificate’s end may have dropped it: told, or refused by the strict policy', () => {
    const old = certify(NOW, { subject: 'Đã hết', issuer: ca, notAfter: NOW - 5 * DAY });
    const setting = { leaf: old, options: { provenAt: NOW - 10 * DAY } };
    expect(said([list()], setting)).toEqual(['TOTAL_PASSED', 'revocation.only-after-expiry']);
    expect(said([list()], { ...setting, policy: 'strict' })).toEqual(
      unknown('revocation.issued-after-expiry'),
    );
    const keeps = ext.raw('2.5.29.60', false, der.generalizedTime(NOW - 30 * DAY));
    expect(said([list({ more: [keeps] })], { ...setting, policy: 'strict' })).toEqual(PASSED);
  });
});

describe('who signs a list', () => {
  test('another key: no answer', () => {
    const impostor = { ...ca, key: keyOf('p256', 'crl impostor') };
    expect(said([list({ signer: impostor })])).toEqual(unknown('revocation.signature-wrong'));
  });

  test('a list in another authority’s name says nothing about this one’s certificates', () => {
    const other = rootAuthority(NOW, 'CA khác');
    expect(said([revocationList({ issuer: other, thisUpdate: NOW })], { anchors: [root, other] })).toEqual(
      unknown('revocation.missing'),
    );
  });

  test('an authority without cRLSign signs no lists', () => {
    const mute = certify(NOW, { subject: 'CA câm', issuer: root, extensions: [ext.ca(), ext.keyUsage(5)] });
    const leaf = certify(NOW, { subject: 'X', issuer: mute });
    expect(said([revocationList({ issuer: mute, thisUpdate: NOW })], { leaf, others: [mute] })).toEqual(
      unknown('revocation.issuer-not-authorised'),
    );
  });

  test('a separate signer of the same name must be certified below the same anchor', () => {
    const key = keyOf('p256', 'crl signer');
    const extensions = [ext.keyUsage(6)];
    const below = certify(NOW, { subject: 'CA CRL', key, issuer: root, extensions });
    expect(said([list({ signer: below })], { others: [below] })).toEqual(PASSED);
    const stranger = rootAuthority(NOW, 'Gốc lạ');
    const elsewhere = certify(NOW, { subject: 'CA CRL', key, issuer: stranger, extensions });
    const strangerList = revocationList({ issuer: stranger, thisUpdate: NOW });
    expect(
      said([list({ signer: elsewhere }), strangerList], { others: [elsewhere], anchors: [root, stranger] }),
    ).toEqual(unknown('revocation.issuer-not-authorised'));
    const forDocuments = certify(NOW, {
      subject: 'CA CRL',
      key,
      issuer: root,
      extensions: [ext.keyUsage(0)],
    });
    expect(said([list({ signer: forDocuments })], { others: [forDocuments] })).toEqual(
      unknown('revocation.issuer-not-authorised'),
    );
  });

  test('a list signed with SHA-1 proves nothing', () => {
    expect(said([list({ digest: 'sha1' })])).toEqual(unknown('revocation.weak-signature'));
  });

  test('a list with a critical extension that nobody knows is not used', () => {
    expect(said([list({ more: [ext.raw('1.2.3.4', true, Buffer.from([5, 0]))] })])).toEqual(
      unknown('revocation.crl-extension-unsupported'),
    );
  });
});

describe('delta lists', () => {
  const base = list({ number: 5 });
  const delta = (request: Partial<CrlRequest>) => list({ number: 6, deltaBase: 5, ...request });

  test('add revocations to their base', () => {
    expect(said([base, delta({ entries: [{ party: signer, at: NOW - HOUR }] })])).toEqual(
      unknown('revocation.revoked'),
    );
  });

  test('take holds away', () => {
    const held = list({ number: 5, entries: [{ party: signer, at: NOW - DAY, reason: 6 }] });
    expect(said([held, delta({ entries: [{ party: signer, at: NOW - HOUR, reason: 8 }] })])).toEqual(PASSED);
  });

  test('alone they answer nothing', () => {
    expect(said([delta({})])).toEqual(unknown('revocation.crl-delta-only'));
  });

  test('that build on a later list, or that somebody else signed, take nothing away', () => {
    const held = list({ number: 5, entries: [{ party: signer, at: NOW - DAY, reason: 6 }] });
    const entries = [{ party: signer, at: NOW - HOUR, reason: 8 }];
    const impostor = { ...ca, key: keyOf('p256', 'crl impostor') };
    expect(said([held, delta({ deltaBase: 6, number: 7, entries })])).toEqual(unknown('revocation.on-hold'));
    expect(said([held, delta({ signer: impostor, entries })])).toEqual(unknown('revocation.on-hold'));
  });
});

describe('partitioned and indirect lists', () => {
  const pointed = certify(NOW, {
    subject: 'Phân mảnh',
    issuer: ca,
    extensions: [ext.crlPoints(crlPoint({ uri }))],
  });

  test('a list for another distribution point does not answer', () => {
    expect(said([list({ scope: crlScope({ uri }) })], { leaf: pointed })).toEqual(PASSED);
    expect(said([list({ scope: crlScope({ uri: `${uri}2` }) })], { leaf: pointed })).toEqual(
      unknown('revocation.crl-out-of-scope'),
    );
    expect(said([list({ scope: crlScope({ uri }) })])).toEqual(unknown('revocation.crl-out-of-scope'));
  });

  test('a list for authorities does not answer for signers, nor the other way round', () => {
    expect(said([list({ scope: crlScope({ onlyCas: true }) })])).toEqual(
      unknown('revocation.crl-out-of-scope'),
    );
    expect(said([list({ scope: crlScope({ onlyUsers: true }) })])).toEqual(PASSED);
  });

  test('lists for some reasons answer only together', () => {
    const some = list({ scope: crlScope({ reasons: [1, 2] }) });
    const rest = list({ scope: crlScope({ reasons: [3, 4, 5, 6, 7, 8] }) });
    expect(said([some])).toEqual(unknown('revocation.missing'));
    expect(said([some, rest])).toEqual(PASSED);
  });

  describe('an indirect list', () => {
    const lister = certify(NOW, { subject: 'Đơn vị CRL', issuer: root, extensions: [ext.keyUsage(6)] });
    const leaf = certify(NOW, {
      subject: 'Gián tiếp',
      issuer: ca,
      extensions: [ext.crlPoints(crlPoint({ crlIssuer: lister.subject, uri }))],
    });
    const indirect = (request: Partial<CrlRequest> = {}) =>
      list({ issuer: lister, scope: crlScope({ indirect: true, uri }), ...request });
    const setting = { leaf, others: [lister] };

    test('answers for certificates that name its issuer', () => {
      expect(said([indirect()], setting)).toEqual(PASSED);
      expect(said([indirect()], { others: [lister] })).toEqual(unknown('revocation.missing'));
    });

    test('must say that it is indirect', () => {
      expect(said([indirect({ scope: crlScope({ uri }) })], setting)).toEqual(
        unknown('revocation.crl-out-of-scope'),
      );
    });

    test('means the entry’s own issuer, and goes on meaning it in the entries after', () => {
      const other = { number: der.integer(7) };
      const entries = [
        { party: other, at: NOW - DAY, certificateIssuer: ca.subject },
        { party: leaf, at: NOW - DAY },
      ];
      expect(said([indirect({ entries })], setting)).toEqual(unknown('revocation.revoked'));
      const elsewhere = [{ party: leaf, at: NOW - DAY, certificateIssuer: nameOf('CA nào đó') }];
      expect(said([indirect({ entries: elsewhere })], setting)).toEqual(PASSED);
      expect(said([indirect({ entries: [{ party: leaf, at: NOW - DAY }] })], setting)).toEqual(PASSED);
    });
  });
});

describe('large and broken lists', () => {
  test('every entry of a long list is found, and no other', () => {
    const entries = Array.from({ length: 5_000 }, (_, i) => ({
      party: { number: der.integer(i * 7 + 1) },
      at: NOW - DAY,
    }));
    const crl = readCrl(list({ entries }));
    const found = Array.from({ length: 35_001 }, (_, i) => i).filter(
      (i) => crl.find(der.integer(i).subarray(2), crl.issuer) !== null,
    );
    expect(found).toEqual(entries.map((_, i) => i * 7 + 1));
  });

  test.each([
    ['cut off', (crl: Buffer) => crl.subarray(0, -3)],
    ['empty', () => Buffer.alloc(0)],
    ['a certificate', () => ca.certificate],
  ])('%s it is no list', (_, change) => {
    expect(() => readCrl(change(list()))).toThrow(
      expect.objectContaining({ code: 'verification.not-a-crl' }),
    );
  });
});
