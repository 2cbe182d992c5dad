import type { XmlElement } from 'libxml2-wasm';
import type { DigestName } from '../../kernel/index.ts';
import type { SignatureAlgorithm } from '../algorithms.ts';
import type { VerificationCode } from '../codes.ts';
import { digestOfUri, isMacUri, signatureOfUri } from './algorithm-uris.ts';
import { type Canonicalization, canonicalizationOf } from './canonical.ts';
import { attribute, elementsOf, isNamed, needAttribute, octetsOf } from './elements.ts';
import { fault } from './fault.ts';
import { LIMITS } from './limits.ts';
import { DS } from './names.ts';
import { type Processing, readTransforms } from './transforms.ts';

/** One Reference of SignedInfo (XML Signature 1.1 §4.4.3). */
export interface XmlReference extends Processing {
  id: string | null;
  /** Null where the attribute is missing. */
  uri: string | null;
  digest: DigestName | 'md5' | null;
  expected: Buffer;
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
  const uri = needAttribute(method, 'Algorithm');
  const algorithm = signatureOfUri(uri);
  return {
    canonicalization: canonicalizationOf(form, needAttribute(form, 'Algorithm')),
    algorithm,
    algorithmCode: algorithm ? null : unknownAlgorithm(uri),
    references: readReferences(rest),
  };
}

function unknownAlgorithm(uri: string): VerificationCode {
  return isMacUri(uri) ? 'policy.signature-algorithm-not-allowed' : 'xml.algorithm-unsupported';
}

/** The References of a SignedInfo or a Manifest. @throws a fault */
export function readReferences(elements: readonly XmlElement[]): XmlReference[] {
  if (elements.length > LIMITS.files) throw fault('xml.limit-exceeded', 'Reference');
  return elements.map(readReference);
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
    id: attribute(element, 'Id'),
    uri: attribute(element, 'URI'),
    ...processing,
    digest,
    expected: octetsOf(value),
    code: code ?? (digest === null ? 'xml.algorithm-unsupported' : null),
  };
}
