import type { XmlElement } from 'libxml2-wasm';
import type { DigestName } from '../../kernel/index.ts';
import type { SignatureAlgorithm } from '../algorithms.ts';
import type { VerificationCode } from '../codes.ts';
import { digestOfUri, isMacUri, signatureOfUri } from './algorithm-uris.ts';
import { type Canonicalization, canonicalizationOf, DEFAULT_CANONICALIZATION } from './canonical.ts';
import { attribute, elementsOf, isNamed, needAttribute, octetsOf } from './elements.ts';
import { fault } from './fault.ts';
import { LIMITS } from './limits.ts';
import { DS } from './names.ts';

/** One Reference of SignedInfo (XML Signature 1.1 §4.4.3). */
export interface XmlReference {
  /** Null where the attribute is missing. */
  uri: string | null;
  /** The enveloped-signature transform takes the containing Signature out. */
  enveloped: boolean;
  canonicalization: Canonicalization;
  digest: DigestName | 'md5' | null;
  expected: Buffer;
  /** Why it cannot be processed, if so. */
  code: VerificationCode | null;
}

/** A Signature element taken apart (XML Signature 1.1 §4). */
export interface XmlSignature {
  element: XmlElement;
  id: string | null;
  signedInfo: XmlElement;
  /** Null where we do not know it. */
  canonicalization: Canonicalization | null;
  /** Null where it is none that we check; then `algorithmCode` says why. */
  algorithm: SignatureAlgorithm | null;
  algorithmCode: VerificationCode | null;
  references: XmlReference[];
  valueElement: XmlElement;
  value: Buffer;
  keyInfo: XmlElement | null;
  objects: XmlElement[];
}

/** Reads a Signature element strictly: these children, in this order, once each. @throws a fault */
export function readSignature(element: XmlElement): XmlSignature {
  const rest = elementsOf(element);
  const signedInfo = take(rest, 'SignedInfo');
  const valueElement = take(rest, 'SignatureValue');
  const keyInfo = rest[0] && isNamed(rest[0], DS, 'KeyInfo') ? (rest.shift() as XmlElement) : null;
  if (rest.some((one) => !isNamed(one, DS, 'Object'))) throw fault('xml.malformed', 'Signature');
  return {
    element,
    id: attribute(element, 'Id'),
    signedInfo,
    ...readSignedInfo(signedInfo),
    valueElement,
    value: octetsOf(valueElement),
    keyInfo,
    objects: rest,
  };
}

function take(rest: XmlElement[], name: string): XmlElement {
  const first = rest.shift();
  if (!first || !isNamed(first, DS, name)) throw fault('xml.malformed', name);
  return first;
}

function readSignedInfo(signedInfo: XmlElement) {
  const rest = elementsOf(signedInfo);
  const form = take(rest, 'CanonicalizationMethod');
  const method = take(rest, 'SignatureMethod');
  if (rest.length === 0) throw fault('xml.malformed', 'SignedInfo');
  if (rest.length > LIMITS.references) throw fault('xml.limit-exceeded', 'Reference');
  const uri = needAttribute(method, 'Algorithm');
  const algorithm = signatureOfUri(uri);
  return {
    canonicalization: canonicalizationOf(form, needAttribute(form, 'Algorithm')),
    algorithm,
    algorithmCode: algorithm ? null : unknownAlgorithm(uri),
    references: rest.map(readReference),
  };
}

function unknownAlgorithm(uri: string): VerificationCode {
  return isMacUri(uri) ? 'policy.signature-algorithm-not-allowed' : 'xml.algorithm-unsupported';
}

function readReference(element: XmlElement): XmlReference {
  if (!isNamed(element, DS, 'Reference')) throw fault('xml.malformed', 'SignedInfo');
  const rest = elementsOf(element);
  const transforms =
    rest[0] && isNamed(rest[0], DS, 'Transforms') ? elementsOf(rest.shift() as XmlElement) : [];
  const method = take(rest, 'DigestMethod');
  const value = take(rest, 'DigestValue');
  if (rest.length > 0) throw fault('xml.malformed', 'Reference');
  const digest = digestOfUri(needAttribute(method, 'Algorithm'));
  const { code, ...processing } = readTransforms(transforms);
  return {
    uri: attribute(element, 'URI'),
    ...processing,
    digest,
    expected: octetsOf(value),
    code: code ?? (digest === null ? 'xml.algorithm-unsupported' : null),
  };
}

const ENVELOPED = `${DS}enveloped-signature`;

/** Transforms that change what is seen into something else: code, queries, decoders. */
const REFUSED: readonly string[] = [
  'http://www.w3.org/TR/1999/REC-xslt-19991116',
  'http://www.w3.org/TR/1999/REC-xpath-19991116',
  `${DS}base64`,
];

/** At most one enveloped-signature and after it at most one canonical form: what edXML and XAdES envelopes need. */
function readTransforms(transforms: readonly XmlElement[]) {
  let enveloped = false;
  let canonicalization: Canonicalization | null = null;
  let code: VerificationCode | null = null;
  for (const one of transforms) {
    if (!isNamed(one, DS, 'Transform')) throw fault('xml.malformed', 'Transforms');
    const uri = needAttribute(one, 'Algorithm');
    if (uri === ENVELOPED && !enveloped && !canonicalization) {
      enveloped = true;
      continue;
    }
    const form: Canonicalization | null = canonicalization ? null : canonicalizationOf(one, uri);
    if (form) canonicalization = form;
    else code ??= REFUSED.includes(uri) ? 'xml.transform-refused' : 'xml.transform-unsupported';
  }
  return { enveloped, canonicalization: canonicalization ?? DEFAULT_CANONICALIZATION, code };
}
