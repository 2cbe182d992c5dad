import { nfc, TrucError } from '../kernel/index.ts';
import type { Node } from './tree.ts';

export const NAMESPACE = 'http://www.mic.gov.vn/TBT/QCVN_102_2016';

/**
 * The child of that name, or undefined.
 * @throws TrucError `edxml.element-repeated` when it stands twice: one reader would take the first and another the last;
 * `edxml.namespace` when it is in another namespace
 */
export function child(node: Node | undefined, name: string): Node | undefined {
  const [found, second] = children(node, name);
  if (second) throw new TrucError('edxml.element-repeated', { path: second.path, line: second.line, name });
  return found;
}

/** All children of that name, in order. @throws TrucError `edxml.namespace` when one is in another namespace */
export function children(node: Node | undefined, name: string): Node[] {
  const found = (node?.children ?? []).filter((one) => one.name === name);
  const foreign = found.find((one) => one.namespace !== NAMESPACE);
  if (!foreign) return found;
  const { path, line, namespace } = foreign;
  throw new TrucError('edxml.namespace', { path, line, expected: NAMESPACE, found: namespace });
}

/** Text of a child, NFC and trimmed; empty when the child is absent. */
export function text(node: Node | undefined, name: string): string {
  return value(child(node, name));
}

/** Text of an element, NFC and trimmed. @throws TrucError `edxml.not-well-formed` when it holds elements */
export function value(node: Node | undefined): string {
  if (node === undefined) return '';
  if (node.children.length > 0) {
    const { path, line } = node;
    throw new TrucError('edxml.not-well-formed', { path, line, cause: 'elements inside a value' });
  }
  return nfc(node.text.trim());
}

/** Text of a child, or null when the child is absent or empty. */
export function textOrNull(node: Node | undefined, name: string): string | null {
  const found = text(node, name);
  return found === '' ? null : found;
}

/** A whole number; null when absent or empty, NaN when it is something else. */
export function integer(node: Node | undefined, name: string): number | null {
  const written = text(node, name);
  if (written === '') return null;
  return /^-?\d{1,9}$/.test(written) ? Number(written) : Number.NaN;
}
