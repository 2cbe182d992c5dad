import { createHmac, createPublicKey, type KeyObject, sign, X509Certificate } from 'node:crypto';
import { beforeAll, describe, expect, test } from '@jest/globals';
import type { VerificationContext } from '../../src/verification/context.ts';
import { verifyFile } from '../../src/verification/index.ts';
import { testPki } from '../builders/pki.ts';
import { envelope, HEADER, resigned, signEnvelope, xmlContext } from '../builders/xml.ts';

let ctx: VerificationContext;
/** Over the whole file; over the message by its Id; with XAdES B-T; all signatures filtered out; with an EC key. */
let whole: string;
let part: string;
let xades: string;
let filtered: string;
let ecdsa: string;
let ecKey: KeyObject;
/** Base64 of the digest over an envelope with another sum in it. */
let digestOfChanged: string;
/** Signs as the honest signer would: an attack then rests on nothing but what it does. */
let seal: (octets: Buffer) => Buffer;

beforeAll(async () => {
  ctx = await xmlContext();
  const { key } = (await testPki()).entity('seal-province');
  seal = (octets) => sign('sha256', octets, key);
  whole = (await signEnvelope()).toString();
  part = (await signEnvelope({ references: [{ uri: '#message' }] })).toString();
  xades = (await signEnvelope({ level: 'T' })).toString();
  filtered = (await signEnvelope({ references: [{ uri: '', allOut: 'filter2' }] })).toString();
  ecdsa = (await signEnvelope({ signer: 'official-vice' })).toString();
  ecKey = (await testPki()).entity('official-vice').key;
  const changed = Buffer.from(replaced(envelope().toString(), '1.000.000', '9.000.000'));
  digestOfChanged = String(
    /<DigestValue>([^<]*)/.exec((await signEnvelope({ xml: changed })).toString())?.[1],
  );
});

const DS = 'http://www.w3.org/2000/09/xmldsig#';
const ENVELOPED = `<Transform Algorithm="${DS}enveloped-signature"></Transform>`;
const EXCLUSIVE = '<Transform Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#"></Transform>';

function replaced(text: string, from: string | RegExp, to: string): string {
  const other = text.replace(from, () => to);
  expect(other === text).toBe(false);
  return other;
}

function judged(xml: string | Buffer) {
  const report = verifyFile(Buffer.from(xml), ctx);
  const errors = [...report.errors, ...report.signatures.flatMap((one) => one.errors)];
  return { indication: report.indication, errors, signatures: report.signatures };
}

type Case = [name: string, indication: string, errors: string[], build: () => string | Buffer];

function refuses(title: string, cases: Case[]): void {
  describe(title, () => {
    test.each(cases)('%s', (_, indication, errors, build) => {
      const result = judged(build());
      expect(result).toMatchObject({ indication, errors });
    });
  });
}

const evil = '<edXML:MessageHeader Id="evil"><edXML:Subject>Chi 9 tỷ</edXML:Subject></edXML:MessageHeader>';
const message = () => /<edXML:MessageHeader[\s\S]*<\/edXML:MessageHeader>/.exec(part)?.[0] as string;

refuses('wrapping', [
  ['content changed', 'TOTAL_FAILED', ['xml.digest-mismatch'], () => replaced(whole, '1.000.000', '9.000.000')],
  ['content and digest changed', 'TOTAL_FAILED', ['xml.signature-wrong'], () => {
    const other = replaced(whole, '1.000.000', '9.000.000');
    return replaced(other, /<DigestValue>[^<]*/, `<DigestValue>${digestOfChanged}`);
  }],
  ['signed message kept in the signature, another in its place', 'INDETERMINATE', ['xml.covers-part-only'], () => {
    const signed = message();
    const other = replaced(part, signed, evil);
    return replaced(other, '</Signature>', `<Object>${signed}</Object></Signature>`);
  }],
  ['signed message kept beside another', 'INDETERMINATE', ['xml.covers-part-only'], () =>
    replaced(part, message(), evil + message())],
  ['signed message kept in a wrapper at the end', 'INDETERMINATE', ['xml.covers-part-only'], () => {
    const signed = message();
    const wrapper = `<Wrapper xmlns:edXML="http://www.mic.gov.vn/TBT/QCVN_102_2016">${signed}</Wrapper></edXML>`;
    return replaced(replaced(part, signed, evil), '</edXML>', wrapper);
  }],
  ['two elements with the signed Id', 'TOTAL_FAILED', ['xml.id-duplicate', 'xml.covers-part-only'], () =>
    replaced(part, '<edXML:edXMLBody>', `<edXML:edXMLBody>${replaced(evil, 'evil', 'message')}`)],
  ['the Id once more, written id', 'TOTAL_FAILED', ['xml.id-duplicate', 'xml.covers-part-only'], () =>
    replaced(part, '<edXML:edXMLBody>', '<edXML:edXMLBody id="message">')],
  ['the Id once more, written xml:id', 'TOTAL_FAILED', ['xml.id-duplicate', 'xml.covers-part-only'], () =>
    replaced(part, '<edXML:edXMLBody>', '<edXML:edXMLBody xml:id="message">')],
  ['a new root around the signed file', 'TOTAL_FAILED', ['xml.digest-mismatch'], () =>
    replaced(replaced(whole, '<edXML ', '<edXML xmlns="urn:x"><edXML '), '</edXML>\n', '</edXML></edXML>\n')],
  ['content that nothing signs inside the signature', 'INDETERMINATE', ['xml.foreign-content'], () =>
    replaced(whole, '</Signature>', `<Object>${evil}</Object></Signature>`)],
  ['content that nothing signs inside KeyInfo', 'INDETERMINATE', ['xml.foreign-content'], () =>
    replaced(whole, '</X509Data>', `</X509Data>${evil}`)],
  ['content that nothing signs beside XAdES properties', 'INDETERMINATE', ['xml.foreign-content'], () =>
    replaced(xades, '</UnsignedSignatureProperties>', `${evil}</UnsignedSignatureProperties>`)],
  ['a second root element', 'INDETERMINATE', ['xml.not-well-formed'], () => `${whole}<edXML/>`],
]); // biome-ignore format: a table

const METHOD = /<SignatureMethod Algorithm="[^"]*"><\/SignatureMethod>/;
const hmac = (child = '') =>
  `<SignatureMethod Algorithm="http://www.w3.org/2001/04/xmldsig-more#hmac-sha256">${child}</SignatureMethod>`;

function publicPem(text: string): string {
  const der = Buffer.from(/<X509Certificate>([^<]*)/.exec(text)?.[1] as string, 'base64');
  return createPublicKey(new X509Certificate(der).toString())
    .export({ format: 'pem', type: 'spki' })
    .toString();
}

const withKeyInfo = (content: string) => replaced(whole, /<KeyInfo>.*<\/KeyInfo>/, content);

refuses('keys and algorithms', [
  ['HMAC with the public key as secret', 'INDETERMINATE', ['policy.signature-algorithm-not-allowed'], () =>
    resigned(replaced(whole, METHOD, hmac()), (octets) =>
      createHmac('sha256', publicPem(whole)).update(octets).digest())],
  ['HMAC cut to no bits', 'INDETERMINATE', ['policy.signature-algorithm-not-allowed'], () =>
    replaced(whole, METHOD, hmac('<HMACOutputLength>0</HMACOutputLength>'))],
  ['RSA-SHA256 called ECDSA', 'TOTAL_FAILED', ['xml.signature-wrong'], () =>
    resigned(replaced(whole, '#rsa-sha256', '#ecdsa-sha256'), seal)],
  ['RSA-SHA256 called Ed25519', 'TOTAL_FAILED', ['xml.signature-wrong'], () =>
    resigned(replaced(whole, 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256', 'http://www.w3.org/2021/04/xmldsig-more#eddsa-ed25519'), seal)],
  ['an algorithm nobody knows', 'INDETERMINATE', ['xml.algorithm-unsupported'], () =>
    replaced(whole, '#rsa-sha256', '#rsa-ripemd160')],
  ['DSA', 'INDETERMINATE', ['xml.algorithm-unsupported'], () =>
    replaced(whole, METHOD, `<SignatureMethod Algorithm="${DS}dsa-sha1"></SignatureMethod>`)],
  ['__proto__ as algorithm', 'INDETERMINATE', ['xml.algorithm-unsupported'], () =>
    replaced(whole, METHOD, '<SignatureMethod Algorithm="__proto__"></SignatureMethod>')],
  ['a digest nobody knows', 'INDETERMINATE', ['xml.algorithm-unsupported', 'xml.covers-part-only'], () =>
    resigned(replaced(whole, 'http://www.w3.org/2001/04/xmlenc#sha256', 'urn:none'), seal)],
  ['an MD5 digest', 'INDETERMINATE', ['policy.digest-not-allowed'], () =>
    resigned(replaced(whole, 'http://www.w3.org/2001/04/xmlenc#sha256', 'http://www.w3.org/2001/04/xmldsig-more#md5'), seal)],
  ['an RSA-MD5 signature', 'INDETERMINATE', ['policy.digest-not-allowed'], () =>
    replaced(whole, '#rsa-sha256', '#rsa-md5')],
  ['a canonical form nobody knows', 'INDETERMINATE', ['xml.canonicalization-unsupported'], () =>
    replaced(whole, /<CanonicalizationMethod Algorithm="[^"]*"/, '<CanonicalizationMethod Algorithm="urn:identity"')],
  ['a bare key instead of a certificate', 'INDETERMINATE', ['xml.certificate-not-found'], () =>
    withKeyInfo('<KeyInfo><KeyValue><RSAKeyValue><Modulus>AQAB</Modulus><Exponent>AQAB</Exponent></RSAKeyValue></KeyValue></KeyInfo>')],
  ['no KeyInfo', 'INDETERMINATE', ['xml.certificate-not-found'], () => withKeyInfo('')],
  ['a comment inside the certificate', 'INDETERMINATE', ['xml.certificate-not-found'], () =>
    replaced(whole, '<X509Certificate>', '<X509Certificate><!-- -->')],
  ['r and s as DER', 'TOTAL_FAILED', ['xml.signature-wrong'], () => resigned(ecdsa, (octets) => sign('sha256', octets, ecKey))],
  ['r and s too long', 'TOTAL_FAILED', ['xml.signature-wrong'], () =>
    resigned(ecdsa, (octets) => {
      const pair = sign('sha256', octets, { key: ecKey, dsaEncoding: 'ieee-p1363' });
      return Buffer.concat([Buffer.alloc(1), pair.subarray(0, 32), Buffer.alloc(1), pair.subarray(32)]);
    })],
  ['r and s zero', 'TOTAL_FAILED', ['xml.signature-wrong'], () => resigned(ecdsa, () => Buffer.alloc(64))],
]); // biome-ignore format: a table

describe('another certificate in KeyInfo', () => {
  test('the certificate of somebody else does not fit the signature', async () => {
    const other = (await testPki()).entity('official-chairman').certificate.toString('base64');
    const swapped = replaced(whole, /<X509Certificate>[^<]*/, `<X509Certificate>${other}`);
    expect(judged(swapped)).toMatchObject({ indication: 'TOTAL_FAILED', errors: ['xml.signature-wrong'] });
    expect(judged(swapped).signatures[0]).toMatchObject({ signer: null, chain: [] });
  });

  test('an impostor who signs with his own certificate finds no way to the anchors', async () => {
    const report = judged(await signEnvelope({ signer: 'official-rogue' }));
    expect(report).toMatchObject({ indication: 'INDETERMINATE', errors: ['path.signature-wrong'] });
  });

  test('SHA-1 is refused although everything else is right', async () => {
    const report = judged(await signEnvelope({ digest: 'sha1' }));
    expect(report).toMatchObject({ indication: 'INDETERMINATE', errors: ['policy.digest-not-allowed'] });
    expect(report.signatures[0]).toMatchObject({
      subIndication: 'CRYPTO_CONSTRAINTS_FAILURE',
      algorithm: 'RSA-2048 with SHA-1',
    });
  });
});

const uri = (value: string) =>
  resigned(replaced(whole, '<Reference URI="">', `<Reference URI="${value}">`), seal);
const transform = (xml: string) => resigned(replaced(whole, EXCLUSIVE, xml), seal);
const named = (algorithm: string, content = '') =>
  `<Transform Algorithm="${algorithm}">${content}</Transform>`;

refuses('references', [
  ...['http://example.vn/a.xml', 'file:///etc/passwd', 'cid:1234', 'a.xml', '//example.vn/a', 'urn:x'].map(
    (value): Case => [`to ${value}`, 'INDETERMINATE', ['xml.reference-external', 'xml.covers-part-only'], () => uri(value)],
  ),
  ['to nothing', 'INDETERMINATE', ['xml.reference-not-found', 'xml.covers-part-only'], () => uri('#khong-co')],
  ['to an empty Id', 'INDETERMINATE', ['xml.reference-not-found', 'xml.covers-part-only'], () => uri('#')],
  ['by XPointer', 'INDETERMINATE', ['xml.reference-unsupported', 'xml.covers-part-only'], () => uri('#xpointer(/)')],
  ['without URI', 'INDETERMINATE', ['xml.reference-unsupported', 'xml.covers-part-only'], () =>
    resigned(replaced(whole, '<Reference URI="">', '<Reference>'), seal)],
  ['XSLT', 'INDETERMINATE', ['xml.transform-refused', 'xml.covers-part-only', 'xml.foreign-content'], () =>
    transform(named('http://www.w3.org/TR/1999/REC-xslt-19991116', '<x:stylesheet xmlns:x="http://www.w3.org/1999/XSL/Transform" version="1.0"/>'))],
  ['XPath', 'INDETERMINATE', ['xml.transform-refused', 'xml.covers-part-only'], () =>
    transform(named('http://www.w3.org/TR/1999/REC-xpath-19991116', '<XPath>false()</XPath>'))],
  ['base64', 'INDETERMINATE', ['xml.transform-refused', 'xml.covers-part-only'], () => transform(named(`${DS}base64`))],
  ['XPath filter of nothing', 'INDETERMINATE', ['xml.transform-refused', 'xml.covers-part-only'], () =>
    transform(named('http://www.w3.org/2002/06/xmldsig-filter2'))],
  ['XPath filter that keeps only the signatures', 'INDETERMINATE', ['xml.transform-refused', 'xml.covers-part-only'], () =>
    resigned(replaced(filtered, 'Filter="subtract"', 'Filter="intersect"'), seal)],
  ['XPath filter that takes out more', 'INDETERMINATE', ['xml.transform-refused', 'xml.covers-part-only'], () =>
    resigned(replaced(filtered, '/descendant::ds:Signature', '/descendant::ds:Signature | //*'), seal)],
  ['XPath filter whose prefix means something else', 'INDETERMINATE', ['xml.transform-refused', 'xml.covers-part-only'], () =>
    resigned(replaced(filtered, `xmlns:ds="${DS}"`, 'xmlns:ds="http://www.mic.gov.vn/TBT/QCVN_102_2016"'), seal)],
  ['content in one more Signature that a filter takes out', 'TOTAL_FAILED', ['xml.malformed'], () =>
    replaced(filtered, '<edXML:edXMLBody>', `<edXML:edXMLBody><Signature xmlns="${DS}">${evil}</Signature>`)],
  ['the same transform twice', 'INDETERMINATE', ['xml.transform-unsupported', 'xml.covers-part-only'], () =>
    transform(EXCLUSIVE + EXCLUSIVE)],
  ['enveloped-signature last', 'INDETERMINATE', ['xml.transform-unsupported', 'xml.covers-part-only'], () =>
    resigned(replaced(whole, ENVELOPED + EXCLUSIVE, EXCLUSIVE + ENVELOPED), seal)],
  ['enveloped-signature where no signature is', 'INDETERMINATE', ['xml.transform-unsupported', 'xml.covers-part-only'], () => uri('#files')],
  ['the whole file without enveloped-signature', 'TOTAL_FAILED', ['xml.covers-part-only', 'xml.digest-mismatch'], () =>
    resigned(replaced(whole, ENVELOPED, ''), seal)],
]); // biome-ignore format: a table

refuses('values that two readers would read differently', [
  ['comment in DigestValue', 'TOTAL_FAILED', ['xml.value-not-plain-text'], () => replaced(whole, '<DigestValue>', '<DigestValue><!-- AAAA -->')],
  ['comment in SignatureValue', 'TOTAL_FAILED', ['xml.value-not-plain-text'], () => replaced(whole, '</SignatureValue>', '<!-- --></SignatureValue>')],
  ['CDATA in DigestValue', 'TOTAL_FAILED', ['xml.value-not-plain-text'], () => replaced(whole, '<DigestValue>', '<DigestValue><![CDATA[AAAA]]>')],
  ['element in DigestValue', 'TOTAL_FAILED', ['xml.value-not-plain-text'], () => replaced(whole, '<DigestValue>', '<DigestValue><x/>')],
  ['letters that are not base64', 'TOTAL_FAILED', ['xml.value-not-base64'], () => replaced(whole, '<DigestValue>', '<DigestValue>*')],
  ['nothing', 'TOTAL_FAILED', ['xml.value-not-base64'], () => replaced(whole, /<DigestValue>[^<]*/, '<DigestValue>')],
  ['two SignedInfo', 'TOTAL_FAILED', ['xml.malformed'], () => replaced(whole, '</SignedInfo>', '</SignedInfo><SignedInfo/>')],
  ['SignedInfo after the value', 'TOTAL_FAILED', ['xml.malformed'], () =>
    replaced(whole, /(<SignedInfo>.*<\/SignedInfo>)(<SignatureValue>.*<\/SignatureValue>)/, 
      (/<SignatureValue>.*<\/SignatureValue>/.exec(whole)?.[0] ?? '') + (/<SignedInfo>.*<\/SignedInfo>/.exec(whole)?.[0] ?? ''))],
  ['two SignatureValue', 'TOTAL_FAILED', ['xml.malformed'], () => replaced(whole, '<KeyInfo>', '<SignatureValue>AAAA</SignatureValue><KeyInfo>')],
  ['text beside elements', 'TOTAL_FAILED', ['xml.malformed'], () => replaced(whole, '<SignedInfo>', '<SignedInfo>x')],
  ['no Reference', 'TOTAL_FAILED', ['xml.malformed'], () => replaced(whole, /<Reference .*<\/Reference>/, '')],
  ['Reference of another vocabulary', 'TOTAL_FAILED', ['xml.malformed'], () => replaced(whole, '<Reference URI', '<Reference xmlns="urn:x" URI')],
  ['no Algorithm', 'TOTAL_FAILED', ['xml.malformed'], () => replaced(whole, METHOD, '<SignatureMethod/>')],
  ['placeholders', 'TOTAL_FAILED', ['xml.digest-mismatch', 'xml.certificate-not-found'], () => {
    const values = replaced(replaced(whole, /<DigestValue>[^<]*/, '<DigestValue>AAAA'), /<SignatureValue>[^<]*/, '<SignatureValue>AAAA');
    return replaced(values, /<X509Certificate>[^<]*/, '<X509Certificate>cGxhY2Vob2xkZXI=');
  }],
]); // biome-ignore format: a table

const inHeader = (xml: string) => replaced(envelope().toString(), `</${HEADER}>`, `${xml}</${HEADER}>`);
const signature = () => /<Signature [\s\S]*<\/Signature>/.exec(whole)?.[0] as string;

refuses('elements that are called Signature', [
  ['without a namespace', 'INDETERMINATE', ['xml.signature-namespace'], () => inHeader(replaced(signature(), `xmlns="${DS}"`, 'xmlns=""'))],
  ['in the namespace of edXML', 'INDETERMINATE', ['xml.signature-namespace'], () => inHeader(replaced(signature(), `xmlns="${DS}" `, ''))],
  ['DigitalSignature with something in it', 'INDETERMINATE', ['xml.signature-namespace'], () => inHeader('<DigitalSignature>AAAA</DigitalSignature>')],
  ['an empty one of XML Signature', 'TOTAL_FAILED', ['xml.malformed'], () => inHeader(`<Signature xmlns="${DS}"/>`)],
  ['an empty one of edXML', 'NO_SIGNATURE', [], () => inHeader('<edXML:Signature/>')],
  ['in a comment', 'NO_SIGNATURE', [], () => inHeader(`<!-- ${signature()} -->`)],
  ['one inside another', 'TOTAL_FAILED', ['xml.foreign-content', 'xml.digest-mismatch'], () =>
    replaced(whole, '</Signature>', `<Object>${signature()}</Object></Signature>`)],
]); // biome-ignore format: a table

refuses('XAdES properties', [
  ['changed', 'TOTAL_FAILED', ['xml.digest-mismatch'], () => replaced(xades, '<SigningTime>2026', '<SigningTime>2025')],
  ['for another signature', 'TOTAL_FAILED', ['xml.properties-malformed'], () => replaced(xades, 'Target="#signature"', 'Target="#other"')],
  ['twice', 'TOTAL_FAILED', ['xml.properties-malformed'], () =>
    replaced(xades, '</Signature>', `<Object>${/<QualifyingProperties.*?>/.exec(xades)?.[0]}</QualifyingProperties></Object></Signature>`)],
  ['that no reference covers', 'INDETERMINATE', ['xml.properties-not-signed'], () =>
    resigned(replaced(xades, /<Reference URI="#signature-properties".*?<\/Reference>/, ''), seal)],
]); // biome-ignore format: a table

const nested = (depth: number) => `${'<a>'.repeat(depth)}${'</a>'.repeat(depth)}`;
const inBody = (xml: string) => replaced(whole, '</edXML:edXMLBody>', `${xml}</edXML:edXMLBody>`);

refuses('files that no two parsers read alike, or that cost too much', [
  ['DTD', 'INDETERMINATE', ['xml.dtd-forbidden'], () => replaced(whole, '?>\n', '?>\n<!DOCTYPE edXML>')],
  ['entity', 'INDETERMINATE', ['xml.dtd-forbidden'], () =>
    replaced(replaced(whole, '?>\n', '?>\n<!DOCTYPE edXML [<!ENTITY x "1.000.000">]>'), '1.000.000', '&x;')],
  ['entity without a DTD', 'INDETERMINATE', ['xml.not-well-formed'], () => replaced(whole, '1.000.000', '&x;')],
  ['processing instruction', 'INDETERMINATE', ['xml.processing-instruction-forbidden'], () => replaced(whole, '1.000.000', '1<?x .000.000?>')],
  ['UTF-16', 'INDETERMINATE', ['xml.encoding'], () => Buffer.from(`\ufeff${whole}`, 'utf16le')],
  ['UTF-16, the other way', 'INDETERMINATE', ['xml.encoding'], () => Buffer.from(`\ufeff${whole}`, 'utf16le').swap16()],
  ['another encoding', 'INDETERMINATE', ['xml.encoding'], () => replaced(whole, 'encoding="UTF-8"', 'encoding="ISO-8859-1"')],
  ['XML 1.1', 'INDETERMINATE', ['xml.encoding'], () => replaced(whole, 'version="1.0"', 'version="1.1"')],
  ['overlong UTF-8', 'INDETERMINATE', ['xml.not-well-formed'], () => {
    const [head, tail] = whole.split('1.000.000') as [string, string];
    return Buffer.concat([Buffer.from(head), Buffer.from([0xc0, 0xaf]), Buffer.from(tail)]);
  }],
  ['cut off', 'INDETERMINATE', ['xml.not-well-formed'], () => whole.slice(0, -30)],
  ['relative namespace name', 'INDETERMINATE', ['xml.canonicalization-failed'], () => inBody('<a xmlns="a/b"/>')],
  ['prefix without a namespace', 'INDETERMINATE', ['xml.not-well-formed'], () => inBody('<p:a/>')],
  ['one attribute under two prefixes', 'INDETERMINATE', ['xml.not-well-formed'], () =>
    inBody('<a xmlns:p="urn:x" xmlns:q="urn:x" p:b="1" q:b="2"/>')],
  ['deep', 'INDETERMINATE', ['xml.limit-exceeded'], () => inBody(nested(62))],
  ['deeper', 'INDETERMINATE', ['xml.not-well-formed'], () => inBody(nested(20_000))],
  ['many tags', 'INDETERMINATE', ['xml.limit-exceeded'], () => inBody('<a/>'.repeat(50_000))],
  ['many attributes', 'INDETERMINATE', ['xml.limit-exceeded'], () =>
    inBody(`<a ${Array.from({ length: 33 }, (_, i) => `a${i}=""`).join(' ')}/>`)],
  ['many namespaces', 'INDETERMINATE', ['xml.limit-exceeded'], () =>
    inBody(`<a ${Array.from({ length: 2_000 }, (_, i) => `xmlns:a${i}="urn:${i}"`).join(' ')}/>`)],
  ['many signatures', 'INDETERMINATE', ['xml.limit-exceeded'], () => inBody(`<Signature xmlns="${DS}"/>`.repeat(17))],
  ['many references', 'INDETERMINATE', ['xml.limit-exceeded'], () => replaced(whole, /<Reference .*<\/Reference>/, (/<Reference .*<\/Reference>/.exec(whole)?.[0] ?? '').repeat(31))],
  ['many Ids', 'INDETERMINATE', ['xml.limit-exceeded', 'xml.covers-part-only'], () =>
    replaced(part, '</edXML:edXMLBody>', `${Array.from({ length: 4_001 }, (_, i) => `<a Id="i${i}"/>`).join('')}</edXML:edXMLBody>`)],
  ['an endless name', 'INDETERMINATE', ['xml.limit-exceeded'], () => replaced(whole, 'URI=""', `URI="#${'a'.repeat(2_000)}"`)],
]); // biome-ignore format: a table

test('references over and over a file of many tags come to an end before they cost too much', () => {
  const reference = /<Reference .*?<\/Reference>/.exec(whole)?.[0] as string;
  const many = replaced(signature(), reference, reference.repeat(30));
  const file = inHeader(`${'<a/>'.repeat(40_000)}${many.repeat(16)}`);
  expect(judged(file).errors).toContain('xml.limit-exceeded');
});
