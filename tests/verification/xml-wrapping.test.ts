import {
  createHash,
  createHmac,
  createPublicKey,
  generateKeyPairSync,
  sign,
  X509Certificate,
} from 'node:crypto';
import { beforeAll, describe, expect, test } from '@jest/globals';
import type { VerificationContext } from '../../src/verification/context.ts';
import { verifyFile } from '../../src/verification/index.ts';
import { testPki } from '../builders/pki.ts';
import { addUnsigned, withCounterSignature, xadesAt, xadesBasic } from '../builders/xades.ts';
import { envelope, resigned, xmlContext } from '../builders/xml.ts';
import {
  BASE64,
  ENVELOPED,
  EXCLUSIVE_FORM,
  propertiesReference,
  referenceXml,
  SUBTRACT_SIGNATURES,
  signatureTemplate,
  signTemplate,
  transform,
} from '../builders/xml-template.ts';

const DS = 'http://www.w3.org/2000/09/xmldsig#';
const C14N = 'http://www.w3.org/TR/2001/REC-xml-c14n-20010315';

let ctx: VerificationContext;
/** A message signed by Id: its signature in it, beside it, and around it. */
let enveloped: string;
let detached: string;
let enveloping: string;
/** Over the whole file: plain, XAdES by Id of the root, with all signatures filtered out. */
let xades: string;
let filtered: string;
let lasting: string;
let seal: (octets: Buffer) => Buffer;

/** The shape that signature wrapping was published on: a response, an assertion in it, and its signature. */
const assertion = (content: string, id = 'a', extra = '') =>
  `<Thu Id="${id}" xmlns="urn:vn:thu"><So>${content}</So>${extra}</Thu>`;
const response = (content: string) => `<Goi xmlns="urn:vn:goi">${content}</Goi>`;

beforeAll(async () => {
  ctx = await xmlContext();
  const { key } = (await testPki()).entity('seal-province');
  seal = (octets) => sign('sha256', octets, key);
  const own = [{ uri: '#a', transforms: ENVELOPED + EXCLUSIVE_FORM }];
  const beside = [{ uri: '#a', transforms: EXCLUSIVE_FORM }];
  const signature = (references: typeof own, objects = '') => signatureTemplate({ references, objects });
  const signed = async (text: string) => (await signTemplate(text)).toString();
  enveloped = await signed(response(assertion('1.000.000', 'a', await signature(own))));
  detached = await signed(response(assertion('1.000.000') + (await signature(beside))));
  enveloping = await signed(response(await signature(beside, `<Object>${assertion('1.000.000')}</Object>`)));
  xades = await xadesBasic();
  filtered = await xadesBasic({
    references: [{ uri: '', transforms: SUBTRACT_SIGNATURES + EXCLUSIVE_FORM, id: 'r' }],
  });
  lasting = await xadesAt('LTA');
});

function replaced(text: string, from: string | RegExp, to: string | ((found: string) => string)): string {
  const other = text.replace(from, (found) => (typeof to === 'string' ? to : to(found)));
  expect(other === text).toBe(false);
  return other;
}

function judged(xml: string | Buffer) {
  const report = verifyFile(Buffer.from(xml), ctx);
  const errors = [...report.errors, ...report.signatures.flatMap((one) => one.errors)];
  return { indication: report.indication, errors, signatures: report.signatures };
}

type Case = [name: string, code: string, build: () => string | Buffer | Promise<string | Buffer>];

/** Never passed, and for the reason that is named. */
function refuses(title: string, cases: Case[]): void {
  describe(title, () => {
    test.each(cases)('%s', async (_, code, build) => {
      const { indication, errors } = judged(await build());
      expect(errors).toContain(code);
      expect(['INDETERMINATE', 'TOTAL_FAILED']).toContain(indication);
    });
  });
}

const signatureIn = (text: string) => /<Signature [\s\S]*<\/Signature>/.exec(text)?.[0] as string;
const thuIn = (text: string) => /<Thu [\s\S]*<\/Thu>/.exec(text)?.[0] as string;
const bareThu = (text: string) => thuIn(text).replace(signatureIn(text), '');
const evil = (extra = '') => assertion('9.000.000', 'evil', extra);

test('the good files are what they seem to be', async () => {
  for (const one of [enveloped, detached, enveloping])
    expect(judged(one)).toMatchObject({ indication: 'INDETERMINATE', errors: ['xml.covers-part-only'] });
  for (const one of [xades, filtered, lasting])
    expect(judged(one)).toMatchObject({ indication: 'TOTAL_PASSED', errors: [] });
});

// The eight forms of "On Breaking SAML: Be Whoever You Want to Be" (USENIX Security 2012).
refuses('signature wrapping', [
  ['XSW1: the signed response kept inside the signature of a copy', 'xml.id-duplicate', () => {
    const copy = assertion('9.000.000', 'a', replaced(signatureIn(enveloped), '</Signature>', `<Object>${bareThu(enveloped)}</Object></Signature>`));
    return response(copy);
  }],
  ['XSW2: the signed response kept beside its signature in a copy', 'xml.transform-unsupported', () =>
    response(evil(signatureIn(enveloped) + bareThu(enveloped)))],
  ['XSW3: the forged assertion before the signed one', 'xml.covers-part-only', () =>
    response(evil() + thuIn(enveloped))],
  ['XSW4: the signed assertion inside the forged one', 'xml.covers-part-only', () =>
    response(evil(thuIn(enveloped)))],
  ['XSW5: the forged assertion holds the signature, the signed one stands at the end', 'xml.transform-unsupported', () =>
    response(evil(signatureIn(enveloped)) + bareThu(enveloped))],
  ['XSW6: the signed assertion in the signature of the forged one', 'xml.transform-unsupported', () =>
    response(evil(replaced(signatureIn(enveloped), '</Signature>', `<Object>${bareThu(enveloped)}</Object></Signature>`)))],
  ['XSW7: the forged assertion in extensions before the signed one', 'xml.covers-part-only', () =>
    response(`<Mo>${evil()}</Mo>${thuIn(enveloped)}`)],
  ['XSW7: with the same Id twice', 'xml.id-duplicate', () =>
    response(`<Mo>${assertion('9.000.000')}</Mo>${thuIn(enveloped)}`)],
  ['XSW8: the signed assertion in an Object of the signature', 'xml.id-duplicate', () =>
    response(assertion('9.000.000', 'a', replaced(signatureIn(detached), '</Signature>', `<Object>${thuIn(detached)}</Object></Signature>`)))],
  ['a detached signature whose target moved into a wrapper', 'xml.covers-part-only', () =>
    response(`${evil()}<Cu>${thuIn(detached)}</Cu>${signatureIn(detached)}`)],
  ['an enveloping signature inside a document that says otherwise', 'xml.covers-part-only', () =>
    response(evil() + signatureIn(enveloping))],
  ['an enveloping signature in an envelope: the Object is signed, the envelope is not', 'xml.covers-part-only', () =>
    replaced(envelope().toString(), '</edXML:edXMLHeader>', (end) => signatureIn(enveloping) + end)],
]); // biome-ignore format: a table

const message = () => /<edXML:MessageHeader[\s\S]*<\/edXML:MessageHeader>/.exec(xades)?.[0] as string;
const forgedMessage = () => replaced(message(), '1.000.000', '9.000.000');
const propertiesIn = (text: string) =>
  /<xades:QualifyingProperties[\s\S]*<\/xades:QualifyingProperties>/.exec(text)?.[0] as string;

refuses('XAdES', [
  ['content changed under a signature with all properties', 'xml.digest-mismatch', () => replaced(lasting, '1.000.000', '9.000.000')],
  ['the old message kept in an Object of its own', 'xml.foreign-content', () =>
    replaced(replaced(xades, message(), forgedMessage()), '</Signature>', `<Object>${message()}</Object></Signature>`)],
  ['the old message kept among the unsigned properties', 'xml.foreign-content', () =>
    replaced(replaced(lasting, message(), forgedMessage()), '</xades:UnsignedSignatureProperties>', (end) => message() + end)],
  ['the old message kept in a counter-signature', 'xml.foreign-content', async () =>
    replaced(await withCounterSignature(replaced(xades, message(), forgedMessage())), '</xades:CounterSignature>', (end) => message() + end)],
  ['plain text put into an Object that nothing signs', 'xml.foreign-content', () =>
    replaced(xades, '</Signature>', '<Object>Chi 9 tỷ</Object></Signature>')],
  ['base64 put into an Object that nothing signs', 'xml.foreign-content', () =>
    replaced(xades, '</Signature>', `<Object Encoding="${DS}base64">Q2hpIDkgdOG7tw==</Object></Signature>`)],
  ['signed properties that no reference covers', 'xml.properties-not-signed', async () => {
    const reference = referenceXml(propertiesReference()).replace('<DigestValue></DigestValue></Reference>', '');
    return resigned(replaced(xades, new RegExp(`${reference.replace(/[?.]/g, '\\$&')}.*?</Reference>`), ''), seal);
  }],
  ['a reference of the right type to properties that stand elsewhere', 'xml.properties-not-signed', async () =>
    elsewhere('Target="#s"')],
  ['properties of another signature', 'xml.properties-malformed', () => replaced(xades, 'Target="#s"', 'Target="#t"')],
  ['properties for two signatures', 'xml.properties-malformed', () =>
    replaced(xades, '</Signature>', `<Object>${replaced(propertiesIn(xades), 'Id="s-p"', 'Id="t-p"')}</Object></Signature>`)],
  ['two SignedProperties', 'xml.properties-malformed', () =>
    replaced(xades, '<xades:SignedProperties', '<xades:SignedProperties Id="x"></xades:SignedProperties><xades:SignedProperties')],
  ['the Id of the properties twice', 'xml.id-duplicate', () =>
    replaced(xades, '<edXML:edXMLBody>', '<edXML:edXMLBody Id="s-p">')],
  ['a format that is said of the data of another signature', 'xml.object-reference-wrong', () =>
    xadesBasic({ dataObjects: '<xades:DataObjectFormat ObjectReference="#other"><xades:MimeType>text/xml</xades:MimeType></xades:DataObjectFormat>' })],
  ['a commitment to the data of another signature', 'xml.object-reference-wrong', () =>
    xadesBasic({ dataObjects: '<xades:CommitmentTypeIndication><xades:CommitmentTypeId/><xades:ObjectReference>#other</xades:ObjectReference></xades:CommitmentTypeIndication>' })],
  ['a certificate that the signed property does not name', 'xml.signing-certificate-mismatch', () =>
    xadesWith((text) => replaced(text, /(<xades:CertDigest>.*?<DigestValue[^>]*>)[^<]*/, (found) => found.replace(/>[^<]*$/, `>${createHash('sha256').update('x').digest('base64')}`)))],
  ['a signing time split by a comment', 'xml.value-not-plain-text', () =>
    xadesWith((text) => replaced(text, '2026-03-16', '2026<!-- -->-03-16'))],
  ['a signing time without a zone', 'xml.properties-malformed', () => xadesWith((text) => replaced(text, '00:00Z', '00:00'))],
  ['a time-stamp container without a token', 'xml.properties-malformed', () => addUnsigned(xades, '<xades:SignatureTimeStamp/>')],
]); // biome-ignore format: a table

/** XAdES whose properties were changed before the honest signer signed. */
async function xadesWith(change: (text: string) => string): Promise<string> {
  const fresh = xades.replaceAll(/(<SignedInfo>.*?<\/SignatureValue>)/g, (found) =>
    found.replaceAll(/(<(?:DigestValue|SignatureValue[^>]*)>)[^<]*/g, '$1'),
  );
  return (await signTemplate(change(fresh))).toString();
}

/** The reference points to SignedProperties outside, and the ones inside say something else. */
function elsewhere(target: string): string {
  const properties = propertiesIn(xades);
  const inside = replaced(replaced(properties, 'Id="s-p"', 'Id="x"'), 'T02:00:00Z', 'T03:00:00Z');
  expect(properties).toContain(target);
  const moved = replaced(xades, properties, inside);
  return replaced(moved, '</edXML:edXMLBody>', (end) => properties + end);
}

const METHOD = /<SignatureMethod Algorithm="[^"]*"><\/SignatureMethod>/;
const hmacMethod = (child = '') => `<SignatureMethod Algorithm="${DS}hmac-sha1">${child}</SignatureMethod>`;
const certificateIn = (text: string) =>
  Buffer.from(/<X509Certificate>([^<]*)/.exec(text)?.[1] as string, 'base64');

refuses('keys', [
  ['HMAC whose secret is the certificate', 'policy.signature-algorithm-not-allowed', () =>
    resigned(replaced(xades, METHOD, hmacMethod()), (octets) => createHmac('sha1', certificateIn(xades)).update(octets).digest())],
  ['HMAC whose secret is the public key, cut to eight bits', 'policy.signature-algorithm-not-allowed', () => {
    const key = createPublicKey(new X509Certificate(certificateIn(xades)).toString()).export({ format: 'der', type: 'spki' });
    return resigned(replaced(xades, METHOD, hmacMethod('<HMACOutputLength>8</HMACOutputLength>')), (octets) =>
      createHmac('sha1', key).update(octets).digest().subarray(0, 1));
  }],
  ["an attacker's KeyValue beside the official's certificate", 'xml.signature-wrong', () => {
    const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const { n = '', e = '' } = publicKey.export({ format: 'jwk' });
    const value = `<KeyValue><RSAKeyValue><Modulus>${Buffer.from(n, 'base64url').toString('base64')}</Modulus><Exponent>${Buffer.from(e, 'base64url').toString('base64')}</Exponent></RSAKeyValue></KeyValue>`;
    return resigned(replaced(xades, '<KeyInfo>', `<KeyInfo>${value}`), (octets) => sign('sha256', octets, privateKey));
  }],
  ['KeyInfo that fetches its key from elsewhere', 'xml.certificate-not-found', () =>
    replaced(filteredPlain(), /<KeyInfo>.*<\/KeyInfo>/, '<KeyInfo><RetrievalMethod URI="http://127.0.0.1/key"/></KeyInfo>')],
  ['two KeyInfo', 'xml.malformed', () => replaced(xades, '</KeyInfo>', '</KeyInfo><KeyInfo/>')],
  ['more certificates than anybody needs', 'xml.limit-exceeded', () =>
    replaced(xades, /<X509Certificate>[^<]*<\/X509Certificate>/, (found) => found.repeat(11))],
  ['SHA-1 instead of SHA-256 in a reference', 'policy.digest-not-allowed', () => {
    const digest = createHash('sha1').update('x').digest('base64');
    return resigned(replaced(xades, /http:\/\/www\.w3\.org\/2001\/04\/xmlenc#sha256("><\/DigestMethod><DigestValue>)[^<]*/, (found) => found.replace('http://www.w3.org/2001/04/xmlenc#sha256', `${DS}sha1`).replace(/>[^>]*$/, `>${digest}`)), seal);
  }],
]); // biome-ignore format: a table

/** Without SigningCertificate there is nothing but KeyInfo to find the signer by. */
function filteredPlain(): string {
  return replaced(filtered, /<xades:SigningCertificateV2>.*<\/xades:SigningCertificateV2>/, '');
}

const inSubject = (text: string) => replaced(xades, '1.000.000', text);

refuses('values split or decorated', [
  ['a sum in CDATA for another one', 'xml.digest-mismatch', () => inSubject('1<![CDATA[1]]>.000.000')],
  ['a character reference that is a digit', 'xml.digest-mismatch', () => inSubject('&#57;.000.000')],
  ['an element inside a value', 'xml.digest-mismatch', () => inSubject('1<x/>.000.000')],
  ['a processing instruction behind the root', 'xml.processing-instruction-forbidden', () => `${xades}<?x y?>`],
  ['a style sheet before the root', 'xml.processing-instruction-forbidden', () =>
    replaced(xades, '?>', '?><?xml-stylesheet href="a.xsl"?>')],
  ['SignatureValue with an entity in it', 'xml.not-well-formed', () => replaced(xades, /<SignatureValue [^>]*>/, (found) => `${found}&x;`)],
  ['DigestValue with bits that no decoder reads', 'xml.value-not-base64', () =>
    replaced(xades, /<DigestValue>[^<]*/, '<DigestValue>AB==')],
  ['DigestValue in base64 for URLs', 'xml.value-not-base64', () => replaced(xades, /<DigestValue>[^<]*/, '<DigestValue>_-__')],
  ['DigestValue with a value behind the padding', 'xml.value-not-base64', () => replaced(xades, /(<DigestValue>)([^<]*)/, (found) => `${found}${found.slice(13)}`)],
  ['a digest that is empty', 'xml.value-not-base64', () => replaced(xades, /<DigestValue>[^<]*/, '<DigestValue> ')],
  ['a digest cut short', 'xml.digest-mismatch', () => resigned(replaced(xades, /<DigestValue>[^<]*/, '<DigestValue>AAAA'), seal)],
  ['SignedInfo in a comment before another', 'xml.signature-wrong', () =>
    replaced(replaced(xades, '<SignedInfo>', (found) => `<!-- ${found} -->${found}`), 'rsa-sha256', 'rsa-sha512')],
  ['SignedInfo in another namespace first', 'xml.malformed', () => replaced(xades, '<SignedInfo>', '<SignedInfo xmlns="urn:x"/><SignedInfo>')],
  ['a Reference in front that nobody signed', 'xml.signature-wrong', () =>
    replaced(xades, '<Reference ', (found) => `${referenceXml({ uri: '' }).replace('<DigestValue>', '<DigestValue>AAAA')}${found}`)],
]); // biome-ignore format: a table

const secondTransform = (xml: string) => resigned(replaced(xades, EXCLUSIVE_FORM, xml), seal);

refuses('transforms and canonical forms', [
  ['base64 of what is no Object', 'xml.transform-refused', async () =>
    signTemplate(response(assertion('QUJD') + (await signatureTemplate({ references: [{ uri: '#a', transforms: BASE64 }] }))))],
  ['base64 after a canonical form', 'xml.transform-refused', () => secondTransform(EXCLUSIVE_FORM + BASE64)],
  ['base64 of an Object with an element in it', 'xml.value-not-plain-text', async () => {
    const text = await signatureTemplate({ references: [{ uri: '#o', transforms: BASE64 }], objects: '<Object Id="o">QUJD</Object>' });
    return replaced((await signTemplate(text)).toString(), 'QUJD', 'QU<x/>JD');
  }],
  ['a style sheet', 'xml.transform-refused', () => secondTransform(transform('http://www.w3.org/TR/1999/REC-xslt-19991116', '<x:stylesheet xmlns:x="http://www.w3.org/1999/XSL/Transform" version="1.0"><x:include href="file:///etc/passwd"/></x:stylesheet>'))],
  ['ten thousand transforms', 'xml.transform-unsupported', () => secondTransform(EXCLUSIVE_FORM.repeat(10_000))],
  ['an XPath that never ends', 'xml.transform-refused', () =>
    secondTransform(transform('http://www.w3.org/TR/1999/REC-xpath-19991116', `<XPath>${'count(//*['.repeat(50)}1${'])'.repeat(50)}</XPath>`))],
  ['exclusive called inclusive', 'xml.digest-mismatch', () =>
    resigned(replaced(xades, new RegExp(`(URI="#s-p".*?)${EXCLUSIVE_FORM.replace(/[?.]/g, '\\$&')}`), (found) => found.replace(EXCLUSIVE_FORM, transform(C14N))), seal)],
  ['comments dropped, then asked for in SignedInfo', 'xml.signature-wrong', () =>
    replaced(replaced(xades, '<SignedInfo>', '<SignedInfo><!-- x -->'), 'Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#"', 'Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#WithComments"')],
  ['prefixes added to the signed list', 'xml.signature-wrong', () =>
    replaced(xades, EXCLUSIVE_FORM, EXCLUSIVE_FORM.replace('></', '><InclusiveNamespaces xmlns="http://www.w3.org/2001/10/xml-exc-c14n#" PrefixList="edXML"/></'))],
  ['enveloped-signature with a parameter', 'xml.transform-unsupported', () =>
    secondTransform(transform(`${DS}enveloped-signature`, '<x xmlns="urn:x"/>'))],
]); // biome-ignore format: a table

refuses('namespaces', [
  ['the prefix of the message bound to another vocabulary', 'xml.digest-mismatch', () =>
    replaced(xades, 'xmlns:edXML="http://www.mic.gov.vn/TBT/QCVN_102_2016"', 'xmlns:edXML="urn:x"')],
  ['an attribute moved into a namespace', 'xml.digest-mismatch', () =>
    replaced(xades, 'edXMLManifest version="1.0"', 'edXMLManifest xmlns:v="urn:v" v:version="1.0"')],
  ['the signature moved into a namespace that looks like it', 'xml.signature-namespace', () =>
    replaced(xades, `<Signature xmlns="${DS}"`, `<Signature xmlns="${DS.replace('#', '')}"`)],
  ['Id in a foreign namespace', 'xml.id-duplicate', () => replaced(xades, '<edXML:edXMLBody>', '<edXML:edXMLBody xmlns:u="urn:u" u:Id="s-p">')],
  ['a Reference with a foreign URI attribute only', 'xml.reference-unsupported', () =>
    resigned(replaced(xades, 'URI=""', 'xmlns:u="urn:u" u:URI=""'), seal)],
]); // biome-ignore format: a table

test('no namespace declaration in use can be taken away or added where inclusive canonical form is signed', async () => {
  const signed = await xadesBasic({
    references: [{ uri: '', transforms: ENVELOPED + transform(C14N), id: 'r' }],
  });
  expect(judged(signed)).toMatchObject({ indication: 'TOTAL_PASSED' });
  expect(judged(replaced(signed, '<edXML ', '<edXML xmlns:la="urn:la" ')).errors).toContain(
    'xml.digest-mismatch',
  );
});

test('where a second signature is put into the file, each has its own verdict', async () => {
  const rogue = await signatureTemplate({
    references: [{ uri: '', transforms: SUBTRACT_SIGNATURES + EXCLUSIVE_FORM }],
    id: 'x',
    signer: 'official-rogue',
  });
  const both = await signTemplate(
    replaced(filtered, '</edXML:edXMLHeader>', (end) => rogue + end),
    { id: 'x', signer: 'official-rogue' },
  );
  expect(judged(both).signatures.map(({ id, indication }) => [id, indication])).toEqual([
    ['s', 'TOTAL_PASSED'],
    ['x', 'INDETERMINATE'],
  ]);
});
