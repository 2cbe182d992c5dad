import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { VerificationContext } from '../../src/verification/context.ts';
import { verifyFile } from '../../src/verification/index.ts';
import { withCounterSignature, xadesAt, xadesBasic } from '../builders/xades.ts';
import { envelope, signEnvelope, signWithXmlCrypto, xmlContext, xmlCryptoAccepts } from '../builders/xml.ts';
import {
  BASE64,
  ENVELOPED,
  EXCLUSIVE_FORM,
  filter2,
  propertiesObject,
  propertiesReference,
  type ReferenceShape,
  referenceXml,
  SUBTRACT_SIGNATURES,
  signatureTemplate,
  signTemplate,
  transform,
} from '../builders/xml-template.ts';
import { Xmlsec } from '../builders/xmlsec.ts';
import { requiredTool } from '../required-tool.ts';

const C14N = 'http://www.w3.org/TR/2001/REC-xml-c14n-20010315';
const DS = 'http://www.w3.org/2000/09/xmldsig#';

let ctx: VerificationContext;
let xmlsec: Xmlsec | null = null;

beforeAll(async () => {
  ctx = await xmlContext();
  const tool = requiredTool('xmlsec1', 'XML signatures under xmlsec1');
  xmlsec = tool === null ? null : new Xmlsec(tool);
});
afterAll(() => xmlsec?.close());

const file = Buffer.from('<thu>1.000.000</thu>');
const files = { 'van-ban.xml': file };
const DATA = '<Object Id="o"><bang xmlns="urn:vn:bang" Id="b">1.000.000</bang></Object>';
const xpath = (expression: string) =>
  transform('http://www.w3.org/TR/1999/REC-xpath-19991116', `<XPath xmlns:ds="${DS}">${expression}</XPath>`);

const inEnvelope = async (
  references: ReferenceShape[],
  options: { objects?: string; signer?: string } = {},
) => {
  const place = '</edXML:edXMLHeader>';
  const signature = await signatureTemplate({ references, ...options });
  return envelope({ id: 'all' })
    .toString()
    .replace(place, () => signature + place);
};
const whole = (transforms: string): ReferenceShape[] => [{ uri: '', transforms, id: 'r' }];

interface Form {
  template: () => Promise<string>;
  detached?: boolean;
  signer?: string;
}

/** Every form once: signed by either, judged by both, and broken for both. */
const FORMS: Readonly<Record<string, Form>> = {
  'enveloped, exclusive': { template: () => inEnvelope(whole(ENVELOPED + EXCLUSIVE_FORM)) },
  'enveloped, inclusive': { template: () => inEnvelope(whole(ENVELOPED + transform(C14N))) },
  'enveloped, Canonical XML 1.1': { template: () => inEnvelope(whole(ENVELOPED + transform('http://www.w3.org/2006/12/xml-c14n11'))) },
  'enveloped, no form named': { template: () => inEnvelope(whole(ENVELOPED)) },
  'the root by its Id': { template: () => inEnvelope([{ uri: '#all', transforms: ENVELOPED + EXCLUSIVE_FORM }]) },
  'several references': {
    template: () => inEnvelope([...whole(ENVELOPED + EXCLUSIVE_FORM), { uri: '#files', transforms: EXCLUSIVE_FORM }, { uri: '#message', transforms: transform(C14N) }]),
  },
  'filter 2.0, subtract': { template: () => inEnvelope(whole(SUBTRACT_SIGNATURES + EXCLUSIVE_FORM)) },
  'filter 2.0, here()': { template: () => inEnvelope(whole(filter2(['subtract', 'here()/ancestor::ds:Signature[1]']) + EXCLUSIVE_FORM)) },
  'XPath, all signatures out': { template: () => inEnvelope(whole(xpath('not(ancestor-or-self::ds:Signature)') + EXCLUSIVE_FORM)) },
  'XPath, the own signature out': {
    template: () => inEnvelope(whole(xpath('count(ancestor-or-self::ds:Signature | here()/ancestor::ds:Signature[1]) &gt; count(ancestor-or-self::ds:Signature)') + EXCLUSIVE_FORM)),
  },
  'P-256': { template: () => inEnvelope(whole(ENVELOPED + EXCLUSIVE_FORM), { signer: 'official-vice' }), signer: 'official-vice' },
  'XAdES': {
    template: async () => inEnvelope([...whole(ENVELOPED + EXCLUSIVE_FORM), propertiesReference()], { objects: await propertiesObject() }),
  },
  'enveloping': { template: () => signatureTemplate({ references: [{ uri: '#o', transforms: EXCLUSIVE_FORM }], objects: DATA }) },
  'enveloping, no form named': { template: () => signatureTemplate({ references: [{ uri: '#o' }], objects: DATA }) },
  'enveloping, base64': {
    template: () => signatureTemplate({ references: [{ uri: '#o', transforms: BASE64 }], objects: `<Object Id="o">${Buffer.from('1.000.000').toString('base64')}</Object>` }),
  },
  'detached': { template: () => signatureTemplate({ references: [{ uri: 'van-ban.xml' }] }), detached: true },
  'detached, canonical': { template: () => signatureTemplate({ references: [{ uri: 'van-ban.xml', transforms: EXCLUSIVE_FORM }] }), detached: true },
}; // biome-ignore format: a table

const BREAKS: readonly [RegExp, string][] = [
  [/1\.000\.000/, '9.000.000'],
  [/MS4wMDAuMDAw/, 'OS4wMDAuMDAw'],
  [/<DigestValue>./, '<DigestValue>+'],
  [/(<SignatureValue[^>]*>)./, '$1+'],
];

/** Broken in content, digest and value, as far as the form has them. */
function broken(signed: Buffer): string[] {
  const text = signed.toString();
  return BREAKS.map(([from, to]) => text.replace(from, to)).filter((one) => one !== text);
}

describe('the same verdict on the same file', () => {
  test.each(Object.entries(FORMS))('%s', async (_, { template, detached, signer = 'seal-province' }) => {
    if (!xmlsec) return;
    const text = await template();
    const given = detached ? { detached: file } : {};
    const signatures = [
      await xmlsec.sign(text, { signer, files }),
      await signTemplate(text, { signer, files }),
    ];
    for (const signed of signatures) {
      expect(await xmlsec.accepts(signed, { signer, files })).toBe(true);
      expect(verifyFile(signed, ctx, given)).toMatchObject({ indication: 'TOTAL_PASSED', errors: [] });
      const others = broken(signed);
      expect(others.length).toBeGreaterThanOrEqual(2);
      for (const other of others) {
        expect(await xmlsec.accepts(other, { signer, files })).toBe(false);
        expect(verifyFile(Buffer.from(other), ctx, given)).toMatchObject({ indication: 'TOTAL_FAILED' });
      }
    }
    const changed = { 'van-ban.xml': Buffer.from('<thu>9.000.000</thu>') };
    if (!detached) return;
    expect(await xmlsec.accepts(signatures[0] as Buffer, { signer, files: changed })).toBe(false);
    expect(verifyFile(signatures[0] as Buffer, ctx, { detached: changed['van-ban.xml'] })).toMatchObject({
      indication: 'TOTAL_FAILED',
    });
  });

  test('what the lab, xml-crypto and xmlsec1 sign, all three and ours find right', async () => {
    if (!xmlsec) return;
    const template = (await inEnvelope(whole(ENVELOPED + EXCLUSIVE_FORM))).replace(
      'Id="s"',
      'Id="signature"',
    );
    const made = [
      await signEnvelope(),
      await signWithXmlCrypto({ uri: '' }).then((one) =>
        Buffer.from(one.toString().replace('<Signature ', '<Signature Id="signature" ')),
      ),
      await xmlsec.sign(template, { id: 'signature' }),
    ];
    for (const signed of made) {
      expect(await xmlsec.accepts(signed, { id: 'signature' })).toBe(true);
      expect(await xmlCryptoAccepts(signed)).toBe(true);
      expect(verifyFile(signed, ctx)).toMatchObject({ indication: 'TOTAL_PASSED' });
    }
  });

  test.each(['B', 'T', 'LT', 'LTA'] as const)('XAdES B-%s', async (level) => {
    if (!xmlsec) return;
    const signed = await xadesAt(level);
    expect(await xmlsec.accepts(signed)).toBe(true);
    expect(verifyFile(Buffer.from(signed), ctx)).toMatchObject({ indication: 'TOTAL_PASSED' });
  });

  test('of what a Manifest lists xmlsec1 leaves the verdict to the application; we give it', async () => {
    if (!xmlsec) return;
    const template = await signatureTemplate({
      references: [{ uri: '#m', transforms: EXCLUSIVE_FORM, type: `${DS}Manifest` }],
      objects: `<Object><Manifest Id="m">${referenceXml({ uri: '#o', transforms: EXCLUSIVE_FORM })}</Manifest></Object>${DATA}`,
    });
    for (const signed of [await xmlsec.sign(template), await signTemplate(template)]) {
      expect(await xmlsec.accepts(signed)).toBe(true);
      expect(verifyFile(signed, ctx)).toMatchObject({ indication: 'TOTAL_PASSED' });
      const changed = signed.toString().replace('1.000.000', '9.000.000');
      expect(await xmlsec.accepts(changed)).toBe(true);
      expect(verifyFile(Buffer.from(changed), ctx)).toMatchObject({ indication: 'TOTAL_FAILED' });
    }
  });

  test('a counter-signature', async () => {
    if (!xmlsec) return;
    const signed = await withCounterSignature(await xadesBasic());
    expect(await xmlsec.accepts(signed, { id: 'c', signer: 'official-vice' })).toBe(true);
    expect(await xmlsec.accepts(signed)).toBe(true);
  });
});
