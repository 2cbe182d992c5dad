import { isTrucError } from '../../kernel/index.ts';
import { type Certificate, readCertificate } from '../certificate.ts';
import { type Crl, readCrl } from '../crl.ts';
import { type OcspResponse, readOcsp } from '../ocsp.ts';
import { type EmbeddedData, NO_EMBEDDED } from '../path.ts';
import type { PdfFile } from './file.ts';
import { decodeStream } from './filters.ts';
import { isStream, type PdfDictionary } from './objects.ts';
import type { Revision } from './revisions.ts';

const MAX_ITEMS = 200;
const MAX_BYTES = 16 * 1024 * 1024;

/** The document security store (EN 319 142-1 §5.4.2) as of a revision; unreadable parts are left out. */
export function readStore(file: PdfFile, asOf: Revision): EmbeddedData {
  const store = storeOf(file, asOf);
  if (!store) return NO_EMBEDDED;
  let bytes = 0;
  const read = <Value>(key: string, parse: (der: Buffer) => Value): Value[] => {
    const list = file.resolve(store.entries.get(key), asOf);
    return (Array.isArray(list) ? list.slice(0, MAX_ITEMS) : []).flatMap((item) => {
      try {
        const stream = file.resolve(item, asOf);
        if (!isStream(stream) || bytes > MAX_BYTES) return [];
        const der = decodeStream(stream);
        bytes += der.length;
        return [parse(der)];
      } catch (error) {
        if (isTrucError(error)) return [];
        throw error;
      }
    });
  };
  const certificates: Certificate[] = read('Certs', readCertificate);
  const crls: Crl[] = read('CRLs', (der) => readCrl(Uint8Array.from(der)));
  const ocsps: OcspResponse[] = read('OCSPs', readOcsp);
  return { certificates, crls, ocsps };
}

function storeOf(file: PdfFile, revision: Revision): PdfDictionary | undefined {
  return file.dictionary(file.catalog(revision).dictionary.entries.get('DSS'), revision);
}
