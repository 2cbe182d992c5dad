import type { XmlElement } from 'libxml2-wasm';
import type { VerificationCode } from '../codes.ts';
import { type Canonicalization, canonicalizationOf } from './canonical.ts';
import { attribute, elementsOf, isNamed, needAttribute, plainText } from './elements.ts';
import { fault } from './fault.ts';
import { LIMITS } from './limits.ts';
import { DS, FILTER2 } from './names.ts';

export type Without = 'none' | 'own' | 'all';

/** What the transforms of one Reference come to; everything else is refused by its name. */
export interface Processing {
  /** Which signatures are taken out: none, the one that the Reference stands in, or all of the document. */
  without: Without;
  /** Ids that an intersecting filter narrows the content to; null where nothing is narrowed. */
  narrowed: readonly string[] | null;
  /** Null where none is named: octets stay as they are, and nodes get Canonical XML 1.0. */
  canonicalization: Canonicalization | null;
  /** The text of the element is decoded, and the octets are digested. */
  base64: boolean;
  /** Why the transforms cannot be processed, if so. */
  code: VerificationCode | null;
}

const ENVELOPED = `${DS}enveloped-signature`;
const XPATH = 'http://www.w3.org/TR/1999/REC-xpath-19991116';
const BASE64 = `${DS}base64`;
/** Transforms that change what is seen into something else: code, queries, decoders. */
const REFUSED: readonly string[] = [
  'http://www.w3.org/TR/1999/REC-xslt-19991116',
  'http://www.w3.org/2002/06/xmldsig-filter2',
  XPATH,
  BASE64,
];

/**
 * Reads Transforms by allow-list (XML Signature 1.1 §6.6, XPath Filter 2.0): base64 alone, or signatures out and a
 * filter at most once, and after that at most one canonical form. Of the query languages only the expressions below
 * are understood, by comparing them and never by running them. @throws a fault
 */
export function readTransforms(transforms: readonly XmlElement[]): Processing {
  const found: Processing = {
    without: 'none',
    narrowed: null,
    canonicalization: null,
    base64: false,
    code: null,
  };
  for (const one of transforms) {
    if (!isNamed(one, DS, 'Transform')) throw fault('xml.malformed', 'Transforms');
    const uri = needAttribute(one, 'Algorithm');
    const known = transforms.length === 1 && uri === BASE64 && elementsOf(one).length === 0;
    if (known) found.base64 = true;
    else if (!selects(one, uri, found) && !canonicalizes(one, uri, found))
      found.code ??= REFUSED.includes(uri) ? 'xml.transform-refused' : 'xml.transform-unsupported';
  }
  return found;
}

function canonicalizes(one: XmlElement, uri: string, found: Processing): boolean {
  const form = found.canonicalization ? null : canonicalizationOf(one, uri);
  if (form) found.canonicalization = form;
  return form !== null;
}

function selects(one: XmlElement, uri: string, found: Processing): boolean {
  if (found.without !== 'none' || found.narrowed || found.canonicalization) return false;
  if (uri === ENVELOPED) {
    if (elementsOf(one).length > 0) return false;
    found.without = 'own';
    return true;
  }
  if (uri === XPATH) return selectsByXPath(one, found);
  return uri === FILTER2 && selectsByFilter(one, found);
}

/** The expressions of XML Signature 1.1 §6.6.3 and §6.6.4: all signatures out, and the own one out. */
const NOT_IN_SIGNATURE = /^\s*not\(\s*ancestor-or-self::([A-Za-z][\w-]*):Signature\s*\)\s*$/;
const NOT_IN_OWN =
  /^\s*count\(\s*ancestor-or-self::([A-Za-z][\w-]*):Signature\s*\|\s*here\(\)\/ancestor::\1:Signature\[1\]\s*\)\s*>\s*count\(\s*ancestor-or-self::\1:Signature\s*\)\s*$/;

function selectsByXPath(one: XmlElement, found: Processing): boolean {
  const [xpath, ...others] = elementsOf(one);
  if (!xpath || others.length > 0 || !isNamed(xpath, DS, 'XPath')) return false;
  if (meansSignature(NOT_IN_SIGNATURE, xpath)) found.without = 'all';
  else if (meansSignature(NOT_IN_OWN, xpath)) found.without = 'own';
  return found.without !== 'none';
}

/** XPath Filter 2.0 §3: subtracting signatures, as European tools write it, and narrowing to elements by Id. */
const ALL_SIGNATURES = /^\s*\/(?:descendant::|descendant-or-self::|\/)([A-Za-z][\w-]*):Signature\s*$/;
const OWN_SIGNATURE = /^\s*here\(\)\/ancestor(?:-or-self)?::([A-Za-z][\w-]*):Signature\[1\]\s*$/;
const BY_ID =
  /^\s*(?:id\(\s*(?:'([\w.-]+)'|"([\w.-]+)")\s*\)|\/(?:descendant::|\/)\*\[\s*@Id\s*=\s*(?:'([\w.-]+)'|"([\w.-]+)")\s*\])\s*$/;

/** Intersections and unions first, then one subtraction: in that order the result can be told without a query. */
function selectsByFilter(one: XmlElement, found: Processing): boolean {
  const filters = elementsOf(one);
  if (filters.length === 0 || filters.length > LIMITS.filters) return false;
  let narrowed: string[] | null = null;
  let without: Without = 'none';
  for (const [i, xpath] of filters.entries()) {
    if (!isNamed(xpath, FILTER2, 'XPath')) return false;
    const filter = attribute(xpath, 'Filter');
    if (filter === 'subtract') {
      if (i < filters.length - 1) return false;
      if (meansSignature(ALL_SIGNATURES, xpath)) without = 'all';
      else if (meansSignature(OWN_SIGNATURE, xpath)) without = 'own';
      else return false;
    } else if (filter === 'intersect' && i === 0) {
      const id = idIn(xpath);
      if (id === null) return false;
      narrowed = [id];
    } else if (filter === 'union' && narrowed) {
      const id = idIn(xpath);
      if (id === null) return false;
      narrowed.push(id);
    } else return false;
  }
  Object.assign(found, { narrowed, without });
  return true;
}

function idIn(xpath: XmlElement): string | null {
  return (
    BY_ID.exec(plainText(xpath))
      ?.slice(1)
      .find((one) => one !== undefined) ?? null
  );
}

/** The prefix must stand for XML Signature: else the expression means something else. */
function meansSignature(expression: RegExp, xpath: XmlElement): boolean {
  const prefix = expression.exec(plainText(xpath))?.[1];
  return prefix !== undefined && xpath.namespaceForPrefix(prefix) === DS;
}
