import type { Locate } from './model.ts';
import type { Node } from './tree.ts';

/** Faults name elements from these on; above them is always the same. */
const ABOVE: Readonly<Record<string, readonly string[]>> = {
  MessageHeader: ['edXMLEnvelope', 'edXMLHeader'],
  TraceHeaderList: ['edXMLEnvelope', 'edXMLHeader'],
  edXMLManifest: ['edXMLEnvelope', 'edXMLBody'],
};

/** Finds elements of a message by the paths that faults name, so that a sender is told the line. */
export function locator(root: Node): Locate {
  return (path) => {
    const steps = path.split('/');
    let node = root;
    for (const step of [...(ABOVE[steps[0] ?? ''] ?? []), ...steps]) {
      const next = stepInto(node, step);
      if (!next) return { line: node.line, text: '' };
      node = next;
    }
    return { line: node.line, text: node.text.trim() };
  };
}

function stepInto(node: Node, step: string): Node | undefined {
  const [, name, ordinal = '1'] = /^([^[]+)(?:\[(\d+)\])?$/.exec(step) ?? [];
  return node.children.filter((one) => one.name === name)[Number(ordinal) - 1];
}
