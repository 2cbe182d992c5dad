import { XmlComment, type XmlDocument, XmlElement, XmlText, XmlXPath } from 'libxml2-wasm';
import type { VerificationCode } from '../codes.ts';
import type { VerificationContext } from '../context.ts';
import { fileReport } from '../file-report.ts';
import type { FileReport } from '../report.ts';
import { counterSigned } from './coverage.ts';
import { attribute } from './elements.ts';
import { fault, faultCode } from './fault.ts';
import type { SignedFiles } from './files.ts';
import { brokenXmlReport, judgeSignature, type Surroundings, type XmlSignatureReport } from './judge.ts';
import { LIMITS, workFor } from './limits.ts';
import { DS } from './names.ts';
import { type CheckedXml, checkXml, claimsSignature, withDocument } from './open.ts';

/**
 * The verdict on an XML file and every XML signature in it (XML Signature 1.1, XAdES of ETSI EN 319 132-1, judged by
 * EN 319 102-1), from local data only. Passed are only signatures that cover the whole document but for themselves,
 * all their Objects where the signature is the document, or the file given as `detached`. Never throws for bad input.
 * @param detached content that References outside the file mean
 */
export function verifyXml(bytes: Buffer, context: VerificationContext, detached?: Uint8Array): FileReport {
  const files: SignedFiles | undefined = detached && { kind: 'one', bytes: detached };
  const { signatures, codes } = judgeFile(bytes, context, files);
  return fileReport('xml', bytes, context, signatures, codes);
}

/** The signatures of one XML file, and what is wrong with the file as such. */
export interface XmlVerdict {
  signatures: XmlSignatureReport[];
  codes: VerificationCode[];
}

/**
 * Judges an XML file of signatures whose References point to named files: the `*signatures*.xml` of ASiC-S and ASiC-E
 * (ETSI EN 319 162-1 §4.3.3, §4.4.3). A passed signature covers what its report's `files` name, and nothing else of
 * the container: whether these are all files is for the caller to tell. Never throws for bad input.
 * @param find content of a file by its name relative to the container's root (percent-decoded, without `.` and `..`),
 * or null where there is none
 * @param provenAt time at which the whole file provably existed, milliseconds
 */
export function verifyXmlOverFiles(
  bytes: Buffer,
  context: VerificationContext,
  find: (name: string) => Uint8Array | null,
  provenAt?: number,
): XmlVerdict {
  return judgeFile(bytes, context, { kind: 'named', find }, provenAt);
}

function judgeFile(
  bytes: Buffer,
  ctx: VerificationContext,
  files: SignedFiles | undefined,
  provenAt?: number,
): XmlVerdict {
  if (!claimsSignature(bytes)) return { signatures: [], codes: [] };
  try {
    const checked = checkXml(bytes);
    const work = workFor(checked.measure);
    return { signatures: judgeAll(checked, { ctx, work, files, provenAt }), codes: [] };
  } catch (error) {
    return { signatures: [], codes: [faultCode(error)] };
  }
}

const FOUND = XmlXPath.compile("//*[local-name()='Signature' or local-name()='DigitalSignature']");
const FOUND_PLAIN = XmlXPath.compile("//*[local-name()='Signature']");

/** Elements that are meant as signatures: those of XML Signature, and others of that name that are not empty. */
export function signaturesIn(document: XmlDocument, { bytes }: CheckedXml): XmlElement[] {
  // Names stand in the octets as they are, so the dearer question is asked only where it can find more.
  const query = bytes.includes('DigitalSignature') ? FOUND : FOUND_PLAIN;
  const found = document.find(query).filter((one) => one instanceof XmlElement);
  const signatures = found.filter((one) => isXmlSignature(one) || isUnknownSignature(one));
  if (signatures.length > LIMITS.signatures) throw fault('xml.limit-exceeded', 'Signature');
  return signatures;
}

function isXmlSignature(element: XmlElement): boolean {
  return element.name === 'Signature' && element.namespaceUri === DS;
}

/** Empty elements of that name are decoration (seen in the field), and wrappers are judged by what is in them. */
function isUnknownSignature(element: XmlElement): boolean {
  for (let node = element.firstChild; node !== null; node = node.next) {
    if (node instanceof XmlElement) return !isXmlSignature(node);
    if (!(node instanceof XmlComment) && !(node instanceof XmlText && node.content.trim() === ''))
      return true;
  }
  return false;
}

/** Each signature sees a tree of its own, since judging one takes it out. */
function judgeAll(xml: CheckedXml, around: Omit<Surroundings, 'nameOf'>): XmlSignatureReport[] {
  const reports: XmlSignatureReport[] = [];
  let count = 1;
  for (let i = 0; i < count; i++) {
    withDocument(xml, (document) => {
      const signatures = signaturesIn(document, xml);
      count = signatures.length;
      const element = signatures[i];
      if (!element) return;
      const nameOf = (one: XmlElement) => nameIn(signatures, one);
      reports.push(judgeOne(document, element, String(i + 1), { ...around, nameOf }));
    });
  }
  return reports;
}

function nameIn(signatures: readonly XmlElement[], element: XmlElement): string {
  return attribute(element, 'Id') ?? String(signatures.findIndex((one) => one.isSameNode(element)) + 1);
}

function judgeOne(
  document: XmlDocument,
  element: XmlElement,
  ordinal: string,
  around: Surroundings,
): XmlSignatureReport {
  // Judging takes elements out of the tree.
  const outer = counterSigned(element);
  const counterSigns = outer && around.nameOf(outer);
  const broken = (code: VerificationCode): XmlSignatureReport => ({
    ...brokenXmlReport(ordinal, code, around.ctx),
    ...(counterSigns === null ? {} : { counterSigns }),
  });
  if (!isXmlSignature(element)) return broken('xml.signature-namespace');
  try {
    return judgeSignature(document, element, around);
  } catch (error) {
    return broken(faultCode(error));
  }
}
