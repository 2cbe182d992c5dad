import { type Business, writeDocument } from '../../src/edxml/index.ts';
import { newId, systemClock } from '../../src/kernel/index.ts';
import { envelopeOf, letterOrder } from '../../src/lab/index.ts';

let number = 7_000;

export interface EnvelopedLetter {
  edxmlId: string;
  codeNumber: string;
  bytes: Buffer;
}

/** edXML of a new letter around a PDF that somebody has already. */
export function lettered(
  from: string,
  to: string[],
  pdf: Buffer,
  business: Partial<Business> = {},
): EnvelopedLetter {
  const order = letterOrder(
    { from, to, number: ++number, subject: 'V/v giải quyết hồ sơ của công dân', priority: 0 },
    systemClock.now(),
  );
  const contentId = newId();
  const name = `${number}.pdf`;
  const envelope = envelopeOf(order, name, contentId);
  const document = { ...envelope, business: { ...envelope.business, ...business } };
  const file = { contentId, name, description: order.subject, contentType: 'application/pdf', bytes: pdf };
  const bytes = writeDocument(document, [{ ...file, wrapped: false, sniffed: 'pdf' }]);
  const { number: digits, notation } = document.code;
  return { edxmlId: document.documentId, codeNumber: `${digits}/${notation}`, bytes };
}
