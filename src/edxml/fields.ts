import { nfc, TrucError } from '../kernel/index.ts';
import type { Node } from './tree.ts';

export const NAMESPACE = 'http://www.mic.gov.vn/TBT/QCVN_102_2016';

/** Elements that may stand in a namespace of their own: they are judged elsewhere or only noted. */
const FOREIGN = ['Signature', 'DigitalSignature'];

/** The first child of that name, or undefined. @throws TrucError `edxml.namespace` when it is in another namespace */
export function child(node: Node | undefined, name: string): Node | undefined {
  const found = node?.children.find((one) => one.name === name);
  if (found && found.namespace !== NAMESPACE && !FOREIGN.includes(name)) {
    throw new TrucError('edxml.namespace', {
      path: found.path,
      line: found.line,
      expected: NAMESPACE,
      found: found.namespace,
    });
  }
  return found;
}

/** All children of that name, in order. */
export function children(node: Node | undefined, name: string): Node[] {
  return (node?.children ?? []).filter((one) => one.name === name && one.namespace === NAMESPACE);
}

/** Text of a child, NFC and trimmed; empty when the child is absent. */
export function text(node: Node | undefined, name: string): string {
  return clean(child(node, name)?.text);
}

export function clean(written: string | undefined): string {
  return written === undefined ? '' : nfc(written.trim());
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
