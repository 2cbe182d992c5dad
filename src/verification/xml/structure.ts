import type { XmlElement } from 'libxml2-wasm';
import type { DigestName } from '../../kernel/index.ts';
import type { SignatureAlgorithm } from '../algorithms.ts';
import type { VerificationCode } from '../codes.ts';
import { digestOfUri, isMacUri, signatureOfUri } from './algorithm-uris.ts';
import { type Canonicalization, canonicalizationOf, DEFAULT_CANONICALIZATION } from './canonical.ts';
import { attribute, elementsOf, isNamed, needAttribute, octetsOf, plainText } from './elements.ts';
import { fault } from './fault.ts';
import { LIMITS } from './limits.ts';
import { DS, FILTER2 } from './names.ts';

export type Without = 'none' | 'own' | 'all';

/** One Reference of SignedInfo (XML Signature 1.1 §4.4.3). */
export interface XmlReference {
  /** Null where the attribute is missing. */
  uri: string | null;
  /** Which signatures its transforms take out: none, the one that it stands in, or all of the document. */
  without: Without;
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
const XPATH = 'http://www.w3.org/TR/1999/REC-xpath-19991116';
const REFUSED: readonly string[] = ['http://www.w3.org/TR/1999/REC-xslt-19991116', XPATH, `${DS}base64`];

/**
 * Signatures out, at most once, and after that at most one canonical form: what edXML and XAdES envelopes need.
 * Of the query languages only the two expressions are understood that mean "all signatures out".
 */
function readTransforms(transforms: readonly XmlElement[]) {
  let without: Without = 'none';
  let canonicalization: Canonicalization | null = null;
  let code: VerificationCode | null = null;
  for (const one of transforms) {
    if (!isNamed(one, DS, 'Transform')) throw fault('xml.malformed', 'Transforms');
    const uri = needAttribute(one, 'Algorithm');
    const out: Without = without === 'none' && !canonicalization ? takenOut(one, uri) : 'none';
    const form: Canonicalization | null = canonicalization ? null : canonicalizationOf(one, uri);
    if (out !== 'none') without = out;
    else if (form) canonicalization = form;
    else code ??= REFUSED.includes(uri) ? 'xml.transform-refused' : 'xml.transform-unsupported';
  }
  return { without, canonicalization: canonicalization ?? DEFAULT_CANONICALIZATION, code };
}

function takenOut(transform: XmlElement, uri: string): Without {
  if (uri === ENVELOPED) return 'own';
  const [namespace, expression] =
    uri === FILTER2 ? [FILTER2, DESCENDANTS] : uri === XPATH ? [DS, NOT_IN_SIGNATURE] : [null, null];
  if (namespace === null) return 'none';
  const [xpath, ...others] = elementsOf(transform);
  if (!xpath || others.length > 0 || !isNamed(xpath, namespace, 'XPath')) return 'none';
  if (namespace === FILTER2 && attribute(xpath, 'Filter') !== 'subtract') return 'none';
  const prefix = expression.exec(plainText(xpath))?.[1];
  return prefix !== undefined && xpath.namespaceForPrefix(prefix) === DS ? 'all' : 'none';
}

/** XPath Filter 2.0, as EU tools write it, and the XPath expression of XML Signature 1.1 §6.6.3 that says the same. */
const DESCENDANTS = /^\s*\/descendant::([A-Za-z][\w-]*):Signature\s*$/;
const NOT_IN_SIGNATURE = /^\s*not\(\s*ancestor-or-self::([A-Za-z][\w-]*):Signature\s*\)\s*$/;
