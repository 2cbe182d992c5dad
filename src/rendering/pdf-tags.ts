import {
  type PDFArray,
  type PDFDocument,
  PDFName,
  PDFNumber,
  PDFOperator,
  PDFOperatorNames,
  type PDFPage,
  type PDFRef,
} from '@cantoo/pdf-lib';

/** Standard structure types that a report uses (ISO 32000-1 §14.8.4). */
export type StructureType = 'H1' | 'H2' | 'H3' | 'P' | 'Table' | 'TR' | 'TH' | 'TD';

export interface Element {
  type: StructureType;
  /** Where its content stands: page and marked-content id. */
  content: { page: PDFPage; mcid: number }[];
  /** What it is made of, in reading order. */
  children: Element[];
}

/**
 * The logical structure of a tagged PDF (ISO 32000-1 §14.7): what is drawn belongs to an element, in reading order, or is an
 * artifact; so a screen reader reads headings and paragraphs and passes over rules and page numbers.
 */
export class StructureTree {
  private readonly elements: Element[] = [];
  private readonly counts = new Map<PDFPage, number>();

  /** A new element at the end of the reading order, or of the one that it belongs to. */
  element(type: StructureType, parent: Element | null = null): Element {
    const element: Element = { type, content: [], children: [] };
    (parent?.children ?? this.elements).push(element);
    return element;
  }

  /** Draws a part of an element; what runs on to another page has a part on each. */
  mark(element: Element, page: PDFPage, operators: readonly PDFOperator[]): void {
    const mcid = this.counts.get(page) ?? 0;
    this.counts.set(page, mcid + 1);
    element.content.push({ page, mcid });
    page.pushOperators(
      PDFOperator.of(PDFOperatorNames.BeginMarkedContentSequence, [
        PDFName.of(element.type),
        `<</MCID ${mcid}>>`,
      ]),
      ...operators,
      PDFOperator.of(PDFOperatorNames.EndMarkedContent),
    );
  }

  /** Draws what is no content. */
  artifact(page: PDFPage, operators: readonly PDFOperator[]): void {
    page.pushOperators(
      PDFOperator.of(PDFOperatorNames.BeginMarkedContent, [PDFName.of('Artifact')]),
      ...operators,
      PDFOperator.of(PDFOperatorNames.EndMarkedContent),
    );
  }

  /** Writes the tree into the document. */
  write(pdf: PDFDocument, pages: readonly PDFPage[]): void {
    const { context } = pdf;
    const root = context.nextRef();
    const document = context.nextRef();
    const known = new Map<Element, PDFRef>();
    const refs = this.elements.map((element) => register(pdf, element, document, known));
    context.assign(document, context.obj({ Type: 'StructElem', S: 'Document', P: root, K: refs }));
    context.assign(
      root,
      context.obj({
        Type: 'StructTreeRoot',
        K: document,
        ParentTree: context.register(context.obj({ Nums: this.parents(pdf, pages, known) })),
        ParentTreeNextKey: pages.length,
      }),
    );
    for (const [i, page] of pages.entries()) {
      page.node.set(PDFName.of('StructParents'), PDFNumber.of(i));
      page.node.set(PDFName.of('Tabs'), PDFName.of('S'));
    }
    pdf.catalog.set(PDFName.of('StructTreeRoot'), root);
    pdf.catalog.set(PDFName.of('MarkInfo'), context.obj({ Marked: true }));
  }

  /** For each page the elements of its marked contents, by id (ISO 32000-1 §14.7.4.4). */
  private parents(
    pdf: PDFDocument,
    pages: readonly PDFPage[],
    known: ReadonlyMap<Element, PDFRef>,
  ): PDFArray {
    const lists = new Map(pages.map((page) => [page, [] as PDFRef[]]));
    for (const [{ content }, ref] of known)
      for (const { page, mcid } of content) (lists.get(page) as PDFRef[])[mcid] = ref;
    return pdf.context.obj(pages.flatMap((page, i) => [i, lists.get(page) ?? []]));
  }
}

/** Registers an element and what it is made of. */
function register(pdf: PDFDocument, element: Element, parent: PDFRef, known: Map<Element, PDFRef>): PDFRef {
  const { context } = pdf;
  const ref = context.nextRef();
  known.set(element, ref);
  const { type, content, children } = element;
  const parts = content.map(({ page, mcid }) => context.obj({ Type: 'MCR', Pg: page.ref, MCID: mcid }));
  const kids = [...parts, ...children.map((one) => register(pdf, one, ref, known))];
  const scope = type === 'TH' ? { A: { O: 'Table', Scope: 'Column' } } : {};
  context.assign(
    ref,
    context.obj({ Type: 'StructElem', S: type, P: parent, K: context.obj(kids), ...scope }),
  );
  return ref;
}
