import { pemOrDer } from './asn1/pem.ts';
import { type Certificate, readCertificate } from './certificate.ts';

/**
 * The first certificate of a PEM or DER file.
 * @throws TrucError `verification.not-pem`, `verification.not-a-certificate`
 */
export function readCertificateFile(bytes: Uint8Array): Certificate {
  const blocks = pemOrDer(bytes);
  const block = blocks.find(({ label }) => label === '' || label === 'CERTIFICATE') ?? blocks[0];
  return readCertificate(block?.der ?? bytes);
}
