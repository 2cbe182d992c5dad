import { describe, expect, test } from '@jest/globals';
import { oids } from '../../src/signing/index.ts';
import { verifyCms } from '../../src/verification/cms/verify-cms.ts';
import { codeMeanings } from '../../src/verification/codes.ts';
import type { VerificationContext } from '../../src/verification/context.ts';
import { policyFromFile, policyNamed } from '../../src/verification/policy.ts';
import { trustStore } from '../../src/verification/trust-store.ts';
import { archived, signatureStamp } from '../builders/forged-archive.ts';
import { attribute, type CmsRequest, type SignerRequest, signedData, token } from '../builders/forged-cms.ts';
import { certify, DAY, ext, keyOf, type Party, rootAuthority, YEAR } from '../builders/forged-pki.ts';
import { type CrlEntry, revocationList } from '../builders/forged-revocation.ts';
import { TEST_NOW as NOW } from '../builders/pki.ts';

const STAMPING = '1.3.6.1.5.5.7.3.8';
const CONTENT_TIMESTAMP = '1.2.840.113549.1.9.16.2.20';
const content = Buffer.from('Kính gửi Văn phòng Chính phủ');

const root = rootAuthority(NOW, 'Gốc EN 319 102');
const authority = (subject: string, extensions = [ext.ca(), ext.keyUsage(5, 6)]) =>
  certify(NOW, { subject, issuer: root, extensions, notBefore: NOW - 5 * YEAR, notAfter: NOW + 5 * YEAR });
const ca = authority('CA EN 319 102');
const tsa = certify(NOW, {
  subject: 'TSA EN 319 102',
  issuer: root,
  extensions: [ext.keyUsage(0), ext.purposes(true, STAMPING)],
  notBefore: NOW - 4 * YEAR,
});
const person = (more: Partial<Parameters<typeof certify>[1]> = {}) =>
  certify(NOW, { subject: 'Người ký EN 319 102', issuer: ca, notBefore: NOW - 3 * YEAR, ...more });
const signer = person();
const ended = person({ subject: 'Đã hết hạn', notAfter: NOW - 10 * DAY });

interface Situation {
  party?: Party;
  signer?: Partial<SignerRequest>;
  cms?: Partial<CmsRequest>;
  /** Times of a signature time-stamp and of a content time-stamp. */
  stampedAt?: number;
  contentStampedAt?: number;
  revoked?: readonly CrlEntry[];
  caRevoked?: readonly CrlEntry[];
  /** Issue of the CRL of the CA; null: there is none. */
  crlAt?: number | null;
  /** The signature carries the CRL of the CA, and an archive time-stamp of this time over all of it. */
  carriedBefore?: number;
  policy?: string;
  middle?: readonly Party[];
}

function contextOf(one: Situation): VerificationContext {
  const { crlAt = NOW - 3_600_000, policy = 'lab', middle = [ca] } = one;
  const crls = [
    revocationList({ issuer: root, thisUpdate: NOW - 3_600_000, entries: one.caRevoked ?? [] }),
    ...(crlAt === null
      ? []
      : [
          revocationList({
            issuer: ca,
            thisUpdate: crlAt,
            nextUpdate: NOW + DAY,
            entries: one.revoked ?? [],
          }),
        ]),
  ];
  return {
    trust: trustStore({
      anchors: [root.certificate],
      intermediates: middle.map(({ certificate }) => certificate),
      crls,
    }),
    policy: policy.startsWith('{') ? policyFromFile(policy) : policyNamed(policy),
    at: NOW,
    revocation: 'required',
  };
}

function said(one: Situation): string {
  const { party = signer, stampedAt, contentStampedAt } = one;
  const early =
    contentStampedAt === undefined
      ? []
      : [attribute(CONTENT_TIMESTAMP, token({ authority: tsa, stamped: content, time: contentStampedAt }))];
  const unsigned =
    stampedAt === undefined ? () => [] : (signature: Buffer) => signatureStamp(tsa, stampedAt)(signature);
  const request: CmsRequest = {
    content,
    signers: [
      {
        party,
        attributes: (honest) => [...honest, ...early],
        ...(stampedAt === undefined ? {} : { unsigned }),
        ...one.signer,
      },
    ],
    ...one.cms,
  };
  const carried = revocationList({ issuer: ca, thisUpdate: NOW - 2.8 * DAY, nextUpdate: NOW + DAY });
  const bytes =
    one.carriedBefore === undefined
      ? signedData(request)
      : archived({ ...request, revocation: [carried] }, unsigned, [
          { authority: tsa, time: one.carriedBefore },
        ]);
  const [report] = verifyCms(bytes, 'attached', contextOf(one));
  return report?.subIndication ?? report?.indication ?? 'none';
}

const notInForce = JSON.stringify({
  name: 'chua-co-hieu-luc',
  base: 'lab',
  title: 'Chưa có hiệu lực',
  validFrom: new Date(NOW + DAY).toISOString().slice(0, 10),
  validUntil: null,
  source: 'house rule of this test',
  rules: {},
});

const revokedAt = (at: number): CrlEntry[] => [{ party: signer, at, reason: 1 }];
const notCa = authority('Không phải CA', [ext.keyUsage(5, 6)]);

/** One situation for each sub-indication that the standard knows and that a signature can come to (table 6). */
const SITUATIONS: Readonly<Record<string, Situation>> = {
  TOTAL_PASSED: {},
  FORMAT_FAILURE: { signer: { attributes: (honest) => honest.slice(0, 1) } },
  HASH_FAILURE: {
    signer: {
      attributes: (honest) => [
        honest[0]!,
        attribute(oids.messageDigest, Buffer.concat([Buffer.from([4, 32]), Buffer.alloc(32)])),
        ...honest.slice(2),
      ],
    },
  },
  SIG_CRYPTO_FAILURE: { signer: { party: { ...signer, key: keyOf('p256', 'kẻ gian') } } },
  REVOKED: { revoked: revokedAt(NOW - 2 * DAY), contentStampedAt: NOW - DAY },
  EXPIRED: { party: ended, contentStampedAt: NOW - DAY },
  NOT_YET_VALID: { stampedAt: NOW - 3.5 * YEAR },
  SIG_CONSTRAINTS_FAILURE: { policy: 'strict' },
  CHAIN_CONSTRAINTS_FAILURE: {
    party: person({
      subject: 'Máy chủ',
      extensions: [ext.keyUsage(0), ext.purposes(false, '1.3.6.1.5.5.7.3.1')],
    }),
  },
  CERTIFICATE_CHAIN_GENERAL_FAILURE: {
    party: person({ subject: 'Dưới giả CA', issuer: notCa }),
    middle: [notCa],
  },
  CRYPTO_CONSTRAINTS_FAILURE: { signer: { digest: 'sha1' } },
  CRYPTO_CONSTRAINTS_FAILURE_NO_POE: { signer: { digest: 'sha224' } },
  POLICY_PROCESSING_ERROR: { policy: notInForce },
  TIMESTAMP_ORDER_FAILURE: { contentStampedAt: NOW - DAY, stampedAt: NOW - 2 * DAY },
  NO_SIGNING_CERTIFICATE_FOUND: { cms: { certificates: [] } },
  NO_CERTIFICATE_CHAIN_FOUND: { middle: [] },
  REVOKED_NO_POE: { revoked: revokedAt(NOW - 2 * DAY) },
  REVOKED_CA_NO_POE: { caRevoked: [{ party: ca, at: NOW - 2 * DAY, reason: 1 }] },
  OUT_OF_BOUNDS_NO_POE: { party: ended },
  OUT_OF_BOUNDS_NOT_REVOKED: { party: ended, crlAt: NOW - 11 * DAY },
  REVOCATION_OUT_OF_BOUNDS_NO_POE: { party: ended, stampedAt: NOW - 20 * DAY, policy: 'strict' },
  TRY_LATER: { crlAt: null },
  SIGNED_DATA_NOT_FOUND: { cms: { detached: true } },
};

describe('EN 319 102-1: every sub-indication has its situation', () => {
  test.each(Object.entries(SITUATIONS))('%s', (name, situation) => {
    expect(said(situation)).toBe(name);
  });

  test('and none that a code can give is left out', () => {
    const given = new Set(
      Object.values(codeMeanings).map(({ subIndication }) => subIndication ?? 'TOTAL_PASSED'),
    );
    expect([...given].sort()).toEqual(Object.keys(SITUATIONS).sort());
  });
});

describe('EN 319 102-1 §5.5, §5.6: a time-stamp from before saves what nothing else could', () => {
  test.each<[string, Situation]>([
    ['REVOKED_NO_POE', { stampedAt: NOW - 3 * DAY }],
    ['REVOKED_CA_NO_POE', { stampedAt: NOW - 3 * DAY, carriedBefore: NOW - 2.5 * DAY }],
    ['OUT_OF_BOUNDS_NO_POE', { stampedAt: NOW - 20 * DAY }],
    ['OUT_OF_BOUNDS_NOT_REVOKED', { stampedAt: NOW - 20 * DAY }],
    ['CRYPTO_CONSTRAINTS_FAILURE_NO_POE', { stampedAt: NOW - YEAR }],
  ])('%s', (name, proof) => {
    expect(said({ ...SITUATIONS[name], ...proof })).toBe('TOTAL_PASSED');
  });

  test.each<[string, Situation]>([
    ['REVOKED_NO_POE', { stampedAt: NOW - DAY }],
    ['REVOKED_CA_NO_POE', { stampedAt: NOW - DAY }],
    ['REVOKED_CA_NO_POE', { stampedAt: NOW - 3 * DAY }],
    ['REVOKED_CA_NO_POE', { stampedAt: NOW - 3 * DAY, carriedBefore: NOW - DAY }],
    ['OUT_OF_BOUNDS_NO_POE', { stampedAt: NOW - 9 * DAY }],
    ['CRYPTO_CONSTRAINTS_FAILURE_NO_POE', { stampedAt: NOW - DAY }],
  ])('%s stays with a time-stamp from after', (name, proof) => {
    expect(said({ ...SITUATIONS[name], ...proof })).toBe(name);
  });

  test.each(['REVOKED', 'EXPIRED', 'HASH_FAILURE', 'SIG_CRYPTO_FAILURE', 'CRYPTO_CONSTRAINTS_FAILURE'])(
    '%s is not to be saved',
    (name) => {
      expect(said({ ...SITUATIONS[name], stampedAt: NOW - DAY / 2 })).toBe(name);
    },
  );
});
