import { XmlC14NMode, type XmlDocument, type XmlElement } from 'libxml2-wasm';
import type { Canonicalization } from './canonical.ts';
import { faultCode } from './fault.ts';
import type { SignedFiles } from './files.ts';
import { ImprintReader } from './imprints.ts';
import { type Work, workFor } from './limits.ts';
import { checkXml, withDocument } from './open.ts';
import { References } from './references.ts';
import { candidatesIn } from './signer.ts';
import { readSignature } from './structure.ts';
import { signaturesIn } from './verify-xml.ts';
import { readProperties } from './xades.ts';

/** What further time-stamps of an XML signature have to cover, in the exclusive canonical form. */
export interface NextStamps {
  /** Octets for a SignatureTimeStamp (EN 319 132-1 §5.3). */
  signature: Buffer;
  /** Octets for an ArchiveTimeStamp behind all unsigned properties (§5.5.2.2), in parts; null where a Reference cannot be had. */
  archive: Buffer[] | null;
  /** SHA-256 of the certificates, lists and responses that the signature carries, lower-case hexadecimal. */
  carried: ReadonlySet<string>;
  /** Whether it has a CertificateValues or a RevocationValues (§5.4), of which there is one at most. */
  hasValues: boolean;
}

const VALUES: readonly string[] = ['CertificateValues', 'RevocationValues'];

const FORM: Canonicalization = {
  mode: XmlC14NMode.XML_C14N_EXCLUSIVE_1_0,
  withComments: false,
  prefixes: [],
};

/**
 * Collects, for each signature of a file in the order of its reports, what its next time-stamps would cover.
 * @param detached content that References outside the file mean
 * @returns null in the place of what is no signature that can be read; nothing where the file cannot be
 */
export function nextStamps(bytes: Buffer, detached?: Uint8Array): (NextStamps | null)[] {
  const files: SignedFiles | undefined = detached && { kind: 'one', bytes: detached };
  return (
    orNull(() => {
      const checked = checkXml(bytes);
      const work = workFor(checked.measure);
      const found: (NextStamps | null)[] = [];
      // Each sees a tree of its own, since reading its references takes signatures out.
      for (let i = 0, count = 1; i < count; i++)
        withDocument(checked, (document) => {
          const elements = signaturesIn(document, checked);
          count = elements.length;
          const element = elements[i];
          if (element) found.push(orNull(() => nextOf(document, element, files, work)));
        });
      return found;
    }) ?? []
  );
}

function orNull<Value>(read: () => Value): Value | null {
  try {
    return read();
  } catch (error) {
    faultCode(error);
    return null;
  }
}

function nextOf(
  document: XmlDocument,
  element: XmlElement,
  files: SignedFiles | undefined,
  work: Work,
): NextStamps {
  const signature = readSignature(element);
  const references = new References(document, signature, work, files);
  const properties = readProperties(signature, references.check.targets);
  const next = { canonicalization: FORM, tokens: [] };
  const behindAll = { before: properties.unsigned, covered: { crls: 0, ocsps: 0 }, isOld: false };
  const imprints = new ImprintReader(document, signature, references, work).read({
    ...properties,
    contentStamps: [],
    stamps: [next],
    archives: [{ ...next, ...behindAll }],
  });
  references.digestAsTheyStand();
  references.digestWithoutSignatures();
  const { certificates, crls, ocsps } = properties.values;
  const carried = [...candidatesIn(signature.keyInfo).certificates, ...certificates, ...crls, ...ocsps];
  return {
    signature: Buffer.concat(imprints.signature[0]?.octets() ?? []),
    archive: imprints.archive[0]?.octets() ?? null,
    hasValues: properties.unsigned.some(({ name }) => VALUES.includes(name)),
    carried: new Set(carried.map(({ sha256 }) => sha256)),
  };
}
