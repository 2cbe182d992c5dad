import { XmlCData, XmlComment, XmlElement, XmlText, type XmlTreeNode } from 'libxml2-wasm';
import { fault } from './fault.ts';
import { LIMITS } from './limits.ts';

/** An attribute without a namespace, or null. @throws a fault when it is absurdly long */
export function attribute(element: XmlElement, name: string): string | null {
  const found = element.attrs.find((one) => one.name === name && one.namespaceUri === '');
  if (!found) return null;
  const { value } = found;
  if (value.length > LIMITS.name) throw fault('xml.limit-exceeded', name);
  return value;
}

/** @throws a fault `xml.malformed` when the attribute is missing */
export function needAttribute(element: XmlElement, name: string): string {
  const value = attribute(element, name);
  if (value === null) throw fault('xml.malformed', `${element.name}/@${name}`);
  return value;
}

export function isNamed(element: XmlElement, namespace: string, name: string): boolean {
  return element.name === name && element.namespaceUri === namespace;
}

/** The child elements of an element that holds nothing else but white space and comments. @throws a fault */
export function elementsOf(parent: XmlElement): XmlElement[] {
  const found: XmlElement[] = [];
  for (let node: XmlTreeNode | null = parent.firstChild; node !== null; node = node.next) {
    if (node instanceof XmlElement) found.push(node);
    else if (!isBlank(node)) throw fault('xml.malformed', parent.name);
  }
  return found;
}

/** The child elements, whatever stands between them. */
export function childrenOf(parent: XmlElement): XmlElement[] {
  const found: XmlElement[] = [];
  for (let node: XmlTreeNode | null = parent.firstChild; node !== null; node = node.next)
    if (node instanceof XmlElement) found.push(node);
  return found;
}

/** White space and comments. */
export function isBlank(node: XmlTreeNode): boolean {
  if (node instanceof XmlComment) return true;
  return node instanceof XmlText && /^[ \t\r\n]*$/.test(node.content);
}

/**
 * The text of an element that holds text only: a comment or an element inside could split it into what one reader
 * sees and what another does. @throws a fault `xml.value-not-plain-text`
 */
export function plainText(element: XmlElement): string {
  let text = '';
  for (let node: XmlTreeNode | null = element.firstChild; node !== null; node = node.next) {
    if (!(node instanceof XmlText) || node instanceof XmlCData)
      throw fault('xml.value-not-plain-text', element.name);
    text += node.content;
  }
  return text;
}

/** The octets of an element of type xsd:base64Binary: white space allowed, nothing else. @throws a fault */
export function octetsOf(element: XmlElement): Buffer {
  const compact = plainText(element).replace(/[ \t\r\n]+/g, '');
  const bytes = Buffer.from(compact, 'base64');
  // Encoding again finds foreign characters, wrong padding and bits that a lenient decoder would drop.
  if (compact === '' || bytes.toString('base64') !== compact)
    throw fault('xml.value-not-base64', element.name);
  return bytes;
}

/** `edXML/edXMLEnvelope/edXMLHeader`: local names from the root to the element. */
export function pathOf(element: XmlElement): string {
  const names: string[] = [];
  for (let one: XmlElement | null = element; one !== null; one = one.parent) names.unshift(one.name);
  return names.join('/');
}

/** True when `outer` is `inner` or one of its ancestors. */
export function contains(outer: XmlElement, inner: XmlElement): boolean {
  for (let one: XmlElement | null = inner; one !== null; one = one.parent) {
    if (one.isSameNode(outer)) return true;
  }
  return false;
}
