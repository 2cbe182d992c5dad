import { sign as cryptoSign, X509Certificate } from 'node:crypto';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { type AugmentLevel, augmentFile, completeXml, prepareXml } from '../../src/signing/index.ts';
import { propertyPlaces } from '../../src/signing/xml-places.ts';
import {
  policyNamed,
  type TrustStore,
  trustStore,
  type VerificationContext,
  verifyFile,
} from '../../src/verification/index.ts';
import { stampAt } from '../builders/pdf.ts';
import { TEST_NOW, testPki } from '../builders/pki.ts';
import { vectorFiles } from '../builders/signed-files.ts';
import { withArchiveStamp, withCounterSignature, xadesAt, xadesBasic } from '../builders/xades.ts';
import { envelope, signEnvelope } from '../builders/xml.ts';
import { EXCLUSIVE_FORM } from '../builders/xml-template.ts';
import { Xmlsec } from '../builders/xmlsec.ts';
import { requiredTool } from '../required-tool.ts';

const HOUR = 3_600_000;
const YEAR = 365 * 24 * HOUR;
const LEVELS = ['B-T', 'B-LT', 'B-LTA'] as const;
const ALONE = {
  alone: true,
  references: [{ uri: '#o', transforms: EXCLUSIVE_FORM, id: 'r' }],
  objects: '<Object Id="o"><bang xmlns="urn:vn:bang"><dong>1.000.000</dong></bang></Object>',
};

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
const augment = (
  file: Buffer,
  level: AugmentLevel,
  at = TEST_NOW + 2 * HOUR,
  over: Partial<VerificationContext> = {},
) => augmentFile({ file, level, timestamp: stampAt(at), context: () => context({ at, ...over }) });

/** As the signing service writes it. */
async function ours(xml = envelope(), id = 'ky-1', name = 'official-chairman'): Promise<Buffer> {
  const { certificate, key } = (await testPki()).entity(name);
  const { element, signedInfo } = prepareXml({
    ...{ xml, certificate, chain: [], id },
    signingTime: TEST_NOW,
  });
  const rsa = new X509Certificate(certificate).publicKey.asymmetricKeyType === 'rsa';
  const value = cryptoSign('sha256', signedInfo, key);
  return completeXml(xml, element, value, rsa ? 'rsa-sha256' : 'ecdsa-sha256', null);
}

describe('adding to XAdES signatures', () => {
  test.each(LEVELS)(
    'a bare signature reaches %s, enveloped or alone, ours or another program’s',
    async (level) => {
      for (const file of [
        await ours(),
        Buffer.from(await xadesBasic()),
        Buffer.from(await xadesBasic(ALONE)),
      ]) {
        expect(verifyFile(file, context()).signatures[0]?.baseline).toBe('B-B');
        const { report } = await augment(file, level);
        expect(report).toMatchObject({
          indication: 'TOTAL_PASSED',
          errors: [],
          // Two hours before the time-stamp.
          signatures: [{ baseline: level, errors: [], warnings: ['xml.signing-time-differs'] }],
        });
      }
    },
  );

  test('every octet of the file given is in the new one, in its order: something is put in and nothing else', async () => {
    const file = await ours();
    const { bytes } = await augment(file, 'B-LTA');
    let at = 0;
    for (const octet of bytes) if (octet === file[at]) at++;
    expect(at).toBe(file.length);
    const text = bytes.toString();
    expect(text.replace(/<UnsignedProperties.*<\/UnsignedProperties>/s, '')).toBe(file.toString());
  });

  test('signatures beside one another get there together, and what another program began goes on', async () => {
    const two = await ours(await ours(), 'ky-2', 'seal-province');
    expect((await augment(two, 'B-LTA')).report.signatures.map(({ baseline }) => baseline)).toEqual([
      'B-LTA',
      'B-LTA',
    ]);
    for (const level of ['T', 'LT', 'LTA'] as const) {
      const { report } = await augment(Buffer.from(await xadesAt(level)), 'B-LTA');
      expect(report.signatures[0]).toMatchObject({ baseline: 'B-LTA', warnings: [] });
      expect(report.signatures[0]?.timestamps).toHaveLength(level === 'LTA' ? 3 : 2);
    }
  });

  test('an archive time-stamp that another reading of EN 319 132-1 §5.5.2.2 collected passes behind ours', async () => {
    const { bytes } = await augment(Buffer.from(await xadesBasic()), 'B-LTA');
    const named = bytes.toString().replace(/(<\/?)(UnsignedSignatureProperties)/g, '$1xades:$2');
    const [report] = verifyFile(
      Buffer.from(await withArchiveStamp(named, TEST_NOW + 2 * HOUR)),
      context(),
    ).signatures;
    expect(report?.timestamps.slice(1)).toMatchObject([
      { kind: 'archive', indication: 'TOTAL_PASSED' },
      { kind: 'archive', indication: 'TOTAL_PASSED' },
    ]);
  });

  test('counter-signatures are let be', async () => {
    const { report } = await augment(Buffer.from(await withCounterSignature(await xadesBasic())), 'B-LTA');
    expect(report.signatures.map(({ baseline, counterSigns }) => [baseline, counterSigns])).toEqual([
      ['B-LTA', undefined],
      [null, 's'],
    ]);
  });

  test('it is proven with the anchors alone when the signer has ended and nobody answers about him any more', async () => {
    const pki = await testPki();
    const file = await ours(envelope(), 'ky-1', 'official-g1');
    const then = TEST_NOW + 2 * YEAR;
    const left = trustStore({
      anchors: pki.anchors,
      crls: ['root-g2', 'ca-g2'].map((name) => pki.crlOf(name, then - HOUR)),
    });
    const { bytes } = await augment(file, 'B-LTA');
    expect(verifyFile(bytes, context({ trust: left, at: then }))).toMatchObject({
      indication: 'TOTAL_PASSED',
    });
    expect(verifyFile(file, context({ trust: left, at: then })).indication).toBe('INDETERMINATE');
  });

  test('again before the authority ends, with later lists in a property of their own', async () => {
    const { bytes } = await augment(await ours(), 'B-LTA');
    const pki = await testPki();
    const then = TEST_NOW + YEAR;
    const crls = ['root-g2', 'ca-g2'].map((name) => pki.crlOf(name, then - HOUR));
    const renewed = trustStore({ anchors: pki.anchors, intermediates: pki.intermediates, crls });
    const again = await augment(bytes, 'B-LTA', then, { trust: renewed });
    expect(again.report.signatures[0]).toMatchObject({
      baseline: 'B-LTA',
      warnings: ['xml.signing-time-differs'],
    });
    expect(again.report.signatures[0]?.timestamps).toHaveLength(3);
    const text = again.bytes.toString();
    expect(text.match(/<CertificateValues/g)).toHaveLength(1);
    expect(text.match(/TimeStampValidationData /g)).toHaveLength(1);
  });

  test('what EU DSS signed reaches B-LTA too', async () => {
    const names: string[] = [];
    const pki = await testPki();
    for (const { name, bytes, ctx, detached } of vectorFiles()) {
      const before = verifyFile(bytes, ctx, detached ? { detached } : {});
      const plain = before.signatures.some(({ baseline }) => baseline === null);
      if (before.format !== 'xml' || before.indication !== 'TOTAL_PASSED' || plain) continue;
      const both = trustStore({
        anchors: [...ctx.trust.anchors.map(({ der }) => der), ...pki.anchors],
        intermediates: [...ctx.trust.intermediates.map(({ der }) => der), ...pki.intermediates],
        crls: [...ctx.trust.anchors, ...ctx.trust.intermediates]
          .flatMap(({ subject }) => ctx.trust.crlsFrom(subject.folded).map(({ der }) => der))
          .concat(['root-g2', 'ca-g2'].map((one) => pki.crlOf(one, ctx.at - HOUR))),
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
    expect(names.length).toBeGreaterThan(3);
  });

  test('xmlsec1 still accepts the signature', async () => {
    const tool = requiredTool('xmlsec1', 'xmlsec1 on an augmented XAdES');
    if (!tool) return;
    const xmlsec = new Xmlsec(tool);
    for (const level of LEVELS) {
      const { bytes } = await augment(Buffer.from(await xadesBasic()), level);
      expect(await xmlsec.accepts(bytes)).toBe(true);
    }
  });
});

describe('nothing is made of', () => {
  test('a plain XML signature without properties', async () => {
    await expect(augment(await signEnvelope(), 'B-T')).rejects.toMatchObject({
      code: 'signing.xml-not-usable',
    });
  });
});

describe('the place of the next property', () => {
  const DS = 'xmlns="http://www.w3.org/2000/09/xmldsig#"';
  const X = 'xmlns="http://uri.etsi.org/01903/v1.3.2#"';
  const place = (inside: string) => {
    const xml = Buffer.from(
      `<a><!-- <Signature> --><b c=">"/><Signature ${DS}><Object>${inside}</Object></Signature></a>`,
    );
    const [found] = propertyPlaces(xml);
    return found && `${found.before}|${xml.subarray(found.at, found.at + 12)}`;
  };

  test.each([
    ['behind the last one', `<Q ${X}/><QualifyingProperties ${X}><UnsignedProperties><UnsignedSignatureProperties><x/></UnsignedSignatureProperties></UnsignedProperties></QualifyingProperties>`, '|</UnsignedSi'],
    ['in a group that has none', `<QualifyingProperties ${X}><UnsignedProperties></UnsignedProperties></QualifyingProperties>`, `<UnsignedSignatureProperties ${X}>|</UnsignedPr`],
    ['where there is no group', `<q:QualifyingProperties xmlns:q="http://uri.etsi.org/01903/v1.3.2#"></q:QualifyingProperties>`, `<UnsignedProperties ${X}><UnsignedSignatureProperties ${X}>|</q:Qualifyi`],
    ['not in what only looks like it', `<![CDATA[<QualifyingProperties ${X}></QualifyingProperties>]]><QualifyingProperties xmlns="urn:x"></QualifyingProperties>`, null],
  ] as [string, string, string | null][])('%s', (_, inside, expected) => {
    expect(place(inside)).toBe(expected);
  }); // biome-ignore format: a table
});
