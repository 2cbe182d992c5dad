import { XmlAttribute, type XmlDocument, type XmlElement, XmlXPath } from 'libxml2-wasm';
import { fault } from './fault.ts';
import { LIMITS, type Measure } from './limits.ts';

const ID_NAMES = "local-name()='Id' or local-name()='ID' or local-name()='id'";
const IDS = XmlXPath.compile(`//@*[${ID_NAMES}]`);
const TOO_MANY_IDS = XmlXPath.compile(`(//@*[${ID_NAMES}])[${LIMITS.ids + 1}]`);

/** The elements of a document by Id, read on the first question. */
export class Ids {
  private readonly document: XmlDocument;
  /** Null where there are too many to look at. */
  private byId: Map<string, XmlElement | null> | null | undefined;

  private readonly measure: Measure;

  constructor(document: XmlDocument, measure: Measure) {
    this.document = document;
    this.measure = measure;
  }

  /** @throws a fault where no element has the Id, or more than one: readers differ in which of them they see */
  find(id: string): XmlElement {
    if (this.byId === undefined) this.byId = elementsById(this.document, this.measure);
    if (this.byId === null) throw fault('xml.limit-exceeded', 'Id');
    const found = this.byId.get(id);
    if (found === null) throw fault('xml.id-duplicate', id);
    if (found === undefined) throw fault('xml.reference-not-found', id);
    return found;
  }
}

function elementsById(document: XmlDocument, { equals }: Measure): Map<string, XmlElement | null> | null {
  // No attribute without its equals sign.
  if (equals > LIMITS.ids && document.get(TOO_MANY_IDS)) return null;
  const elements = new Map<string, XmlElement | null>();
  for (const node of document.find(IDS)) {
    const owner = node.parent;
    if (!(node instanceof XmlAttribute) || !owner) continue;
    const known = elements.get(node.value);
    elements.set(node.value, known === undefined || known?.isSameNode(owner) ? owner : null);
  }
  return elements;
}
