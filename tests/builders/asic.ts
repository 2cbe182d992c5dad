import { sha256 } from '../../src/kernel/index.ts';
import { type ZipLies, type ZipPart, zipOf } from './zip.ts';

export const ASIC_S = 'application/vnd.etsi.asic-s+zip';
export const ASIC_E = 'application/vnd.etsi.asic-e+zip';

/** A file of a container, stored unless told otherwise. */
export interface AsicFile extends Omit<ZipPart, 'bytes'> {
  bytes: Buffer;
}

/** A container: the mimetype file first and stored, then the files in their order. */
export function asic(mimetype: string | null, files: readonly AsicFile[], lies: ZipLies = {}): Buffer {
  const first = mimetype === null ? [] : [{ name: 'mimetype', bytes: Buffer.from(mimetype), stored: true }];
  return zipOf([...first, ...files], lies);
}

export interface ManifestRequest {
  signature: string;
  type?: string;
  objects: readonly { name: string; bytes: Buffer; digest?: string }[];
  /** XML in place of nothing at the end of the manifest. */
  more?: string;
}

/** An ASiCManifest with SHA-256 digests (EN 319 162-1 annex A.4). */
export function asicManifest({ signature, objects, more = '', type }: ManifestRequest): Buffer {
  const references = objects.map(
    ({ name, bytes, digest }) =>
      `<asic:DataObjectReference URI="${encodeURI(name)}"><ds:DigestMethod Algorithm="${
        digest ?? 'http://www.w3.org/2001/04/xmlenc#sha256'
      }"/><ds:DigestValue>${sha256(bytes).toString('base64')}</ds:DigestValue></asic:DataObjectReference>`,
  );
  const media = type ?? 'application/x-pkcs7-signature';
  return Buffer.from(
    `<?xml version="1.0" encoding="UTF-8"?>\n<asic:ASiCManifest xmlns:asic="http://uri.etsi.org/02918/v1.2.1#" xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><asic:SigReference URI="${signature}" MimeType="${media}"/>${references.join('')}${more}</asic:ASiCManifest>`,
  );
}
