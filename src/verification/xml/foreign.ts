import { XmlElement, XmlXPath } from 'libxml2-wasm';
import { contains } from './elements.ts';
import { DS, DS_11, EXCLUSIVE, FILTER2, XADES, XADES_141 } from './names.ts';

/** The most frequent ones first: each is compared until one fits. */
const OURS = [DS, XADES, XADES_141, EXCLUSIVE, FILTER2, DS_11]
  .map((one) => `namespace-uri()='${one}'`)
  .join(' or ');
/** The outermost elements of other vocabularies. */
const FOREIGN = XmlXPath.compile(`descendant::*[not(${OURS})][parent::*[${OURS}]]`);
const MOST = 64;

/**
 * True when the signature carries content of another vocabulary that none of its references covers. An enveloped
 * signature does not cover itself, so content put there would look signed to a careless reader.
 */
export function carriesForeign(signature: XmlElement, targets: readonly XmlElement[]): boolean {
  const inside = targets.filter((one) => contains(signature, one));
  const found = signature.find(FOREIGN).filter((one) => one instanceof XmlElement);
  if (found.length > MOST) return true;
  return found.some((one) => !inside.some((target) => contains(target, one)));
}
