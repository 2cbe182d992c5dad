import { type C14NOptions, XmlC14NMode as mode, type XmlDocument, type XmlElement } from 'libxml2-wasm';
import { attribute, elementsOf, isNamed } from './elements.ts';
import { fault } from './fault.ts';
import { LIMITS } from './limits.ts';
import { EXCLUSIVE } from './names.ts';

/** A canonical form (Canonical XML 1.0 and 1.1, Exclusive XML Canonicalization 1.0). */
export interface Canonicalization {
  mode: 0 | 1 | 2;
  withComments: boolean;
  /** InclusiveNamespaces PrefixList of the exclusive form. */
  prefixes: readonly string[];
}

const MODES: Readonly<Record<string, 0 | 1 | 2>> = {
  'http://www.w3.org/TR/2001/REC-xml-c14n-20010315': mode.XML_C14N_1_0,
  'http://www.w3.org/2006/12/xml-c14n11': mode.XML_C14N_1_1,
  'http://www.w3.org/2001/10/xml-exc-c14n': mode.XML_C14N_EXCLUSIVE_1_0,
};

/** Where nothing is said (XML Signature 1.1 §4.4.3.2, ETSI EN 319 132-1 §4.5). */
export const DEFAULT_CANONICALIZATION: Canonicalization = {
  mode: mode.XML_C14N_1_0,
  withComments: false,
  prefixes: [],
};

/**
 * The canonical form that a CanonicalizationMethod or Transform element names, or null where it is none of them.
 * @throws a fault when its parameters are wrong
 */
export function canonicalizationOf(element: XmlElement, uri: string): Canonicalization | null {
  const [base = '', fragment] = uri.split('#');
  if (!Object.hasOwn(MODES, base) || uri === `${base}#`) {
    return uri === EXCLUSIVE ? { ...DEFAULT_CANONICALIZATION, mode: 1, prefixes: prefixesOf(element) } : null;
  }
  const form = MODES[base] as 0 | 1 | 2;
  if (fragment !== undefined && fragment !== 'WithComments') return null;
  if (form === mode.XML_C14N_EXCLUSIVE_1_0 && fragment === undefined) return null;
  const prefixes = form === mode.XML_C14N_EXCLUSIVE_1_0 ? prefixesOf(element) : noParameters(element);
  return { mode: form, withComments: fragment === 'WithComments', prefixes };
}

function noParameters(element: XmlElement): [] {
  if (elementsOf(element).length > 0) throw fault('xml.malformed', element.name);
  return [];
}

function prefixesOf(element: XmlElement): string[] {
  const [list, ...others] = elementsOf(element);
  if (!list) return [];
  if (others.length > 0 || !isNamed(list, EXCLUSIVE, 'InclusiveNamespaces'))
    throw fault('xml.malformed', element.name);
  const prefixes = (attribute(list, 'PrefixList') ?? '').split(/[ \t\r\n]+/).filter((one) => one !== '');
  if (prefixes.length > LIMITS.prefixes) throw fault('xml.limit-exceeded', 'PrefixList');
  return prefixes;
}

/**
 * The canonical octets of a whole document (`elements` null) or of elements with all that is in them.
 * @throws a fault `xml.canonicalization-failed` for what has no canonical form (relative namespace names)
 */
export function canonicalOctets(
  document: XmlDocument,
  elements: readonly XmlElement[] | null,
  { mode: form, withComments, prefixes }: Canonicalization,
): Buffer {
  const parts: Buffer[] = [];
  const output = {
    write: (octets: Uint8Array) => parts.push(Buffer.from(octets)) && octets.length,
    close: () => true,
  };
  const options: C14NOptions = {
    mode: form,
    withComments,
    ...(prefixes.length > 0 ? { inclusiveNamespacePrefixes: [...prefixes] } : {}),
    // Asked node by node inside the parser's own memory: ten times faster than a callback that sees nodes.
    ...(elements ? { nodeSet: new Set(elements) } : {}),
  };
  try {
    document.canonicalize(output, options);
  } catch {
    throw fault('xml.canonicalization-failed');
  }
  return Buffer.concat(parts);
}
