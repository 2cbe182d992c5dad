import type { Node } from '../../src/edxml/tree.ts';

const NAMESPACE = 'http://www.mic.gov.vn/TBT/QCVN_102_2016';

export interface Rendering {
  /** Prefix of every element, '' for the default namespace. */
  prefix: string;
  /** Line break and indentation between elements. */
  pretty: boolean;
  /** Order of an element's children; those of one name must keep theirs. */
  order(children: readonly Node[]): readonly Node[];
}

/** A message as another producer might write the same tree. */
export function render(root: Node, { prefix, pretty, order }: Rendering): Buffer {
  const tag = (name: string) => (prefix === '' ? name : `${prefix}:${name}`);
  const gap = (depth: number) => (pretty ? `\n${'  '.repeat(depth)}` : '');
  const element = (node: Node, depth: number): string => {
    const inner =
      node.children.length === 0
        ? escaped(node.text)
        : `${order(node.children)
            .map((one) => gap(depth + 1) + element(one, depth + 1))
            .join('')}${gap(depth)}`;
    return `<${tag(node.name)}${depth === 0 ? declaration : ''}>${inner}</${tag(node.name)}>`;
  };
  const declaration = ` xmlns${prefix === '' ? '' : `:${prefix}`}="${NAMESPACE}"`;
  return Buffer.from(element(root, 0));
}

/** Children in another order, decided by `ranks`, where children of one name keep the order among themselves. */
export function reordered(children: readonly Node[], rank: (index: number) => number): Node[] {
  const queues = new Map<string, Node[]>();
  for (const one of children) queues.set(one.name, [...(queues.get(one.name) ?? []), one]);
  return children
    .map((one, i) => ({ name: one.name, rank: rank(i) }))
    .sort((a, b) => a.rank - b.rank)
    .map(({ name }) => queues.get(name)?.shift() as Node);
}

function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('\r', '&#xD;');
}
