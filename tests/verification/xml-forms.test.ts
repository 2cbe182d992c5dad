import { beforeAll, describe, expect, test } from '@jest/globals';
import type { VerificationContext } from '../../src/verification/context.ts';
import { verifyFile } from '../../src/verification/index.ts';
import { withinBudget } from '../../src/verification/work.ts';
import { verifyXmlOverFiles } from '../../src/verification/xml/index.ts';
import { envelope, xmlContext } from '../builders/xml.ts';
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
  type TemplateShape,
  transform,
} from '../builders/xml-template.ts';

let ctx: VerificationContext;

beforeAll(async () => {
  ctx = await xmlContext();
});

const DATA = '<bang xmlns="urn:vn:bang"><dong>1.000.000</dong></bang>';

/** A file whose root is the signature. */
const enveloping = async (shape: TemplateShape) => signTemplate(await signatureTemplate(shape));

const inObject: ReferenceShape = { uri: '#o', transforms: EXCLUSIVE_FORM };
const objectWith = (content: string) => `<Object Id="o">${content}</Object>`;

describe('enveloping signatures', () => {
  test('over an Object by its Id are passed', async () => {
    const signed = await enveloping({ references: [inObject], objects: objectWith(DATA) });
    expect(verifyFile(signed, ctx)).toMatchObject({ indication: 'TOTAL_PASSED', errors: [] });
    expect(verifyFile(signed, ctx).signatures[0]).toMatchObject({
      coverage: 'whole-file',
      covers: ['Signature/Object'],
    });
  });

  test('over the content of an Object are passed', async () => {
    const objects = `<Object>${DATA.replace('<bang ', '<bang Id="b" ')}</Object>`;
    const signed = await enveloping({ references: [{ uri: '#b', transforms: EXCLUSIVE_FORM }], objects });
    expect(verifyFile(signed, ctx)).toMatchObject({ indication: 'TOTAL_PASSED' });
  });

  test('over base64 in an Object, as European tools write it, are passed', async () => {
    const objects = objectWith(Buffer.from(DATA).toString('base64'));
    const references = [{ uri: '#o', transforms: BASE64 }, propertiesReference()];
    const signed = await enveloping({ references, objects: objects + (await propertiesObject()) });
    expect(verifyFile(signed, ctx).signatures[0]).toMatchObject({
      indication: 'TOTAL_PASSED',
      baseline: 'B-B',
      coverage: 'whole-file',
    });
    const other = signed.toString().replace(/(<Object Id="o">).{4}/, '$1AAAA');
    expect(verifyFile(Buffer.from(other), ctx)).toMatchObject({ indication: 'TOTAL_FAILED' });
  });

  test('without a canonical form get Canonical XML 1.0', async () => {
    const signed = await enveloping({ references: [{ uri: '#o' }], objects: objectWith(DATA) });
    expect(verifyFile(signed, ctx)).toMatchObject({ indication: 'TOTAL_PASSED' });
  });

  test('over their properties only sign nothing', async () => {
    const signed = await enveloping({
      references: [propertiesReference()],
      objects: await propertiesObject(),
    });
    expect(verifyFile(signed, ctx).signatures[0]).toMatchObject({
      indication: 'INDETERMINATE',
      errors: ['xml.covers-part-only'],
    });
  });
});

const FILES = { 'van-ban.xml': Buffer.from(DATA), 'phụ lục.pdf': Buffer.from('%PDF-1.7') };
const outside = (uri: string | null, transforms = ''): ReferenceShape => ({ uri, transforms });

describe('detached signatures', () => {
  const make = async (references: ReferenceShape[]) =>
    signTemplate(
      await signatureTemplate({
        references: [...references, propertiesReference()],
        objects: await propertiesObject(),
      }),
      { files: { '': FILES['van-ban.xml'], 'van-ban.xml': FILES['van-ban.xml'], 'a.bin': Buffer.from('a') } },
    );

  test.each([['van-ban.xml'], [null]])(
    'over %s are passed with the file, and not without it',
    async (uri) => {
      const signed = await make([outside(uri)]);
      const report = verifyFile(signed, ctx, { detached: FILES['van-ban.xml'] });
      expect(report).toMatchObject({ indication: 'TOTAL_PASSED' });
      expect(report.signatures[0]).toMatchObject({ coverage: 'whole-file', files: [uri ?? ''] });
      expect(verifyFile(signed, ctx)).toMatchObject({ indication: 'INDETERMINATE' });
      expect(verifyFile(signed, ctx, { detached: Buffer.from('x') })).toMatchObject({
        indication: 'TOTAL_FAILED',
      });
    },
  );

  test('of an enveloped signature the given file is not covered', async () => {
    const text = envelope()
      .toString()
      .replace(
        '</edXML>',
        `${await signatureTemplate({ references: [{ uri: '', transforms: ENVELOPED + EXCLUSIVE_FORM }] })}</edXML>`,
      );
    const signed = await signTemplate(text);
    expect(verifyFile(signed, ctx)).toMatchObject({ indication: 'TOTAL_PASSED' });
    expect(verifyFile(signed, ctx, { detached: FILES['van-ban.xml'] }).signatures[0]).toMatchObject({
      errors: ['xml.covers-part-only'],
    });
  });

  test('over two files: one unnamed file cannot be both', async () => {
    const signed = await make([outside('van-ban.xml'), outside('a.bin')]);
    expect(verifyFile(signed, ctx, { detached: FILES['van-ban.xml'] }).signatures[0]).toMatchObject({
      indication: 'INDETERMINATE',
      errors: ['xml.reference-external', 'xml.covers-part-only'],
    });
  });
});

describe('signatures over named files', () => {
  const WRAPPER = 'http://uri.etsi.org/02918/v1.2.1#';
  const signed = async (uris: string[], transforms = '') => {
    const files = Object.fromEntries(
      uris.map((uri) => [uri, FILES[decodeURIComponent(uri) as keyof typeof FILES] ?? Buffer.from('x')]),
    );
    const signature = await signatureTemplate({ references: uris.map((uri) => outside(uri, transforms)) });
    return signTemplate(`<a:XAdESSignatures xmlns:a="${WRAPPER}">${signature}</a:XAdESSignatures>`, {
      files,
    });
  };
  const judge = (bytes: Buffer, files: Record<string, Buffer> = FILES) =>
    verifyXmlOverFiles(bytes, ctx, (name) => files[name] ?? null);

  test('name what they cover, percent-decoded', async () => {
    const { signatures, codes } = judge(await signed(['van-ban.xml', 'ph%E1%BB%A5%20l%E1%BB%A5c.pdf']));
    expect(codes).toEqual([]);
    expect(signatures[0]).toMatchObject({
      indication: 'TOTAL_PASSED',
      files: Object.keys(FILES),
      errors: [],
    });
  });

  test('fail when a file is changed, and are not decided when it is missing', async () => {
    const bytes = await signed(['van-ban.xml']);
    expect(judge(bytes, { 'van-ban.xml': Buffer.from('x') }).signatures[0]).toMatchObject({
      indication: 'TOTAL_FAILED',
      errors: ['xml.digest-mismatch'],
    });
    expect(judge(bytes, {}).signatures[0]).toMatchObject({
      indication: 'INDETERMINATE',
      errors: ['xml.reference-not-found', 'xml.covers-part-only'],
    });
  });

  test('canonicalise a file that is XML where they ask for it', async () => {
    const bytes = await signed(['van-ban.xml'], EXCLUSIVE_FORM);
    const other = Buffer.from(DATA.replace('<dong>', '<dong >'));
    expect(judge(bytes, { 'van-ban.xml': other }).signatures[0]).toMatchObject({
      indication: 'TOTAL_PASSED',
    });
    expect(judge(bytes, { 'van-ban.xml': Buffer.from('<!DOCTYPE x><x/>') }).signatures[0]).toMatchObject({
      errors: ['xml.dtd-forbidden'],
    });
  });

  test('cannot have a large file canonicalised over and over', async () => {
    const bytes = await signed(['van-ban.xml'], EXCLUSIVE_FORM);
    const large = Buffer.from(`<thu>${' '.repeat(1_000_000)}</thu>`);
    const judgeLarge = () => judge(bytes, { 'van-ban.xml': large });
    expect(withinBudget(100, judgeLarge)).toBeNull();
    expect(withinBudget(1_000, judgeLarge)?.signatures[0]?.errors).toEqual(['xml.digest-mismatch']);
  });

  test.each(['../a', 'a/../b', '/etc/passwd', 'file:///a', 'http://a/b', '//a/b', 'a%2F..%2Fb', 'a%00', 'a\\b', '%E1', './../a', 'a?b'])(
    'never leave the container by %s',
    async (uri) => {
      const asked: string[] = [];
      const { signatures } = verifyXmlOverFiles(await signed(['x']).then((one) => Buffer.from(one.toString().replace('URI="x"', `URI="${uri}"`))), ctx, (name) => {
        asked.push(name);
        return Buffer.from('x');
      });
      expect(signatures[0]?.errors).toContain('xml.reference-external');
      expect(asked).toEqual([]);
    },
  ); // biome-ignore format: a table
});

describe('Manifests', () => {
  const manifest = (...entries: ReferenceShape[]) =>
    `<Object><Manifest Id="m">${entries.map(referenceXml).join('')}</Manifest></Object>${objectWith(DATA)}`;
  const references = [
    { uri: '#m', transforms: EXCLUSIVE_FORM, type: 'http://www.w3.org/2000/09/xmldsig#Manifest' },
  ];

  test('that are signed sign what they list', async () => {
    const signed = await enveloping({ references, objects: manifest(inObject) });
    expect(verifyFile(signed, ctx).signatures[0]).toMatchObject({
      indication: 'TOTAL_PASSED',
      covers: ['Signature/Object/Manifest', 'Signature/Object'],
    });
    const other = signed.toString().replace('1.000.000', '9.000.000');
    expect(verifyFile(Buffer.from(other), ctx).signatures[0]).toMatchObject({
      indication: 'TOTAL_FAILED',
      errors: ['xml.digest-mismatch'],
    });
  });

  test('that list what is not there are not decided', async () => {
    const signed = await enveloping({ references, objects: manifest(inObject, outside('a.bin')) });
    expect(verifyFile(signed, ctx).signatures[0]).toMatchObject({ errors: ['xml.reference-external'] });
  });
});

const envelopeWith = async (reference: ReferenceShape) => {
  const signature = await signatureTemplate({ references: [reference] });
  return signTemplate(envelope({ id: 'all' }).toString().replace('</edXML:edXMLHeader>', `${signature}</edXML:edXMLHeader>`));
}; // biome-ignore format: one template

describe('filters', () => {
  const OWN_XPATH =
    'count(ancestor-or-self::ds:Signature | here()/ancestor::ds:Signature[1]) &gt; count(ancestor-or-self::ds:Signature)';
  const xpath = (expression: string) =>
    transform(
      'http://www.w3.org/TR/1999/REC-xpath-19991116',
      `<XPath xmlns:ds="http://www.w3.org/2000/09/xmldsig#">${expression}</XPath>`,
    );
  test.each([
    ['subtract /descendant::', SUBTRACT_SIGNATURES],
    ['subtract //', filter2(['subtract', '//ds:Signature'])],
    ['subtract /descendant-or-self::', filter2(['subtract', ' /descendant-or-self::ds:Signature '])],
    ['subtract here()', filter2(['subtract', 'here()/ancestor::ds:Signature[1]'])],
    ['not(ancestor-or-self)', xpath('not(ancestor-or-self::ds:Signature)')],
    ['count(here())', xpath(OWN_XPATH)],
  ])('%s takes signatures out', async (_, transforms) => {
    const signed = await envelopeWith({ uri: '', transforms: transforms + EXCLUSIVE_FORM });
    expect(verifyFile(signed, ctx)).toMatchObject({ indication: 'TOTAL_PASSED' });
    const other = signed.toString().replace('1.000.000', '9.000.000');
    expect(verifyFile(Buffer.from(other), ctx)).toMatchObject({ indication: 'TOTAL_FAILED' });
  });

  test('intersect narrows to an element, which is a part only', async () => {
    const narrow = filter2(['intersect', "id('message')"], ['union', "id('files')"]);
    const signed = await envelopeWith({ uri: '', transforms: narrow + EXCLUSIVE_FORM });
    expect(verifyFile(signed, ctx).signatures[0]).toMatchObject({
      indication: 'INDETERMINATE',
      errors: ['xml.covers-part-only'],
      covers: ['edXML/edXMLEnvelope/edXMLHeader/MessageHeader', 'edXML/AttachmentEncoded'],
    });
  });

  test.each([
    ['union first', filter2(['union', '/'])],
    ['intersect with the root node', filter2(['intersect', '/'], ['subtract', '//ds:Signature'])],
    ['subtract of content', filter2(['subtract', "id('message')"])],
    ['subtract in the middle', filter2(['subtract', '//ds:Signature'], ['union', "id('message')"])],
    ['another axis', filter2(['subtract', '/child::ds:Signature'])],
    ['an index', filter2(['subtract', '/descendant::ds:Signature[1]'])],
    ['a function', filter2(['intersect', "//*[contains(., 'a')]"])],
    [
      'nine filters',
      filter2(...Array.from({ length: 9 }, (): [string, string] => ['intersect', "id('all')"])),
    ],
    ['XPath with a condition', xpath('not(ancestor-or-self::ds:Signature) or true()')],
  ])('%s is refused by name', async (_, transforms) => {
    const signed = await envelopeWith({ uri: '', transforms: transforms + EXCLUSIVE_FORM });
    expect(verifyFile(signed, ctx).signatures[0]?.errors).toContain('xml.transform-refused');
  });
});

test('internally detached: everything beside the signature is signed', async () => {
  const build = async (root: string) =>
    signTemplate(
      `<${root}><a Id="a">1.000.000</a>${await signatureTemplate({ references: [{ uri: '#a', transforms: EXCLUSIVE_FORM }] })}</${root}>`,
    );
  const signed = await build('internally-detached');
  expect(verifyFile(signed, ctx)).toMatchObject({ indication: 'TOTAL_PASSED' });
  for (const other of [
    signed.toString().replace('<a Id', '<b/><a Id'),
    (await build('thu-hoi')).toString(),
    signed.toString().replace('<internally-detached>', '<internally-detached kind="recall">'),
  ])
    expect(verifyFile(Buffer.from(other), ctx)).toMatchObject({ indication: 'INDETERMINATE' });
});
