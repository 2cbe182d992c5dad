import { createHash } from 'node:crypto';
import { stampAt } from './pdf.ts';
import { TEST_NOW, testPki } from './pki.ts';
import { envelope } from './xml.ts';
import {
  canonical,
  ENVELOPED,
  EXCLUSIVE_FORM,
  elementAt,
  octetsOf,
  propertiesObject,
  propertiesReference,
  type ReferenceShape,
  signatureTemplate,
  signTemplate,
  withTree,
} from './xml-template.ts';

const EXCLUSIVE = 'http://www.w3.org/2001/10/xml-exc-c14n#';
const DS = 'http://www.w3.org/2000/09/xmldsig#';
const XADES_141 = 'http://uri.etsi.org/01903/v1.4.1#';
const FORM = `<CanonicalizationMethod xmlns="${DS}" Algorithm="${EXCLUSIVE}"></CanonicalizationMethod>`;
const HOUR = 3_600_000;

/** Puts a property behind the other unsigned ones of the (only) signature with properties. */
export function addUnsigned(text: string, property: string): string {
  const end = '</xades:UnsignedSignatureProperties>';
  if (text.includes(end)) return text.replace(end, () => property + end);
  const signed = '</xades:SignedProperties>';
  return text.replace(
    signed,
    () =>
      `${signed}<xades:UnsignedProperties><xades:UnsignedSignatureProperties>${property}${end}</xades:UnsignedProperties>`,
  );
}

async function stampElement(name: string, octets: Buffer, at: number): Promise<string> {
  const token = await stampAt(at)(createHash('sha256').update(octets).digest());
  return `<${name}>${FORM}<xades:EncapsulatedTimeStamp>${token.toString('base64')}</xades:EncapsulatedTimeStamp></${name.split(' ')[0]}>`;
}

export async function withSignatureStamp(text: string, at = TEST_NOW + 2_000, id = 's'): Promise<string> {
  const octets = withTree(text, (document) =>
    canonical(document, elementAt(document, `//ds:Signature[@Id='${id}']/ds:SignatureValue`), EXCLUSIVE),
  );
  return addUnsigned(text, await stampElement('xades:SignatureTimeStamp', octets, at));
}

/** CertificateValues and RevocationValues with everything that the test PKI's paths need. */
export async function validationValues(): Promise<string> {
  const pki = await testPki();
  const crls = ['root-g1', 'root-g2', 'ca-g1', 'ca-g2'].map((name) => pki.crlOf(name, TEST_NOW + HOUR));
  const wrap = (name: string, list: readonly Buffer[]) =>
    list.map((one) => `<xades:${name}>${one.toString('base64')}</xades:${name}>`).join('');
  return [
    `<xades:CertificateValues>${wrap('EncapsulatedX509Certificate', pki.intermediates)}</xades:CertificateValues>`,
    `<xades:RevocationValues><xades:CRLValues>${wrap('EncapsulatedCRLValue', crls)}</xades:CRLValues></xades:RevocationValues>`,
  ].join('');
}

/**
 * Adds an ArchiveTimeStamp over what EN 319 132-1 §5.5.2.2 lists, in that order, collected here anew.
 * @param old the property of XAdES 1.3.2, which leaves out Objects that a reference names
 */
export async function withArchiveStamp(text: string, at = TEST_NOW + 60_000, old = false): Promise<string> {
  const count = withTree(
    text,
    (document) => document.find("//ds:Signature[@Id='s']/ds:SignedInfo/ds:Reference", { ds: DS }).length,
  );
  const references = Array.from({ length: count }, (_, i) =>
    octetsOf(text, `//ds:Signature[@Id='s']/ds:SignedInfo/ds:Reference[${i + 1}]`, 's', {}, EXCLUSIVE),
  );
  const own = withTree(text, (document) => {
    const names = { ds: DS, x: 'http://uri.etsi.org/01903/v1.3.2#' };
    const paths = [
      '/ds:SignedInfo',
      '/ds:SignatureValue',
      '/ds:KeyInfo',
      '/ds:Object/x:QualifyingProperties/x:UnsignedProperties/x:UnsignedSignatureProperties/*',
      old
        ? `/ds:Object[not(x:QualifyingProperties)][not(concat('#', @Id) = //ds:SignedInfo/ds:Reference/@URI)]`
        : '/ds:Object[not(x:QualifyingProperties)]',
    ];
    return paths.flatMap((path) =>
      document
        .find(`//ds:Signature[@Id='s']${path}`, names)
        .map((one) => canonical(document, one as ReturnType<typeof elementAt>, EXCLUSIVE)),
    );
  });
  const name = old ? 'xades:ArchiveTimeStamp' : `a:ArchiveTimeStamp xmlns:a="${XADES_141}"`;
  return addUnsigned(text, await stampElement(name, Buffer.concat([...references, ...own]), at));
}

/** Adds a counter-signature of the vice chairman, as XAdES demands it unless another reference is given. */
export async function withCounterSignature(
  text: string,
  reference: ReferenceShape = {
    uri: '#s-value',
    transforms: EXCLUSIVE_FORM,
    type: 'http://uri.etsi.org/01903#CountersignedSignature',
  },
): Promise<string> {
  const signature = await signatureTemplate({ references: [reference], id: 'c', signer: 'official-vice' });
  const whole = addUnsigned(text, `<xades:CounterSignature>${signature}</xades:CounterSignature>`);
  return (await signTemplate(whole, { id: 'c', signer: 'official-vice' })).toString();
}

export interface XadesShape {
  references?: readonly ReferenceShape[];
  objects?: string;
  signer?: string;
  dataObjects?: string;
  /** The signature is the whole file. */
  alone?: boolean;
  /** Content of references out of the XML, by URI. */
  files?: Readonly<Record<string, Buffer>>;
}

/** An envelope (or a signature alone) at level B-B. */
export async function xadesBasic(shape: XadesShape = {}): Promise<string> {
  const { signer = 'seal-province', objects = '', alone = false, dataObjects = '' } = shape;
  const references = shape.references ?? [{ uri: '', transforms: ENVELOPED + EXCLUSIVE_FORM, id: 'r' }];
  const signature = await signatureTemplate({
    references: [...references, propertiesReference()],
    objects: objects + (await propertiesObject({ signer, dataObjects })),
    signer,
  });
  const place = '</edXML:edXMLHeader>';
  const text = alone
    ? signature
    : envelope()
        .toString()
        .replace(place, () => signature + place);
  return (await signTemplate(text, { signer, files: shape.files ?? {} })).toString();
}

export type XadesLevel = 'B' | 'T' | 'LT' | 'LTA';

export async function xadesAt(level: XadesLevel, shape: XadesShape = {}): Promise<string> {
  const basic = await xadesBasic(shape);
  if (level === 'B') return basic;
  const stamped = await withSignatureStamp(basic);
  if (level === 'T') return stamped;
  const lasting = addUnsigned(stamped, await validationValues());
  return level === 'LT' ? lasting : withArchiveStamp(lasting);
}
