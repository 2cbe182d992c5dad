import { createHash, sign as cryptoSign, type KeyObject } from 'node:crypto';
import { XmlC14NMode, XmlDocument, XmlElement } from 'libxml2-wasm';
import { testPki } from './pki.ts';

const DS = 'http://www.w3.org/2000/09/xmldsig#';
const EXCLUSIVE = 'http://www.w3.org/2001/10/xml-exc-c14n#';
const NAMES = { ds: DS };

export interface ReferenceShape {
  /** Null leaves the attribute out. */
  uri: string | null;
  /** Content of Transforms. */
  transforms?: string;
  id?: string;
  type?: string;
}

export const transform = (algorithm: string, content = '') =>
  `<Transform Algorithm="${algorithm}">${content}</Transform>`;
export const ENVELOPED = transform(`${DS}enveloped-signature`);
export const EXCLUSIVE_FORM = transform(EXCLUSIVE);
export const BASE64 = transform(`${DS}base64`);
export const filter2 = (...filters: [filter: string, expression: string][]) =>
  transform(
    'http://www.w3.org/2002/06/xmldsig-filter2',
    filters
      .map(
        ([filter, expression]) =>
          `<f:XPath xmlns:f="http://www.w3.org/2002/06/xmldsig-filter2" xmlns:ds="${DS}" Filter="${filter}">${expression}</f:XPath>`,
      )
      .join(''),
  );
export const SUBTRACT_SIGNATURES = filter2(['subtract', '/descendant::ds:Signature']);

export interface TemplateShape {
  references: readonly ReferenceShape[];
  /** What stands behind KeyInfo: Object elements. */
  objects?: string;
  id?: string;
  signer?: string;
  /** In place of the signer's certificate. */
  keyInfo?: string;
  attributes?: string;
}

export function referenceXml({ uri, transforms = '', id, type }: ReferenceShape): string {
  const attributes = [
    id === undefined ? '' : ` Id="${id}"`,
    uri === null ? '' : ` URI="${uri}"`,
    type === undefined ? '' : ` Type="${type}"`,
  ].join('');
  const inner = transforms === '' ? '' : `<Transforms>${transforms}</Transforms>`;
  return `<Reference${attributes}>${inner}<DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha256"></DigestMethod><DigestValue></DigestValue></Reference>`;
}

/** A Signature with empty DigestValue and SignatureValue, as xmlsec1 and {@link signTemplate} fill in. */
export async function signatureTemplate(shape: TemplateShape): Promise<string> {
  const { references, objects = '', id = 's', signer = 'seal-province' } = shape;
  const { certificate, key } = (await testPki()).entity(signer);
  const method = key.asymmetricKeyType === 'ec' ? 'ecdsa' : 'rsa';
  const keyInfo =
    shape.keyInfo ??
    `<KeyInfo><X509Data><X509Certificate>${certificate.toString('base64')}</X509Certificate></X509Data></KeyInfo>`;
  return [
    `<Signature xmlns="${DS}" Id="${id}"${shape.attributes ?? ''}><SignedInfo>`,
    `<CanonicalizationMethod Algorithm="${EXCLUSIVE}"></CanonicalizationMethod>`,
    `<SignatureMethod Algorithm="http://www.w3.org/2001/04/xmldsig-more#${method}-sha256"></SignatureMethod>`,
    ...references.map(referenceXml),
    `</SignedInfo><SignatureValue Id="${id}-value"></SignatureValue>${keyInfo}${objects}</Signature>`,
  ].join('');
}

export interface SigningTools {
  signer?: string;
  key?: KeyObject;
  /** Content of references out of the XML, by URI. */
  files?: Readonly<Record<string, Buffer>>;
  /** Id of the signature to be filled in. */
  id?: string;
}

/**
 * Fills in digests and value of one Signature. It knows the transforms of the tests only, and shares no code with the
 * verifier but libxml2's canonicaliser.
 */
export async function signTemplate(text: string, tools: SigningTools = {}): Promise<Buffer> {
  const { signer = 'seal-province', files = {}, id = 's' } = tools;
  let filled = text;
  const count = withTree(text, (document) => {
    const manifests = document.find(`//ds:Signature[@Id='${id}']/ds:Object/ds:Manifest/ds:Reference`, NAMES);
    const signed = document.find(`//ds:Signature[@Id='${id}']/ds:SignedInfo/ds:Reference`, NAMES);
    return [manifests.length, signed.length];
  });
  const places = [
    [`/ds:Object/ds:Manifest`, count[0] ?? 0],
    [`/ds:SignedInfo`, count[1] ?? 0],
  ] as const;
  for (const [place, many] of places) {
    for (let i = 1; i <= many; i++) {
      const path = `//ds:Signature[@Id='${id}']${place}/ds:Reference[${i}]`;
      const octets = octetsOf(filled, path, id, files);
      filled = put(filled, `${path}/ds:DigestValue`, createHash('sha256').update(octets).digest('base64'));
    }
  }
  const info = withTree(filled, (document) =>
    canonical(document, elementAt(document, `//ds:Signature[@Id='${id}']/ds:SignedInfo`), EXCLUSIVE),
  );
  const key = tools.key ?? (await testPki()).entity(signer).key;
  const value = cryptoSign('sha256', info, { key, dsaEncoding: 'ieee-p1363' }).toString('base64');
  return Buffer.from(put(filled, `//ds:Signature[@Id='${id}']/ds:SignatureValue`, value));
}

export function withTree<Result>(text: string, use: (document: XmlDocument) => Result): Result {
  const document = XmlDocument.fromString(text);
  try {
    return use(document);
  } finally {
    document.dispose();
  }
}

export function elementAt(document: XmlDocument, path: string): XmlElement {
  const found = document.get(path, NAMES);
  if (!(found instanceof XmlElement)) throw new TypeError(path);
  return found;
}

/** Puts text into the empty element at a path: the n-th empty one of its name in the file. */
function put(text: string, path: string, value: string): string {
  const [name, nth] = withTree(text, (document) => {
    const target = elementAt(document, path);
    const alike = document.find(`//ds:${target.name}`, NAMES) as XmlElement[];
    return [target.name, alike.findIndex((one) => one.isSameNode(target))];
  });
  let seen = -1;
  return text.replace(new RegExp(`(<(?:\\w+:)?${name}[^>]*>)([^<]*)`, 'g'), (whole, open) => {
    seen++;
    return seen === nth ? `${open}${value}` : whole;
  });
}

const MODES: Readonly<Record<string, 0 | 1 | 2>> = {
  [EXCLUSIVE]: XmlC14NMode.XML_C14N_EXCLUSIVE_1_0,
  'http://www.w3.org/TR/2001/REC-xml-c14n-20010315': XmlC14NMode.XML_C14N_1_0,
};

export function canonical(
  document: XmlDocument,
  element: XmlElement | XmlElement[] | null,
  form: string,
): Buffer {
  const mode = MODES[form] as 0 | 1 | 2;
  const elements = element === null ? null : new Set([element].flat());
  return Buffer.from(document.canonicalizeToString({ mode, ...(elements ? { nodeSet: elements } : {}) }));
}

/** What the reference at a path digests; `fallback` is the canonical form where it names none. */
export function octetsOf(
  text: string,
  path: string,
  id: string,
  files: Readonly<Record<string, Buffer>>,
  fallback = 'http://www.w3.org/TR/2001/REC-xml-c14n-20010315',
): Buffer {
  return withTree(text, (document) => {
    const reference = elementAt(document, path);
    const uri = reference.attrs.find((one) => one.name === 'URI')?.value;
    const algorithms = document
      .find(`${path}/ds:Transforms/ds:Transform/@Algorithm`, NAMES)
      .map((one) => (one as unknown as { value: string }).value);
    if (uri === undefined || (uri !== '' && !uri.startsWith('#'))) return files[uri ?? ''] ?? Buffer.alloc(0);
    const filters = document
      .find(`${path}/ds:Transforms/ds:Transform/*`, NAMES)
      .map((one) => one.content.trim());
    const byId = (name: string) => elementAt(document, `//*[@Id='${name}']`);
    const narrowed = filters.flatMap((one) => /^id\('(.*)'\)$/.exec(one)?.[1] ?? []);
    const target = narrowed.length > 0 ? narrowed.map(byId) : uri === '' ? null : byId(uri.slice(1));
    if (algorithms.includes(`${DS}base64`)) return Buffer.from((target as XmlElement).content, 'base64');
    if (algorithms.includes(`${DS}enveloped-signature`))
      elementAt(document, `//ds:Signature[@Id='${id}']`).remove();
    if (filters.some((one) => one.includes(':Signature')))
      for (const one of document.find('//ds:Signature', NAMES)) one.remove();
    const form = algorithms.find((one) => Object.hasOwn(MODES, one));
    return canonical(document, target, form ?? fallback);
  });
}

const XADES = 'http://uri.etsi.org/01903/v1.3.2#';

/** An Object with qualifying properties for the signature `id`; `signed` goes behind the signing certificate. */
export async function propertiesObject(
  options: { id?: string; signer?: string; signed?: string; dataObjects?: string; unsigned?: string } = {},
): Promise<string> {
  const { id = 's', signer = 'seal-province', signed = '', dataObjects = '', unsigned = '' } = options;
  const { certificate } = (await testPki()).entity(signer);
  const digest = createHash('sha256').update(certificate).digest('base64');
  return [
    `<Object><xades:QualifyingProperties xmlns:xades="${XADES}" Target="#${id}"><xades:SignedProperties Id="${id}-p">`,
    '<xades:SignedSignatureProperties><xades:SigningTime>2026-03-16T02:00:00Z</xades:SigningTime>',
    '<xades:SigningCertificateV2><xades:Cert><xades:CertDigest>',
    `<DigestMethod xmlns="${DS}" Algorithm="http://www.w3.org/2001/04/xmlenc#sha256"></DigestMethod>`,
    `<DigestValue xmlns="${DS}">${digest}</DigestValue></xades:CertDigest></xades:Cert></xades:SigningCertificateV2>`,
    `${signed}</xades:SignedSignatureProperties>`,
    dataObjects === ''
      ? ''
      : `<xades:SignedDataObjectProperties>${dataObjects}</xades:SignedDataObjectProperties>`,
    '</xades:SignedProperties>',
    unsigned === ''
      ? ''
      : `<xades:UnsignedProperties><xades:UnsignedSignatureProperties>${unsigned}</xades:UnsignedSignatureProperties></xades:UnsignedProperties>`,
    '</xades:QualifyingProperties></Object>',
  ].join('');
}

export const propertiesReference = (id = 's'): ReferenceShape => ({
  uri: `#${id}-p`,
  transforms: EXCLUSIVE_FORM,
  type: 'http://uri.etsi.org/01903#SignedProperties',
});
