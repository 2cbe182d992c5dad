import { type XmlDocument, XmlElement, type XmlTreeNode, XmlXPath } from 'libxml2-wasm';
import { childrenOf, contains, elementsOf, isBlank, isNamed } from './elements.ts';
import { faultCode } from './fault.ts';
import type { SignedFiles } from './files.ts';
import { DS, XADES } from './names.ts';
import type { XmlSignature } from './structure.ts';

export const SIGNATURES = XmlXPath.compile(`//*[local-name()='Signature' and namespace-uri()='${DS}']`);

/** How much of what there is to sign the references of one signature cover. */
export interface Coverage {
  /** Everything in the file but signatures, or the file that the signature is given for. */
  coversAll: boolean;
  /** The signature among whose counter-signatures this one stands, unless it covers everything itself. */
  counterSigns: XmlElement | null;
  /** Whether it covers that one's value, which makes it a counter-signature. */
  confirms: boolean;
}

/** Where a reference points to. */
export interface Placed {
  elements: readonly XmlElement[];
  /** The whole document but for signatures. */
  isWhole: boolean;
  isFile: boolean;
}

/** Roots that mean nothing but "signatures, and what they sign", by namespace (EN 319 162-1 §A.5, ODF 1.2 part 3 §5.2). */
const WRAPPERS: readonly (readonly [namespace: string, name: string])[] = [
  ['', 'internally-detached'],
  ['http://uri.etsi.org/02918/v1.2.1#', 'XAdESSignatures'],
  ['urn:oasis:names:tc:opendocument:xmlns:digitalsignature:1.0', 'document-signatures'],
];

export function coverageOf(
  document: XmlDocument,
  { element }: XmlSignature,
  placed: readonly Placed[],
  given: SignedFiles | undefined,
): Coverage {
  const around = counterSigned(element);
  const confirms = around !== null && coversValueOf(around, placed);
  const all = coversEverything(document, element, placed, given);
  return { coversAll: all, counterSigns: confirms || !all ? around : null, confirms };
}

function coversEverything(
  document: XmlDocument,
  element: XmlElement,
  placed: readonly Placed[],
  given: SignedFiles | undefined,
): boolean {
  const files = placed.some((one) => one.isFile);
  if (given && !files) return false;
  if (placed.some((one) => one.isWhole)) return true;
  const targets = placed.flatMap((one) => one.elements);
  const alone = document.root.isSameNode(element);
  const beside = alone ? [] : contentOf(document.root);
  const coversAll = beside?.every((one) => isCovered(one, targets)) ?? false;
  const signsSomething = files || targets.some((one) => isContent(one, element));
  return coversAll && signsSomething;
}

/** What stands in a wrapper beside signatures; null where the root is none. */
function contentOf(root: XmlElement): XmlElement[] | null {
  if (!WRAPPERS.some(([namespace, name]) => isNamed(root, namespace, name))) return null;
  if (root.attrs.length > 0) return null;
  try {
    return elementsOf(root).filter((one) => !isNamed(one, DS, 'Signature'));
  } catch (error) {
    faultCode(error);
    return null;
  }
}

function isCovered(element: XmlElement, targets: readonly XmlElement[]): boolean {
  return targets.some((one) => contains(one, element));
}

/** Properties, keys and values are the signature's own; content stands in an Object, or outside. */
function isContent(target: XmlElement, signature: XmlElement): boolean {
  if (!contains(signature, target)) return true;
  for (let one: XmlElement | null = target; one !== null; one = one.parent) {
    if (isNamed(one, XADES, 'QualifyingProperties') || isNamed(one, DS, 'KeyInfo')) return false;
    if (isNamed(one, DS, 'Object') && one.parent?.isSameNode(signature)) return !isOnlyProperties(one);
  }
  return false;
}

/** The signature in whose CounterSignature another one stands (ETSI EN 319 132-1 §5.2.7); null where it does not. */
export function counterSigned(element: XmlElement): XmlElement | null {
  if (!element.parent || !isNamed(element.parent, XADES, 'CounterSignature')) return null;
  let outer: XmlElement | null = element.parent;
  while (outer && !isNamed(outer, DS, 'Signature')) outer = outer.parent;
  return outer;
}

function coversValueOf(signature: XmlElement, placed: readonly Placed[]): boolean {
  const value = childrenOf(signature).find((one) => isNamed(one, DS, 'SignatureValue'));
  return value !== undefined && placed.some(({ elements }) => elements.some((one) => one.isSameNode(value)));
}

function isOnlyProperties(object: XmlElement): boolean {
  const children = childrenOf(object);
  return children.length > 0 && children.every((one) => isNamed(one, XADES, 'QualifyingProperties'));
}

/**
 * True when an Object of the signature holds something that no reference covers, beside the properties: a careless
 * reader would take it as signed.
 */
export function carriesUnsigned({ element, objects }: XmlSignature, targets: readonly XmlElement[]): boolean {
  // What stands around the signature has it taken out.
  const inside = targets.filter((one) => contains(element, one));
  return objects.some((object) => !isCovered(object, inside) && holdsUnsigned(object, inside));
}

function holdsUnsigned(object: XmlElement, targets: readonly XmlElement[]): boolean {
  for (let node: XmlTreeNode | null = object.firstChild; node !== null; node = node.next) {
    const known = node instanceof XmlElement && isNamed(node, XADES, 'QualifyingProperties');
    if (known || (node instanceof XmlElement ? isCovered(node, targets) : isBlank(node))) continue;
    return true;
  }
  return false;
}
