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
  form: Canonicalization,
): Buffer {
  return withCanonicalOctets(document, elements, form, (octets) => Buffer.from(octets));
}

/**
 * Hands the canonical octets to `use`, in memory that is written over afterwards: for digests over large files, where
 * fresh memory costs more than the digest. @throws as {@link canonicalOctets}, and what `use` throws
 */
export function withCanonicalOctets<Result>(
  document: XmlDocument,
  elements: readonly XmlElement[] | null,
  { mode: form, withComments, prefixes }: Canonicalization,
  use: (octets: Buffer) => Result,
): Result {
  const gathered = new Gathered();
  const output = {
    write: (octets: Uint8Array) => gathered.add(octets),
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
  return gathered.lend(use);
}

const SMALLEST = 65_536;
const LARGEST_KEPT = 8 * 1024 * 1024;
/** Null while somebody has it. */
let spare: Buffer | null = Buffer.allocUnsafeSlow(SMALLEST);

/** Octets that come in pieces of a few kilobytes, out of memory that the parser overwrites. */
class Gathered {
  private space: Buffer;
  private length = 0;

  constructor() {
    this.space = spare ?? Buffer.allocUnsafeSlow(SMALLEST);
    spare = null;
  }

  add(piece: Uint8Array): number {
    const needed = this.length + piece.length;
    if (needed > this.space.length) {
      const larger = Buffer.allocUnsafeSlow(Math.max(needed, 2 * this.space.length));
      this.space.copy(larger, 0, 0, this.length);
      this.space = larger;
    }
    this.space.set(piece, this.length);
    this.length = needed;
    return piece.length;
  }

  lend<Result>(use: (octets: Buffer) => Result): Result {
    try {
      return use(this.space.subarray(0, this.length));
    } finally {
      if (this.space.length <= LARGEST_KEPT) spare = this.space;
    }
  }
}
