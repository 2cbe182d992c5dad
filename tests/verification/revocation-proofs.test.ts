import { createHash } from 'node:crypto';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { certificateParts } from '../../src/signing/index.ts';
import type { VerificationContext } from '../../src/verification/context.ts';
import { verifyFile } from '../../src/verification/index.ts';
import { policyNamed } from '../../src/verification/policy.ts';
import { trustStore } from '../../src/verification/trust-store.ts';
import { ASIC_E, type AsicFile, asic, asicManifest } from '../builders/asic.ts';
import { signatureStamp } from '../builders/forged-archive.ts';
import { signedData } from '../builders/forged-cms.ts';
import { DAY, type Party } from '../builders/forged-pki.ts';
import { revocationList } from '../builders/forged-revocation.ts';
import { stampAt } from '../builders/pdf.ts';
import { TEST_NOW as SIGNED, testPki } from '../builders/pki.ts';
import {
  addUnsigned,
  validationValues,
  withArchiveStamp,
  withSignatureStamp,
  xadesAt,
  xadesBasic,
} from '../builders/xades.ts';
import {
  propertiesObject,
  propertiesReference,
  signatureTemplate,
  signTemplate,
} from '../builders/xml-template.ts';

/**
 * The CA is revoked after somebody below it signed: whoever has its key since could have made any list, with any
 * date. So only lists that provably existed before count (EN 319 102-1 §5.6.2.2).
 */

const HOUR = 3_600_000;
const SIGNER = 'official-g1';
const ARCHIVED = SIGNED + 2 * HOUR;
const REVOKED = SIGNED + 20 * DAY;
const NOW = SIGNED + 40 * DAY;

let ctx: VerificationContext;

beforeAll(async () => {
  const pki = await testPki();
  const others = ['root-g2', 'ca-g1', 'ca-g2'].map((name) => pki.crlOf(name, NOW - HOUR));
  const above = revocationList({
    issuer: await partyOf('root-g1'),
    thisUpdate: NOW - HOUR,
    entries: [{ party: await partyOf('ca-g1'), at: REVOKED, reason: 1 }],
  });
  ctx = {
    trust: trustStore({ anchors: pki.anchors, intermediates: pki.intermediates, crls: [above, ...others] }),
    policy: policyNamed('cong-vu'),
    at: NOW,
    revocation: 'required',
  };
});

async function partyOf(name: string): Promise<Party> {
  const { certificate, key } = (await testPki()).entity(name);
  const { subject, serialNumber, publicKeyBits } = certificateParts(certificate);
  return { certificate, key, subject, number: serialNumber, keyBits: publicKeyBits };
}

const PASSED = { indication: 'TOTAL_PASSED', errors: [] };
const UNPROVEN = { indication: 'INDETERMINATE', errors: ['revocation.not-proven'] };
const shape = { signer: SIGNER };
const judged = (text: string) => verifyFile(Buffer.from(text), ctx).signatures[0];

describe('XAdES', () => {
  test('passes when its archive time-stamp covers the lists since before the revocation', async () => {
    const report = judged(await withArchiveStamp(await xadesAt('LT', shape), ARCHIVED));
    expect(report).toMatchObject({ ...PASSED, baseline: 'B-LTA', warnings: ['revocation.revoked-later'] });
  });

  test('nothing else proves the lists', async () => {
    expect(judged(await xadesAt('LT', shape))).toMatchObject(UNPROVEN);
    expect(judged(await xadesAt('T', shape))).toMatchObject(UNPROVEN);
  });

  const dishonest: [string, () => Promise<string>][] = [
    ['archived after the revocation', async () => withArchiveStamp(await xadesAt('LT', shape), REVOKED + DAY)],
    ['lists put in behind the archive time-stamp', async () =>
      addUnsigned(await withArchiveStamp(await xadesAt('T', shape), ARCHIVED), await validationValues())],
    ['lists put in before the archive time-stamp', async () => {
      const archived = await withArchiveStamp(await xadesAt('T', shape), ARCHIVED);
      const values = await validationValues();
      return archived.replace('<a:ArchiveTimeStamp', (open) => values + open);
    }],
    ['a list of the thief, with an old date, in the place of the archived one', async () => {
      const pki = await testPki();
      const old = pki.crlOf('ca-g1', SIGNED + HOUR).toString('base64');
      const forged = revocationList({ issuer: await partyOf('ca-g1'), thisUpdate: SIGNED + HOUR });
      const archived = await withArchiveStamp(await xadesAt('LT', shape), ARCHIVED);
      expect(archived).toContain(old);
      return archived.replace(old, forged.toString('base64'));
    }],
  ]; // biome-ignore format: a table
  test.each(dishonest)('stays undecided: %s', async (_, make) => {
    expect(judged(await make())).toMatchObject(UNPROVEN);
  });

  test('a signature from after the revocation is not saved by an archive', async () => {
    const late = await withSignatureStamp(await xadesBasic(shape), REVOKED + HOUR);
    const archived = await withArchiveStamp(addUnsigned(late, await validationValues()), REVOKED + DAY);
    expect(judged(archived)?.errors).toContain('revocation.ca-revoked');
  });
});

describe('ASiC-E', () => {
  const FILE = { name: 'van-ban.txt', bytes: Buffer.from('Kính gửi Văn phòng Chính phủ') };
  const XADES = 'META-INF/signatures.xml';
  const CADES = 'META-INF/signature.p7s';
  const TOKEN = 'META-INF/archive-timestamp1.tst';

  async function xadesOver(lasting: boolean): Promise<AsicFile[]> {
    const signature = await signatureTemplate({
      references: [{ uri: FILE.name }, propertiesReference()],
      objects: await propertiesObject(shape),
      signer: SIGNER,
    });
    const root = `<a:XAdESSignatures xmlns:a="http://uri.etsi.org/02918/v1.2.1#">${signature}</a:XAdESSignatures>`;
    const signed = await signTemplate(root, { files: { [FILE.name]: FILE.bytes }, signer: SIGNER });
    const stamped = await withSignatureStamp(signed.toString());
    const text = lasting ? addUnsigned(stamped, await validationValues()) : stamped;
    return [FILE, { name: XADES, bytes: Buffer.from(text) }];
  }

  /** CAdES whose SignedData carries the list of the CA, or none. */
  async function cadesOver(lasting: boolean): Promise<AsicFile[]> {
    const manifest = {
      name: 'META-INF/ASiCManifest.xml',
      bytes: asicManifest({ signature: CADES, objects: [FILE] }),
    };
    const [party, authority] = [await partyOf(SIGNER), await partyOf('tsa')];
    const bytes = signedData({
      content: manifest.bytes,
      detached: true,
      ...(lasting ? { revocation: [(await testPki()).crlOf('ca-g1', SIGNED + HOUR)] } : {}),
      signers: [{ party, unsigned: signatureStamp(authority, SIGNED + 2_000) }],
    });
    return [FILE, manifest, { name: CADES, bytes }];
  }

  /** The files with a time-stamp over those of them that its manifest lists. */
  async function archived(files: AsicFile[], at: number, listed = files): Promise<Buffer> {
    const manifest = asicManifest({
      signature: TOKEN,
      type: 'application/vnd.etsi.timestamp-token',
      objects: listed,
    });
    const token = await stampAt(at)(createHash('sha256').update(manifest).digest());
    return asic(ASIC_E, [
      ...files,
      { name: 'META-INF/ASiCArchiveManifest.xml', bytes: manifest },
      { name: TOKEN, bytes: token },
    ]);
  }
  const first = (bytes: Buffer, at = ctx) => verifyFile(bytes, at).signatures[0];

  test('XAdES passes when an archive manifest covers it and its lists since before the revocation', async () => {
    const report = first(await archived(await xadesOver(true), ARCHIVED));
    expect(report).toMatchObject({
      ...PASSED,
      baseline: 'B-LTA',
      coverage: 'whole-file',
      warnings: ['revocation.revoked-later'],
    });
  });

  test('so does CAdES', async () => {
    const files = await cadesOver(true);
    expect(first(await archived(files, ARCHIVED))).toMatchObject(PASSED);
    expect(first(asic(ASIC_E, files))).toMatchObject(UNPROVEN);
    expect(first(await archived(files, REVOKED + DAY))).toMatchObject(UNPROVEN);
  });

  test('and without one, or with one that covers something else or comes too late, it does not', async () => {
    const files = await xadesOver(true);
    expect(first(asic(ASIC_E, files))).toMatchObject({ ...UNPROVEN, baseline: 'B-LT' });
    expect(first(await archived(files, ARCHIVED, [FILE]))).toMatchObject({ ...UNPROVEN, baseline: 'B-LT' });
    expect(first(await archived(files, REVOKED + DAY))).toMatchObject(UNPROVEN);
    const changed = files.map((one) =>
      one.name === XADES ? { ...one, bytes: Buffer.concat([one.bytes, Buffer.from('\n')]) } : one,
    );
    expect(first(await archived(changed, ARCHIVED, files))).toMatchObject(UNPROVEN);
  });

  test('an archive manifest proves no lists that are not inside', async () => {
    expect(first(await archived(await xadesOver(false), ARCHIVED))).toMatchObject(UNPROVEN);
    expect(first(await archived(await cadesOver(false), ARCHIVED))).toMatchObject(UNPROVEN);
  });

  test('an archive manifest alone makes no level', async () => {
    const [file, signatures] = await xadesOver(false);
    const bare = signatures?.bytes
      .toString()
      .replace(/<xades:UnsignedProperties>.*<\/xades:UnsignedProperties>/, '');
    const files = [file as AsicFile, { name: XADES, bytes: Buffer.from(bare ?? '') }];
    const before = { ...ctx, at: SIGNED + 3 * HOUR };
    expect(first(await archived(files, ARCHIVED), before)).toMatchObject({ baseline: 'B-B' });
  });
});
