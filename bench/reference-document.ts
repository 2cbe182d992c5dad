import {
  composeLetter,
  edxmlOf,
  type LetterOrder,
  letterOf,
  letterOrder,
  officialName,
  type Pki,
  tinos,
} from '../src/lab/index.ts';
import { keySigner, signPdf, type TimestampClient } from '../src/signing/index.ts';

/** The document that the bars speak of: edXML of about 135 KB around one PDF of about 97 KB with one PAdES B-T signature. */
export interface ReferenceDocument {
  order: LetterOrder;
  pdf: Buffer;
  edxml: Buffer;
}

const PDF_BYTES = 97_000;

export async function referenceDocument(
  pki: Pki,
  timestamp: TimestampClient,
  now: number,
): Promise<ReferenceDocument> {
  const order = letterOrder(
    { from: 'H53.32.29', to: ['G09'], number: 1, subject: 'V/v đo tốc độ của trục', priority: 0 },
    now,
  );
  const bare = await signed(order, pki, timestamp, 1);
  // Pages of text cost about the same each, so the second size tells how many more are needed.
  const longer = await signed(order, pki, timestamp, 101);
  const perParagraph = (longer.length - bare.length) / 100;
  const paragraphs = Math.max(1, Math.round(1 + (PDF_BYTES - bare.length) / perParagraph));
  const pdf = await signed(order, pki, timestamp, paragraphs);
  return { order, pdf, edxml: edxmlOf(order, pdf) };
}

async function signed(
  order: LetterOrder,
  pki: Pki,
  timestamp: TimestampClient,
  paragraphs: number,
): Promise<Buffer> {
  const { from } = order;
  const letter = await composeLetter({
    ...letterOf(order),
    paragraphs: Array.from(
      { length: paragraphs },
      (_, i) => `${i + 1}. ${order.paragraphs[i % order.paragraphs.length]}`,
    ),
  });
  const { certificate, key } = pki.entity(officialName(from.code));
  const { bytes } = await signPdf({
    pdf: letter.bytes,
    fieldName: 'NguoiKy',
    signedAt: order.now,
    signerName: from.official.name,
    signer: keySigner(certificate, key),
    timestamp,
    visible: {
      ...letter.signature,
      form: { kind: 'person', name: from.official.name },
      font: tinos('regular'),
    },
  });
  return bytes;
}
