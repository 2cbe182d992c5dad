import { sha256, sha256Hex, TrucError } from '../kernel/index.ts';
import {
  type NextStamps,
  nextStamps,
  type SignatureReport,
  type ValidationMaterial,
  validationMaterial,
} from '../verification/index.ts';
import type { Augmenter, Stamping } from './augmenter.ts';
import type { SigningErrorCode } from './errors.ts';
import { propertyPlaces } from './xml-places.ts';

const DS = 'http://www.w3.org/2000/09/xmldsig#';
const XADES = 'http://uri.etsi.org/01903/v1.3.2#';
const XADES_141 = 'http://uri.etsi.org/01903/v1.4.1#';
const EXCLUSIVE = 'http://www.w3.org/2001/10/xml-exc-c14n#';

/**
 * EN 319 132-1: SignatureTimeStamp (§5.3), CertificateValues and RevocationValues (§5.4; what comes later as
 * TimeStampValidationData, §5.5.1), ArchiveTimeStamp of XAdES 1.4.1 (§5.5.2). Unsigned properties are added, and every other
 * octet stays.
 */
export const xmlAugmenter: Augmenter = {
  stamp: (xml, step) =>
    withProperties(xml, step, async ({ report, next }) => {
      if (report.timestamps.some(({ indication }) => indication === 'TOTAL_PASSED')) return '';
      const token = await step.timestamp(sha256(next.signature));
      return stampElement(`SignatureTimeStamp xmlns="${XADES}"`, token);
    }),
  addData: (xml, step) => {
    const material = validationMaterial(xml, step.context, step.detached);
    return withProperties(xml, step, async ({ next }) => valuesOf(material, next));
  },
  archive: (xml, step) =>
    withProperties(xml, step, async ({ next }) => {
      if (!next.archive) throw unusable('reference');
      const token = await step.timestamp(sha256(Buffer.concat(next.archive)));
      return stampElement(`a:ArchiveTimeStamp xmlns="${XADES}" xmlns:a="${XADES_141}"`, token);
    }),
};

/** A signature of the content, with what its next time-stamps cover. */
interface Target {
  report: SignatureReport;
  next: NextStamps;
}

/** Gives each signature of the content its next unsigned property; empty text gives it none. */
async function withProperties(
  xml: Buffer,
  { report, detached }: Stamping,
  make: (target: Target) => Promise<string>,
): Promise<Buffer> {
  const stamps = nextStamps(xml, detached);
  const places = propertyPlaces(xml);
  // Counted alike, or a property would go to another signature.
  if (places.length !== report.signatures.length || stamps.length !== places.length)
    throw unusable('signatures');
  const added: { at: number; text: string }[] = [];
  for (const [i, one] of report.signatures.entries()) {
    if (one.counterSigns !== undefined) continue;
    const [next, place] = [stamps[i], places[i]];
    if (!next || !place) throw unusable('properties');
    const property = await make({ report: one, next });
    if (property !== '') added.push({ at: place.at, text: place.before + property + place.after });
  }
  return inserted(xml, added);
}

function inserted(xml: Buffer, added: readonly { at: number; text: string }[]): Buffer {
  const parts: Buffer[] = [];
  let done = 0;
  for (const { at, text } of added.toSorted((a, b) => a.at - b.at)) {
    parts.push(xml.subarray(done, at), Buffer.from(text));
    done = at;
  }
  return Buffer.concat([...parts, xml.subarray(done)]);
}

function stampElement(start: string, token: Buffer): string {
  const [name] = start.split(' ');
  const form = `<CanonicalizationMethod xmlns="${DS}" Algorithm="${EXCLUSIVE}"></CanonicalizationMethod>`;
  const value = `<EncapsulatedTimeStamp>${token.toString('base64')}</EncapsulatedTimeStamp>`;
  return `<${start}>${form}${value}</${name}>`;
}

/** What the signature does not carry yet: there is one CertificateValues and one RevocationValues at most. */
function valuesOf(material: ValidationMaterial, { carried, hasValues }: NextStamps): string {
  const fresh = (list: readonly Buffer[], name: string) =>
    list
      .filter((one) => !carried.has(sha256Hex(one)))
      .map((one) => `<${name}>${one.toString('base64')}</${name}>`)
      .join('');
  const certificates = fresh(material.certificates, 'EncapsulatedX509Certificate');
  const crls = within('CRLValues', fresh(material.crls, 'EncapsulatedCRLValue'));
  const ocsps = within('OCSPValues', fresh(material.ocspResponses, 'EncapsulatedOCSPValue'));
  const start = hasValues ? '' : ` xmlns="${XADES}"`;
  const values =
    within(`CertificateValues${start}`, certificates) + within(`RevocationValues${start}`, crls + ocsps);
  if (!hasValues) return values;
  return within(`a:TimeStampValidationData xmlns="${XADES}" xmlns:a="${XADES_141}"`, values);
}

function within(start: string, content: string): string {
  return content === '' ? '' : `<${start}>${content}</${start.split(' ')[0]}>`;
}

function unusable(cause: string): TrucError {
  return new TrucError<SigningErrorCode>('signing.xml-not-usable', { cause });
}
