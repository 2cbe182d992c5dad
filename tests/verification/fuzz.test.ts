import { beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { isTrucError } from '../../src/kernel/index.ts';
import { timestampToken } from '../../src/lab/index.ts';
import { pemOrDer } from '../../src/verification/asn1/pem.ts';
import { readCertificate } from '../../src/verification/certificate.ts';
import { readCertificateFile } from '../../src/verification/certificate-file.ts';
import { berToDer } from '../../src/verification/cms/ber.ts';
import { readSignedData } from '../../src/verification/cms/signed-data.ts';
import { verifyCms } from '../../src/verification/cms/verify-cms.ts';
import type { VerificationContext } from '../../src/verification/context.ts';
import { readCrl } from '../../src/verification/crl.ts';
import { readOcsp } from '../../src/verification/ocsp.ts';
import { judgePath } from '../../src/verification/path.ts';
import { verifyTimestamp } from '../../src/verification/timestamps.ts';
import { trustStore } from '../../src/verification/trust-store.ts';
import { verifyFile } from '../../src/verification/verify.ts';
import { signedData } from '../builders/forged-cms.ts';
import { certify, ext, general, nameOf, rootAuthority } from '../builders/forged-pki.ts';
import { ocspResponse, revocationList } from '../builders/forged-revocation.ts';
import { issuedLetter, pdfContext } from '../builders/pdf.ts';
import { TEST_NOW as NOW, testPki } from '../builders/pki.ts';
import { testSeed } from '../random.ts';

const seed = testSeed();
const RUNS = Number(process.env.TRUC_TEST_RUNS ?? 1_500);

let ctx: VerificationContext;
/** Real inputs of every parser. */
let samples: Readonly<Record<'certificate' | 'crl' | 'ocsp' | 'cms' | 'token' | 'pdf' | 'pem', Buffer>>;

beforeAll(async () => {
  ctx = await pdfContext();
  const pki = await testPki();
  const root = rootAuthority(NOW, 'Gốc', [
    ext.nameConstraints(
      [general.directory(nameOf(['2.5.4.10', 'A']))],
      [general.ip(1, 2, 3, 4, 255, 0, 0, 0)],
    ),
    ext.policies('1.2.3'),
    ext.mappings(['1.2.3', '1.2.4']),
    ext.policyConstraints(1, 2),
    ext.inhibitAny(3),
    ext.names(general.email('a@b'), general.dns('c.d'), general.uri('http://e/')),
  ]);
  const signer = certify(NOW, { subject: 'Ký', issuer: root });
  samples = {
    certificate: root.certificate,
    crl: revocationList({
      issuer: root,
      thisUpdate: NOW,
      entries: [{ party: signer, at: NOW, reason: 1, certificateIssuer: root.subject }],
    }),
    ocsp: ocspResponse({
      target: signer,
      issuer: root,
      signer: root,
      thisUpdate: NOW,
      certificates: [root.certificate],
    }),
    cms: signedData({ content: Buffer.from('văn bản'), signers: [{ party: signer }] }),
    token: timestampToken(Buffer.alloc(32), { pki, now: NOW }),
    pdf: await issuedLetter(),
    pem: Buffer.from(
      `-----BEGIN CERTIFICATE-----\n${root.certificate.toString('base64')}\n-----END CERTIFICATE-----\n`,
    ),
  };
}, 120_000);

interface Edit {
  at: number;
  kind: 'bit' | 'length' | 'cut' | 'double' | 'noise' | 'swap';
  value: number;
  size: number;
}

const edits = fc.array(
  fc.record<Edit>({
    at: fc.nat(),
    kind: fc.constantFrom('bit', 'length', 'cut', 'double', 'noise', 'swap'),
    value: fc.integer({ min: 0, max: 255 }),
    size: fc.integer({ min: 1, max: 60 }),
  }),
  { minLength: 1, maxLength: 5 },
);

/** Lengths and tags that readers stumble over. */
const NASTY = [0x00, 0x80, 0x81, 0x84, 0x88, 0xff, 0x30, 0x31, 0x24, 0xa0, 0x1f];

function edited(original: Buffer, list: readonly Edit[]): Buffer {
  let bytes = Buffer.from(original);
  for (const { at, kind, value, size } of list) {
    const from = at % Math.max(1, bytes.length);
    const [head, piece, tail] = [
      bytes.subarray(0, from),
      bytes.subarray(from, from + size),
      bytes.subarray(from + size),
    ];
    if (kind === 'bit') bytes[from] = (bytes[from] ?? 0) ^ (1 << (value & 7));
    else if (kind === 'length') bytes[from] = NASTY[value % NASTY.length] as number;
    else if (kind === 'cut') bytes = Buffer.concat([head, tail]);
    else if (kind === 'double') bytes = Buffer.concat([head, piece, piece, tail]);
    else if (kind === 'swap')
      bytes = Buffer.concat([head, tail.subarray(0, size), piece, tail.subarray(size)]);
    else bytes = Buffer.concat([head, Buffer.alloc(size, value), tail]);
  }
  return bytes;
}

/** Runs a parser: what it throws is one of our own errors. */
function parse(read: () => unknown): void {
  try {
    read();
  } catch (error) {
    if (!isTrucError(error) || error.code === 'kernel.impossible') throw error;
  }
}

const context = (): VerificationContext => ctx;
const everything: Readonly<Record<string, (bytes: Buffer) => void>> = {
  readCertificate: (bytes) => parse(() => readCertificate(bytes).publicKey()),
  readCertificateFile: (bytes) => parse(() => readCertificateFile(bytes)),
  readCrl: (bytes) =>
    parse(() => {
      const crl = readCrl(bytes);
      crl.find(Buffer.from([1]), crl.issuer);
    }),
  readOcsp: (bytes) => parse(() => readOcsp(bytes)),
  readSignedData: (bytes) => parse(() => readSignedData(bytes)),
  pemOrDer: (bytes) => parse(() => pemOrDer(bytes)),
  berToDer: (bytes) => void berToDer(bytes, bytes.length % 2 === 0),
  trustStore: (bytes) =>
    void trustStore({ anchors: [bytes], intermediates: [bytes], crls: [bytes], ocsps: [bytes] }),
  judgePath: (bytes) => expectVerdict(judgePath(bytes, context()).indication),
  verifyCms: (bytes) => {
    for (const one of verifyCms(bytes, 'attached', context(), { zeroPadded: bytes.length % 2 === 0 }))
      expectVerdict(one.indication);
  },
  verifyTimestamp: (bytes) =>
    expectVerdict(verifyTimestamp(bytes, [bytes], context(), { kind: 'signature' }).report.indication),
  verifyFile: (bytes) => expectVerdict(verifyFile(bytes, context()).indication),
};

function expectVerdict(indication: string) {
  expect(['TOTAL_PASSED', 'INDETERMINATE', 'TOTAL_FAILED', 'NO_SIGNATURE']).toContain(indication);
}

describe('hostile input ends in a value or in an error of ours', () => {
  const kinds = ['certificate', 'crl', 'ocsp', 'cms', 'token', 'pdf', 'pem'] as const;

  test.each(Object.entries(everything))('%s, real inputs changed in several places', (_, run) => {
    fc.assert(
      fc.property(fc.constantFrom(...kinds), edits, (kind, list) => run(edited(samples[kind], list))),
      { seed, numRuns: RUNS },
    );
  });

  test.each(Object.entries(everything))('%s, random bytes behind promising beginnings', (_, run) => {
    const beginning = fc.constantFrom(
      '',
      '30',
      '3080',
      '308206092a864886f70d010702a080',
      '3082ffff06092a864886f70d010702a082fff0',
      '25504446',
      '3c',
      '2d2d2d2d2d424547494e20434d532d2d2d2d2d',
      '504b0304',
    );
    const word = fc.constantFrom(...NASTY);
    const noise = fc.array(fc.oneof(word, fc.integer({ min: 0, max: 255 })), { maxLength: 400 });
    fc.assert(
      fc.property(beginning, noise, (start, rest) =>
        run(Buffer.concat([Buffer.from(start, 'hex'), Buffer.from(rest)])),
      ),
      { seed, numRuns: RUNS },
    );
  });
});

describe('an edited signature is never accepted for what it did not say', () => {
  test('CMS: what passes has the same content and the same signer', () => {
    const root = rootAuthority(NOW, 'Gốc thật');
    const signer = certify(NOW, { subject: 'Ký thật', issuer: root });
    const content = Buffer.from('chuyển 1.000.000 đồng');
    const cms = signedData({ content, signers: [{ party: signer }] });
    const trusting: VerificationContext = {
      ...ctx,
      trust: trustStore({ anchors: [root.certificate] }),
      at: NOW,
      revocation: 'none',
    };
    fc.assert(
      fc.property(edits, (list) => {
        const bytes = edited(cms, list);
        for (const report of verifyCms(bytes, 'attached', trusting)) {
          if (report.indication !== 'TOTAL_PASSED') continue;
          expect(report.signer?.commonName).toBe('Ký thật');
          expect(bytes.includes(content)).toBe(true);
        }
      }),
      { seed, numRuns: RUNS * 2 },
    );
  });
});
