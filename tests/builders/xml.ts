import { createPublicKey, type KeyObject, X509Certificate } from 'node:crypto';
import { XmlC14NMode, XmlDocument, type XmlElement } from 'libxml2-wasm';
import { SignedXml } from 'xml-crypto';
import { signXml, type XmlSigningOrder } from '../../src/lab/index.ts';
import { pdfContext, stampAt } from './pdf.ts';
import { TEST_NOW, testPki } from './pki.ts';

const EDXML = 'http://www.mic.gov.vn/TBT/QCVN_102_2016';

/** The context of the PDF tests: the same anchors, CRLs, policy and time judge XML. */
export const xmlContext = pdfContext;

/** An envelope as it goes over the axis, small: header, body, one attachment of `size` octets. */
export function envelope({ size = 60, id = '' }: { size?: number; id?: string } = {}): Buffer {
  const content = Buffer.alloc(size, 'Nội dung văn bản. ').toString('base64');
  const attribute = id === '' ? '' : ` Id="${id}"`;
  return Buffer.from(
    `<?xml version="1.0" encoding="UTF-8"?>\n<edXML xmlns="${EDXML}"${attribute}><edXML:edXMLEnvelope xmlns:edXML="${EDXML}" Id="envelope">` +
      '<edXML:edXMLHeader><edXML:MessageHeader Id="message"><edXML:From><edXML:OrganId>H53.06</edXML:OrganId></edXML:From>' +
      '<edXML:Subject>V/v kinh phí 1.000.000 đồng &amp; &lt;phụ lục&gt;</edXML:Subject><!-- ghi chú -->' +
      '<edXML:DocumentId>H53.06,2026/03/16,412/SKHCN-CĐS</edXML:DocumentId></edXML:MessageHeader></edXML:edXMLHeader>' +
      '<edXML:edXMLBody><edXML:edXMLManifest version="1.0"></edXML:edXMLManifest></edXML:edXMLBody></edXML:edXMLEnvelope>' +
      `<AttachmentEncoded Id="files"><Attachment><ContentTransferEncoded>${content}</ContentTransferEncoded></Attachment></AttachmentEncoded></edXML>\n`,
  );
}

export interface XmlOptions extends Partial<Omit<XmlSigningOrder, 'certificate' | 'key' | 'xades'>> {
  /** Entity of the test PKI; the province's seal (RSA) where not given. */
  signer?: string;
  /** Another key than the entity's. */
  key?: KeyObject;
  /** `B` claims a time, `T` adds the test authority's time-stamp. */
  level?: 'B' | 'T';
}

export const HEADER = 'edXML:edXMLHeader';

/** Signs an envelope in its header, over the whole file, unless told otherwise. */
export async function signEnvelope(options: XmlOptions = {}): Promise<Buffer> {
  const { signer = 'seal-province', key, level, ...order } = options;
  const entity = (await testPki()).entity(signer);
  const xades = level && {
    signingTime: TEST_NOW,
    ...(level === 'T' ? { timestamp: stampAt(TEST_NOW + 2_000) } : {}),
  };
  return signXml({
    xml: envelope(),
    into: HEADER,
    certificate: entity.certificate,
    key: key ?? entity.key,
    ...order,
    ...(xades ? { xades } : {}),
  });
}

const EXCLUSIVE = 'http://www.w3.org/2001/10/xml-exc-c14n#';

export interface OtherSigning {
  signer?: string;
  xml?: Buffer;
  xpath?: string;
  /** Algorithm of reference and SignedInfo. */
  form?: string;
  method?: string;
  digest?: string;
  uri?: string;
  enveloped?: boolean;
}

/** Signs with xml-crypto: an independent parser, canonicaliser and signer. */
export async function signWithXmlCrypto(options: OtherSigning = {}): Promise<Buffer> {
  const { signer = 'seal-province', xml = envelope(), xpath = '/*', form = EXCLUSIVE } = options;
  const entity = (await testPki()).entity(signer);
  const signed = new SignedXml({
    privateKey: entity.key.export({ format: 'pem', type: 'pkcs8' }),
    publicCert: new X509Certificate(entity.certificate).toString(),
    signatureAlgorithm: options.method ?? 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256',
    canonicalizationAlgorithm: form as typeof EXCLUSIVE,
    idAttribute: 'Id',
  });
  const own = options.enveloped === false ? [] : ['http://www.w3.org/2000/09/xmldsig#enveloped-signature'];
  signed.addReference({
    xpath,
    transforms: [...own, form],
    digestAlgorithm: options.digest ?? 'http://www.w3.org/2001/04/xmlenc#sha256',
    ...(options.uri === undefined ? {} : { uri: options.uri, isEmptyUri: options.uri === '' }),
  });
  signed.computeSignature(xml.toString(), {
    location: { reference: "//*[local-name(.)='edXMLHeader']", action: 'append' },
  });
  return Buffer.from(signed.getSignedXml());
}

/** Whether xml-crypto finds the (first) signature of the bytes right with the key of the entity. */
export async function xmlCryptoAccepts(bytes: Buffer, signer = 'seal-province'): Promise<boolean> {
  const { certificate } = (await testPki()).entity(signer);
  const text = bytes.toString();
  const signature = /<Signature[\s>][\s\S]*<\/Signature>/.exec(text)?.[0];
  if (!signature) return false;
  const checker = new SignedXml({
    publicCert: createPublicKey(new X509Certificate(certificate).toString()),
    getCertFromKeyInfo: () => null,
  });
  try {
    checker.loadSignature(signature);
    return checker.checkSignature(text);
  } catch {
    return false;
  }
}

/** The canonical octets of SignedInfo as the lab's signer forms them: what an attacker who can sign would sign. */
export function signedInfoOf(text: string): Buffer {
  const document = XmlDocument.fromBuffer(Buffer.from(text));
  try {
    const info = document.get('//ds:Signature/ds:SignedInfo', { ds: 'http://www.w3.org/2000/09/xmldsig#' });
    const nodeSet = new Set([info as XmlElement]);
    const mode = XmlC14NMode.XML_C14N_EXCLUSIVE_1_0;
    return Buffer.from(document.canonicalizeToString({ mode, nodeSet }));
  } finally {
    document.dispose();
  }
}

/** The text with a fresh SignatureValue over its (changed) SignedInfo. */
export function resigned(text: string, sign: (octets: Buffer) => Buffer): Buffer {
  const value = sign(signedInfoOf(text)).toString('base64');
  return Buffer.from(text.replace(/(<SignatureValue[^>]*>)[^<]*/, `$1${value}`));
}
