import { XmlAttribute, type XmlDocument, type XmlElement, XmlXPath } from 'libxml2-wasm';
import { type DigestName, digestOf, equalBytes } from '../../kernel/index.ts';
import type { VerificationCode } from '../codes.ts';
import { spendOnDigest } from '../work.ts';
import { canonicalOctets } from './canonical.ts';
import { contains, pathOf } from './elements.ts';
import { fault, faultCode } from './fault.ts';
import { LIMITS, type Work } from './limits.ts';
import type { XmlReference, XmlSignature } from './structure.ts';

/** What the references of one signature come to. */
export interface ReferenceCheck {
  codes: VerificationCode[];
  /** One reference covers the whole document but for the signature itself. */
  coversRoot: boolean;
  /** Paths of the covered elements as {@link pathOf} writes them; the root's is its name. */
  covers: string[];
  /** The elements that references point to; the root is among them where it is covered. */
  targets: XmlElement[];
  digests: (DigestName | 'md5')[];
}

interface Resolved {
  reference: XmlReference;
  target: XmlElement;
  isRoot: boolean;
  /** The target is the signature or something in it. */
  inside: boolean;
}

/**
 * Resolves every reference inside the document and tells what it covers. Nothing is digested yet, and nothing outside
 * the file is ever fetched.
 */
export class References {
  readonly check: ReferenceCheck = { codes: [], coversRoot: false, covers: [], targets: [], digests: [] };
  private readonly document: XmlDocument;
  private readonly signature: XmlSignature;
  private readonly work: Work;
  private readonly resolved: Resolved[] = [];
  private byId: Map<string, XmlElement | null> | null | undefined;

  constructor(document: XmlDocument, signature: XmlSignature, work: Work) {
    this.document = document;
    this.signature = signature;
    this.work = work;
    for (const reference of signature.references) this.resolve(reference);
    if (!this.check.coversRoot) this.check.codes.push('xml.covers-part-only');
  }

  /** Digests the references that see the signature too. */
  digestAsTheyStand(): void {
    for (const one of this.resolved) if (!one.reference.enveloped) this.digest(one);
  }

  /** Takes the Signature element out of the tree for good and digests the references that do not see it. */
  digestWithoutSignature(): void {
    const enveloped = this.resolved.filter((one) => one.reference.enveloped);
    if (enveloped.length === 0) return;
    this.signature.element.remove();
    for (const one of enveloped) this.digest(one);
  }

  private resolve(reference: XmlReference): void {
    const { check } = this;
    if (reference.digest) check.digests.push(reference.digest);
    try {
      const target = this.targetOf(reference);
      const isRoot = target.isSameNode(this.document.root);
      check.covers.push(pathOf(target));
      check.targets.push(target);
      if (reference.code) throw fault('xml.transform-unsupported');
      // What a signature takes itself out of must be around it; else the transform would leave nothing or do nothing.
      const inside = contains(this.signature.element, target);
      if (reference.enveloped && (inside || !contains(target, this.signature.element)))
        throw fault('xml.transform-unsupported', 'enveloped-signature');
      if (isRoot && reference.enveloped) check.coversRoot = true;
      this.resolved.push({ reference, target, isRoot, inside });
    } catch (error) {
      check.codes.push(reference.code ?? faultCode(error));
    }
  }

  /** @throws a fault that says why there is no such element in the document */
  private targetOf({ uri }: XmlReference): XmlElement {
    if (uri === null) throw fault('xml.reference-unsupported', 'no URI');
    if (uri === '') return this.document.root;
    if (!uri.startsWith('#')) throw fault('xml.reference-external', uri);
    if (uri.startsWith('#xpointer(')) throw fault('xml.reference-unsupported', 'xpointer');
    if (this.byId === undefined) this.byId = elementsById(this.document);
    if (this.byId === null) throw fault('xml.limit-exceeded', 'Id');
    const found = this.byId.get(uri.slice(1));
    if (found === null) throw fault('xml.id-duplicate', uri);
    if (found === undefined) throw fault('xml.reference-not-found', uri);
    return found;
  }

  private digest({ reference, target, isRoot, inside }: Resolved): void {
    const { digest, expected } = reference;
    if (digest === null || digest === 'md5') return;
    try {
      if (!(inside ? this.work.part() : this.work.whole())) throw fault('xml.limit-exceeded', 'work');
      // A same-document reference never selects comments (XML Signature 1.1 §4.4.3.3), whatever the form would keep.
      const form = { ...reference.canonicalization, withComments: false };
      const octets = canonicalOctets(this.document, isRoot ? null : target, form);
      spendOnDigest(octets.length);
      if (!equalBytes(digestOf(digest, octets), expected)) this.check.codes.push('xml.digest-mismatch');
    } catch (error) {
      this.check.codes.push(faultCode(error));
    }
  }
}

const ID_NAMES = "local-name()='Id' or local-name()='ID' or local-name()='id'";
const IDS = XmlXPath.compile(`//@*[${ID_NAMES}]`);
const TOO_MANY_IDS = XmlXPath.compile(`(//@*[${ID_NAMES}])[${LIMITS.ids + 1}]`);

/**
 * Elements by Id, null where two elements claim one: readers differ in which of them they see.
 * @returns null where there are too many to look at
 */
function elementsById(document: XmlDocument): Map<string, XmlElement | null> | null {
  if (document.get(TOO_MANY_IDS)) return null;
  const elements = new Map<string, XmlElement | null>();
  for (const node of document.find(IDS)) {
    const owner = node.parent;
    if (!(node instanceof XmlAttribute) || !owner) continue;
    const known = elements.get(node.value);
    elements.set(node.value, known === undefined || known?.isSameNode(owner) ? owner : null);
  }
  return elements;
}
