import type { XmlDocument, XmlElement } from 'libxml2-wasm';
import { type DigestName, digestOf, equalBytes } from '../../kernel/index.ts';
import type { VerificationCode } from '../codes.ts';
import { spendOnDigest, spendOnUnpacked } from '../work.ts';
import {
  type Canonicalization,
  canonicalOctets,
  DEFAULT_CANONICALIZATION,
  withCanonicalOctets,
} from './canonical.ts';
import { type Coverage, coverageOf, SIGNATURES } from './coverage.ts';
import { contains, elementsOf, isNamed, octetsOf, pathOf } from './elements.ts';
import { fault, faultCode } from './fault.ts';
import { type FoundFile, fileOf, isOutside, type SignedFiles } from './files.ts';
import { Ids } from './ids.ts';
import { LIMITS, type Work } from './limits.ts';
import { DS } from './names.ts';
import { checkXml, withDocument } from './open.ts';
import { readReferences, type XmlReference, type XmlSignature } from './structure.ts';
import type { Without } from './transforms.ts';

/** What the references of one signature come to. */
export interface ReferenceCheck extends Coverage {
  codes: VerificationCode[];
  /** Paths of the covered elements as {@link pathOf} writes them; the root's is its name. */
  covers: string[];
  /** The elements that references point to; the root is among them where it is covered. */
  targets: XmlElement[];
  /** Names of the files outside whose digests are right. */
  files: string[];
  digests: (DigestName | 'md5')[];
}

interface Resolved {
  reference: XmlReference;
  /** Elements in the order of the document, or a file outside. */
  content: { elements: XmlElement[]; isRoot: boolean; inside: boolean } | FoundFile;
  /** Place among the references of SignedInfo; null for one of a Manifest. */
  index: number | null;
}

/** XML Signature 1.1 §5.1: one Reference at least; an empty list would look signed and sign nothing. @throws a fault */
function listedIn(manifest: XmlElement): XmlReference[] {
  const elements = elementsOf(manifest);
  if (elements.length === 0) throw fault('xml.malformed', 'Manifest');
  return readReferences(elements);
}

/** The octets of one reference: what was digested, and what a time-stamp's own canonical form makes of its nodes. */
interface Kept {
  octets: Buffer;
  others: Map<Canonicalization, Buffer>;
}

/**
 * Resolves every reference inside the document or to the given files, and those of signed Manifests, and tells what
 * they cover. Nothing is digested yet, and nothing else is ever fetched.
 */
export class References {
  readonly check: ReferenceCheck;
  private readonly codes: VerificationCode[] = [];
  private readonly covers: string[] = [];
  private readonly digests: (DigestName | 'md5')[] = [];
  private readonly files: string[] = [];
  private readonly document: XmlDocument;
  private readonly signature: XmlSignature;
  private readonly work: Work;
  private readonly given: SignedFiles | undefined;
  private readonly resolved: Resolved[] = [];
  private readonly ids: Ids;
  private readonly kept = new Map<number, Kept>();
  /** Canonical forms of time-stamps over references; null where there are none. */
  private forms: readonly Canonicalization[] | null = null;

  /** @throws a fault when there are more than is judged */
  constructor(document: XmlDocument, signature: XmlSignature, work: Work, given?: SignedFiles) {
    this.document = document;
    this.signature = signature;
    this.work = work;
    this.given = given;
    this.ids = new Ids(document, work.measure);
    this.resolveAll(signature.references, false);
    for (const manifest of this.manifests()) this.resolveAll(listedIn(manifest), true);
    const trees = this.resolved.filter(
      ({ content, reference }) => isTree(content) || reference.canonicalization,
    );
    if (trees.length > LIMITS.references) throw fault('xml.limit-exceeded', 'Reference');
    const coverage = coverageOf(document, signature, this.placed(), given);
    if (!coverage.coversAll && !coverage.confirms) this.codes.push('xml.covers-part-only');
    const { codes, covers, digests, files } = this;
    this.check = { ...coverage, codes, covers, digests, files, targets: this.targets() };
  }

  /** Keeps what the references of SignedInfo come to, for time-stamps that cover it in these forms. */
  keepFor(forms: readonly Canonicalization[]): void {
    this.forms = forms;
  }

  /** Octets of a reference of SignedInfo as a time-stamp covers them, or null where they cannot be had. */
  octetsFor(index: number, form: Canonicalization): Buffer | null {
    const kept = this.kept.get(index);
    return kept ? (kept.others.get(form) ?? kept.octets) : null;
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
    for (let one = this.document.get(SIGNATURES); one; one = this.document.get(SIGNATURES)) one.remove();
    this.digestAll('all');
  }

  private targets(): XmlElement[] {
    return this.resolved.flatMap(({ content }) => (isTree(content) ? content.elements : []));
  }

  private placed() {
    return this.resolved.map(({ content, reference }) => ({
      elements: isTree(content) ? content.elements : [],
      isWhole: isTree(content) && content.isRoot && reference.without !== 'none',
      isFile: !isTree(content),
    }));
  }

  private manifests(): XmlElement[] {
    return this.targets().filter(
      (one) => isNamed(one, DS, 'Manifest') && contains(this.signature.element, one),
    );
  }

  private digestAll(without: Without): void {
    for (const one of this.resolved) if (one.reference.without === without) this.digest(one);
  }

  private resolveAll(references: readonly XmlReference[], listed: boolean): void {
    const outside = new Set(references.filter(({ uri }) => isOutside(uri)).map(({ uri }) => uri));
    for (const [i, reference] of references.entries()) {
      if (reference.digest) this.digests.push(reference.digest);
      try {
        const content = isOutside(reference.uri)
          ? this.fileFor(reference, outside.size)
          : this.elementsFor(reference);
        this.resolved.push({ reference, content, index: listed ? null : i });
      } catch (error) {
        this.codes.push(reference.code ?? faultCode(error));
      }
    }
  }

  private fileFor(reference: XmlReference, others: number): FoundFile {
    const file = fileOf(reference.uri, others, this.given);
    if (reference.code || reference.without !== 'none' || reference.narrowed || reference.base64)
      throw fault('xml.transform-refused', 'file');
    return file;
  }

  private elementsFor(reference: XmlReference) {
    if (reference.uri?.startsWith('#xpointer(')) throw fault('xml.reference-unsupported', 'xpointer');
    const base = reference.uri ? this.ids.find(reference.uri.slice(1)) : this.document.root;
    const elements = reference.narrowed
      ? reference.narrowed.map((id) => this.ids.find(id)).filter((one) => contains(base, one))
      : [base];
    this.covers.push(...elements.map(pathOf));
    if (reference.code) throw fault('xml.transform-unsupported');
    const own = this.signature.element;
    const inside = elements.every((one) => contains(own, one));
    const without = reference.without !== 'none';
    // What a signature takes itself out of must be around it; else the transform would leave nothing or do nothing.
    if (elements.length === 0 || (without && !elements.some((one) => one !== own && contains(one, own))))
      throw fault('xml.transform-unsupported', 'nothing to take out');
    if (without && elements.some((one) => contains(own, one) || isInSignature(one)))
      throw fault('xml.transform-unsupported', 'filter');
    if (reference.base64 && !(inside && isNamed(base, DS, 'Object') && base.parent?.isSameNode(own)))
      throw fault('xml.transform-refused', 'base64');
    const isRoot = elements.some((one) => one.isSameNode(this.document.root));
    return { elements, isRoot, inside };
  }

  private digest(one: Resolved): void {
    const { digest, expected } = one.reference;
    if (digest === null || digest === 'md5') return;
    try {
      const kept = this.withOctets(one, (octets) => {
        spendOnDigest(octets.length);
        if (!equalBytes(digestOf(digest, octets), expected)) this.codes.push('xml.digest-mismatch');
        else if (!isTree(one.content)) this.files.push(one.content.name);
        return this.forms && one.index !== null ? Buffer.from(octets) : null;
      });
      if (kept) this.keep(one, kept);
    } catch (error) {
      this.codes.push(faultCode(error));
    }
  }

  private keep({ content, reference, index }: Resolved, octets: Buffer): void {
    const others = new Map<Canonicalization, Buffer>();
    if (index === null) return;
    if (isTree(content) && !reference.canonicalization && !reference.base64) {
      for (const form of this.forms ?? [])
        others.set(
          form,
          this.canonical(content, form, (other) => Buffer.from(other)),
        );
    }
    this.kept.set(index, { octets, others });
  }

  private withOctets<Result>({ reference, content }: Resolved, use: (octets: Uint8Array) => Result): Result {
    const form = reference.canonicalization;
    if (!isTree(content)) return use(form ? canonicalFile(content.bytes, form) : content.bytes);
    if (reference.base64) return use(octetsOf(content.elements[0] as XmlElement));
    return this.canonical(content, form ?? DEFAULT_CANONICALIZATION, use);
  }

  private canonical<Result>(
    { elements, isRoot, inside }: Tree,
    form: Canonicalization,
    use: (octets: Buffer) => Result,
  ): Result {
    if (!(inside ? this.work.part() : this.work.whole())) throw fault('xml.limit-exceeded', 'work');
    // A same-document reference never selects comments (XML Signature 1.1 §4.4.3.3), whatever the form would keep.
    const plain = { ...form, withComments: false };
    return withCanonicalOctets(this.document, isRoot ? null : elements, plain, use);
  }
}

type Tree = Exclude<Resolved['content'], FoundFile>;

function isTree(content: Resolved['content']): content is Tree {
  return 'elements' in content;
}

/** A file that a canonical form is asked of is XML, with its comments (XML Signature 1.1 §4.4.3.2). @throws a fault */
function canonicalFile(bytes: Uint8Array, form: Canonicalization): Buffer {
  // A tree costs as much as unpacking does, and a container can hold large files in few octets.
  spendOnUnpacked(bytes.length);
  return withDocument(checkXml(Buffer.from(bytes)), (document) => canonicalOctets(document, null, form));
}

/** Nothing would be left of what stands in a signature once all are out. */
function isInSignature(target: XmlElement): boolean {
  for (let one: XmlElement | null = target; one !== null; one = one.parent) {
    if (isNamed(one, DS, 'Signature')) return true;
  }
  return false;
}
