import { constants, sign as cryptoSign, type KeyObject, X509Certificate } from 'node:crypto';
import { XmlC14NMode, XmlDocument, XmlElement } from 'libxml2-wasm';
import { type DigestName, digestOf, isTrucError, sha256, TrucError } from '../kernel/index.ts';
import type { SignatureAlgorithm, TimestampClient } from './cms.ts';
import type { SigningErrorCode } from './errors.ts';
import { ecdsaFromDer } from './signature-value.ts';

const DS = 'http://www.w3.org/2000/09/xmldsig#';
const XADES = 'http://uri.etsi.org/01903/v1.3.2#';
const ENVELOPED = `${DS}enveloped-signature`;
const EXCLUSIVE = 'http://www.w3.org/2001/10/xml-exc-c14n#';

/** Canonical forms and digests that the signer can make, by identifier. */
const FORMS: Readonly<Record<string, { mode: 0 | 1 | 2; withComments: boolean }>> = {
  'http://www.w3.org/TR/2001/REC-xml-c14n-20010315': { mode: XmlC14NMode.XML_C14N_1_0, withComments: false },
  'http://www.w3.org/TR/2001/REC-xml-c14n-20010315#WithComments': {
    mode: XmlC14NMode.XML_C14N_1_0,
    withComments: true,
  },
  'http://www.w3.org/2006/12/xml-c14n11': { mode: XmlC14NMode.XML_C14N_1_1, withComments: false },
  'http://www.w3.org/2006/12/xml-c14n11#WithComments': { mode: XmlC14NMode.XML_C14N_1_1, withComments: true },
  [EXCLUSIVE]: { mode: XmlC14NMode.XML_C14N_EXCLUSIVE_1_0, withComments: false },
  [`${EXCLUSIVE}WithComments`]: { mode: XmlC14NMode.XML_C14N_EXCLUSIVE_1_0, withComments: true },
};
const DIGESTS: Readonly<Record<string, string>> = {
  sha1: `${DS}sha1`,
  sha256: 'http://www.w3.org/2001/04/xmlenc#sha256',
  sha384: 'http://www.w3.org/2001/04/xmldsig-more#sha384',
  sha512: 'http://www.w3.org/2001/04/xmlenc#sha512',
};
const FILTERS = {
  filter2: `<Transform Algorithm="http://www.w3.org/2002/06/xmldsig-filter2"><XPath xmlns="http://www.w3.org/2002/06/xmldsig-filter2" xmlns:ds="${DS}" Filter="subtract">/descendant::ds:Signature</XPath></Transform>`,
  xpath: `<Transform Algorithm="http://www.w3.org/TR/1999/REC-xpath-19991116"><XPath xmlns:ds="${DS}">not(ancestor-or-self::ds:Signature)</XPath></Transform>`,
};
type XmlDigest = Extract<DigestName, 'sha1' | 'sha256' | 'sha384' | 'sha512'>;

export interface XmlReferenceOrder {
  /** Empty for the whole document, or `#` and an Id. */
  uri: string;
  /** Takes the signature out of what is digested: needed wherever the signature stands inside. */
  enveloped?: boolean;
  /** Takes all signatures out instead, as parallel ones need: by XPath Filter 2.0 (EU tools) or by XPath. */
  allOut?: 'filter2' | 'xpath';
  /** Identifier of the canonical form; exclusive where not given. */
  form?: string;
  /** PrefixList of the exclusive form. */
  prefixes?: readonly string[];
}

export interface XmlSigningOrder {
  /** UTF-8, without a Signature of the same place. */
  xml: Buffer;
  /** Signing certificate, DER, and its key: RSA, EC or Ed25519. */
  certificate: Buffer;
  key: KeyObject;
  /** Further certificates for KeyInfo, DER. */
  chain?: readonly Buffer[];
  /** Name, as written, of the element that gets the Signature as its last child; the root where not given. */
  into?: string;
  /** Id of the Signature. */
  id?: string;
  /** The whole document, enveloped, where not given. */
  references?: readonly XmlReferenceOrder[];
  /** Canonical form of SignedInfo; exclusive where not given. */
  form?: string;
  digest?: XmlDigest;
  /** RSASSA-PSS instead of PKCS #1 v1.5. */
  pss?: boolean;
  /** XAdES: claimed time (milliseconds since 1970 UTC), and with a client a SignatureTimeStamp (level B-T). */
  xades?: { signingTime: number; timestamp?: TimestampClient };
}

/**
 * Signs an XML document: one enveloped Signature (XML Signature 1.1), with XAdES properties where they are asked for
 * (ETSI EN 319 132-1 §6, levels B-B and B-T). Nothing but the Signature is added to the bytes.
 * @throws TrucError `signing.xml-not-usable`
 */
export async function signXml(order: XmlSigningOrder): Promise<Buffer> {
  const shape = new Shape(order);
  const digests = shape.references.map((reference) => shape.digestOf(reference));
  const unsigned: Filling = { digests, value: '', token: '' };
  const octets = shape.octetsOf(unsigned, 'SignedInfo', order.form ?? EXCLUSIVE);
  const value = signatureValue(octets, order).toString('base64');
  const timestamp = order.xades?.timestamp;
  if (!timestamp) return shape.write({ digests, value, token: '' });
  const stamped = shape.octetsOf({ digests, value, token: '' }, 'SignatureValue', EXCLUSIVE);
  const token = (await timestamp(sha256(stamped))).toString('base64');
  return shape.write({ digests, value, token });
}

/** An XML document that lacks nothing but the signature value. */
export interface PreparedXml {
  /** The Signature element, its value empty. */
  element: string;
  /** Canonical octets of SignedInfo: what the signer signs. */
  signedInfo: Buffer;
}

export interface XmlPreparation {
  /** UTF-8. */
  xml: Buffer;
  /** DER. */
  certificate: Buffer;
  chain: readonly Buffer[];
  /** Id of the Signature, new to the document. */
  id: string;
  /** Claimed, milliseconds since 1970 UTC. */
  signingTime: number;
}

/**
 * Prepares an enveloped XAdES signature (EN 319 132-1 §6, level B-B) over the whole document without its signatures, so
 * that a later one beside it breaks none.
 * @throws TrucError `signing.xml-not-usable`
 */
export function prepareXml({ xml, certificate, chain, id, signingTime }: XmlPreparation): PreparedXml {
  const shape = new Shape({
    xml,
    certificate,
    chain,
    id,
    key: new X509Certificate(certificate).publicKey,
    references: [{ uri: '', allOut: 'filter2' }],
    xades: { signingTime },
  });
  try {
    const digests = shape.references.map((reference) => shape.digestOf(reference));
    const unsigned: Filling = { digests, value: '', token: '' };
    return {
      element: shape.signature(unsigned),
      signedInfo: shape.octetsOf(unsigned, 'SignedInfo', EXCLUSIVE),
    };
  } catch (error) {
    throw isTrucError(error) ? error : unusable('syntax', error);
  }
}

/**
 * Puts the value into a prepared signature, and a time-stamp over it where there is a client (level B-T).
 * @param value RSA octets, or ECDSA as DER or r ‖ s
 */
export async function completeXml(
  xml: Buffer,
  element: string,
  value: Buffer,
  algorithm: SignatureAlgorithm,
  timestamp: TimestampClient | null,
): Promise<Buffer> {
  const written = (algorithm === 'ecdsa-sha256' ? ecdsaFromDer(value) : value).toString('base64');
  const signed = element.replace(
    '<SignatureValue></SignatureValue>',
    `<SignatureValue>${written}</SignatureValue>`,
  );
  // Exclusive canonical form of an element without attributes in its own default namespace.
  const octets = Buffer.from(`<SignatureValue xmlns="${DS}">${written}</SignatureValue>`);
  const token = timestamp ? (await timestamp(sha256(octets))).toString('base64') : '';
  const end = '</QualifyingProperties>';
  const stamped = token === '' ? signed : signed.replace(end, `${timestampProperties(token)}${end}`);
  const at = placeIn({ xml });
  return Buffer.concat([xml.subarray(0, at), Buffer.from(stamped), xml.subarray(at)]);
}

function unusable(cause: string, error?: unknown): TrucError<SigningErrorCode> {
  return new TrucError<SigningErrorCode>('signing.xml-not-usable', { cause }, error);
}

/** What is put into the shape step by step; all base64. */
interface Filling {
  digests: readonly string[];
  value: string;
  token: string;
}

class Shape {
  readonly references: readonly XmlReferenceOrder[];
  private readonly order: XmlSigningOrder;
  private readonly id: string;
  private readonly digest: XmlDigest;
  private readonly at: number;

  constructor(order: XmlSigningOrder) {
    this.order = order;
    this.id = order.id ?? 'signature';
    this.digest = order.digest ?? 'sha256';
    const own = order.xades ? [{ uri: `#${this.id}-properties` }] : [];
    this.references = [...(order.references ?? [{ uri: '', enveloped: true }]), ...own];
    this.at = placeIn(order);
  }

  write(filling: Filling): Buffer {
    const { xml } = this.order;
    return Buffer.concat([
      xml.subarray(0, this.at),
      Buffer.from(this.signature(filling)),
      xml.subarray(this.at),
    ]);
  }

  /** Base64 digest of what a reference points to. The values are left empty meanwhile: no reference sees them. */
  digestOf(reference: XmlReferenceOrder): string {
    const { uri, enveloped = false, allOut, form = EXCLUSIVE, prefixes = [] } = reference;
    return this.withTree({ digests: [], value: '', token: '' }, (document) => {
      const target = uri === '' ? null : document.get(`//*[@Id='${uri.slice(1)}' or @id='${uri.slice(1)}']`);
      if (uri !== '' && !target) throw unusable('reference');
      if (enveloped) this.find(document, 'Signature').remove();
      if (allOut) for (const one of document.find('//ds:Signature', { ds: DS })) one.remove();
      const { mode } = formOf(form);
      const text = document.canonicalizeToString({
        mode,
        withComments: false,
        ...(prefixes.length > 0 ? { inclusiveNamespacePrefixes: [...prefixes] } : {}),
        ...(target ? { nodeSet: new Set([target]) } : {}),
      });
      return digestOf(this.digest, Buffer.from(text)).toString('base64');
    });
  }

  /** Canonical octets of a child of the Signature. */
  octetsOf(filling: Filling, name: string, form: string): Buffer {
    return this.withTree(filling, (document) => {
      const nodeSet = new Set([this.find(document, name)]);
      return Buffer.from(document.canonicalizeToString({ ...formOf(form), nodeSet }));
    });
  }

  private find(document: XmlDocument, name: string): XmlElement {
    const path = name === 'Signature' ? '' : `/ds:${name}`;
    const found = document.get(`//ds:Signature[@Id='${this.id}']${path}`, { ds: DS });
    if (!(found instanceof XmlElement)) throw unusable('place');
    return found;
  }

  private withTree<Result>(filling: Filling, use: (document: XmlDocument) => Result): Result {
    const document = XmlDocument.fromBuffer(this.write(filling));
    try {
      return use(document);
    } finally {
      document.dispose();
    }
  }

  signature(filling: Filling): string {
    const { order } = this;
    const references = this.references.map((one, i) => this.reference(one, filling.digests[i] ?? ''));
    const certificates = [order.certificate, ...(order.chain ?? [])]
      .map((one) => `<X509Certificate>${one.toString('base64')}</X509Certificate>`)
      .join('');
    return [
      `<Signature xmlns="${DS}" Id="${this.id}"><SignedInfo>`,
      `<CanonicalizationMethod Algorithm="${order.form ?? EXCLUSIVE}"></CanonicalizationMethod>`,
      `<SignatureMethod Algorithm="${methodOf(order)}"></SignatureMethod>`,
      ...references,
      `</SignedInfo><SignatureValue>${filling.value}</SignatureValue>`,
      `<KeyInfo><X509Data>${certificates}</X509Data></KeyInfo>`,
      order.xades ? this.properties(order.xades.signingTime, filling.token) : '',
      '</Signature>',
    ].join('');
  }

  private reference(
    { uri, enveloped, allOut, form = EXCLUSIVE, prefixes = [] }: XmlReferenceOrder,
    digest: string,
  ): string {
    const list =
      prefixes.length > 0
        ? `<InclusiveNamespaces xmlns="${EXCLUSIVE}" PrefixList="${prefixes.join(' ')}"></InclusiveNamespaces>`
        : '';
    const type = uri === `#${this.id}-properties` ? ' Type="http://uri.etsi.org/01903#SignedProperties"' : '';
    return [
      `<Reference URI="${uri}"${type}><Transforms>`,
      enveloped ? `<Transform Algorithm="${ENVELOPED}"></Transform>` : '',
      allOut ? FILTERS[allOut] : '',
      `<Transform Algorithm="${form}">${list}</Transform></Transforms>`,
      `<DigestMethod Algorithm="${DIGESTS[this.digest]}"></DigestMethod><DigestValue>${digest}</DigestValue></Reference>`,
    ].join('');
  }

  private properties(signingTime: number, token: string): string {
    const time = new Date(signingTime).toISOString().replace(/\.\d+Z$/, 'Z');
    const digest = sha256(this.order.certificate).toString('base64');
    return [
      `<Object><QualifyingProperties xmlns="${XADES}" Target="#${this.id}">`,
      `<SignedProperties Id="${this.id}-properties"><SignedSignatureProperties><SigningTime>${time}</SigningTime>`,
      '<SigningCertificateV2><Cert><CertDigest>',
      `<DigestMethod xmlns="${DS}" Algorithm="${DIGESTS.sha256}"></DigestMethod>`,
      `<DigestValue xmlns="${DS}">${digest}</DigestValue>`,
      '</CertDigest></Cert></SigningCertificateV2></SignedSignatureProperties></SignedProperties>',
      token === '' ? '' : timestampProperties(token),
      '</QualifyingProperties></Object>',
    ].join('');
  }
}

function timestampProperties(token: string): string {
  const stamp = `<SignatureTimeStamp><CanonicalizationMethod xmlns="${DS}" Algorithm="${EXCLUSIVE}"></CanonicalizationMethod><EncapsulatedTimeStamp>${token}</EncapsulatedTimeStamp></SignatureTimeStamp>`;
  return `<UnsignedProperties><UnsignedSignatureProperties>${stamp}</UnsignedSignatureProperties></UnsignedProperties>`;
}

/** Where the Signature goes: before the last end tag of that name. */
function placeIn({ xml, into }: Pick<XmlSigningOrder, 'xml' | 'into'>): number {
  const at = xml.lastIndexOf(into === undefined ? '</' : `</${into}>`);
  if (at < 0) throw unusable('place');
  return at;
}

function formOf(uri: string): { mode: 0 | 1 | 2; withComments: boolean } {
  const form = FORMS[uri];
  if (!form) throw unusable('form');
  return form;
}

function methodOf({ key, digest = 'sha256', pss = false }: XmlSigningOrder): string {
  if (key.asymmetricKeyType === 'ed25519') return 'http://www.w3.org/2021/04/xmldsig-more#eddsa-ed25519';
  if (pss) return `http://www.w3.org/2007/05/xmldsig-more#${digest}-rsa-MGF1`;
  const scheme = key.asymmetricKeyType === 'ec' ? 'ecdsa' : 'rsa';
  return scheme === 'rsa' && digest === 'sha1'
    ? `${DS}rsa-sha1`
    : `http://www.w3.org/2001/04/xmldsig-more#${scheme}-${digest}`;
}

function signatureValue(octets: Buffer, { key, digest = 'sha256', pss = false }: XmlSigningOrder): Buffer {
  if (key.asymmetricKeyType === 'ed25519') return cryptoSign(null, octets, key);
  const padding = pss
    ? { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST }
    : {};
  return cryptoSign(digest, octets, { key, dsaEncoding: 'ieee-p1363', ...padding });
}
