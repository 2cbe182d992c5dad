import { setCatalogEntry } from './pdf-form.ts';
import { dictionary, openPdf, PdfUpdate } from './pdf-update.ts';

export interface ValidationData {
  /** All DER. */
  certificates: readonly Buffer[];
  crls: readonly Buffer[];
  ocspResponses?: readonly Buffer[];
}

/**
 * Adds a document security store (EN 319 142-1 §5.4.2) as an incremental update: with a signature timestamp and
 * complete data the signatures reach B-LT. A store that is there already is replaced, so give it everything.
 * @throws TrucError `signing.pdf-not-usable`
 */
export function addValidationData(pdf: Buffer, data: ValidationData): Buffer {
  const update = new PdfUpdate(openPdf(pdf));
  const list = (items: readonly Buffer[] | undefined) =>
    items && items.length > 0 ? `[${items.map((item) => update.addStream({}, item)).join(' ')}]` : undefined;
  const store = update.add(
    dictionary({
      Type: '/DSS',
      Certs: list(data.certificates),
      CRLs: list(data.crls),
      OCSPs: list(data.ocspResponses),
    }),
  );
  setCatalogEntry(update, 'DSS', store);
  return update.build();
}
