import {
  type PDFArray,
  type PDFDict,
  type PDFDocument,
  PDFName,
  PDFNumber,
  PDFOperator,
  PDFOperatorNames,
  type PDFPage,
  type PDFRef,
} from '@cantoo/pdf-lib';

/** Standard structure types that a report uses (ISO 32000-1 §14.8.4). */
export type StructureType = 'H1' | 'H2' | 'H3' | 'P';

interface Element {
  type: StructureType;
  /** Where its content stands: page and marked-content id. */
  content: { page: PDFPage; mcid: number }[];
}

/**
 * The logical structure of a tagged PDF (ISO 32000-1 §14.7): what is drawn belongs to an element, in reading order, or is an
 * artifact; so a screen reader reads headings and paragraphs and passes over rules and page numbers.
 */
export class StructureTree {
  private readonly elements: Element[] = [];
  private readonly counts = new Map<PDFPage, number>();

  /** A new element at the end of the reading order. */
  element(type: StructureType): Element {
    const element: Element = { type, content: [] };
    this.elements.push(element);
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
    const refs = this.elements.map((element) => context.register(elementDictionary(pdf, element, document)));
    context.assign(document, context.obj({ Type: 'StructElem', S: 'Document', P: root, K: refs }));
    context.assign(
      root,
      context.obj({
        Type: 'StructTreeRoot',
        K: document,
        ParentTree: context.register(context.obj({ Nums: this.parents(pdf, pages, refs) })),
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
  private parents(pdf: PDFDocument, pages: readonly PDFPage[], refs: readonly PDFRef[]): PDFArray {
    const lists = new Map(pages.map((page) => [page, [] as PDFRef[]]));
    for (const [i, { content }] of this.elements.entries())
      for (const { page, mcid } of content) (lists.get(page) as PDFRef[])[mcid] = refs[i] as PDFRef;
    return pdf.context.obj(pages.flatMap((page, i) => [i, lists.get(page) ?? []]));
  }
}

function elementDictionary(pdf: PDFDocument, { type, content }: Element, parent: PDFRef): PDFDict {
  const { context } = pdf;
  const parts = content.map(({ page, mcid }) => context.obj({ Type: 'MCR', Pg: page.ref, MCID: mcid }));
  return context.obj({ Type: 'StructElem', S: type, P: parent, K: context.obj(parts) });
}
