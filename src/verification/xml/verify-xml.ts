import { XmlComment, type XmlDocument, XmlElement, XmlText, XmlXPath } from 'libxml2-wasm';
import type { VerificationCode } from '../codes.ts';
import type { VerificationContext } from '../context.ts';
import { fileReport } from '../file-report.ts';
import type { FileReport } from '../report.ts';
import { fault, faultCode } from './fault.ts';
import { brokenXmlReport, judgeSignature, type XmlSignatureReport } from './judge.ts';
import { LIMITS, type Work, workFor } from './limits.ts';
import { DS } from './names.ts';
import { type CheckedXml, checkXml, claimsSignature, withDocument } from './open.ts';

/**
 * The verdict on an XML file and every XML signature in it (XML Signature 1.1, XAdES of ETSI EN 319 132-1, judged by
 * EN 319 102-1), from local data only: no reference outside the file is fetched. Passed are only signatures that
 * cover the whole document but for themselves. Never throws for bad input.
 */
export function verifyXml(bytes: Buffer, context: VerificationContext): FileReport {
  if (!claimsSignature(bytes)) return fileReport('xml', bytes, context, [], []);
  try {
    const checked = checkXml(bytes);
    const work = workFor(checked.measure);
    return fileReport('xml', bytes, context, judgeAll(checked, context, work), []);
  } catch (error) {
    return fileReport('xml', bytes, context, [], [faultCode(error)]);
  }
}

const FOUND = XmlXPath.compile("//*[local-name()='Signature' or local-name()='DigitalSignature']");

/** Elements that are meant as signatures: those of XML Signature, and others of that name that are not empty. */
function signaturesIn(document: XmlDocument): XmlElement[] {
  const found = document.find(FOUND).filter((one) => one instanceof XmlElement);
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
function judgeAll(xml: CheckedXml, ctx: VerificationContext, work: Work): XmlSignatureReport[] {
  const reports: XmlSignatureReport[] = [];
  let count = 1;
  for (let i = 0; i < count; i++) {
    withDocument(xml, (document) => {
      const signatures = signaturesIn(document);
      count = signatures.length;
      const element = signatures[i];
      if (element) reports.push(judgeOne(document, element, String(i + 1), ctx, work));
    });
  }
  return reports;
}

function judgeOne(
  document: XmlDocument,
  element: XmlElement,
  ordinal: string,
  ctx: VerificationContext,
  work: Work,
): XmlSignatureReport {
  if (!isXmlSignature(element)) return brokenXmlReport(ordinal, 'xml.signature-namespace', ctx);
  try {
    return judgeSignature(document, element, ordinal, ctx, work);
  } catch (error) {
    const code: VerificationCode = faultCode(error);
    return brokenXmlReport(ordinal, code, ctx);
  }
}
