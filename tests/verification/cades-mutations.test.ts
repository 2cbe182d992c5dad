import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { VerificationContext } from '../../src/verification/context.ts';
import { type FileReport, type SignatureReport, verifyFile } from '../../src/verification/index.ts';
import { policyNamed } from '../../src/verification/policy.ts';
import { trustStore } from '../../src/verification/trust-store.ts';
import { ASIC_E, asic, asicManifest } from '../builders/asic.ts';
import { archived, signatureStamp } from '../builders/forged-archive.ts';
import { attribute, signedData, signerInfo } from '../builders/forged-cms.ts';
import { certify, DAY, ext, keyOf, rootAuthority, YEAR } from '../builders/forged-pki.ts';
import { revocationList } from '../builders/forged-revocation.ts';
import { TEST_NOW as NOW } from '../builders/pki.ts';
import { testSeed } from '../random.ts';

const seed = testSeed();
const root = rootAuthority(NOW, 'Gốc đột biến');
const party = (subject: string, ...extensions: Buffer[]) =>
  certify(NOW, {
    subject,
    issuer: root,
    notBefore: NOW - 3 * YEAR,
    ...(extensions.length > 0 ? { extensions } : {}),
  });
const signer = party('Người ký');
const witness = party('Người xác nhận');
const tsa = party('TSA', ext.keyUsage(0), ext.purposes(true, '1.3.6.1.5.5.7.3.8'));
const content = Buffer.from('Kính gửi Văn phòng Chính phủ');
const crl = revocationList({ issuer: root, thisUpdate: NOW - DAY });
const ctx: VerificationContext = {
  trust: trustStore({ anchors: [root.certificate], crls: [crl] }),
  policy: policyNamed('cong-vu'),
  at: NOW,
  revocation: 'required',
};

const counter = (over: Buffer) =>
  signerInfo({ party: witness, attributes: (honest) => honest.slice(1) }, over);
const good = archived(
  {
    content,
    certificates: [signer.certificate, witness.certificate],
    revocation: [crl],
    signers: [{ party: signer }],
  },
  (signature) => [
    ...signatureStamp(tsa, NOW - 20 * DAY)(signature),
    attribute('1.2.840.113549.1.9.6', counter(signature)),
  ],
  [{ authority: tsa, time: NOW - 10 * DAY }],
);

const LEVELS = ['B-B', 'B-T', 'B-LT', 'B-LTA'];
const levelOf = ({ baseline }: SignatureReport) => (baseline === null ? -1 : LEVELS.indexOf(baseline));

describe('a CAdES-LTA signature with a counter-signature under changed bytes', () => {
  const before = verifyFile(good, ctx);

  test('is good as it is', () => {
    expect(before).toMatchObject({
      indication: 'TOTAL_PASSED',
      signatures: [{ baseline: 'B-LTA' }, { counterSigns: '1' }],
    });
  });

  /** What passes still says the same signer, and neither an earlier time nor a higher level than before. */
  function expectNoBetter(after: FileReport): void {
    for (const one of after.signatures.filter(({ indication }) => indication === 'TOTAL_PASSED')) {
      const was = before.signatures.find(
        ({ counterSigns }) => (counterSigns === undefined) === (one.counterSigns === undefined),
      ) as SignatureReport;
      expect(one.signer?.certificateSha256).toBe(was.signer?.certificateSha256);
      expect(levelOf(one)).toBeLessThanOrEqual(levelOf(was));
      expect(one.bestSignatureTime >= was.bestSignatureTime).toBe(true);
    }
  }

  test('one byte changed', () => {
    fc.assert(
      fc.property(fc.nat(good.length - 1), fc.integer({ min: 1, max: 255 }), (at, mask) => {
        const copy = Buffer.from(good);
        copy[at] = (copy[at] ?? 0) ^ mask;
        expectNoBetter(verifyFile(copy, ctx));
      }),
      { seed, numRuns: 1_500 },
    );
  });

  test('pieces cut out, doubled and moved', () => {
    const edit = fc.record({
      at: fc.nat(good.length - 1),
      length: fc.integer({ min: 1, max: 400 }),
      to: fc.nat(good.length - 1),
    });
    fc.assert(
      fc.property(fc.array(edit, { minLength: 1, maxLength: 3 }), fc.boolean(), (edits, keep) => {
        let bytes: Buffer = Buffer.from(good);
        for (const { at, length, to } of edits) {
          const piece = bytes.subarray(at, at + length);
          const rest = keep ? bytes : Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + length)]);
          bytes = Buffer.concat([rest.subarray(0, to), piece, rest.subarray(to)]);
        }
        expectNoBetter(verifyFile(bytes, ctx));
      }),
      { seed, numRuns: 300 },
    );
  });
});

describe('no changed byte makes a bad file good', () => {
  const thief = { ...signer, key: keyOf('p256', 'mutation thief') };
  const name = 'META-INF/signature.p7s';
  const manifest = asicManifest({ signature: name, objects: [{ name: 'a.txt', bytes: content }] });
  const container = (data: Buffer, extra: Buffer[]) =>
    asic(ASIC_E, [
      { name: 'a.txt', bytes: data, stored: true },
      ...extra.map((bytes, i) => ({ name: `${i}.txt`, bytes, stored: true })),
      { name: 'META-INF/ASiCManifest.xml', bytes: manifest, stored: true },
      {
        name,
        bytes: signedData({ content: manifest, detached: true, signers: [{ party: signer }] }),
        stored: true,
      },
    ]);
  const bad: [name: string, bytes: Buffer][] = [
    ['CMS signed with another key', signedData({ content, signers: [{ party: thief }] })],
    ['CMS with a counter-signature of another signature', signedData({
      content,
      certificates: [signer.certificate, witness.certificate],
      signers: [{ party: signer, unsigned: () => [attribute('1.2.840.113549.1.9.6', counter(content))] }],
    })],
    ['ASiC-E whose file was changed', container(Buffer.from('Kính gửi Văn phòng Chính phỦ'), [])],
    ['ASiC-E with a file that nobody signed', container(content, [Buffer.from('giả')])],
  ]; // biome-ignore format: a table

  test.each(bad)('%s', (kind, bytes) => {
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), (at, mask) => {
        const copy = Buffer.from(bytes);
        copy[at] = (copy[at] ?? 0) ^ mask;
        const { indication, signatures } = verifyFile(copy, ctx);
        const countered = signatures.filter(({ counterSigns }) => counterSigns !== undefined);
        for (const one of countered) expect(one.indication).not.toBe('TOTAL_PASSED');
        // Nobody signed the counter-signature, so the file is as good as it is without.
        if (!kind.includes('counter')) expect(indication).not.toBe('TOTAL_PASSED');
      }),
      { seed, numRuns: 600 },
    );
  });
});
