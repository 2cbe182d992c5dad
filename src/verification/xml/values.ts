import type { XmlElement } from 'libxml2-wasm';
import { isTrucError } from '../../kernel/index.ts';
import { type Certificate, readCertificate } from '../certificate.ts';
import type { VerificationCode } from '../codes.ts';
import { type Crl, readCrl } from '../crl.ts';
import { type OcspResponse, readOcsp } from '../ocsp.ts';
import { elementsOf, isNamed, octetsOf } from './elements.ts';
import { fault } from './fault.ts';
import { LIMITS } from './limits.ts';
import { XADES } from './names.ts';

/** Validation data of the unsigned properties (EN 319 132-1 §5.4): material for paths, never trusted. */
export interface Values {
  certificates: Certificate[];
  crls: Crl[];
  ocsps: OcspResponse[];
}

/** Containers whose children are containers of values; others are values or not looked at. */
const CONTAINERS: readonly string[] = ['CertificateValues', 'RevocationValues', 'CRLValues', 'OCSPValues'];

/**
 * Reads certificates, CRLs and OCSP responses out of a CertificateValues, RevocationValues, TimeStampValidationData
 * or AnyValidationData; what cannot be read is told and left out. @throws a fault when there are too many
 */
export function readValues(container: XmlElement, values: Values, codes: VerificationCode[]): void {
  for (const one of elementsOf(container)) {
    if (one.namespaceUri !== XADES) continue;
    if (CONTAINERS.includes(one.name)) readValues(one, values, codes);
    else readValue(one, values, codes);
  }
}

function readValue(one: XmlElement, values: Values, codes: VerificationCode[]): void {
  const { certificates, crls, ocsps } = values;
  if (certificates.length + crls.length + ocsps.length >= LIMITS.values)
    throw fault('xml.limit-exceeded', one.name);
  try {
    if (isNamed(one, XADES, 'EncapsulatedX509Certificate'))
      addTo(certificates, readCertificate(octetsOf(one)));
    else if (isNamed(one, XADES, 'EncapsulatedCRLValue'))
      addTo(crls, readCrl(Uint8Array.from(octetsOf(one))));
    else if (isNamed(one, XADES, 'EncapsulatedOCSPValue')) addTo(ocsps, readOcsp(octetsOf(one)));
  } catch (error) {
    if (!isTrucError(error)) throw error;
    codes.push('xml.validation-data-unreadable');
  }
}

function addTo<Value extends { sha256: string }>(list: Value[], value: Value): void {
  if (!list.some((one) => one.sha256 === value.sha256)) list.push(value);
}
