import { describe, expect, test } from '@jest/globals';
import { digestOf } from '../../src/kernel/index.ts';
import { certificateParts, der, oids } from '../../src/signing/index.ts';
import { type CmsContent, verifyCms } from '../../src/verification/cms/verify-cms.ts';
import type { VerificationContext } from '../../src/verification/context.ts';
import { policyNamed } from '../../src/verification/policy.ts';
import { trustStore } from '../../src/verification/trust-store.ts';
import {
  attribute,
  type CmsRequest,
  type SignerRequest,
  signedData,
  signingCertificate,
} from '../builders/forged-cms.ts';
import { certify, DAY, digestIdentifier, ext, keyOf, nameOf, rootAuthority } from '../builders/forged-pki.ts';
import { revocationList } from '../builders/forged-revocation.ts';
import { TEST_NOW as NOW } from '../builders/pki.ts';

const root = rootAuthority(NOW, 'Gốc CMS');
const signer = certify(NOW, {
  subject: 'Người ký',
  issuer: root,
  extensions: [ext.keyUsage(0), ext.raw('2.5.29.14', false, der.octetString(Buffer.from('key id')))],
});
const content = Buffer.from('Kính gửi Văn phòng Chính phủ');

function context(policy = 'cong-vu'): VerificationContext {
  return {
    trust: trustStore({
      anchors: [root.certificate],
      crls: [revocationList({ issuer: root, thisUpdate: NOW - 3_600_000 })],
    }),
    policy: policyNamed(policy),
    at: NOW,
    revocation: 'required',
  };
}

const cms = (one: Partial<SignerRequest> = {}, more: Partial<CmsRequest> = {}) =>
  signedData({ content, signers: [{ party: signer, ...one }], ...more });

function said(bytes: Buffer, detached: CmsContent = 'attached', policy?: string) {
  return verifyCms(bytes, detached, context(policy)).map((one) => [
    one.indication,
    ...one.errors,
    ...one.warnings,
  ]);
}
const one = (bytes: Buffer, policy?: string) => said(bytes, 'attached', policy)[0];
const PASSED = ['TOTAL_PASSED'];

describe('good signatures', () => {
  test('content inside', () => {
    const [report] = verifyCms(cms(), 'attached', context());
    expect(report).toMatchObject({
      id: '1',
      indication: 'TOTAL_PASSED',
      baseline: 'B-B',
      algorithm: 'ECDSA P-256 with SHA-256',
      signer: { commonName: 'Người ký' },
      signingTime: null,
      bestSignatureTime: '2026-03-16T02:00:00.000Z',
      errors: [],
      warnings: [],
    });
    expect(report?.chain.map(({ subject }) => subject)).toEqual(['CN=Người ký', 'CN=Gốc CMS']);
  });

  test('content beside it, in one part or in many', () => {
    const detached = cms({}, { detached: true });
    expect(said(detached, { parts: [content] })).toEqual([PASSED]);
    expect(said(detached, { parts: [content.subarray(0, 3), content.subarray(3)] })).toEqual([PASSED]);
    expect(said(detached, 'attached')).toEqual([['INDETERMINATE', 'cms.content-missing']]);
  });

  test('a signer named by key identifier', () => {
    expect(one(cms({ byKeyId: Buffer.from('key id') }))).toEqual(PASSED);
    expect(one(cms({ byKeyId: Buffer.from('another') }))).toContain('cms.certificate-not-found');
  });

  test('a certificate that only we hold', () => {
    const ctx = context();
    const bare = cms({}, { certificates: [] });
    expect(verifyCms(bare, 'attached', ctx)[0]?.errors).toEqual(['cms.certificate-not-found']);
    const trust = trustStore({
      anchors: [root.certificate],
      intermediates: [signer.certificate],
      crls: [revocationList({ issuer: root, thisUpdate: NOW })],
    });
    expect(verifyCms(bare, 'attached', { ...ctx, trust })[0]?.indication).toBe('TOTAL_PASSED');
  });

  test.each([
    ['Ed25519 with SHA-512', { key: keyOf('ed25519', 'cms') }, { digest: 'sha512' }, 'Ed25519'],
    ['RSA', { key: keyOf('rsa', 'cms') }, {}, 'RSA-2048 with SHA-256'],
    [
      'RSA named without its digest',
      { key: keyOf('rsa', 'cms') },
      { signatureAlgorithm: rsaEncryption() },
      'RSA-2048 with SHA-256',
    ],
    ['RSASSA-PSS', { key: keyOf('rsa', 'cms') }, { pssSalt: 32 }, 'RSA-PSS-2048 with SHA-256'],
  ] as const)('%s', (_, key, request, text) => {
    const party = certify(NOW, { subject: 'Ký', issuer: root, ...key });
    const [report] = verifyCms(cms({ party, ...request }), 'attached', context());
    expect([report?.indication, report?.algorithm]).toEqual(['TOTAL_PASSED', text]);
  });
});

function rsaEncryption(): Buffer {
  return der.sequence(der.oid('1.2.840.113549.1.1.1'), der.derNull);
}

describe('what was signed', () => {
  test('other content', () => {
    expect(said(cms({}, { detached: true }), { parts: [Buffer.from('Khác')] })).toEqual([
      ['TOTAL_FAILED', 'cms.message-digest-mismatch'],
    ]);
  });

  test('another signature value', () => {
    expect(one(cms({ signature: Buffer.alloc(70, 1) }))).toEqual(['TOTAL_FAILED', 'cms.signature-wrong']);
  });

  test('another key of the same name', () => {
    expect(one(cms({ party: { ...signer, key: keyOf('p256', 'thief') } }))).toEqual([
      'TOTAL_FAILED',
      'cms.signature-wrong',
    ]);
  });

  test('a forged value is found out under every algorithm that may be named', () => {
    const signatures = [
      '1.3.101.112',
      '1.2.840.10045.4.3.2',
      '1.2.840.113549.1.1.11',
      '1.2.840.113549.1.1.1',
      '1.2.3',
    ];
    const digests = ['md5', 'sha1', 'sha224', 'sha256', 'sha512'] as const;
    for (const key of [keyOf('p256', 'victim'), keyOf('rsa', 'victim'), keyOf('ed25519', 'victim')]) {
      const party = certify(NOW, { subject: 'Nạn nhân', issuer: root, key });
      for (const id of signatures)
        for (const digest of digests) {
          const forged = cms({
            party,
            digest: digest === 'md5' ? 'sha256' : digest,
            digestAlgorithm: digestIdentifier(digest),
            signatureAlgorithm: der.sequence(der.oid(id)),
            signature: Buffer.alloc(64, 3),
          });
          expect([id, digest, one(forged)?.[0]]).not.toEqual([id, digest, 'TOTAL_PASSED']);
          expect(one(forged)?.length).toBeGreaterThan(1);
        }
    }
  });

  test('an Ed25519 signature does not pass on by naming MD5 for other content', () => {
    const party = certify(NOW, { subject: 'Ed', issuer: root, key: keyOf('ed25519', 'md5') });
    const honest = cms({ party, digest: 'sha512' }, { detached: true });
    expect(said(honest, { parts: [content] })).toEqual([PASSED]);
    const rebuilt = cms(
      { party, digest: 'sha512', digestAlgorithm: digestIdentifier('md5') },
      { content: Buffer.from('Khác') },
    );
    expect(one(rebuilt)).toEqual(['INDETERMINATE', 'policy.digest-not-allowed']);
  });

  test('a signature over attributes does not pass on as one over content that looks like them', () => {
    const honest = cms();
    const attributes = der.setOf(
      attribute(oids.contentType, der.oid(oids.data)),
      attribute(oids.messageDigest, der.octetString(digestOf('sha256', content))),
      signingCertificate(signer.certificate),
    );
    expect(honest.includes(attributes.subarray(4))).toBe(true);
    const stripped = cms({ attributes: null }, { content: attributes });
    expect(one(stripped)).toEqual([
      'INDETERMINATE',
      'cms.signed-attributes-missing',
      'cms.signing-certificate-missing',
    ]);
  });

  test('weak digests prove nothing', () => {
    expect(one(cms({ digest: 'sha1' }))).toEqual(['INDETERMINATE', 'policy.digest-not-allowed']);
    const rsa = certify(NOW, { subject: 'RSA', issuer: root, key: keyOf('rsa', 'md5') });
    expect(one(cms({ party: rsa, digest: 'md5' }))).toEqual(['INDETERMINATE', 'policy.digest-not-allowed']);
    expect(one(cms({ digest: 'sha224' }))).toEqual(['INDETERMINATE', 'policy.algorithm-expired']);
  });
});

describe('signed attributes', () => {
  const without = (type: string) => (honest: Buffer[]) =>
    honest.filter((attr) => !attr.includes(der.oid(type)));
  const replaced = (type: string, fresh: Buffer[]) => (honest: Buffer[]) => [
    ...without(type)(honest),
    ...fresh,
  ];

  test.each([
    ['content-type missing', without(oids.contentType), ['TOTAL_FAILED', 'cms.content-type-missing']],
    ['message-digest missing', without(oids.messageDigest), ['TOTAL_FAILED', 'cms.message-digest-missing']],
    [
      'another content-type',
      replaced(oids.contentType, [attribute(oids.contentType, der.oid(oids.tstInfo))]),
      ['TOTAL_FAILED', 'cms.content-type-mismatch'],
    ],
    [
      'an attribute twice',
      (honest: Buffer[]) => [...honest, honest[1]!],
      ['TOTAL_FAILED', 'cms.attribute-repeated', 'cms.message-digest-missing'],
    ],
    [
      'two values in message-digest',
      replaced(oids.messageDigest, [
        attribute(
          oids.messageDigest,
          der.octetString(digestOf('sha256', content)),
          der.octetString(Buffer.alloc(32)),
        ),
      ]),
      ['TOTAL_FAILED', 'cms.attribute-repeated', 'cms.message-digest-missing'],
    ],
    [
      'no value in message-digest',
      replaced(oids.messageDigest, [attribute(oids.messageDigest)]),
      ['TOTAL_FAILED', 'cms.attribute-repeated', 'cms.message-digest-missing'],
    ],
    [
      'a signing time that is none',
      (honest: Buffer[]) => [...honest, attribute(oids.signingTime, der.tlv(0x17, Buffer.from('yesterday')))],
      ['TOTAL_FAILED', 'cms.malformed'],
    ],
  ])('%s', (_, attributes, expected) => {
    expect(one(cms({ attributes }))).toEqual(expected);
  });

  test('must stand in the order of DER', () => {
    const sorted = (honest: Buffer[]) => honest.toSorted((a, b) => Buffer.compare(a, b));
    expect(one(cms({ attributes: (honest) => sorted(honest), unsorted: true }))).toEqual(PASSED);
    expect(one(cms({ attributes: (honest) => sorted(honest).toReversed(), unsorted: true }))).toEqual([
      'TOTAL_FAILED',
      'cms.attributes-not-sorted',
    ]);
  });

  test('CMSAlgorithmProtection holds both algorithms', () => {
    const protection = (digest: Buffer, signature: string) => (honest: Buffer[]) => [
      ...honest,
      attribute(
        '1.2.840.113549.1.9.52',
        der.sequence(digest, der.implicit(1, der.sequence(der.oid(signature)))),
      ),
    ];
    const ecdsa = '1.2.840.10045.4.3.2';
    expect(one(cms({ attributes: protection(digestIdentifier('sha256'), ecdsa) }))).toEqual(PASSED);
    for (const wrong of [
      protection(digestIdentifier('sha512'), ecdsa),
      protection(digestIdentifier('sha256'), '1.2.840.10045.4.3.4'),
    ])
      expect(one(cms({ attributes: wrong }))).toEqual(['INDETERMINATE', 'cms.algorithm-mismatch']);
  });

  test('a claimed signing time is told and proves nothing', () => {
    const claimed = (honest: Buffer[]) => [...honest, attribute(oids.signingTime, der.time(NOW - 9 * DAY))];
    const [report] = verifyCms(cms({ attributes: claimed }), 'attached', context());
    expect(report).toMatchObject({
      indication: 'TOTAL_PASSED',
      signingTime: '2026-03-07T02:00:00.000Z',
      bestSignatureTime: '2026-03-16T02:00:00.000Z',
    });
  });
});

describe('the signing certificate', () => {
  const twin = certify(NOW, {
    subject: 'Người ký',
    issuer: root,
    key: signer.key,
    number: BigInt(`0x${signer.number.subarray(2).toString('hex')}`),
    notAfter: NOW + 9 * DAY,
  });
  const binding = (value: Buffer) => (honest: Buffer[]) => [...honest.slice(0, 2), value];
  const sha1 = (certificate: Buffer) =>
    attribute(
      '1.2.840.113549.1.9.16.2.12',
      der.sequence(der.sequence(der.sequence(der.octetString(digestOf('sha1', certificate))))),
    );

  test('another one than the attribute names', () => {
    expect(one(cms({ attributes: binding(signingCertificate(root.certificate)) }))).toEqual([
      'TOTAL_FAILED',
      'cms.signing-certificate-mismatch',
    ]);
  });

  test('of two that the signer could mean, the one that the attribute names', () => {
    const both = cms({}, { certificates: [twin.certificate, signer.certificate] });
    const [report] = verifyCms(both, 'attached', context());
    expect([report?.indication, report?.signer?.notAfter]).toEqual([
      'TOTAL_PASSED',
      '2027-03-16T02:00:00.000Z',
    ]);
    expect(one(cms({}, { certificates: [twin.certificate] }))).toEqual([
      'TOTAL_FAILED',
      'cms.signing-certificate-mismatch',
    ]);
  });

  test('no attribute: told, or refused by the strict policy; a level is not reached', () => {
    const unbound = cms({ attributes: (honest) => honest.slice(0, 2) });
    expect(one(unbound)).toEqual(['TOTAL_PASSED', 'cms.signing-certificate-missing']);
    expect(one(unbound, 'strict')).toContain('policy.signing-certificate-demanded');
    expect(verifyCms(unbound, 'attached', context())[0]?.baseline).toBeNull();
  });

  test('the older form with SHA-1 is told; where both stand both must fit', () => {
    expect(one(cms({ attributes: binding(sha1(signer.certificate)) }))).toEqual([
      'TOTAL_PASSED',
      'cms.signing-certificate-sha1',
    ]);
    const both = (certificate: Buffer) => (honest: Buffer[]) => [...honest, sha1(certificate)];
    expect(one(cms({ attributes: both(signer.certificate) }))).toEqual(PASSED);
    expect(one(cms({ attributes: both(twin.certificate) }))).toEqual([
      'TOTAL_FAILED',
      'cms.signing-certificate-mismatch',
    ]);
  });

  test('an issuer and number in the attribute must be the certificate’s', () => {
    const { issuer, serialNumber } = certificateParts(signer.certificate);
    const value = (name: Buffer, number: Buffer) => {
      const issuerSerial = der.sequence(der.sequence(der.explicit(4, name)), number);
      const reference = der.sequence(der.octetString(digestOf('sha256', signer.certificate)), issuerSerial);
      return attribute(oids.signingCertificateV2, der.sequence(der.sequence(reference)));
    };
    expect(one(cms({ attributes: binding(value(issuer, serialNumber)) }))).toEqual(PASSED);
    for (const wrong of [value(nameOf('Khác'), serialNumber), value(issuer, der.integer(1))])
      expect(one(cms({ attributes: binding(wrong) }))).toEqual([
        'TOTAL_FAILED',
        'cms.signing-certificate-mismatch',
      ]);
  });
});

describe('algorithms named in several places', () => {
  test('the digest of the signature algorithm and of the SignerInfo', () => {
    const sha512 = der.sequence(der.oid('1.2.840.10045.4.3.4'));
    expect(one(cms({ signatureAlgorithm: sha512 }))).toContain('cms.algorithm-mismatch');
  });

  test('the digests of the SignedData', () => {
    expect(one(cms({}, { digestAlgorithms: [digestIdentifier('sha512')] }))).toEqual([
      'INDETERMINATE',
      'cms.algorithm-mismatch',
    ]);
    expect(
      one(cms({}, { digestAlgorithms: [digestIdentifier('sha512'), digestIdentifier('sha256')] })),
    ).toEqual(PASSED);
  });

  test('parameters are absent or NULL', () => {
    const named = (...parameters: Buffer[]) =>
      cms({ digestAlgorithm: digestIdentifier('sha256', ...parameters) });
    expect(one(named(der.derNull))).toEqual(PASSED);
    expect(one(named(der.integer(1)))).toContain('cms.algorithm-unsupported');
  });

  test('a PSS salt other than the one stated', () => {
    const party = certify(NOW, { subject: 'PSS', issuer: root, key: keyOf('rsa', 'cms') });
    const twenty = cms({ party, pssSalt: 20 });
    const at = twenty.lastIndexOf(Buffer.from([0x02, 0x01, 20]));
    twenty[at + 2] = 32;
    expect(one(twenty)).toEqual(['TOTAL_FAILED', 'cms.signature-wrong']);
  });
});

describe('several signers', () => {
  const second = certify(NOW, { subject: 'Người ký thứ hai', issuer: root });

  test('each has its own verdict', () => {
    const bytes = signedData({
      content,
      signers: [{ party: signer }, { party: second, signature: Buffer.alloc(70, 1) }],
    });
    const reports = verifyCms(bytes, 'attached', context());
    expect(reports.map(({ id }) => id)).toEqual(['1', '2']);
    expect(
      reports.map(({ signer: who, indication }) => `${who?.commonName} ${indication}`).toSorted(),
    ).toEqual(['Người ký TOTAL_PASSED', 'Người ký thứ hai TOTAL_FAILED']);
  });

  test('nobody signed: no report', () => {
    expect(said(signedData({ content, signers: [], certificates: [signer.certificate] }))).toEqual([]);
  });
});

describe('encodings', () => {
  const indefinite = (bytes: Buffer) =>
    Buffer.concat([Buffer.from([0x30, 0x80]), bytes.subarray(4), Buffer.from([0, 0])]);

  test('a CMS file may be BER, what stands in a PDF is DER', () => {
    const ber = indefinite(cms());
    expect(one(ber)).toEqual(['TOTAL_PASSED', 'cms.ber-encoded']);
    expect(verifyCms(ber, 'attached', context(), { zeroPadded: true })[0]?.errors).toEqual(['cms.not-der']);
  });

  test('zeros after it are padding in a PDF and a fault elsewhere', () => {
    const padded = Buffer.concat([cms(), Buffer.alloc(9)]);
    expect(verifyCms(padded, 'attached', context(), { zeroPadded: true })[0]?.indication).toBe(
      'TOTAL_PASSED',
    );
    expect(one(padded)).toEqual(['TOTAL_FAILED', 'cms.malformed']);
    const dirty = Buffer.concat([padded, Buffer.from([1])]);
    expect(verifyCms(dirty, 'attached', context(), { zeroPadded: true })[0]?.indication).toBe('TOTAL_FAILED');
  });

  test.each([
    ['version 2', cms({}, { version: 2 })],
    ['a signer of version 3 named by issuer', cms({ version: 3 })],
    ['another content type', der.sequence(der.oid(oids.data), der.explicit(0, der.octetString(content)))],
    ['nothing', Buffer.alloc(0)],
  ])('%s is malformed', (_, bytes) => {
    expect(one(bytes)).toEqual(['TOTAL_FAILED', 'cms.malformed']);
  });
});

describe('certificates beside the signer’s', () => {
  test('an unreadable one is told', () => {
    expect(
      one(cms({}, { certificates: [signer.certificate, der.sequence(Buffer.from([0x30, 0]))] })),
    ).toEqual(['TOTAL_PASSED', 'cms.certificate-unreadable']);
  });

  test('an anchor that the file brings is not trusted', () => {
    const own = rootAuthority(NOW, 'Tự đem đến');
    const party = certify(NOW, { subject: 'Ký', issuer: own });
    const bytes = cms({ party }, { certificates: [party.certificate, own.certificate] });
    expect(one(bytes)).toEqual(['INDETERMINATE', 'path.no-chain']);
  });
});
