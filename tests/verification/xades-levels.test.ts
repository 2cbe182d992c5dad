import { createHash } from 'node:crypto';
import { beforeAll, describe, expect, test } from '@jest/globals';
import type { VerificationContext } from '../../src/verification/context.ts';
import { readCrl } from '../../src/verification/crl.ts';
import { verifyFile } from '../../src/verification/index.ts';
import { NO_EMBEDDED } from '../../src/verification/path.ts';
import { trustStore } from '../../src/verification/trust-store.ts';
import { judgeStamps } from '../../src/verification/xml/stamps.ts';
import { stampAt } from '../builders/pdf.ts';
import { TEST_NOW, testPki } from '../builders/pki.ts';
import {
  addUnsigned,
  validationValues,
  withArchiveStamp,
  withCounterSignature,
  withSignatureStamp,
  xadesAt,
  xadesBasic,
} from '../builders/xades.ts';
import { xmlContext } from '../builders/xml.ts';
import { EXCLUSIVE_FORM, octetsOf } from '../builders/xml-template.ts';

let ctx: VerificationContext;
/** Knows the anchors, and nothing else. */
let bare: VerificationContext;

beforeAll(async () => {
  ctx = await xmlContext();
  bare = { ...ctx, trust: trustStore({ anchors: (await testPki()).anchors }) };
});

const judged = (text: string, context = ctx) => verifyFile(Buffer.from(text), context);
const DATA = '<Object Id="o"><bang xmlns="urn:vn:bang"><dong>1.000.000</dong></bang></Object>';
const alone = {
  alone: true,
  references: [{ uri: '#o', transforms: EXCLUSIVE_FORM, id: 'r' }],
  objects: DATA,
};

describe('levels', () => {
  test.each(['B', 'T', 'LT', 'LTA'] as const)('B-%s is reached', async (level) => {
    for (const shape of [{}, alone]) {
      const report = judged(await xadesAt(level, shape));
      expect(report).toMatchObject({ indication: 'TOTAL_PASSED', errors: [] });
      expect(report.signatures[0]).toMatchObject({
        baseline: `B-${level}`,
        warnings: [],
        coverage: 'whole-file',
      });
    }
  });

  test('B-LT brings what its path needs; B-T does not', async () => {
    expect(judged(await xadesAt('LT'), bare).signatures[0]).toMatchObject({
      indication: 'TOTAL_PASSED',
      baseline: 'B-LT',
    });
    expect(judged(await xadesAt('T'), bare)).toMatchObject({ indication: 'INDETERMINATE' });
  });

  test('embedded certificates are no anchors', async () => {
    const nobody = { ...ctx, trust: trustStore({ anchors: [] }) };
    expect(judged(await xadesAt('LTA'), nobody).signatures[0]?.errors).toContain('path.no-chain');
  });

  test('the certificate may stand in CertificateValues only: SigningCertificateV2 finds it', async () => {
    const lasting = await xadesAt('LT');
    const { certificate } = (await testPki()).entity('seal-province');
    const leaf = `<xades:EncapsulatedX509Certificate>${certificate.toString('base64')}</xades:EncapsulatedX509Certificate>`;
    const moved = lasting
      .replace(/<KeyInfo>.*?<\/KeyInfo>/, '')
      .replace('<xades:CertificateValues>', (open) => open + leaf);
    expect(judged(moved).signatures[0]).toMatchObject({ indication: 'TOTAL_PASSED', baseline: 'B-LT' });
  });

  test('validation data of time-stamps is used wherever it stands', async () => {
    const values = await validationValues();
    for (const name of ['TimeStampValidationData', 'AnyValidationData']) {
      const property = `<v:${name} xmlns:v="http://uri.etsi.org/01903/v1.4.1#">${values}</v:${name}>`;
      const text = addUnsigned(await xadesAt('T'), property);
      expect(judged(text, bare).signatures[0]).toMatchObject({
        indication: 'TOTAL_PASSED',
        baseline: 'B-LT',
      });
    }
  });

  test('lists of references to validation data are let be', async () => {
    const text = addUnsigned(
      await xadesAt('LT'),
      '<xades:CompleteCertificateRefs/><xades:CompleteRevocationRefs/>',
    );
    expect(judged(text).signatures[0]).toMatchObject({ baseline: 'B-LT', warnings: [] });
  });

  test('validation data that cannot be read is told', async () => {
    const text = addUnsigned(
      await xadesAt('T'),
      '<xades:CertificateValues><xades:EncapsulatedX509Certificate>AAAA</xades:EncapsulatedX509Certificate></xades:CertificateValues>',
    );
    expect(judged(text).signatures[0]).toMatchObject({
      indication: 'TOTAL_PASSED',
      baseline: 'B-T',
      warnings: ['xml.validation-data-unreadable'],
    });
  });
});

describe('archive time-stamps', () => {
  test('of XAdES 1.3.2 leave out the Objects that are signed', async () => {
    const text = await withArchiveStamp(await xadesAt('LT', alone), TEST_NOW + 60_000, true);
    expect(judged(text).signatures[0]).toMatchObject({ baseline: 'B-LTA', warnings: [] });
  });

  test('are reported as such, in the order of the document', async () => {
    const twice = await withArchiveStamp(await xadesAt('LTA'), TEST_NOW + 120_000);
    const [report] = judged(twice).signatures;
    expect(report).toMatchObject({ baseline: 'B-LTA', bestSignatureTime: '2026-03-16T02:00:02.000Z' });
    expect(report?.timestamps.map(({ kind, time, errors }) => [kind, time, errors])).toEqual([
      ['signature', '2026-03-16T02:00:02.000Z', []],
      ['archive', '2026-03-16T02:01:00.000Z', []],
      ['archive', '2026-03-16T02:02:00.000Z', []],
    ]);
  });

  const changes: [string, (text: string) => string][] = [
    ['a property put before it', (text) => text.replace('<xades:CertificateValues>', '<xades:CompleteCertificateRefs/>$&')],
    ['a property taken out before it', (text) => text.replace(/<xades:RevocationValues>.*<\/xades:RevocationValues>/, '')],
    ['the order of properties', (text) => text.replace(/(<xades:CertificateValues>.*<\/xades:CertificateValues>)(<xades:RevocationValues>.*<\/xades:RevocationValues>)/, '$2$1')],
    ['KeyInfo', (text) => text.replace('<X509Data>', '<KeyName>x</KeyName><X509Data>')],
    ['an unsigned Object put in', (text) => text.replace('<Object>', '<Object></Object><Object>')],
  ]; // biome-ignore format: a table
  test.each(changes)('do not match any more after a change of %s', async (_, change) => {
    const good = await xadesAt('LTA');
    const text = change(good);
    expect(text === good).toBe(false);
    const [report] = judged(text).signatures;
    expect(report?.warnings).toContain('timestamp.not-accepted');
    expect(['B-T', 'B-LT']).toContain(report?.baseline);
    expect(report?.timestamps.at(-1)).toMatchObject({
      kind: 'archive',
      errors: ['timestamp.imprint-mismatch'],
    });
  });

  test('are judged up to thirty-two, a long life of a document; the rest is told', async () => {
    const text = await xadesAt('LTA');
    const [stamp = ''] = /<a:ArchiveTimeStamp.*<\/a:ArchiveTimeStamp>/.exec(text) ?? [];
    const [most] = judged(text.replace(stamp, stamp.repeat(32))).signatures;
    expect(most?.timestamps).toHaveLength(33);
    expect(most).toMatchObject({ indication: 'TOTAL_PASSED', baseline: 'B-LTA' });
    expect(most?.warnings).not.toContain('timestamp.too-many');
    expect(judged(text.replace(stamp, stamp.repeat(33))).signatures[0]?.warnings).toContain(
      'timestamp.too-many',
    );
  });

  test('that are older than the token before them contradict it', async () => {
    const text = await withArchiveStamp(
      addUnsigned(await xadesAt('T'), await validationValues()),
      TEST_NOW - 60_000,
    );
    const [report] = judged(text).signatures;
    expect(report?.timestamps[0]?.errors).toContain('timestamp.order');
  });
});

describe('proofs of existence', () => {
  const crls = async () => {
    const pki = await testPki();
    return ['ca-g1', 'ca-g2'].map((name) => readCrl(Uint8Array.from(pki.crlOf(name, TEST_NOW))));
  };
  const stamped = async (at: number, covered: number) => {
    const octets = Buffer.from(`${at}`);
    const token = await stampAt(at)(createHash('sha256').update(octets).digest());
    return { tokens: [token], octets: () => [octets], covered: { crls: covered, ocsps: 0 } };
  };

  test('are of the lists that stand before an archive time-stamp, each as of the oldest one behind it', async () => {
    const lists = await crls();
    const archive = [await stamped(TEST_NOW + 1_000, 1), await stamped(TEST_NOW + 60_000, 2)];
    const { embedded, proven } = judgeStamps({ content: [], signature: [], archive }, ctx, {
      ...NO_EMBEDDED,
      crls: lists,
    });
    expect(proven).toBe(TEST_NOW + 1_000);
    expect([...(embedded.proofs ?? [])]).toEqual([
      [lists[0]?.sha256, TEST_NOW + 1_000],
      [lists[1]?.sha256, TEST_NOW + 60_000],
    ]);
  });

  test('come of accepted time-stamps only', async () => {
    const wrong = { ...(await stamped(TEST_NOW, 2)), octets: () => null };
    const imprints = { content: [], signature: [], archive: [wrong] };
    const { embedded, proven, codes } = judgeStamps(imprints, ctx, { ...NO_EMBEDDED, crls: await crls() });
    expect([embedded.proofs, proven, codes]).toEqual([undefined, undefined, ['timestamp.not-accepted']]);
  });
});

describe('a revoked signer', () => {
  test('is saved by a proven time, be it of the archive time-stamp alone', async () => {
    const at = TEST_NOW - 2 * 86_400_000;
    const basic = await xadesBasic({ signer: 'official-revoked-late' });
    expect(judged(basic)).toMatchObject({ indication: 'INDETERMINATE' });
    for (const text of [await withSignatureStamp(basic, at), await withArchiveStamp(basic, at)])
      expect(judged(text).signatures[0]).toMatchObject({
        indication: 'TOTAL_PASSED',
        warnings: expect.arrayContaining(['revocation.revoked-later']),
      });
  });
});

describe('content time-stamps', () => {
  const contentStamp = async (at: number, include = '') => {
    const plain = await xadesBasic(alone);
    const octets = octetsOf(plain, '//ds:SignedInfo/ds:Reference[1]', 's', {});
    const token = (await stampAt(at)(createHash('sha256').update(octets).digest())).toString('base64');
    const name = include === '' ? 'AllDataObjectsTimeStamp' : 'IndividualDataObjectsTimeStamp';
    return xadesBasic({
      ...alone,
      dataObjects: `<xades:${name}>${include}<xades:EncapsulatedTimeStamp>${token}</xades:EncapsulatedTimeStamp></xades:${name}>`,
    });
  };

  test.each([['', '<xades:Include URI="#r"/>']].flat())(
    'tell when the content was there already (%s)',
    async (include) => {
      const text = await contentStamp(TEST_NOW - 60_000, include);
      const [report] = judged(text).signatures;
      expect(report).toMatchObject({ indication: 'TOTAL_PASSED', baseline: 'B-B', warnings: [] });
      expect(report?.timestamps).toEqual([
        expect.objectContaining({ errors: [], time: '2026-03-16T01:59:00.000Z' }),
      ]);
    },
  );

  test('that are younger than the signature contradict it', async () => {
    const text = await withSignatureStamp(await contentStamp(TEST_NOW + 60_000), TEST_NOW);
    expect(judged(text).signatures[0]?.errors).toEqual(['timestamp.order']);
  });
});

describe('counter-signatures', () => {
  test('are judged as signatures of their own, and named', async () => {
    const report = judged(await withCounterSignature(await xadesAt('T')));
    expect(report).toMatchObject({ indication: 'TOTAL_PASSED' });
    expect(
      report.signatures.map(({ id, counterSigns, indication, errors }) => [
        id,
        counterSigns,
        indication,
        errors,
      ]),
    ).toEqual([
      ['s', undefined, 'TOTAL_PASSED', []],
      ['c', 's', 'TOTAL_PASSED', []],
    ]);
  });

  test('fail on another value', async () => {
    const text = await withCounterSignature(await xadesAt('T'));
    const other = await xadesAt('B', { signer: 'official-chairman' });
    const value = /<SignatureValue Id="s-value">[^<]*/;
    const swapped = text.replace(value, () => value.exec(other)?.[0] ?? '');
    expect(judged(swapped).signatures[1]).toMatchObject({ errors: ['xml.digest-mismatch'] });
  });

  test('that cover something else are signatures over a part', async () => {
    const text = await withCounterSignature(await xadesAt('T'), {
      uri: '#files',
      transforms: EXCLUSIVE_FORM,
    });
    const [, counter] = judged(text).signatures;
    expect(counter).toMatchObject({ errors: ['xml.covers-part-only'], counterSigns: 's' });
  });

  const countersigned = async (reference?: Parameters<typeof withCounterSignature>[1]) =>
    withCounterSignature(await xadesAt('T'), reference);
  const own = /<Signature [^>]*Id="c".*?<\/Signature>/s;
  test.each<[string, (text: string) => string | Promise<string>]>([
    ['of another signature', (text) => text.replace(/(<Signature [^>]*Id="c".*?<SignatureValue[^>]*>)..../s, '$1AAAA')],
    ['over something else', () => countersigned({ uri: '#files', transforms: EXCLUSIVE_FORM })],
    ['that cannot be read', (text) => text.replace(own, '<Signature xmlns="http://www.w3.org/2000/09/xmldsig#" Id="c"/>')],
  ])('that are bad leave the file as it is: %s', async (_, spoil) => {
    const good = await countersigned();
    const bad = await spoil(good);
    expect(bad).not.toBe(good);
    const report = judged(bad);
    expect(report).toMatchObject({
      indication: 'TOTAL_PASSED',
      errors: [],
      warnings: ['file.counter-signature-not-passed'],
      signatures: [{ indication: 'TOTAL_PASSED' }, { counterSigns: 's' }],
    });
    expect(report.signatures[1]?.indication).not.toBe('TOTAL_PASSED');
    const spoilt = bad.replace('1.000.000', '9.000.000');
    expect(judged(spoilt).indication).toBe('TOTAL_FAILED');
  }); // biome-ignore format: a table

  test('an archive time-stamp covers them', async () => {
    const text = await withArchiveStamp(await withCounterSignature(await xadesAt('LT')));
    expect(judged(text).signatures[0]).toMatchObject({ baseline: 'B-LTA', warnings: [] });
  });
});
