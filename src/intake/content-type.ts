import type { FileKind } from '../edxml/index.ts';

const TYPES: Readonly<Record<string, string>> = {
  pdf: 'application/pdf',
  zip: 'application/zip',
  ooxml: 'application/vnd.openxmlformats-officedocument',
  odf: 'application/vnd.oasis.opendocument',
  asic: 'application/vnd.etsi.asic-e+zip',
  xml: 'application/xml',
  cms: 'application/pkcs7-mime',
  png: 'image/png',
  jpeg: 'image/jpeg',
  tiff: 'image/tiff',
  ole: 'application/x-ole-storage',
  rtf: 'application/rtf',
  text: 'text/plain',
};

/** Media type of a sniffed kind of file. */
export function contentTypeOf(kind: FileKind): string {
  return TYPES[kind] ?? 'application/octet-stream';
}
