import { XmlAttribute, type XmlDocument, type XmlElement, XmlXPath } from 'libxml2-wasm';
import { type DigestName, digestOf, equalBytes } from '../../kernel/index.ts';
import type { VerificationCode } from '../codes.ts';
import { spendOnDigest } from '../work.ts';
import { canonicalOctets } from './canonical.ts';
import { contains, isNamed, pathOf } from './elements.ts';
import { fault, faultCode } from './fault.ts';
import { LIMITS, type Work } from './limits.ts';
import { DS } from './names.ts';
import type { Without, XmlReference, XmlSignature } from './structure.ts';

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

  /** Digests the references that see all signatures. */
  digestAsTheyStand(): void {
    this.digestAll('none');
  }

  /** Takes signatures out of the tree for good, as the references ask for, and digests what is left. */
  digestWithoutSignatures(): void {
    if (this.resolved.every(({ reference }) => reference.without === 'none')) return;
    this.signature.element.remove();
    this.digestAll('own');
    if (this.resolved.every(({ reference }) => reference.without !== 'all')) return;
    // One by one: taking one out ends those inside it.
    for (let one = this.document.get(ANY_SIGNATURE); one; one = this.document.get(ANY_SIGNATURE))
      one.remove();
    this.digestAll('all');
  }

  private digestAll(without: Without): void {
    for (const one of this.resolved) if (one.reference.without === without) this.digest(one);
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
      const without = reference.without !== 'none';
      if (without && (inside || !contains(target, this.signature.element)))
        throw fault('xml.transform-unsupported', 'enveloped-signature');
      if (reference.without === 'all' && isInSignature(target))
        throw fault('xml.transform-unsupported', 'filter');
      if (isRoot && without) check.coversRoot = true;
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

/** Nothing would be left of what stands in a signature once all are out. */
function isInSignature(target: XmlElement): boolean {
  for (let one: XmlElement | null = target; one !== null; one = one.parent) {
    if (isNamed(one, DS, 'Signature')) return true;
  }
  return false;
}

const ANY_SIGNATURE = XmlXPath.compile(`//*[local-name()='Signature' and namespace-uri()='${DS}']`);
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
