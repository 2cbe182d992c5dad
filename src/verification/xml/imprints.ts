import type { XmlDocument, XmlElement } from 'libxml2-wasm';
import { type Canonicalization, canonicalOctets } from './canonical.ts';
import { childrenOf, isNamed } from './elements.ts';
import { fault } from './fault.ts';
import type { Work } from './limits.ts';
import { XADES } from './names.ts';
import type { References } from './references.ts';
import type { XmlSignature } from './structure.ts';
import type { ArchiveElement, StampElement } from './unsigned.ts';
import type { ContentStamp, Properties } from './xades.ts';

/** Tokens with what they must cover; null parts could not be had, and then the tokens prove nothing. */
export interface Stamped {
  tokens: readonly Buffer[];
  /** Asked after the references were digested. */
  octets: () => Buffer[] | null;
}

export interface Imprints {
  content: Stamped[];
  signature: Stamped[];
  /** In the order of the document: each covers those before it, and the first so many CRLs and OCSP responses. */
  archive: (Stamped & Pick<ArchiveElement, 'covered'>)[];
}

/**
 * What the time-stamps of a signature cover (EN 319 132-1 §5.2.8, §5.3, §5.5.2.2). Elements of the signature are read
 * now, while the tree is whole; references are asked for later. @throws a fault when that costs too much
 */
export class ImprintReader {
  private readonly document: XmlDocument;
  private readonly signature: XmlSignature;
  private readonly references: References;
  private readonly work: Work;
  private readonly made = new Map<XmlElement, Map<string, Buffer>>();

  constructor(document: XmlDocument, signature: XmlSignature, references: References, work: Work) {
    this.document = document;
    this.signature = signature;
    this.references = references;
    this.work = work;
  }

  read({ contentStamps, stamps, archives, signed }: Properties): Imprints {
    const forms = [...contentStamps, ...archives].map((one) => one.canonicalization);
    if (forms.length > 0) this.references.keepFor(forms);
    return {
      content: contentStamps.map((stamp) => this.content(stamp, signed)),
      signature: stamps.map((stamp) => {
        const octets = this.canonical(this.signature.valueElement, stamp);
        return { tokens: stamp.tokens, octets: () => [octets] };
      }),
      archive: archives.map((stamp) => this.archive(stamp)),
    };
  }

  private content(stamp: ContentStamp, signed: XmlElement | null): Stamped {
    const { includes, canonicalization } = stamp;
    const indices = [...this.signature.references.entries()].flatMap(([i, { id, uri }]) => {
      const own = signed !== null && uri === `#${signed.attrs.find((one) => one.name === 'Id')?.value}`;
      return (includes ? includes.includes(`#${id}`) : !own) ? [i] : [];
    });
    return { tokens: stamp.tokens, octets: () => this.ofReferences(indices, canonicalization) };
  }

  /** References, SignedInfo, SignatureValue, KeyInfo, the unsigned properties before it, and Objects. */
  private archive(stamp: ArchiveElement): Imprints['archive'][number] {
    const { signedInfo, valueElement, keyInfo, objects } = this.signature;
    const kept = objects.filter((one) => !holdsProperties(one) && !(stamp.isOld && this.isReferenced(one)));
    const elements = [signedInfo, valueElement, ...(keyInfo ? [keyInfo] : []), ...stamp.before, ...kept];
    const own = elements.map((one) => this.canonical(one, stamp));
    const indices = this.signature.references.map((_, i) => i);
    return {
      tokens: stamp.tokens,
      covered: stamp.covered,
      octets: () => {
        const signed = this.ofReferences(indices, stamp.canonicalization);
        return signed ? [...signed, ...own] : null;
      },
    };
  }

  private isReferenced(object: XmlElement): boolean {
    const id = object.attrs.find((one) => one.name === 'Id')?.value;
    return id !== undefined && this.signature.references.some(({ uri }) => uri === `#${id}`);
  }

  private ofReferences(indices: readonly number[], form: Canonicalization): Buffer[] | null {
    const octets = indices.map((i) => this.references.octetsFor(i, form));
    return octets.every((one) => one !== null) ? octets : null;
  }

  /** Each archive time-stamp covers again what those before it cover: canonicalised once. */
  private canonical(element: XmlElement, { canonicalization }: StampElement): Buffer {
    const form = JSON.stringify(canonicalization);
    const known = this.made.get(element) ?? new Map<string, Buffer>();
    const made = known.get(form) ?? this.make(element, canonicalization);
    this.made.set(element, known.set(form, made));
    return made;
  }

  private make(element: XmlElement, form: Canonicalization): Buffer {
    if (!this.work.part()) throw fault('xml.limit-exceeded', 'work');
    return canonicalOctets(this.document, [element], form);
  }
}

function holdsProperties(object: XmlElement): boolean {
  return childrenOf(object).some((one) => isNamed(one, XADES, 'QualifyingProperties'));
}
