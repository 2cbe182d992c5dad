import { spawnSync } from 'node:child_process';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { sha256 } from '../../src/kernel/index.ts';
import {
  type AugmentLevel,
  assembleCms,
  augmentFile,
  der,
  derAt,
  derChildren,
  keySigner,
  signCms,
  signedAttributes,
} from '../../src/signing/index.ts';
import {
  policyNamed,
  type TrustStore,
  trustStore,
  type VerificationContext,
  verifyFile,
} from '../../src/verification/index.ts';
import { stampAt } from '../builders/pdf.ts';
import { TEST_NOW, testPki } from '../builders/pki.ts';
import { pkiFiles, pyhanko, withPyhanko } from '../builders/pyhanko.ts';
import { file } from '../builders/second-opinion.ts';
import { vectorFiles } from '../builders/signed-files.ts';
import { requiredTool } from '../required-tool.ts';

const HOUR = 3_600_000;
const YEAR = 365 * 24 * HOUR;
const LEVELS = ['B-T', 'B-LT', 'B-LTA'] as const;
const content = Buffer.from('Kính gửi: Văn phòng Chính phủ');

let trust: TrustStore;
beforeAll(async () => {
  const pki = await testPki();
  const crls = ['root-g1', 'ca-g1', 'root-g2', 'ca-g2'].map((name) => pki.crlOf(name, TEST_NOW + HOUR));
  trust = trustStore({ anchors: pki.anchors, intermediates: pki.intermediates, crls });
});

const context = (over: Partial<VerificationContext> = {}): VerificationContext => ({
  ...{ trust, policy: policyNamed('cong-vu'), at: TEST_NOW + 2 * HOUR, revocation: 'required' },
  ...over,
});

async function signed(name = 'official-chairman', stamped = false): Promise<Buffer> {
  const { certificate, key } = (await testPki()).entity(name);
  const attributes = signedAttributes({ digest: sha256(content), certificate, signingTime: TEST_NOW });
  const signature = await keySigner(certificate, key).sign(attributes);
  return assembleCms({
    ...{ certificate, attributes, signature, content: { type: '1.2.840.113549.1.7.1', bytes: content } },
    algorithm: key.asymmetricKeyType === 'rsa' ? 'rsa-sha256' : 'ecdsa-sha256',
    ...(stamped ? { timestampToken: await stampAt(TEST_NOW + 1_000)(sha256(signature)) } : {}),
  });
}

async function detachedOf(name = 'official-vice'): Promise<Buffer> {
  const { certificate, key } = (await testPki()).entity(name);
  return signCms({ digest: sha256(content), signer: keySigner(certificate, key), signingTime: TEST_NOW });
}

/** Two signers in one SignedData, as a program writes who adds a parallel signature. */
async function parallel(): Promise<Buffer> {
  const parts = (cms: Buffer) => {
    const inside = (at: number) => derChildren(cms, derAt(cms, at));
    const data = inside(inside(0)[1]!.contentStart);
    const bytes = ({ start, end }: { start: number; end: number }) => cms.subarray(start, end);
    return {
      data: data.map(bytes),
      certs: derChildren(cms, data[3]!).map(bytes),
      info: derChildren(cms, data.at(-1)!).map(bytes),
    };
  };
  const [a, b] = [parts(await signed('official-chairman', true)), parts(await signed('seal-province'))];
  const data = der.sequence(
    ...[a.data[0]!, a.data[1]!, a.data[2]!],
    der.implicit(0, der.setOf(...a.certs, ...b.certs)),
    der.setOf(...a.info, ...b.info),
  );
  return der.sequence(der.oid('1.2.840.113549.1.7.2'), der.explicit(0, data));
}

const augment = (bytes: Buffer, level: AugmentLevel, detached?: Buffer) =>
  augmentFile({
    ...{ file: bytes, level, timestamp: stampAt(TEST_NOW + 2 * HOUR), context: () => context() },
    ...(detached ? { detached } : {}),
  });

describe('adding to CAdES signatures', () => {
  test.each(LEVELS)(
    'a bare signature reaches %s, RSA and ECDSA, with its content inside or detached',
    async (level) => {
      for (const [bytes, detached] of [
        [await signed()],
        [await signed('official-vice')],
        [await detachedOf(), content],
      ] as [Buffer, Buffer?][]) {
        expect(verifyFile(bytes, context(), detached ? { detached } : {}).signatures[0]?.baseline).toBe(
          'B-B',
        );
        const { report } = await augment(bytes, level, detached);
        expect(report).toMatchObject({
          indication: 'TOTAL_PASSED',
          errors: [],
          // Two hours before the time-stamp.
          signatures: [{ baseline: level, errors: [], warnings: ['cms.signing-time-differs'] }],
        });
      }
    },
  );

  test('parallel signatures get there together; a time-stamp that is there stays and no second one is asked for', async () => {
    let asked = 0;
    const timestamp = (digest: Buffer) => {
      asked++;
      return stampAt(TEST_NOW + 2 * HOUR)(digest);
    };
    const { report } = await augmentFile({
      file: await parallel(),
      level: 'B-LTA',
      timestamp,
      context: () => context(),
    });
    expect(report.signatures.map(({ baseline, errors }) => [baseline, errors])).toEqual([
      ['B-LTA', []],
      ['B-LTA', []],
    ]);
    const stamps = report.signatures.flatMap(({ timestamps }) =>
      timestamps.map(({ kind, time }) => [kind, time]),
    );
    expect(stamps).toContainEqual(['signature', new Date(TEST_NOW + 1_000).toISOString()]);
    expect(stamps).toHaveLength(4);
    expect(asked).toBe(3);
  });

  test('it is proven with the anchors alone when the signer has ended and nobody answers about him any more', async () => {
    const pki = await testPki();
    const bytes = await signed('official-g1');
    const then = TEST_NOW + 2 * YEAR;
    const crls = ['root-g2', 'ca-g2'].map((name) => pki.crlOf(name, then - HOUR));
    const left = trustStore({ anchors: pki.anchors, crls });
    const made = await augment(bytes, 'B-LTA');
    expect(verifyFile(made.bytes, context({ trust: left, at: then }))).toMatchObject({
      indication: 'TOTAL_PASSED',
      signatures: [{ bestSignatureTime: new Date(TEST_NOW + 2 * HOUR).toISOString() }],
    });
    expect(verifyFile(bytes, context({ trust: left, at: then })).indication).toBe('INDETERMINATE');
  });

  test('again before the authority ends: each archive time-stamp covers the ones before it, nothing is carried twice', async () => {
    const first = await augment(await signed(), 'B-LTA');
    const pki = await testPki();
    const then = TEST_NOW + YEAR;
    const crls = ['root-g2', 'ca-g2'].map((name) => pki.crlOf(name, then - HOUR));
    const renewed = trustStore({ anchors: pki.anchors, intermediates: pki.intermediates, crls });
    const again = await augmentFile({
      ...{ file: first.bytes, level: 'B-LTA', timestamp: stampAt(then) },
      context: () => context({ trust: renewed, at: then }),
    });
    expect(again.report.signatures[0]).toMatchObject({
      baseline: 'B-LTA',
      warnings: ['cms.signing-time-differs'],
    });
    expect(again.report.signatures[0]?.timestamps.map(({ kind }) => kind)).toEqual([
      'signature',
      'archive',
      'archive',
    ]);
    const { certificate } = pki.entity('official-chairman');
    expect(again.bytes.indexOf(certificate)).toBe(again.bytes.lastIndexOf(certificate));
  });

  test('what EU DSS signed reaches B-LTA too', async () => {
    const names: string[] = [];
    for (const { name, bytes, ctx, detached } of vectorFiles()) {
      const before = verifyFile(bytes, ctx, detached ? { detached } : {});
      if (before.format !== 'cms' || before.indication !== 'TOTAL_PASSED') continue;
      // Its authorities are not ours: they give their lists to whoever augments.
      const pki = await testPki();
      const own = ['root-g2', 'ca-g2'].map((one) => pki.crlOf(one, ctx.at - HOUR));
      const both = trustStore({
        anchors: [...ctx.trust.anchors.map(({ der: bytes }) => bytes), ...pki.anchors],
        intermediates: [...ctx.trust.intermediates.map(({ der: bytes }) => bytes), ...pki.intermediates],
        crls: [...ctx.trust.anchors, ...ctx.trust.intermediates]
          .flatMap(({ subject }) => ctx.trust.crlsFrom(subject.folded))
          .map(({ der: bytes }) => bytes)
          .concat(own),
      });
      const made = await augmentFile({
        ...{
          file: bytes,
          level: 'B-LTA',
          timestamp: stampAt(ctx.at),
          context: () => ({ ...ctx, trust: both }),
        },
        ...(detached ? { detached } : {}),
      });
      expect([name, made.report.indication]).toEqual([name, 'TOTAL_PASSED']);
      names.push(name);
    }
    expect(names.length).toBeGreaterThan(1);
  });
});

describe('other programs', () => {
  test('openssl checks the signature of the augmented file and finds its content', async () => {
    const openssl = requiredTool('openssl', 'openssl cms on an augmented CAdES');
    if (!openssl) return;
    for (const level of LEVELS) {
      const { bytes } = await augment(await signed(), level);
      const path = file(`augmented-${level}.p7m`, bytes);
      const { status, stdout, stderr } = spawnSync(openssl, [
        'cms',
        '-verify',
        '-inform',
        'DER',
        '-in',
        path,
        '-noverify',
        '-binary',
      ]);
      expect([status, stderr.toString().trim()]).toEqual([0, 'CMS Verification successful']);
      expect(stdout.equals(content)).toBe(true);
    }
  });

  withPyhanko(
    'pyHanko finds signature and time-stamp valid',
    async () => {
      const pki = await testPki();
      const files = pkiFiles(pki, TEST_NOW + HOUR, TEST_NOW + 2 * HOUR);
      const { bytes } = await augment(await detachedOf(), 'B-LTA', content);
      const [answer] = pyhanko([
        {
          op: 'validate-cms',
          ...files,
          file: file('augmented.p7s', bytes),
          content: file('content.txt', content),
        },
      ]);
      expect(answer).toMatchObject({ ok: true, signatures: [{ passed: true }] });
      expect(answer?.signatures?.[0]?.said).toContain('TIMESTAMP_TOKEN<INTACT:TRUSTED');
    },
    120_000,
  );
});

describe('nothing is made of', () => {
  test.each([
    ['a broken signature', async () => { const cms = Buffer.from(await signed()); cms[cms.length - 20] = (cms[cms.length - 20] as number) ^ 1; return cms; }, 'TOTAL_FAILED'],
    ['a revoked signer', () => signed('official-revoked-early'), 'INDETERMINATE'],
    ['a CMS in BER, whose octets an archive time-stamp would not cover as they are', async () => { const cms = await signed(); return Buffer.concat([Buffer.from([0x30, 0x80]), cms.subarray(derAt(cms, 0).contentStart), Buffer.from([0, 0])]); }, 'TOTAL_PASSED'],
  ] as [string, () => Promise<Buffer>, string][])('%s', async (_, make, indication) => {
    await expect(augment(await make(), 'B-T')).rejects.toMatchObject({
      code: 'signing.not-augmentable',
      facts: { indication },
    });
  }); // biome-ignore format: a table

  test('a token that does not count', async () => {
    const timestamp = stampAt(TEST_NOW + 2 * HOUR, 'tsa-rogue');
    const input = { file: await signed(), level: 'B-T' as const, timestamp, context: () => context() };
    await expect(augmentFile(input)).rejects.toMatchObject({ code: 'signing.level-not-reached' });
  });
});

test('no changed octet keeps the level, but in certificates that the newest token carries beside its signature', async () => {
  const { bytes } = await augment(await signed('official-vice'), 'B-LTA');
  const pki = await testPki();
  const carried = [...pki.intermediates, pki.entity('tsa').certificate].map((one) => {
    const start = bytes.lastIndexOf(one);
    return { start, end: start + one.length };
  });
  const kept: number[] = [];
  let failed = 0;
  for (let at = 0; at < bytes.length; at += 41) {
    const changed = Buffer.from(bytes);
    changed[at] = (changed[at] as number) ^ 0x55;
    const { indication, signatures } = verifyFile(changed, context());
    if (indication === 'TOTAL_PASSED' && signatures[0]?.baseline === 'B-LTA') kept.push(at);
    if (indication === 'TOTAL_FAILED') failed++;
  }
  expect(failed).toBeGreaterThan(5);
  expect(kept.filter((at) => !carried.some(({ start, end }) => at >= start - 8 && at < end))).toEqual([]);
});
